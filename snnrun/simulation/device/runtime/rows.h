// The synapses of a projection as spikes need them: row by row of their sources.
//
// Targets are cut into parts of at most 65 536 neurons, each heard by one thread, so that a target is a number of two
// bytes and no two threads ever write to the same neuron. In a row, synapses stand by delay, then by target: a spike
// reads one piece of its row for each delay. Sums are made in the order of the steps in which spikes were sent, of the
// neurons that sent them, and of the synapses as they were read: that in which Brian adds them.
//
// Where many pairs are connected, and one weight and one delay serve all synapses, a row is one bit for each target.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "input.h"
#include "spikes.h"
#include "team.h"

namespace snnrun {

// Numbers of the synapses of a projection, one for each: where they are stored, and how the input calls them.
struct Column {
    std::string name;
    std::vector<double>* wide = nullptr;
    std::vector<float>* narrow = nullptr;

    Column(const char* n, std::vector<double>& values) : name(n), wide(&values) {}
    Column(const char* n, std::vector<float>& values) : name(n), narrow(&values) {}
};

class Part {
public:
    int64_t base = 0;              // number of its first synapse
    int64_t first = 0, n_targets = 0;
    std::vector<int32_t> delays;   // in steps, ascending
    std::vector<uint32_t> pieces;  // [source][delay]: where the piece begins; it ends where the next begins
    std::vector<uint16_t> targets; // counted from `first`
    std::vector<uint64_t> bits;    // [source][target / 64]; empty unless dense
    int64_t n_words = 0;           // of a row of bits

    const uint32_t* piece(int32_t source, size_t delay) const { return &pieces[source * delays.size() + delay]; }
};

class Rows {
    struct Block;
    std::vector<std::vector<Part>> parts;  // [thread]
    std::vector<int64_t> storage;          // place of each synapse in the order of the input; empty unless asked for
    int32_t n_sources = 0, n_targets = 0;
    int64_t n_synapses = 0;
    int n_threads = 1;

    void read_block(Inputs&, const std::string& name, int64_t n_left, bool varied_delay, bool may_be_dense,
                    bool keep_order, std::vector<Column>& columns);
    void add_part(const Block&, int thread, int64_t first, int64_t end, bool may_be_dense,
                  std::vector<uint32_t>& place);

public:
    // The synapses, with their varied delays and the numbers of each.
    void read(Inputs& inputs, const std::string& name, int32_t sources, int32_t targets, int threads, bool varied_delay,
              bool may_be_dense, bool keep_order, std::vector<Column> columns);

    // The one delay of all synapses.
    void set_delay(int32_t steps) {
        for (auto& own : parts)
            for (Part& part : own) part.delays = {steps};
    }

    int64_t size() const { return n_synapses; }
    int64_t place(int64_t synapse) const { return storage[synapse]; }
    const std::vector<Part>& of_thread(int thread) const { return parts[thread]; }
    int64_t longest_delay() const;

    // Calls row(source, part, begin, end) for every piece of a row that spikes reach in this step.
    template <class Row> void deliver(int thread, const Spikes& spikes, int64_t tick, Row row) const {
        for (const Part& part : parts[thread]) deliver_part(part, spikes, tick, row);
    }

    // What most spikes do: add the one weight of all synapses, or that of each, to a variable of the targets. Where
    // `allowed` is given, only to those that are not refractory. A pathway needs no code of its own for that.
    void add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed, double weight) const {
        for (const Part& part : parts[thread])
            if (!part.bits.empty()) add_bits(part, spikes, tick, variable, allowed, weight);
        add_to_targets(thread, spikes, tick, variable, allowed, [weight](int64_t) { return weight; });
    }
    template <class Weight>
    void add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
             const Weight* weights) const {
        add_to_targets(thread, spikes, tick, variable, allowed, [weights](int64_t synapse) { return weights[synapse]; });
    }

private:
    template <class Row> void deliver_part(const Part& part, const Spikes& spikes, int64_t tick, Row row) const;
    template <class WeightOf>
    void add_to_targets(int thread, const Spikes&, int64_t tick, double* variable, const char* allowed, WeightOf) const;
    static void add_bits(const Part&, const Spikes&, int64_t tick, double* variable, const char* allowed, double amount);
};

// ---------------------------------------------------------------------------------------------------- delivery

template <class Row> void Rows::deliver_part(const Part& part, const Spikes& spikes, int64_t tick, Row row) const {
    // Rows lie anywhere in memory. While one is worked on, the beginnings of later ones are on their way.
    constexpr size_t AHEAD = 4;
    if (part.targets.empty()) return;
    for (size_t delay = part.delays.size(); delay-- > 0;) {
        const int64_t sent = tick - part.delays[delay];
        if (sent < 0) continue;
        for (int sender = 0; sender < n_threads; ++sender) {
            const std::vector<int32_t>& fired = spikes.of_thread(sent, sender);
            const size_t n = fired.size();
            for (size_t k = 0; k < std::min(2 * AHEAD, n); ++k) __builtin_prefetch(part.piece(fired[k], delay));
            for (size_t k = 0; k < n; ++k) {
                if (k + 2 * AHEAD < n) __builtin_prefetch(part.piece(fired[k + 2 * AHEAD], delay));
                if (k + AHEAD < n) __builtin_prefetch(&part.targets[*part.piece(fired[k + AHEAD], delay)]);
                const uint32_t* piece = part.piece(fired[k], delay);
                if (piece[0] != piece[1]) row(fired[k], part, static_cast<int64_t>(piece[0]), static_cast<int64_t>(piece[1]));
            }
        }
    }
}

// The number, or zero, without a branch: who is refractory nobody can predict, a compiler would branch all the same.
inline double kept(double number, bool keep) {
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    bits &= -static_cast<uint64_t>(keep);
    std::memcpy(&number, &bits, sizeof bits);
    return number;
}

template <class WeightOf>
void Rows::add_to_targets(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
                          WeightOf weight_of) const {
    const auto row_with = [&](auto may_add) {
        return [=](int32_t, const Part& part, int64_t begin, int64_t end) {
            const uint16_t* const targets = part.targets.data();
            for (int64_t k = begin; k < end; ++k) {
                const int64_t target = part.first + targets[k];
                variable[target] += kept(weight_of(part.base + k), may_add(target));
            }
        };
    };
    if (allowed) deliver(thread, spikes, tick, row_with([allowed](int64_t target) { return allowed[target] != 0; }));
    else deliver(thread, spikes, tick, row_with([](int64_t) { return true; }));
}

// 64 targets at a time stay in registers while the words of all spikes pass by. All amounts being equal, the order in
// which they are added makes no difference.
inline void Rows::add_bits(const Part& part, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
                           double amount) {
    constexpr int64_t LINE = 8;  // words of a cache line
    static thread_local std::vector<const uint64_t*> rows;
    rows.clear();
    spikes.each(tick - part.delays[0], [&](int32_t source) { rows.push_back(&part.bits[source * part.n_words]); });
    if (rows.empty()) return;
    for (int64_t word = 0; word * 64 < part.n_targets; ++word) {
        const int64_t from = part.first + word * 64, n = std::min<int64_t>(64, part.n_targets - word * 64);
        uint64_t open = n == 64 ? ~uint64_t(0) : (uint64_t(1) << n) - 1;
        if (allowed)
            for (int64_t i = 0; i < n; ++i) open &= ~(uint64_t(!allowed[from + i]) << i);
        if (word % LINE == 0)
            for (const uint64_t* row : rows) __builtin_prefetch(row + word + LINE);
        double* const target = variable + from;
#if defined(__AVX512F__)
        __m512d sums[8];
        const __m512d added = _mm512_set1_pd(amount);
        for (int64_t i = 0; i < 8; ++i) sums[i] = _mm512_maskz_loadu_pd(open >> 8 * i, target + 8 * i);
        for (const uint64_t* row : rows) {
            const uint64_t hit = row[word] & open;
            for (int64_t i = 0; i < 8; ++i)
                sums[i] = _mm512_mask_add_pd(sums[i], static_cast<__mmask8>(hit >> 8 * i), sums[i], added);
        }
        for (int64_t i = 0; i < 8; ++i) _mm512_mask_storeu_pd(target + 8 * i, open >> 8 * i, sums[i]);
#else
        for (const uint64_t* row : rows)
            for (uint64_t hit = row[word] & open; hit; hit &= hit - 1) target[__builtin_ctzll(hit)] += amount;
#endif
    }
}

// ------------------------------------------------------------------------------------------------------ reading

// Synapses onto some targets, in the order of their sources, then of their targets.
struct Rows::Block {
    int64_t first_target = 0, n_targets = 0;
    std::vector<int32_t> counts;   // synapses of each source
    std::vector<int32_t> targets;
    std::vector<int32_t> delays;   // empty unless varied
};

inline int64_t Rows::longest_delay() const {
    int32_t longest = 0;
    for (const auto& own : parts)
        for (const Part& part : own)
            if (!part.delays.empty()) longest = std::max(longest, part.delays.back());
    return longest;
}

inline void Rows::read(Inputs& inputs, const std::string& name, int32_t sources, int32_t targets, int threads,
                       bool varied_delay, bool may_be_dense, bool keep_order, std::vector<Column> columns) {
    n_sources = sources, n_targets = targets, n_threads = threads;
    parts.assign(threads, {});
    const int64_t n_blocks = inputs.scalar<int64_t>(name.c_str());
    for (int64_t n_left = n_blocks; n_left > 0; --n_left)
        read_block(inputs, name, n_left, varied_delay, may_be_dense, keep_order, columns);
}

inline void Rows::read_block(Inputs& inputs, const std::string& name, int64_t n_left, bool varied_delay,
                             bool may_be_dense, bool keep_order, std::vector<Column>& columns) {
    const auto bad = [&](const char* what) { stop(BAD_INPUT, "bad_input " + name + " " + what); };
    int64_t header[3];
    inputs.read(name.c_str(), header, 3);
    Block block;
    block.first_target = header[0], block.n_targets = header[1];
    const int64_t n = header[2], end = block.first_target + block.n_targets;
    if (block.first_target < 0 || block.n_targets < 0 || end > n_targets || n < 0 || n >= int64_t(UINT32_MAX)) bad("block");
    inputs.read(name.c_str(), block.counts, n_sources);
    inputs.read(name.c_str(), block.targets, n);
    int64_t total = 0;
    for (const int32_t count : block.counts) total += count < 0 ? n + 1 : count;
    if (total != n) bad("counts");
    for (const int32_t target : block.targets)
        if (target < block.first_target || target >= end) bad("index");
    if (varied_delay) inputs.read((name + ".delay").c_str(), block.delays, n);
    for (const int32_t delay : block.delays)
        if (delay < 0) bad("delay");

    // Where a synapse of the block goes, counted from the first of them.
    std::vector<uint32_t> place(columns.empty() && !keep_order ? 0 : n);
    for (int thread = 0; thread < n_threads; ++thread) {
        const Range own = share(thread, n_threads, 0, n_targets);
        for (int64_t from = std::max(own.first, block.first_target); from < std::min(own.end, end); from += 1 << 16)
            add_part(block, thread, from, std::min({from + (1 << 16), own.end, end}), may_be_dense, place);
    }
    for (Column& column : columns) {
        const auto store = [&](auto& stored) {
            typename std::decay<decltype(stored)>::type values;
            inputs.read(column.name.c_str(), values, n);
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

inline void Rows::add_part(const Block& block, int thread, int64_t first, int64_t end, bool may_be_dense,
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
