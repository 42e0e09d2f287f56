// What is to be recorded of some neurons next.
#pragma once

#include <cstdint>
#include <vector>

namespace snnrun {

// A number for each variable and neuron. Each thread fills in the columns of its neurons.
class TraceRow {
    std::vector<double> numbers;

public:
    const int64_t n_neurons, every;  // every so many steps

    TraceRow(int64_t n_variables, int64_t neurons, int64_t steps)
        : numbers(n_variables * neurons), n_neurons(neurons), every(steps) {}

    double& at(int64_t variable, int64_t neuron) { return numbers[variable * n_neurons + neuron]; }
    double at(int64_t variable, int64_t neuron) const { return numbers[variable * n_neurons + neuron]; }
};

}  // namespace snnrun
