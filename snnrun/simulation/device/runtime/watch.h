// Looks after a running program: its state stays real numbers, its activity does not run away, and others hear how far
// it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace snnrun {

class Watch {
    using Clock = std::chrono::steady_clock;
    struct Variable { const char* name; const double* values; int64_t count; };
    std::vector<Variable> state;
    Clock::time_point last_report = Clock::now();

public:
    using Counts = std::vector<std::pair<const char*, int64_t>>;

    static constexpr int64_t STRETCH = 100;  // steps between two looks
    int64_t max_spikes = 0;
    int trial = 0;

    void add(const char* name, const double* values, int64_t count) { state.push_back({name, values, count}); }

    // After a stretch of steps, with the spikes that were recorded so far, by population.
    void look(int64_t from, int64_t to, const Counts& counts) {
        check_finite(from, to);
        check_spikes(to, counts);
        report(to);
    }

private:
    void check_finite(int64_t from, int64_t to) const;
    void check_spikes(int64_t tick, const Counts& counts) const;
    void report(int64_t tick);
};

}  // namespace snnrun
