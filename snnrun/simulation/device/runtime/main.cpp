// Usage: program INPUT THREADS FOLDER [FOLDER …], with a folder for each trial.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "failure.h"
#include "network.h"
#include "simulation.h"
#include "trials.h"

int main(int argc, char** argv) {
    using namespace snnrun;
    if (argc < 4) stop(BAD_INPUT, "bad_input arguments");
    simulation.n_threads = std::max(1, std::atoi(argv[2]));
    network::initialise();
    Inputs inputs(argv[1]);
    simulation.read(inputs);
    network::prepare();
    const Trial own = fork_trials(argc - 3, argv + 3);
    Inputs trial((std::string(own.folder) + "/trial").c_str());
    simulation.read_trial(trial);
    simulation.run(own.number, own.folder);
    // Nothing is freed one by one: the process ends here.
    std::_Exit(0);
}
