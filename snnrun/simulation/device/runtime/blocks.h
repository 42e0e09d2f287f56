// Synapses as they come in: in blocks of consecutive targets. Here they become pairs of neurons, as Brian holds them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "failure.h"
#include "input.h"

namespace snnrun {

// Reads the blocks of a projection one after the other; what each synapse has goes behind that of the blocks before.
class Blocks {
    Inputs& inputs;
    const char* name;
    int32_t n_source, n_target;
    int64_t n_left, first = 0, n_targets = 0, n = 0;

    [[noreturn]] void refuse(const char* what) const { stop(BAD_INPUT, "bad_input %s %s", name, what); }

    template <class T> T* append(std::vector<T>& values) const {
        const size_t size = values.size();
        // Blocks are about equally large; a vector that doubles its place would hold half of it in vain.
        if (values.capacity() < size + n) values.reserve(size + n * (n_left + 1));
        values.resize(size + n);
        return values.data() + size;
    }

public:
    Blocks(Inputs& from, const char* projection, int32_t source_size, int32_t target_size)
        : inputs(from), name(projection), n_source(source_size), n_target(target_size),
          n_left(from.scalar<int64_t>(projection)) {}

    // Opens the next block; false after the last.
    bool next() {
        if (n_left <= 0) return false;
        --n_left;
        int64_t extent[3];
        inputs.read(name, extent, 3);
        if (extent[0] != first + n_targets) refuse("order");
        first = extent[0], n_targets = extent[1], n = extent[2];
        if (n_targets < 0 || n_targets > n_target - first || n < 0) refuse("extent");
        return true;
    }

    void read_pairs(std::vector<int32_t>& source, std::vector<int32_t>& target, std::vector<int32_t>& n_outgoing,
                    std::vector<int32_t>& n_incoming) {
        n_outgoing.resize(n_source);
        n_incoming.resize(n_target);
        std::vector<int32_t> counts;
        inputs.read(name, counts, n_source);
        int32_t* sources = append(source);
        int64_t k = 0;
        for (int32_t id = 0; id < n_source; ++id) {
            if (counts[id] < 0 || counts[id] > n - k) refuse("counts");
            std::fill_n(sources + k, counts[id], id);
            n_outgoing[id] += counts[id];
            k += counts[id];
        }
        if (k != n) refuse("counts");
        int32_t* targets = append(target);
        inputs.read(name, targets, n);
        for (k = 0; k < n; ++k) {
            if (targets[k] < first || targets[k] >= first + n_targets) refuse("index");
            ++n_incoming[targets[k]];
        }
    }

    void read_values(const char* record, std::vector<double>& values) { inputs.read(record, append(values), n); }

    // Time steps of so many seconds become seconds.
    void read_times(const char* record, std::vector<double>& times, double dt) {
        inputs.read_times(record, append(times), n, dt);
    }
};

}  // namespace snnrun
