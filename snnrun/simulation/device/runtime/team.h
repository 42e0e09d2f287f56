// The threads of one simulation: who has which neurons.
#pragma once

#include <cstdint>

#include "random.h"

namespace snnrun {

// Neurons are worked on in blocks: what is computed for one fits the nearest cache.
constexpr int64_t BLOCK = 4 * ALIGNMENT;

struct Range {
    int thread;
    int64_t tick, first, end;
};

// The neurons of a population that a thread works on: those that it updates and whose synapses it hears. Random numbers
// are drawn, and words of 64 neurons handled, without regard to who has them: shares begin where these do.
Range share_of_many(int thread, int n_threads, int64_t tick, int64_t size);
inline Range share(int thread, int n_threads, int64_t tick, int64_t size) {
    if (n_threads == 1) return {thread, tick, 0, size};  // without the divisions
    return share_of_many(thread, n_threads, tick, size);
}

// Gives the calling thread a processor of its own among those that this process may use. Threads that wait by spinning
// look busy: left alone, the system may let two of them take turns on one processor while another is idle.
void pin(int thread);

}  // namespace snnrun
