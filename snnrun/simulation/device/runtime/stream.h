// A stream of random numbers: the words that belong to an index, an attempt and a time step.
#pragma once

#include <cstdint>

#include "philox.h"

namespace snnrun {

constexpr int GROUP = 8;  // counters taken together: the same on every processor, so that the numbers are the same

class Stream {
public:
    Stream(uint64_t seed, uint32_t stream) : key0_(uint32_t(seed)), key1_(uint32_t(seed >> 32)), stream_(stream) {}

    // The counter is {index, stream, tick}. Attempts beyond the first, for who needs more than four words, stand in
    // the upper half of its last word: no simulation has 2^48 time steps.
    Words words(Lanes index, Lanes attempt, int64_t tick) const {
        return philox({{index, all_lanes(stream_), all_lanes(uint32_t(tick)),
                        all_lanes(uint32_t(uint64_t(tick) >> 32)) ^ attempt << 16}},
                      key0_, key1_);
    }

    // Two uniform numbers in [0, 1) for each of the indices index … index + GROUP - 1.
    void units(double* a, double* b, uint64_t index, int64_t tick) const {
        for (int lane = 0; lane < GROUP; lane += WIDTH)
            store_units(a + lane, b + lane, words(counting_lanes(index + lane), all_lanes(0), tick));
    }

    // Two uniform numbers for each of the attempts attempt … attempt + GROUP - 1.
    void units_of_attempts(double* a, double* b, uint64_t index, uint64_t attempt, int64_t tick) const {
        for (int lane = 0; lane < GROUP; lane += WIDTH)
            store_units(a + lane, b + lane, words(all_lanes(index), counting_lanes(attempt + lane), tick));
    }

private:
    // Number by number, as doubles: a copy of bytes might, for all the compiler knows, overwrite the key, which it
    // would then read again and again.
    static void store_units(double* a, double* b, const Words& words) {
        const DoubleLanes first = to_unit(join(words.word[0], words.word[1]));
        const DoubleLanes second = to_unit(join(words.word[2], words.word[3]));
        for (int lane = 0; lane < WIDTH; lane++) {
            a[lane] = first[lane];
            b[lane] = second[lane];
        }
    }

    uint32_t key0_, key1_, stream_;
};

}  // namespace snnrun
