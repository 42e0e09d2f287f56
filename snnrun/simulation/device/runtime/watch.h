// Looks after a running program: its state stays real numbers, its activity does not run away, and others hear how far
// it is.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "failure.h"

namespace snnrun {

class Watch {
    using Clock = std::chrono::steady_clock;
    struct Variable { std::string name; const double* values; int64_t count; };
    std::vector<Variable> state;
    Clock::time_point last_report = Clock::now();

    void check_finite(int64_t from, int64_t to) const {
        for (const Variable& variable : state)
            for (int64_t i = 0; i < variable.count; ++i)
                if (!std::isfinite(variable.values[i]))
                    stop(NOT_FINITE, "not_finite " + variable.name + " " + std::to_string(i) + " " +
                                         std::to_string(from) + " " + std::to_string(to));
    }

    void check_spikes(int64_t tick, const std::vector<std::pair<const char*, int64_t>>& counts) const {
        int64_t total = 0;
        for (const auto& population : counts) total += population.second;
        if (total <= max_spikes) return;
        std::string line = "runaway " + std::to_string(tick);
        for (const auto& [name, count] : counts) line += std::string(" ") + name + " " + std::to_string(count);
        stop(RUNAWAY, line);
    }

    void report(int64_t tick) {
        if (Clock::now() - last_report < std::chrono::milliseconds(100)) return;
        last_report = Clock::now();
        std::printf("%d %lld\n", trial, static_cast<long long>(tick));
        std::fflush(stdout);
    }

public:
    static constexpr int64_t STRETCH = 100;  // steps between two looks
    int64_t max_spikes = 0;
    int trial = 0;

    void add(const char* name, const double* values, int64_t count) { state.push_back({name, values, count}); }

    // After a stretch of steps, with the spikes that were recorded so far, by population.
    void look(int64_t from, int64_t to, const std::vector<std::pair<const char*, int64_t>>& counts) {
        check_finite(from, to);
        check_spikes(to, counts);
        report(to);
    }
};

}  // namespace snnrun
