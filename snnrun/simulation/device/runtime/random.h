// Counter-based random numbers: number i of a stream at a time step is a function of (seed, stream, tick, i) alone,
// so that results do not depend on how neurons are split among threads or blocks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "philox.h"
#include "poisson.h"
#include "poisson_table.h"
#include "transforms.h"

namespace snnrun {

constexpr int64_t ALIGNMENT = 256;  // ranges of neurons begin at its multiples

// One stream belongs to one call site, which asks it for one kind of numbers, once per time step:
// the kinds are made of the same words. `first` is a multiple of ALIGNMENT, `end` is arbitrary,
// and number i goes to out[i - first].
class Random {
public:
    Random(uint64_t seed, uint32_t stream) : key0_(uint32_t(seed)), key1_(uint32_t(seed >> 32)), stream_(stream) {}

    // Uniform in [0, 1), multiples of 2^-53.
    void uniform(double* out, int64_t tick, int64_t first, int64_t end) const {
        by_chunks<PAIR>(out, first, end, [&](double* chunk, int64_t i) { uniform_pair(chunk, tick, i); });
    }

    // Standard normal: Box & Muller (1958), doi 10.1214/aoms/1177706645. Largest possible number: 8.6.
    void normal(double* out, int64_t tick, int64_t first, int64_t end) const {
        by_chunks<PAIR>(out, first, end, [&](double* chunk, int64_t i) {
            uniform_pair(chunk, tick, i);
            box_muller(chunk, chunk + GROUP, GROUP);
        });
    }

    // Poisson numbers of one mean. The table of the mean is kept in this object: each thread needs a copy of its own.
    void poisson(double* out, double mean, int64_t tick, int64_t first, int64_t end) {
        if (!(mean <= PoissonTable::LARGEST_MEAN)) {
            std::fill(out, out + (end - first), mean);
            return poisson_each(out, tick, first, end);
        }
        if (mean != table_.mean()) table_.build(mean);
        table_.round(dither(tick));
        by_chunks<QUARTET>(out, first, end, [&](double* chunk, int64_t i) {
            for (int lane = 0; lane < 2 * GROUP; lane += 2 * WIDTH) {
                const Words x = words(counting_lanes(uint64_t(i / 4 + lane)), all_lanes(0), tick);
                const Words y = words(counting_lanes(uint64_t(i / 4 + lane + WIDTH)), all_lanes(0), tick);
                double* const out[4] = {chunk + 2 * lane, chunk + 2 * (lane + WIDTH), chunk + 2 * (2 * GROUP + lane),
                                        chunk + 2 * (2 * GROUP + lane + WIDTH)};
                const Lanes pairs[4] = {join(x.word[1], x.word[0]), join(y.word[1], y.word[0]),
                                        join(x.word[3], x.word[2]), join(y.word[3], y.word[2])};
                table_.look_up(out, pairs);
            }
        });
    }

    // Poisson numbers, each of its own mean: `out` holds the means and gets the numbers.
    void poisson_each(double* out, int64_t tick, int64_t first, int64_t end) const {
        for (int64_t i = first; i < end; i += GROUP) {
            double u[GROUP], v[GROUP];
            for (int lane = 0; lane < GROUP; lane += WIDTH)
                units(u + lane, v + lane, counting_lanes(uint64_t(i + lane)), all_lanes(0), tick);
            double means[GROUP] = {};
            const int64_t n = std::min<int64_t>(GROUP, end - i);
            std::copy(out + (i - first), out + (i - first) + n, means);
            poisson_numbers(means, u, v, [&](int lane, int attempt, double& u, double& v) {
                double us[WIDTH], vs[WIDTH];
                units(us, vs, all_lanes(uint64_t(i + lane)), all_lanes(uint64_t(attempt)), tick);
                u = us[0];
                v = vs[0];
            });
            std::copy(means, means + n, out + (i - first));
        }
    }

    // Calls append(i) for each neuron i, in ascending order, that is drawn; each is drawn with this probability,
    // independently of all others. NaN or a negative probability draw none.
    template <class Append>
    void sparse(double probability, int64_t tick, int64_t first, int64_t end, Append append) const {
        if (!(probability > 0)) return;
        if (probability > DENSE) return dense(probability, tick, first, end, append);
        const double scale = 1 / std::log1p(-probability);
        for (int64_t group = first; group < end; group += GROUP * ALIGNMENT) {
            double gaps[2][GROUP];
            for (int lane = 0; lane < GROUP; lane += WIDTH)
                units(gaps[0] + lane, gaps[1] + lane, counting_lanes(uint64_t(group / ALIGNMENT + lane)),
                      all_lanes(0), tick);
            geometric(gaps[0], 2 * GROUP, scale);
            for (int lane = 0; lane < GROUP; lane++) {
                const int64_t block = group + lane * ALIGNMENT;
                if (block >= end) break;
                if (gaps[0][lane] < ALIGNMENT)
                    skip_through(gaps[0][lane], gaps[1][lane], scale, tick, block, std::min(end, block + ALIGNMENT), append);
            }
        }
    }

private:
    static constexpr int PAIR = 2 * GROUP;     // numbers of 64 bits they give
    static constexpr int QUARTET = 8 * GROUP;  // numbers of 32 bits they give
    static constexpr double DENSE = 0.1;       // from here on comparing is faster than skipping

    // Attempts, beyond the first, for the same number stand in the upper half of the last word:
    // no simulation has 2^48 time steps.
    Words words(Lanes index, Lanes attempt, int64_t tick) const {
        return philox({{index, all_lanes(stream_), all_lanes(uint32_t(tick)),
                        all_lanes(uint32_t(uint64_t(tick) >> 32)) ^ attempt << 16}},
                      key0_, key1_);
    }

    void units(double* first, double* second, Lanes index, Lanes attempt, int64_t tick) const {
        const Words x = words(index, attempt, tick);
        const DoubleLanes a = to_unit(join(x.word[0], x.word[1])), b = to_unit(join(x.word[2], x.word[3]));
        for (int lane = 0; lane < WIDTH; lane++) {
            first[lane] = a[lane];
            second[lane] = b[lane];
        }
    }

    // Numbers i to i + 15: the first half from the first two words of eight counters, the second from the last two.
    void uniform_pair(double* chunk, int64_t tick, int64_t i) const {
        for (int lane = 0; lane < GROUP; lane += WIDTH)
            units(chunk + lane, chunk + GROUP + lane, counting_lanes(uint64_t(i / 2 + lane)), all_lanes(0), tick);
    }

    // The last index belongs to no neuron.
    double dither(int64_t tick) const {
        double u[WIDTH], unused[WIDTH];
        units(u, unused, all_lanes(LOW_WORD), all_lanes(0), tick);
        return u[0];
    }

    template <int chunk, class Fill>
    static void by_chunks(double* out, int64_t first, int64_t end, Fill fill) {
        int64_t i = first;
        for (; i + chunk <= end; i += chunk) fill(out + (i - first), i);
        if (i == end) return;
        double rest[chunk];
        fill(rest, i);
        std::copy(rest, rest + (end - i), out + (i - first));
    }

    template <class Append>
    void dense(double probability, int64_t tick, int64_t first, int64_t end, Append append) const {
        double u[ALIGNMENT];
        for (int64_t block = first; block < end; block += ALIGNMENT) {
            const int64_t n = std::min(ALIGNMENT, end - block);
            uniform(u, tick, block, block + n);
            int64_t drawn[ALIGNMENT], n_drawn = 0;  // first without a branch: nobody can predict it
            for (int64_t i = 0; i < n; i++) {
                drawn[n_drawn] = block + i;
                n_drawn += u[i] < probability;
            }
            for (int64_t i = 0; i < n_drawn; i++) append(drawn[i]);
        }
    }

    // The distances between those drawn are geometric numbers. Each block of ALIGNMENT neurons has its own sequence of
    // them, cut off at its end: the geometric distribution has no memory.
    template <class Append>
    void skip_through(double gap, double next_gap, double scale, int64_t tick, int64_t block, int64_t end,
                      Append append) const {
        const double n = double(end - block);
        double position = gap;
        if (!(position < n)) return;
        append(block + int64_t(position));
        position += 1 + next_gap;
        for (uint64_t attempt = 1; position < n; attempt += GROUP) {
            double gaps[2 * GROUP];
            for (int lane = 0; lane < GROUP; lane += WIDTH)
                units(gaps + lane, gaps + GROUP + lane, all_lanes(uint64_t(block / ALIGNMENT)),
                      counting_lanes(attempt + lane), tick);
            geometric(gaps, 2 * GROUP, scale);
            for (int draw = 0; draw < 2 * GROUP && position < n; draw++) {
                append(block + int64_t(position));
                position += 1 + gaps[draw];
            }
        }
    }

    uint32_t key0_, key1_, stream_;
    PoissonTable table_;
};

}  // namespace snnrun
