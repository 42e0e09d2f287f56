// Poisson numbers, each of its own mean.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "poisson_table.h"
#include "random.h"
#include "stream.h"

namespace snnrun {

// Inversion: steps through the distributions of all means at once until they have reached all u.
inline void invert_poisson(const double* means, const double* u, double* numbers, int64_t n) {
    constexpr int LARGEST_NUMBER = 200;  // at the largest mean, greater ones have a probability of 1e-42
    double p[ALIGNMENT], cumulative[ALIGNMENT];
    for (int64_t i = 0; i < n; i++) p[i] = std::exp(-std::min(means[i], LARGEST_MEAN_OF_INVERSION));
    for (int64_t i = 0; i < n; i++) {
        cumulative[i] = p[i];
        numbers[i] = 0;
    }
    double n_below = 1;
    for (int k = 1; n_below > 0 && k <= LARGEST_NUMBER; k++) {
        n_below = 0;
        for (int64_t i = 0; i < n; i++) {
            const double below = cumulative[i] <= u[i] ? 1 : 0;
            n_below += below;
            numbers[i] += below;
            p[i] *= means[i] * (1. / k);
            cumulative[i] += p[i];
        }
    }
}

// ln k! by the series of Stirling; lgamma() writes to a variable that all threads share.
inline double log_factorial(double k) {
    const double x = k + 1, z = 1 / (x * x);
    return (x - 0.5) * std::log(x) - x + 0.918938533204672741780 + (1. / 12 - z * (1. / 360 - z / 1260)) / x;
}

// Transformed rejection, algorithm PTRS of Hörmann (1993), doi 10.1016/0167-6687(93)90997-4: for means of 10 and more.
class PoissonRejection {
public:
    explicit PoissonRejection(double mean)
        : mean_(mean), b_(0.931 + 2.53 * std::sqrt(mean)), a_(-0.059 + 0.02483 * b_) {}

    double candidate(double u) const {
        return std::floor((2 * a_ / from_edge(u) + b_) * (u - 0.5) + mean_ + 0.43);
    }

    // Holds for four of five candidates and needs no logarithm.
    bool accepts_at_once(double u, double v) const {
        return (from_edge(u) >= 0.07) & (v <= 0.9277 - 3.6224 / (b_ - 2));
    }

    bool accepts(double number, double u, double v) const {
        if (accepts_at_once(u, v)) return true;
        const double edge = from_edge(u);
        if (!(number >= 0) || (edge < 0.013 && v > edge)) return false;
        const double inverse_alpha = 1.1239 + 1.1328 / (b_ - 3.4);
        return std::log(v * inverse_alpha / (a_ / (edge * edge) + b_)) <=
               number * std::log(mean_) - mean_ - log_factorial(number);
    }

private:
    static double from_edge(double u) { return 0.5 - std::fabs(u - 0.5); }

    double mean_, b_, a_;
};

// Goes on from the first candidate until one is accepted; again(attempt, u, v) draws GROUP more.
template <class Again>
inline double reject_poisson(double mean, double u, double v, Again again) {
    const PoissonRejection rejection(mean);
    double number = rejection.candidate(u);
    if (rejection.accepts(number, u, v)) return number;
    for (uint64_t attempt = 1;; attempt += GROUP) {
        double us[GROUP], vs[GROUP];
        again(attempt, us, vs);
        for (int k = 0; k < GROUP; k++) {
            number = rejection.candidate(us[k]);
            if (rejection.accepts(number, us[k], vs[k])) return number;
        }
    }
}

// Up to ALIGNMENT means become numbers. u and v are uniform numbers; again(i, attempt, u, v) draws GROUP more for the
// mean i.
template <class Again>
inline void poisson_numbers(double* means, const double* u, const double* v, int64_t n, Again again) {
    double numbers[ALIGNMENT], candidates[ALIGNMENT], accepted[ALIGNMENT];
    int64_t n_large = 0;
    for (int64_t i = 0; i < n; i++) n_large += means[i] > LARGEST_MEAN_OF_INVERSION;
    if (n_large < n) invert_poisson(means, u, numbers, n);
    if (n_large > 0) {
        for (int64_t i = 0; i < n; i++) {
            const PoissonRejection rejection(std::max(means[i], LARGEST_MEAN_OF_INVERSION));
            candidates[i] = rejection.candidate(u[i]);
            accepted[i] = rejection.accepts_at_once(u[i], v[i]);
        }
        for (int64_t i = 0; i < n; i++) {
            if (means[i] <= LARGEST_MEAN_OF_INVERSION) continue;
            const auto more = [&](uint64_t attempt, double* us, double* vs) { again(i, attempt, us, vs); };
            numbers[i] = accepted[i] ? candidates[i] : reject_poisson(means[i], u[i], v[i], more);
        }
    }
    std::copy(numbers, numbers + n, means);
}

}  // namespace snnrun
