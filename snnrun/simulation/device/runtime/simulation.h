// What a network tells the runtime about itself, and what it learns from it.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "input.h"
#include "rows.h"
#include "spikes.h"
#include "trace_row.h"

namespace snnrun {

class Simulation {
public:
    int n_threads = 1;
    int64_t n_changes = 0;
    uint64_t seed = 0;

    Simulation();

    // Numbers that can change while the program runs, and how the input calls them. Those of synapses are not stored in
    // the order of the input; all others come with it.
    void value(const char* name, std::vector<double>& numbers, const Rows& rows);
    void value(const char* name, std::vector<float>& numbers, const Rows& rows);
    void read_value(Inputs& inputs, const char* name, double* numbers, int64_t count);
    void read_value(Inputs& inputs, const char* name, float* numbers, int64_t count);

    // Stimuli drawn beforehand: what a variable is in each step, and outside spikes that it counts.
    void read_waveform(Inputs& inputs, const char* name, double* variable);
    void read_events(Inputs& trial, const char* name, double* variable);

    // The weights of some synapses, looked at again and again.
    void observe(Inputs& inputs, const char* name);

    // What is recorded, and what has to stay real numbers.
    void record_spikes(const char* population, const Spikes& spikes, int32_t neurons_kept);
    void record_traces(const char* population, std::initializer_list<const char*> variables, const TraceRow& row,
                       double interval);
    void watch(const char* name, const double* numbers, int64_t count);

    // The whole run, in this order.
    void read(Inputs& inputs);
    void read_trial(Inputs& trial);
    void run(int trial, const char* folder);

private:
    struct Parts;  // out of sight: what they are made of takes long to compile
    Parts& parts;

    void work(int thread, class Barrier& barrier);
};

extern Simulation simulation;

}  // namespace snnrun
