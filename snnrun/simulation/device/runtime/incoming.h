// The synapses of a projection as its targets find them, for rules that listen to spikes of the target.
#pragma once

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

    Incoming();
    ~Incoming();

    // In the order of sources, for each target.
    void build(const Rows& rows, int32_t n_sources, int n_threads);

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
                    const Synapse* const stop = synapse + (end - synapse < STRETCH ? end - synapse : STRETCH);
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

    static Transposed transpose(const Part& part, int32_t n_sources);
};

}  // namespace snnrun
