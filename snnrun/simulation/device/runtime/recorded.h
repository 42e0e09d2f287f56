// What Brian's monitors hold, in the terms of the output.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace snnrun {

// The time step of each time, in steps of so many seconds.
inline std::vector<int64_t> ticks_of(const std::vector<double>& times, double dt) {
    std::vector<int64_t> ticks;
    ticks.reserve(times.size());
    for (double time : times) ticks.push_back(std::llround(time / dt));
    return ticks;
}

}  // namespace snnrun
