#include "random.h"

#include <algorithm>
#include <cmath>

#include "poisson.h"
#include "poisson_table.h"
#include "stream.h"
#include "transforms.h"

namespace snnrun {

struct Random::Parts {
    Stream stream;
    PoissonTable table;

    // One for each time step, for all neurons: the last index belongs to none of them.
    double dither(int64_t tick) const {
        double u[GROUP], unused[GROUP];
        stream.units_of_attempts(u, unused, LOW_WORD, 0, tick);
        return u[0];
    }

    // Four numbers from each of 2 GROUP counters: of two words in the first half of the chunk, of two in the second.
    void poisson_chunk(double* chunk, int64_t i, int64_t tick) const {
        double* const half = chunk + 4 * GROUP;
        for (int lane = 0; lane < 2 * GROUP; lane += 2 * WIDTH) {
            const uint64_t index = uint64_t(i / 4 + lane);
            const Words x = stream.words(counting_lanes(index), all_lanes(0), tick);
            const Words y = stream.words(counting_lanes(index + WIDTH), all_lanes(0), tick);
            table.look_up({join(x.word[1], x.word[0]), join(y.word[1], y.word[0]),
                           join(x.word[3], x.word[2]), join(y.word[3], y.word[2])},
                          {chunk + 2 * lane, chunk + 2 * (lane + WIDTH), half + 2 * lane, half + 2 * (lane + WIDTH)});
        }
    }

    // From one that is drawn to the next: the gaps are geometric numbers. Each block has a sequence of its own, cut off
    // at its end, for the geometric distribution has no memory. Two gaps come with the block; few need more.
    int32_t* skip_through(int32_t* drawn, int64_t block, int64_t n, double gap, double next_gap, double scale,
                          int64_t tick) const {
        *drawn++ = int32_t(block + int64_t(gap));
        double position = gap + 1 + next_gap;
        for (uint64_t attempt = 1; position < n; attempt += GROUP) {
            double gaps[2 * GROUP];
            stream.units_of_attempts(gaps, gaps + GROUP, uint64_t(block / ALIGNMENT), attempt, tick);
            geometric(gaps, 2 * GROUP, scale);
            for (int k = 0; k < 2 * GROUP && position < n; k++) {
                *drawn++ = int32_t(block + int64_t(position));
                position += 1 + gaps[k];
            }
        }
        return drawn;
    }
};

template <int size, class Fill>
static void by_chunks(double* out, int64_t first, int64_t end, Fill fill) {
    int64_t i = first;
    for (; i + size <= end; i += size) fill(out + (i - first), i);
    if (i == end) return;
    double rest[size];
    fill(rest, i);
    std::copy(rest, rest + (end - i), out + (i - first));
}

Random::Random(uint64_t seed, uint32_t stream) : parts(new Parts{{seed, stream}, {}}) {}

Random::~Random() { delete parts; }

void Random::uniform(double* out, int64_t tick, int64_t first, int64_t end) const {
    by_chunks<2 * GROUP>(out, first, end, [&](double* chunk, int64_t i) {
        parts->stream.units(chunk, chunk + GROUP, uint64_t(i / 2), tick);
    });
}

void Random::normal(double* out, int64_t tick, int64_t first, int64_t end) const {
    by_chunks<2 * GROUP>(out, first, end, [&](double* chunk, int64_t i) {
        parts->stream.units(chunk, chunk + GROUP, uint64_t(i / 2), tick);
        box_muller(chunk, chunk + GROUP, GROUP);
    });
}

void Random::poisson(double* out, double mean, int64_t tick, int64_t first, int64_t end) {
    if (!(mean <= LARGEST_MEAN_OF_INVERSION)) {
        std::fill(out, out + (end - first), mean);
        return poisson_each(out, tick, first, end);
    }
    if (mean != parts->table.mean()) parts->table.build(mean);
    parts->table.round(parts->dither(tick));
    by_chunks<8 * GROUP>(out, first, end, [&](double* chunk, int64_t i) { parts->poisson_chunk(chunk, i, tick); });
}

void Random::poisson_each(double* out, int64_t tick, int64_t first, int64_t end) const {
    const Stream& stream = parts->stream;
    for (int64_t block = first; block < end; block += ALIGNMENT) {
        const int64_t n = std::min(ALIGNMENT, end - block);
        double* const means = out + (block - first);
        double u[ALIGNMENT], v[ALIGNMENT];
        for (int64_t i = 0; i < n; i++) means[i] = means[i] > 0 ? means[i] : 0;
        for (int64_t i = 0; i < n; i += GROUP) stream.units(u + i, v + i, uint64_t(block + i), tick);
        poisson_numbers(means, u, v, n, [&](int64_t i, uint64_t attempt, double* more_u, double* more_v) {
            stream.units_of_attempts(more_u, more_v, uint64_t(block + i), attempt, tick);
        });
    }
}

double Random::uniform(int64_t tick, int64_t i) const {
    double chunk[2 * GROUP];
    uniform(chunk, tick, i - i % (2 * GROUP), i - i % (2 * GROUP) + 2 * GROUP);
    return chunk[i % (2 * GROUP)];
}

double Random::normal(int64_t tick, int64_t i) const {
    double chunk[2 * GROUP];
    normal(chunk, tick, i - i % (2 * GROUP), i - i % (2 * GROUP) + 2 * GROUP);
    return chunk[i % (2 * GROUP)];
}

double Random::poisson(double mean, int64_t tick, int64_t i) const {
    poisson_each(&mean, tick, i, i + 1);
    return mean;
}

int64_t Random::sparse(int32_t* drawn, double probability, int64_t tick, int64_t first, int64_t end) const {
    constexpr double DENSE = 0.1;  // at greater probabilities comparing is faster than skipping
    if (!(probability > 0)) return 0;
    int32_t* next = drawn;
    if (probability > DENSE) {
        double u[ALIGNMENT];
        for (int64_t block = first; block < end; block += ALIGNMENT) {
            const int64_t n = std::min(ALIGNMENT, end - block);
            uniform(u, tick, block, block + n);
            int32_t fired[ALIGNMENT], n_fired = 0;  // without a branch: nobody can predict it
            for (int64_t i = 0; i < n; i++) {
                fired[n_fired] = int32_t(block + i);
                n_fired += u[i] < probability;
            }
            next = std::copy(fired, fired + n_fired, next);
        }
        return next - drawn;
    }
    const double scale = 1 / std::log1p(-probability);
    for (int64_t blocks = first; blocks < end; blocks += GROUP * ALIGNMENT) {
        double gaps[2 * GROUP];
        parts->stream.units(gaps, gaps + GROUP, uint64_t(blocks / ALIGNMENT), tick);
        geometric(gaps, 2 * GROUP, scale);
        for (int lane = 0; lane < GROUP; lane++) {
            const int64_t block = blocks + lane * ALIGNMENT, n = std::min(ALIGNMENT, end - block);
            if (gaps[lane] < n) next = parts->skip_through(next, block, n, gaps[lane], gaps[GROUP + lane], scale, tick);
        }
    }
    return next - drawn;
}

}  // namespace snnrun
