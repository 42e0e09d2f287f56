// Counter-based random numbers: number i of a stream at a time step is a function of (seed, stream, tick, i) alone,
// so that results do not depend on how neurons are split among threads or blocks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "poisson.h"
#include "poisson_table.h"
#include "stream.h"
#include "transforms.h"

namespace snnrun {

// One stream belongs to one call site, which asks it for one kind of numbers, once per time step: the kinds are made of
// the same words. `first` is a multiple of ALIGNMENT, `end` is arbitrary, and number i goes to out[i - first].
class Random {
public:
    Random(uint64_t seed, uint32_t stream) : stream_(seed, stream) {}

    // Uniform in [0, 1), multiples of 2^-53.
    void uniform(double* out, int64_t tick, int64_t first, int64_t end) const {
        by_chunks<2 * GROUP>(out, first, end, [&](double* chunk, int64_t i) {
            stream_.units(chunk, chunk + GROUP, uint64_t(i / 2), tick);
        });
    }

    // Standard normal: Box & Muller (1958), doi 10.1214/aoms/1177706645. None is greater than 8.6.
    void normal(double* out, int64_t tick, int64_t first, int64_t end) const {
        by_chunks<2 * GROUP>(out, first, end, [&](double* chunk, int64_t i) {
            stream_.units(chunk, chunk + GROUP, uint64_t(i / 2), tick);
            box_muller(chunk, chunk + GROUP, GROUP);
        });
    }

    // Poisson numbers of one mean; NaN or a negative mean give 0. The table of the mean is kept in this object: each
    // thread needs a copy of its own.
    void poisson(double* out, double mean, int64_t tick, int64_t first, int64_t end) {
        if (!(mean <= LARGEST_MEAN_OF_INVERSION)) {
            std::fill(out, out + (end - first), mean);
            return poisson_each(out, tick, first, end);
        }
        if (mean != table_.mean()) table_.build(mean);
        table_.round(dither(tick));
        by_chunks<8 * GROUP>(out, first, end, [&](double* chunk, int64_t i) { poisson_chunk(chunk, i, tick); });
    }

    // Poisson numbers, each of its own mean: `out` holds the means and gets the numbers.
    void poisson_each(double* out, int64_t tick, int64_t first, int64_t end) const {
        for (int64_t block = first; block < end; block += ALIGNMENT) {
            const int64_t n = std::min(ALIGNMENT, end - block);
            double* const means = out + (block - first);
            double u[ALIGNMENT], v[ALIGNMENT];
            for (int64_t i = 0; i < n; i++) means[i] = means[i] > 0 ? means[i] : 0;
            for (int64_t i = 0; i < n; i += GROUP) stream_.units(u + i, v + i, uint64_t(block + i), tick);
            poisson_numbers(means, u, v, n, [&](int64_t i, uint64_t attempt, double* more_u, double* more_v) {
                stream_.units_of_attempts(more_u, more_v, uint64_t(block + i), attempt, tick);
            });
        }
    }

    // The number that neuron i has among all of them.
    double uniform(int64_t tick, int64_t i) const {
        double chunk[2 * GROUP];
        uniform(chunk, tick, i - i % (2 * GROUP), i - i % (2 * GROUP) + 2 * GROUP);
        return chunk[i % (2 * GROUP)];
    }
    double normal(int64_t tick, int64_t i) const {
        double chunk[2 * GROUP];
        normal(chunk, tick, i - i % (2 * GROUP), i - i % (2 * GROUP) + 2 * GROUP);
        return chunk[i % (2 * GROUP)];
    }
    double poisson(double mean, int64_t tick, int64_t i) const {
        poisson_each(&mean, tick, i, i + 1);
        return mean;
    }

    // Calls append(i) for each neuron i, in ascending order, that is drawn; each is drawn with this probability,
    // independently of all others. NaN or a negative probability draw none.
    template <class Append>
    void sparse(double probability, int64_t tick, int64_t first, int64_t end, Append&& append) const {
        if (!(probability > 0)) return;
        if (probability > DENSE) return compare_all(probability, tick, first, end, append);
        const double scale = 1 / std::log1p(-probability);
        for (int64_t blocks = first; blocks < end; blocks += GROUP * ALIGNMENT) {
            double gaps[2 * GROUP];
            stream_.units(gaps, gaps + GROUP, uint64_t(blocks / ALIGNMENT), tick);
            geometric(gaps, 2 * GROUP, scale);
            for (int lane = 0; lane < GROUP; lane++) {
                const int64_t block = blocks + lane * ALIGNMENT, n = std::min(ALIGNMENT, end - block);
                if (gaps[lane] < n) skip_through(block, n, gaps[lane], gaps[GROUP + lane], scale, tick, append);
            }
        }
    }

private:
    static constexpr double DENSE = 0.1;  // at greater probabilities comparing is faster than skipping

    template <int size, class Fill>
    static void by_chunks(double* out, int64_t first, int64_t end, Fill fill) {
        int64_t i = first;
        for (; i + size <= end; i += size) fill(out + (i - first), i);
        if (i == end) return;
        double rest[size];
        fill(rest, i);
        std::copy(rest, rest + (end - i), out + (i - first));
    }

    // One for each time step, for all neurons: the last index belongs to none of them.
    double dither(int64_t tick) const {
        double u[GROUP], unused[GROUP];
        stream_.units_of_attempts(u, unused, LOW_WORD, 0, tick);
        return u[0];
    }

    // Four numbers from each of 2 GROUP counters: of two words in the first half of the chunk, of two in the second.
    void poisson_chunk(double* chunk, int64_t i, int64_t tick) const {
        double* const half = chunk + 4 * GROUP;
        for (int lane = 0; lane < 2 * GROUP; lane += 2 * WIDTH) {
            const uint64_t index = uint64_t(i / 4 + lane);
            const Words x = stream_.words(counting_lanes(index), all_lanes(0), tick);
            const Words y = stream_.words(counting_lanes(index + WIDTH), all_lanes(0), tick);
            table_.look_up({join(x.word[1], x.word[0]), join(y.word[1], y.word[0]),
                            join(x.word[3], x.word[2]), join(y.word[3], y.word[2])},
                           {chunk + 2 * lane, chunk + 2 * (lane + WIDTH), half + 2 * lane, half + 2 * (lane + WIDTH)});
        }
    }

    template <class Append>
    void compare_all(double probability, int64_t tick, int64_t first, int64_t end, Append& append) const {
        double u[ALIGNMENT];
        for (int64_t block = first; block < end; block += ALIGNMENT) {
            const int64_t n = std::min(ALIGNMENT, end - block);
            uniform(u, tick, block, block + n);
            int64_t drawn[ALIGNMENT], n_drawn = 0;  // first without a branch: nobody can predict it
            for (int64_t i = 0; i < n; i++) {
                drawn[n_drawn] = block + i;
                n_drawn += u[i] < probability;
            }
            for (int64_t k = 0; k < n_drawn; k++) append(drawn[k]);
        }
    }

    // From one that is drawn to the next: the gaps are geometric numbers. Each block has a sequence of its own, cut off
    // at its end, for the geometric distribution has no memory. Two gaps come with the block; few need more.
    template <class Append>
    void skip_through(int64_t block, int64_t n, double gap, double next_gap, double scale, int64_t tick,
                      Append& append) const {
        append(block + int64_t(gap));
        double position = gap + 1 + next_gap;
        for (uint64_t attempt = 1; position < n; attempt += GROUP) {
            double gaps[2 * GROUP];
            stream_.units_of_attempts(gaps, gaps + GROUP, uint64_t(block / ALIGNMENT), attempt, tick);
            geometric(gaps, 2 * GROUP, scale);
            for (int k = 0; k < 2 * GROUP && position < n; k++) {
                append(block + int64_t(position));
                position += 1 + gaps[k];
            }
        }
    }

    Stream stream_;
    PoissonTable table_;
};

}  // namespace snnrun
