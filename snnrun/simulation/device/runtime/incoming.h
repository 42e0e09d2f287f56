// The synapses of a projection as its targets find them, for rules that listen to spikes of the target.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "rows.h"
#include "spikes.h"

namespace snnrun {

class Incoming {
public:
    struct Synapse {
        uint32_t position;  // among those of its part
        int32_t source;
    };

    // In the order of sources, for each target.
    void build(const Rows& rows, int32_t n_sources, int n_threads) {
        parts.assign(n_threads, {});
        for (int thread = 0; thread < n_threads; ++thread)
            for (const Part& part : rows.of_thread(thread)) parts[thread].push_back(transpose(part, n_sources));
    }

    // Calls row(target, number of the first synapse of the part, begin, end) for stretches of the synapses of each target
    // that has just fired. What is stored of them lies anywhere in memory: fetch(synapse) sends for it beforehand.
    template <class Fetch, class Row>
    void deliver(int thread, const Spikes& spikes, int64_t tick, Fetch fetch, Row row) const {
        constexpr int64_t STRETCH = 256;  // their lines of memory fit the nearest cache
        for (const int32_t target : spikes.of_thread(tick, thread))
            for (const Transposed& part : parts[thread]) {
                const int64_t k = target - part.first;
                if (k < 0 || k + 1 >= static_cast<int64_t>(part.begin.size())) continue;
                const Synapse* const end = part.synapses.data() + part.begin[k + 1];
                for (const Synapse* synapse = part.synapses.data() + part.begin[k]; synapse < end;) {
                    const Synapse* const stop = synapse + std::min<int64_t>(STRETCH, end - synapse);
                    for (const Synapse* next = synapse; next < stop; ++next) fetch(part.base + next->position);
                    row(target, part.base, synapse, stop);
                    synapse = stop;
                }
            }
    }

private:
    struct Transposed {
        int64_t first, base;
        std::vector<uint32_t> begin;  // [target]
        std::vector<Synapse> synapses;
    };
    std::vector<std::vector<Transposed>> parts;  // [thread]

    static Transposed transpose(const Part& part, int32_t n_sources) {
        Transposed found{part.first, part.base, std::vector<uint32_t>(part.n_targets + 1), {}};
        found.synapses.resize(part.targets.size());
        for (const uint16_t target : part.targets) ++found.begin[target + 1];
        for (int64_t k = 0; k < part.n_targets; ++k) found.begin[k + 1] += found.begin[k];
        std::vector<uint32_t> next(found.begin.begin(), found.begin.end() - 1);
        for (int32_t source = 0; source < n_sources; ++source)
            for (uint32_t k = *part.piece(source, 0); k < *part.piece(source + 1, 0); ++k)
                found.synapses[next[part.targets[k]]++] = {k, source};
        return found;
    }
};

}  // namespace snnrun
