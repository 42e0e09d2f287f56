// Where the threads of a simulation wait for each other.
#pragma once

#include <atomic>
#include <cstdint>
#include <sched.h>

namespace snnrun {

// All threads meet here once or twice in each step of some ten microseconds, so waiting is spinning. Who waits long has
// fewer processors than threads: he lets others go on.
class Barrier {
    static constexpr int PATIENCE = 1 << 11;
    const int n_threads;
    std::atomic<int> arrived{0};
    std::atomic<int64_t> round{0};

    static void pause() {
#if defined(__x86_64__)
        __builtin_ia32_pause();
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
