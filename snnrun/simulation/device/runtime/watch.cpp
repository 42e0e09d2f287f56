#include "watch.h"

#include <cmath>
#include <cstdio>
#include <string>

#include "failure.h"

namespace snnrun {

void Watch::check_finite(int64_t from, int64_t to) const {
    for (const Variable& variable : state)
        for (int64_t i = 0; i < variable.count; ++i)
            if (!std::isfinite(variable.values[i]))
                stop(NOT_FINITE, "not_finite %s %lld %lld %lld", variable.name, static_cast<long long>(i),
                     static_cast<long long>(from), static_cast<long long>(to));
}

void Watch::check_spikes(int64_t tick, const Counts& counts) const {
    int64_t total = 0;
    for (const auto& population : counts) total += population.second;
    if (total <= max_spikes) return;
    std::string line = "runaway " + std::to_string(tick);
    for (const auto& [name, count] : counts) line += std::string(" ") + name + " " + std::to_string(count);
    stop(RUNAWAY, "%s", line.c_str());
}

void Watch::report(int64_t tick) {
    if (Clock::now() - last_report < std::chrono::milliseconds(100)) return;
    last_report = Clock::now();
    std::printf("%d %lld\n", trial, static_cast<long long>(tick));
    std::fflush(stdout);
}

}  // namespace snnrun
