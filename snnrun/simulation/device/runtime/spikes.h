// Who has fired, step by step, for as long as spikes travel.
#pragma once

#include <cstdint>
#include <vector>

#include "team.h"

namespace snnrun {

// A ring of lists of neurons, one for each step of the longest delay and thread. Threads have ascending shares of the
// neurons, so thread by thread the neurons of a step are in ascending order, however many threads there are.
class Spikes {
    int n_threads = 1;
    int64_t depth = 1;
    std::vector<std::vector<int32_t>> lists;  // [step][thread]

    std::vector<int32_t>& list(int64_t tick, int thread) { return lists[(tick % depth) * n_threads + thread]; }

public:
    Spikes();
    ~Spikes();

    // Before the first step: the longest delay, in steps.
    void prepare(int threads, int64_t longest_delay);

    // A thread begins a step: what its neurons did a whole round ago is forgotten.
    void open(int64_t tick, int thread) { list(tick, thread).clear(); }

    // Neurons of a block that have fired.
    struct Fired {
        const int32_t *first, *last;
        const int32_t* begin() const { return first; }
        const int32_t* end() const { return last; }
    };

    // Adds the neurons of a block that are marked, and tells which.
    Fired add_marked(const Range& range, char (&marks)[BLOCK]);

    // Adds so many neurons, in ascending order.
    void add(const Range& range, const int32_t* neurons, int64_t n);

    const std::vector<int32_t>& of_thread(int64_t tick, int thread) const {
        return lists[(tick % depth) * n_threads + thread];
    }

    template <class Each> void each(int64_t tick, Each each) const {
        if (tick < 0) return;
        for (int thread = 0; thread < n_threads; ++thread)
            for (const int32_t neuron : of_thread(tick, thread)) each(neuron);
    }
};

}  // namespace snnrun
