// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror & Shaw (2011), doi 10.1145/2063384.2063405,
// on as many counters at once as a vector register holds.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace snnrun {

#if defined(__AVX512F__) && defined(__AVX512DQ__)
constexpr int VECTOR_BYTES = 64;
#elif defined(__AVX2__)
constexpr int VECTOR_BYTES = 32;
#else
constexpr int VECTOR_BYTES = 16;
#endif
constexpr int WIDTH = VECTOR_BYTES / 8;

typedef uint64_t Lanes __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t SignedLanes __attribute__((vector_size(VECTOR_BYTES)));
typedef double DoubleLanes __attribute__((vector_size(VECTOR_BYTES)));

constexpr uint64_t LOW_WORD = 0xFFFFFFFF;

// Four 32-bit words for each lane. They stand in the low half of the lane; the high half is arbitrary.
struct Words {
    Lanes word[4];
};

inline Lanes all_lanes(uint64_t value) { return Lanes{} + value; }

// first, first + 1, first + 2, …
inline Lanes counting_lanes(uint64_t first) {
    Lanes lanes;
    for (int lane = 0; lane < WIDTH; lane++) lanes[lane] = lane;
    return lanes + first;
}

// Product of the low words. Processors have one instruction for it, but GCC 12 does not find it by itself.
inline Lanes multiply(Lanes a, uint32_t factor) {
#if defined(__AVX512F__) && defined(__AVX512DQ__)
    return Lanes(_mm512_mul_epu32(__m512i(a), _mm512_set1_epi64(factor)));
#elif defined(__AVX2__)
    return Lanes(_mm256_mul_epu32(__m256i(a), _mm256_set1_epi64x(factor)));
#elif defined(__SSE2__)
    return Lanes(_mm_mul_epu32(__m128i(a), _mm_set1_epi64x(factor)));
#else
    return (a & LOW_WORD) * uint64_t(factor);
#endif
}

// The key changes from round to round by the golden ratio and by sqrt(3) - 1.
template <int rounds = 10>
inline Words philox(const Words& x, uint32_t key0, uint32_t key1) {
    if constexpr (rounds == 0) {
        return x;
    } else {
        const Lanes product0 = multiply(x.word[0], 0xD2511F53), product1 = multiply(x.word[2], 0xCD9E8D57);
        return philox<rounds - 1>({{(product1 >> 32) ^ x.word[1] ^ uint64_t(key0), product1,
                                    (product0 >> 32) ^ x.word[3] ^ uint64_t(key1), product0}},
                                  key0 + 0x9E3779B9, key1 + 0xBB67AE85);
    }
}

// Two words side by side: as one number of 64 bits, or as two lanes of 32 bits.
inline Lanes join(Lanes high, Lanes low) { return high << 32 | (low & LOW_WORD); }

// A multiple of 2^-53 in [0, 1).
inline DoubleLanes to_unit(Lanes bits) {
    return __builtin_convertvector(SignedLanes(bits >> 11), DoubleLanes) * 0x1p-53;
}

}  // namespace snnrun
