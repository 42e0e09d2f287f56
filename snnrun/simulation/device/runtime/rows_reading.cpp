// How rows are made of the blocks in which synapses come.
#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

#include "failure.h"
#include "rows.h"

namespace snnrun {

// Synapses onto some targets, in the order of their sources, then of their targets.
struct Rows::Block {
    int64_t first_target = 0, n_targets = 0;
    std::vector<int32_t> counts;   // synapses of each source
    std::vector<int32_t> targets;
    std::vector<int32_t> delays;   // empty unless varied
};

void Rows::read(Inputs& inputs, const char* name, int32_t sources, int32_t targets, int threads, bool varied_delay,
                bool may_be_dense, bool keep_order, std::initializer_list<Column> columns) {
    n_sources = sources, n_targets = targets, n_threads = threads;
    parts.resize(threads);
    const int64_t n_blocks = inputs.scalar<int64_t>(name);
    for (int64_t n_left = n_blocks; n_left > 0; --n_left)
        read_block(inputs, name, n_left, varied_delay, may_be_dense, keep_order, columns);
}

void Rows::read_block(Inputs& inputs, const char* name, int64_t n_left, bool varied_delay, bool may_be_dense,
                      bool keep_order, std::initializer_list<Column> columns) {
    const auto bad = [&](const char* what) { stop(BAD_INPUT, "bad_input %s %s", name, what); };
    int64_t header[3];
    inputs.read(name, header, 3);
    Block block;
    block.first_target = header[0], block.n_targets = header[1];
    const int64_t n = header[2], end = block.first_target + block.n_targets;
    if (block.first_target < 0 || block.n_targets < 0 || end > n_targets || n < 0 || n >= int64_t(UINT32_MAX)) bad("block");
    inputs.read(name, block.counts, n_sources);
    inputs.read(name, block.targets, n);
    int64_t total = 0;
    for (const int32_t count : block.counts) total += count < 0 ? n + 1 : count;
    if (total != n) bad("counts");
    for (const int32_t target : block.targets)
        if (target < block.first_target || target >= end) bad("index");
    if (varied_delay) inputs.read((std::string(name) + ".delay").c_str(), block.delays, n);
    for (const int32_t delay : block.delays)
        if (delay < 0) bad("delay");

    // Where a synapse of the block goes, counted from the first of them.
    std::vector<uint32_t> place(columns.size() == 0 && !keep_order ? 0 : n);
    for (int thread = 0; thread < n_threads; ++thread) {
        const Range own = share(thread, n_threads, 0, n_targets);
        for (int64_t from = std::max(own.first, block.first_target); from < std::min(own.end, end); from += 1 << 16)
            add_part(block, thread, from, std::min({from + (1 << 16), own.end, end}), may_be_dense, place);
    }
    for (const Column& column : columns) {
        const auto store = [&](auto& stored) {
            typename std::decay<decltype(stored)>::type values;
            inputs.read(column.name, values, n);
            // Blocks are about equally large; a vector that doubles its place would hold half of it in vain.
            if (stored.capacity() < size_t(n_synapses + n)) stored.reserve(n_synapses + n * n_left);
            stored.resize(n_synapses + n);
            for (int64_t k = 0; k < n; ++k) stored[n_synapses + place[k]] = values[k];
        };
        if (column.wide) store(*column.wide);
        else store(*column.narrow);
    }
    if (keep_order)
        for (int64_t k = 0; k < n; ++k) storage.push_back(n_synapses + place[k]);
    n_synapses += n;
}

void Rows::add_part(const Block& block, int thread, int64_t first, int64_t end, bool may_be_dense,
                    std::vector<uint32_t>& place) {
    Part part;
    part.first = first, part.n_targets = end - first;
    int64_t before = 0;  // synapses of the block that stand in parts before this one
    // What of each row belongs to this part; targets ascend in a row.
    std::vector<std::pair<uint32_t, uint32_t>> spans(n_sources);
    int64_t n = 0;
    const int32_t* const targets = block.targets.data();
    for (int64_t source = 0, from = 0; source < n_sources; from += block.counts[source++]) {
        const int32_t *begin = targets + from, *stop = begin + block.counts[source];
        const int32_t* own = std::lower_bound(begin, stop, first);
        const int32_t* after = std::lower_bound(own, stop, end);
        before += own - begin;
        spans[source] = {own - targets, after - targets};
        n += after - own;
    }
    part.base = n_synapses + before;
    const bool dense = may_be_dense && n * 32 > int64_t(n_sources) * part.n_targets;
    if (dense) {
        part.n_words = (part.n_targets + 511) / 512 * 8;
        part.bits.assign(n_sources * part.n_words, 0);
    }

    std::vector<int32_t> steps;  // number of each delay among those of the part
    if (block.delays.empty()) {
        part.delays = {0};
    } else {
        for (const auto& span : spans)
            for (uint32_t k = span.first; k < span.second; ++k) {
                const size_t delay = block.delays[k];
                if (delay >= steps.size()) steps.resize(delay + 1, -1);
                steps[delay] = 0;
            }
        for (size_t delay = 0; delay < steps.size(); ++delay)
            if (steps[delay] == 0) {
                steps[delay] = static_cast<int32_t>(part.delays.size());
                part.delays.push_back(static_cast<int32_t>(delay));
            }
    }
    const size_t n_delays = part.delays.size();
    part.pieces.assign(n_sources * n_delays + 1, 0);
    if (!dense) part.targets.resize(n);
    std::vector<uint32_t> next(n_delays);
    uint32_t filled = 0;
    for (int64_t source = 0; source < n_sources; ++source) {
        const auto [from, to] = spans[source];
        std::fill(next.begin(), next.end(), 0);
        if (dense) {
            part.pieces[source] = filled;
            uint64_t* const row = &part.bits[source * part.n_words];
            for (uint32_t k = from; k < to; ++k) {
                const int64_t target = targets[k] - first;
                uint64_t& word = row[target / 64];
                const uint64_t bit = uint64_t(1) << target % 64;
                // A bit says once; a second synapse of the same pair stands in the row as elsewhere.
                if (word & bit) part.targets.push_back(static_cast<uint16_t>(target)), ++filled;
                word |= bit;
            }
            continue;
        }
        const auto delay_of = [&](uint32_t k) { return block.delays.empty() ? 0 : steps[block.delays[k]]; };
        for (uint32_t k = from; k < to; ++k) ++next[delay_of(k)];
        for (size_t delay = 0; delay < n_delays; ++delay) {
            part.pieces[source * n_delays + delay] = filled;
            filled += next[delay];
            next[delay] = part.pieces[source * n_delays + delay];
        }
        for (uint32_t k = from; k < to; ++k) {
            const uint32_t position = next[delay_of(k)]++;
            part.targets[position] = static_cast<uint16_t>(targets[k] - first);
            if (!place.empty()) place[k] = static_cast<uint32_t>(before) + position;
        }
    }
    part.pieces.back() = filled;
    if (n) parts[thread].push_back(std::move(part));
}

}  // namespace snnrun
