#include "team.h"

#include <algorithm>
#include <sched.h>

namespace snnrun {

Range share_of_many(int thread, int n_threads, int64_t tick, int64_t size) {
    const auto bound = [&](int64_t part) { return std::min(size, (size * part / n_threads + ALIGNMENT / 2) / ALIGNMENT * ALIGNMENT); };
    return {thread, tick, bound(thread), thread + 1 == n_threads ? size : bound(thread + 1)};
}

void pin(int thread) {
    cpu_set_t allowed, own;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    CPU_ZERO(&own);
    for (int processor = 0, nth = 0; processor < CPU_SETSIZE; ++processor)
        if (CPU_ISSET(processor, &allowed) && nth++ == thread) CPU_SET(processor, &own);
    if (CPU_COUNT(&own) == 1) sched_setaffinity(0, sizeof own, &own);
}

}  // namespace snnrun
