// The threads of one simulation: who has which neurons, and where all wait for each other.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <sched.h>

#include "random.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace snnrun {

// Neurons are worked on in blocks: what is computed for one fits the nearest cache.
constexpr int64_t BLOCK = 4 * ALIGNMENT;

struct Range {
    int thread;
    int64_t tick, first, end;
};

// The neurons of a population that a thread works on: those that it updates and whose synapses it hears. Random numbers
// are drawn, and words of 64 neurons handled, without regard to who has them: shares begin where these do.
inline Range share(int thread, int n_threads, int64_t tick, int64_t size) {
    const auto bound = [&](int64_t part) { return std::min(size, (size * part / n_threads + ALIGNMENT / 2) / ALIGNMENT * ALIGNMENT); };
    return {thread, tick, bound(thread), thread + 1 == n_threads ? size : bound(thread + 1)};
}

// Gives the calling thread a processor of its own among those that this process may use. Threads that wait by spinning
// look busy: left alone, the system may let two of them take turns on one processor while another is idle.
inline void pin(int thread) {
    cpu_set_t allowed, own;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    CPU_ZERO(&own);
    for (int processor = 0, nth = 0; processor < CPU_SETSIZE; ++processor)
        if (CPU_ISSET(processor, &allowed) && nth++ == thread) CPU_SET(processor, &own);
    if (CPU_COUNT(&own) == 1) sched_setaffinity(0, sizeof own, &own);
}

// All threads meet here once or twice in each step of some ten microseconds, so waiting is spinning. Who waits long has
// fewer processors than threads: he lets others go on.
class Barrier {
    static constexpr int PATIENCE = 1 << 11;
    const int n_threads;
    std::atomic<int> arrived{0};
    std::atomic<int64_t> round{0};

    static void pause() {
#if defined(__x86_64__)
        _mm_pause();
#endif
    }

public:
    explicit Barrier(int n) : n_threads(n) {}

    void wait() {
        if (n_threads == 1) return;
        const int64_t mine = round.load(std::memory_order_relaxed);
        if (arrived.fetch_add(1, std::memory_order_acq_rel) == n_threads - 1) {
            arrived.store(0, std::memory_order_relaxed);
            round.store(mine + 1, std::memory_order_release);
            return;
        }
        for (int spins = 0; round.load(std::memory_order_acquire) == mine; ++spins) {
            if (spins < PATIENCE) pause();
            else sched_yield();
        }
    }
};

}  // namespace snnrun
