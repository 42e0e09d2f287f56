// Uniform numbers turned into numbers of other distributions, in loops that compilers vectorise.
// No function of the mathematical library but the square root: its others differ from version to version in the last
// bit, and few systems have them for vectors.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

namespace snnrun {

inline uint64_t bits_of(double x) {
    uint64_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    return bits;
}

inline double double_of(uint64_t bits) {
    double x;
    std::memcpy(&x, &bits, sizeof x);
    return x;
}

// ln x for a normal x > 0. With x = 2^e m, m in [sqrt(1/2), sqrt(2)): ln x = e ln 2 + 2 artanh s, s = (m - 1)/(m + 1).
// The series of artanh ends where its terms fall below 2^-53.
inline double natural_logarithm(double x) {
    constexpr uint64_t ONE = 0x3FF0000000000000, SQRT_HALF = 0x3FE6A09E667F3BCD, MANTISSA = 0x000FFFFFFFFFFFFF;
    const uint64_t shifted = bits_of(x) + (ONE - SQRT_HALF);
    const double m = double_of((shifted & MANTISSA) + SQRT_HALF);
    // An integer below 2^52 in the mantissa of 2^52 makes it a double, also where processors cannot convert vectors.
    const double e = double_of(shifted >> 52 | bits_of(0x1p52)) - (0x1p52 + 1023);
    const double s = (m - 1) / (m + 1), z = s * s;
    double series = 1. / 21;
    series = series * z + 1. / 19;
    series = series * z + 1. / 17;
    series = series * z + 1. / 15;
    series = series * z + 1. / 13;
    series = series * z + 1. / 11;
    series = series * z + 1. / 9;
    series = series * z + 1. / 7;
    series = series * z + 1. / 5;
    series = series * z + 1. / 3;
    return e * 0.693147180559945309417 + 2 * (s + s * z * series);
}

// Cosine and sine of 2 pi u, u in [0, 1), turned by half a circle: the series of a quarter of the angle, in
// [-pi/4, pi/4), then the angle doubled twice.
inline void circle(double u, double& cosine, double& sine) {
    const double x = (u - 0.5) * 1.57079632679489661923, z = x * x;
    double s = -1. / (14 * 15), c = -1. / (15 * 16);
    s = (s * z + 1) * (-1. / (12 * 13));
    s = (s * z + 1) * (-1. / (10 * 11));
    s = (s * z + 1) * (-1. / (8 * 9));
    s = (s * z + 1) * (-1. / (6 * 7));
    s = (s * z + 1) * (-1. / (4 * 5));
    s = (s * z + 1) * (-1. / (2 * 3));
    s = (s * z + 1) * x;
    c = (c * z + 1) * (-1. / (13 * 14));
    c = (c * z + 1) * (-1. / (11 * 12));
    c = (c * z + 1) * (-1. / (9 * 10));
    c = (c * z + 1) * (-1. / (7 * 8));
    c = (c * z + 1) * (-1. / (5 * 6));
    c = (c * z + 1) * (-1. / (3 * 4));
    c = (c * z + 1) * (-1. / (1 * 2));
    c = c * z + 1;
    const double c2 = c * c - s * s, s2 = 2 * s * c;
    cosine = c2 * c2 - s2 * s2;
    sine = 2 * s2 * c2;
}

// Two rows of uniform numbers in [0, 1) become two rows of standard normal numbers.
inline void box_muller(double* a, double* b, int n) {
    for (int i = 0; i < n; i++) {
        const double radius = std::sqrt(-2 * natural_logarithm(1 - a[i]));
        double cosine, sine;
        circle(b[i], cosine, sine);
        a[i] = radius * cosine;
        b[i] = radius * sine;
    }
}

// Uniform numbers in [0, 1) become geometric numbers: how many fail before one succeeds with probability p;
// scale = 1 / ln(1 - p).
inline void geometric(double* u, int n, double scale) {
    for (int i = 0; i < n; i++) u[i] = std::floor(natural_logarithm(1 - u[i]) * scale);
}

}  // namespace snnrun
