#include "incoming.h"

namespace snnrun {

Incoming::Incoming() = default;
Incoming::~Incoming() = default;

void Incoming::build(const Rows& rows, int32_t n_sources, int n_threads) {
    parts.resize(n_threads);
    for (int thread = 0; thread < n_threads; ++thread)
        for (const Part& part : rows.of_thread(thread)) parts[thread].push_back(transpose(part, n_sources));
}

Incoming::Transposed Incoming::transpose(const Part& part, int32_t n_sources) {
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

}  // namespace snnrun
