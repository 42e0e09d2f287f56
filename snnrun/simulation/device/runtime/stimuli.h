// What changes while the program runs, by numbers drawn before it.
#pragma once

#include <cstdint>
#include <vector>

#include "failure.h"
#include "input.h"

namespace snnrun {

// A variable that follows a stimulus drawn beforehand: one number for each time step, shared by all neurons …
struct Waveform {
    double* variable;
    std::vector<double> values;
    void apply(int64_t tick) { *variable = values[tick]; }
};

// … or the number of outside spikes that each neuron receives in this step.
struct Events {
    double* variable;
    std::vector<int64_t> ticks;
    std::vector<int32_t> node_ids;
    size_t next = 0, first = 0;
    void apply(int64_t tick) {
        for (size_t k = first; k < next; ++k) variable[node_ids[k]] = 0;
        first = next;
        for (; next < ticks.size() && ticks[next] == tick; ++next) variable[node_ids[next]] += 1;
    }
};

// Weights of some synapses, copied as every so many steps begin, and once more at the end.
struct Snapshots {
    const std::vector<double>* weights = nullptr;
    int64_t every = 1;
    std::vector<int32_t> synapses;
    std::vector<int64_t> ticks;
    std::vector<double> copies;

    void read(Inputs& inputs, const char* name, int64_t n_synapses) {
        every = inputs.scalar<int64_t>(name);
        inputs.read_all(name, synapses);
        for (int32_t synapse : synapses)
            if (synapse < 0 || synapse >= n_synapses) stop(BAD_INPUT, "bad_input %s index", name);
        if (every < 1) stop(BAD_INPUT, "bad_input %s", name);
    }
    void read(Inputs& inputs, const char* name) { read(inputs, name, static_cast<int64_t>(weights->size())); }

    template <class Weight> void take(int64_t tick, Weight weight) {
        ticks.push_back(tick);
        for (int32_t synapse : synapses) copies.push_back(weight(synapse));
    }
    void take(int64_t tick) {
        take(tick, [this](int32_t synapse) { return (*weights)[synapse]; });
    }
};

// New values for a variable, from a given step on.
struct Change {
    int64_t tick;
    double* variable;
    std::vector<double> values;
};

}  // namespace snnrun
