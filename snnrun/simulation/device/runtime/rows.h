// The synapses of a projection as spikes need them: row by row of their sources.
//
// Targets are cut into parts of at most 65 536 neurons, each heard by one thread, so that a target is a number of two
// bytes and no two threads ever write to the same neuron. In a row, synapses stand by delay, then by target: a spike
// reads one piece of its row for each delay. Sums are made in the order of the steps in which spikes were sent, of the
// neurons that sent them, and of the synapses as they were read: that in which Brian adds them.
//
// Where many pairs are connected, and one weight and one delay serve all synapses, a row is one bit for each target.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "input.h"
#include "spikes.h"
#include "team.h"

namespace snnrun {

// Numbers of the synapses of a projection, one for each: where they are stored, and how the input calls them.
struct Column {
    const char* name;
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

    Part() = default;
    Part(Part&&) = default;

    const uint32_t* piece(int32_t source, size_t delay) const { return &pieces[source * delays.size() + delay]; }
};

class Rows {
    struct Block;
    std::vector<std::vector<Part>> parts;  // [thread]
    std::vector<int64_t> storage;          // place of each synapse in the order of the input; empty unless asked for
    int32_t n_sources = 0, n_targets = 0;
    int64_t n_synapses = 0;
    int n_threads = 1;

    void read_block(Inputs&, const char* name, int64_t n_left, bool varied_delay, bool may_be_dense, bool keep_order,
                    std::initializer_list<Column> columns);
    void add_part(const Block&, int thread, int64_t first, int64_t end, bool may_be_dense,
                  std::vector<uint32_t>& place);

public:
    Rows();
    ~Rows();

    // The synapses, with their varied delays and the numbers of each.
    void read(Inputs& inputs, const char* name, int32_t sources, int32_t targets, int threads, bool varied_delay,
              bool may_be_dense, bool keep_order, std::initializer_list<Column> columns);

    // The one delay of all synapses.
    void set_delay(int32_t steps);

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
    void add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed, double weight) const;
    void add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
             const double* weights) const;
    void add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
             const float* weights) const;

private:
    template <class Row> void deliver_part(const Part& part, const Spikes& spikes, int64_t tick, Row row) const;
    template <class WeightOf>
    void add_to_targets(int thread, const Spikes&, int64_t tick, double* variable, const char* allowed, WeightOf) const;
    static void add_bits(const Part&, const Spikes&, int64_t tick, double* variable, const char* allowed, double amount);
};

// Of all projections of a population.
int64_t longest_delay(std::initializer_list<const Rows*> projections);

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
            for (size_t k = 0; k < 2 * AHEAD && k < n; ++k) __builtin_prefetch(part.piece(fired[k], delay));
            for (size_t k = 0; k < n; ++k) {
                if (k + 2 * AHEAD < n) __builtin_prefetch(part.piece(fired[k + 2 * AHEAD], delay));
                if (k + AHEAD < n) __builtin_prefetch(&part.targets[*part.piece(fired[k + AHEAD], delay)]);
                const uint32_t* piece = part.piece(fired[k], delay);
                if (piece[0] != piece[1]) row(fired[k], part, static_cast<int64_t>(piece[0]), static_cast<int64_t>(piece[1]));
            }
        }
    }
}

}  // namespace snnrun
