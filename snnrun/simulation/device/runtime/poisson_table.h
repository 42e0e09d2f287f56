// Poisson numbers that share one mean.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "philox.h"

namespace snnrun {

constexpr double LARGEST_MEAN_OF_INVERSION = 64;  // beyond, rejection is about as fast

// Inversion: the number is how many values of the cumulative distribution a uniform number of 32 bits reaches. All
// values are compared, without a branch, which vectorises.
class PoissonTable {
public:
    double mean() const { return mean_; }

    void build(double mean) {
        mean_ = mean;
        cumulative_.clear();
        if (!(mean > 0)) return;
        double p = std::exp(-mean), sum = p;
        for (int k = 1; k <= mean || p > 0x1p-54; k++) {  // what is rarer does not change a sum of doubles near 1
            cumulative_.push_back(sum * 0x1p32);
            p *= mean / k;
            sum += p;
        }
    }

    // Rounds the table to 32 bits. One uniform dither u per time step makes it exact for every neuron although 2^-32
    // is coarse for rare numbers: the mean of floor(c + u) is c.
    void round(double dither) {
        always_ = 0;
        thresholds_.clear();
        for (const double c : cumulative_) {
            const uint64_t threshold = uint64_t(c + dither);
            if (threshold > LOW_WORD) break;
            if (threshold == 0) always_++;
            else thresholds_.push_back(uint32_t(threshold));
        }
    }

    // Words of 32 bits, 2 WIDTH in each vector, become as many numbers. Four vectors share each threshold.
    void look_up(const std::array<Lanes, 4>& words, const std::array<double*, 4>& out) const {
        Halves reached[4];
        for (int i = 0; i < 4; i++) reached[i] = Halves{} + always_;
        for (const uint32_t threshold : thresholds_)
            for (int i = 0; i < 4; i++) reached[i] -= Halves(Halves(words[i]) >= threshold);  // true is -1
        for (int i = 0; i < 4; i++)
            for (int j = 0; j < 2 * WIDTH; j++) out[i][j] = int32_t(reached[i][j]);
    }

private:
    typedef uint32_t Halves __attribute__((vector_size(VECTOR_BYTES)));

    double mean_ = 0;
    std::vector<double> cumulative_;
    std::vector<uint32_t> thresholds_;
    uint32_t always_ = 0;
};

}  // namespace snnrun
