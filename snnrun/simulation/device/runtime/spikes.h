// Who has fired, step by step, for as long as spikes travel.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "team.h"

namespace snnrun {

// A ring of lists of neurons, one for each step of the longest delay and thread. Threads have ascending shares of the
// neurons, so thread by thread the neurons of a step are in ascending order, however many threads there are.
class Spikes {
    static constexpr int64_t LINE = 64;
    int n_threads = 1;
    int64_t depth = 1;
    std::vector<std::vector<int32_t>> lists;  // [step][thread]

    std::vector<int32_t>& list(int64_t tick, int thread) { return lists[(tick % depth) * n_threads + thread]; }

public:
    // Before the first step: the longest delay, in steps.
    void prepare(int threads, int64_t longest_delay) {
        n_threads = threads;
        depth = longest_delay + 1;
        lists.assign(depth * n_threads, {});
    }

    // A thread begins a step: what its neurons did a whole round ago is forgotten.
    void open(int64_t tick, int thread) { list(tick, thread).clear(); }

    void add(const Range& range, int64_t neuron) { list(range.tick, range.thread).push_back(static_cast<int32_t>(neuron)); }

    // Adds the neurons of a block that are marked; `then` is told of each. Most lines of 64 marks are empty.
    template <class Then> void add_marked(const Range& range, char (&marks)[BLOCK], Then then) {
        std::vector<int32_t>& fired = list(range.tick, range.thread);
        const int64_t n = range.end - range.first;
        std::memset(marks + n, 0, (LINE - n % LINE) % LINE);
        for (int64_t line = 0; line < n; line += LINE) {
            uint64_t words[LINE / 8], any = 0;
            std::memcpy(words, marks + line, LINE);
            for (const uint64_t word : words) any |= word;
            if (!any) continue;
            for (int64_t i = line; i < line + LINE; ++i)
                if (marks[i]) {
                    fired.push_back(static_cast<int32_t>(range.first + i));
                    then(range.first + i);
                }
        }
    }

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
