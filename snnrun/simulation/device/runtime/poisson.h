// Poisson numbers from uniform ones.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "philox.h"

namespace snnrun {

// Poisson numbers of one mean by inversion: the number is how many values of the cumulative distribution a uniform
// number of 32 bits reaches. All values are compared, without a branch, which vectorises.
class PoissonTable {
public:
    static constexpr double LARGEST_MEAN = 64;  // beyond, rejection is faster than the long table

    double mean() const { return mean_; }

    void build(double mean) {
        mean_ = mean;
        cumulative_.clear();
        if (!(mean > 0)) return;
        double p = std::exp(-mean), sum = p;
        for (int k = 1; k <= mean || p > 0x1p-54; k++) {
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
    void look_up(double* const out[4], const Lanes words[4]) const {
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

constexpr double LARGEST_MEAN_OF_INVERSION = 16;

// By inversion: steps through the distribution until it reaches u.
inline double poisson_by_inversion(double mean, double u) {
    double p = std::exp(-mean);
    double number = 0;
    while (u >= p && p > 0x1p-60) {
        u -= p;
        number++;
        p *= mean / number;
    }
    return number;
}

// ln k! by the series of Stirling.
inline double log_factorial(double k) {
    const double x = k + 1, z = 1 / (x * x);
    return (x - 0.5) * std::log(x) - x + 0.918938533204672741780 + (1. / 12 - z * (1. / 360 - z / 1260)) / x;
}

// Transformed rejection, algorithm PTRS of Hörmann (1993), doi 10.1016/0167-6687(93)90997-4: for means of 10 and more.
struct TransformedRejection {
    double mean, a, b, v_of_quick;

    explicit TransformedRejection(double mean) : mean(mean) {
        b = 0.931 + 2.53 * std::sqrt(mean);
        a = -0.059 + 0.02483 * b;
        v_of_quick = 0.9277 - 3.6224 / (b - 2);
    }

    double candidate(double u) const {
        const double centred = u - 0.5;
        return std::floor((2 * a / (0.5 - std::fabs(centred)) + b) * centred + mean + 0.43);
    }

    bool accepts_quickly(double u, double v) const { return 0.5 - std::fabs(u - 0.5) >= 0.07 && v <= v_of_quick; }

    bool accepts(double number, double u, double v) const {
        const double us = 0.5 - std::fabs(u - 0.5);
        if (!(number >= 0) || (us < 0.013 && v > us)) return false;
        const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        return std::log(v * inverse_alpha / (a / (us * us) + b)) <=
               number * std::log(mean) - mean - log_factorial(number);
    }
};

// Means become numbers. u and v: uniform numbers for the first attempt; again(i, attempt, u, v) draws further ones.
template <class Again>
inline void poisson_numbers(double* means, int n, const double* u, const double* v, Again again) {
    for (int i = 0; i < n; i++) {
        const double mean = means[i];
        if (!(mean > 0)) {
            means[i] = 0;
        } else if (mean < LARGEST_MEAN_OF_INVERSION) {
            means[i] = poisson_by_inversion(mean, u[i]);
        } else {
            const TransformedRejection rejection(mean);
            double x = u[i], y = v[i];
            double number = rejection.candidate(x);
            for (int attempt = 1; !rejection.accepts_quickly(x, y) && !rejection.accepts(number, x, y); attempt++) {
                again(i, attempt, x, y);
                number = rejection.candidate(x);
            }
            means[i] = number;
        }
    }
}

}  // namespace snnrun
