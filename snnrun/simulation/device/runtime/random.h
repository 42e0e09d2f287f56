// Counter-based random numbers: number i of a stream at a time step is a function of (seed, stream, tick, i) alone,
// so that results do not depend on how neurons are split among threads or blocks.
#pragma once

#include <cstdint>

namespace snnrun {

constexpr int64_t ALIGNMENT = 256;  // ranges of neurons begin at its multiples

// One stream belongs to one call site, which asks it for one kind of numbers, once per time step: the kinds are made of
// the same words. `first` is a multiple of ALIGNMENT, `end` is arbitrary, and number i goes to out[i - first].
class Random {
public:
    Random(uint64_t seed, uint32_t stream);
    ~Random();
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;

    // Uniform in [0, 1), multiples of 2^-53.
    void uniform(double* out, int64_t tick, int64_t first, int64_t end) const;

    // Standard normal: Box & Muller (1958), doi 10.1214/aoms/1177706645. None is greater than 8.6.
    void normal(double* out, int64_t tick, int64_t first, int64_t end) const;

    // Poisson numbers of one mean; NaN or a negative mean give 0. The table of the mean is kept in this object: each
    // thread needs a copy of its own.
    void poisson(double* out, double mean, int64_t tick, int64_t first, int64_t end);

    // Poisson numbers, each of its own mean: `out` holds the means and gets the numbers.
    void poisson_each(double* out, int64_t tick, int64_t first, int64_t end) const;

    // The number that neuron i has among all of them.
    double uniform(int64_t tick, int64_t i) const;
    double normal(int64_t tick, int64_t i) const;
    double poisson(double mean, int64_t tick, int64_t i) const;

    // The neurons that are drawn, in ascending order, and how many they are: each is drawn with this probability,
    // independently of all others. NaN or a negative probability draw none.
    int64_t sparse(int32_t* drawn, double probability, int64_t tick, int64_t first, int64_t end) const;

private:
    struct Parts;  // out of sight: what they are made of takes long to compile
    Parts* const parts;
};

}  // namespace snnrun
