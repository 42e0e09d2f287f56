// What spikes do at plain synapses, and where these lie.
#include "rows.h"

#include <algorithm>
#include <cstring>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace snnrun {

Rows::Rows() = default;
Rows::~Rows() = default;

void Rows::set_delay(int32_t steps) {
    for (auto& own : parts)
        for (Part& part : own) part.delays = {steps};
}

int64_t Rows::longest_delay() const {
    int32_t longest = 0;
    for (const auto& own : parts)
        for (const Part& part : own)
            if (!part.delays.empty()) longest = std::max(longest, part.delays.back());
    return longest;
}

int64_t longest_delay(std::initializer_list<const Rows*> projections) {
    int64_t longest = 0;
    for (const Rows* rows : projections) longest = std::max(longest, rows->longest_delay());
    return longest;
}

// The number, or zero, without a branch: who is refractory nobody can predict, a compiler would branch all the same.
static double kept(double number, bool keep) {
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    bits &= -static_cast<uint64_t>(keep);
    std::memcpy(&number, &bits, sizeof bits);
    return number;
}

template <class WeightOf>
void Rows::add_to_targets(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
                          WeightOf weight_of) const {
    const auto row_with = [&](auto may_add) {
        return [=](int32_t, const Part& part, int64_t begin, int64_t end) {
            const uint16_t* const targets = part.targets.data();
            for (int64_t k = begin; k < end; ++k) {
                const int64_t target = part.first + targets[k];
                variable[target] += kept(weight_of(part.base + k), may_add(target));
            }
        };
    };
    if (allowed) deliver(thread, spikes, tick, row_with([allowed](int64_t target) { return allowed[target] != 0; }));
    else deliver(thread, spikes, tick, row_with([](int64_t) { return true; }));
}

// 64 targets at a time stay in registers while the words of all spikes pass by. All amounts being equal, the order in
// which they are added makes no difference.
void Rows::add_bits(const Part& part, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
                    double amount) {
    constexpr int64_t LINE = 8;  // words of a cache line
    static thread_local std::vector<const uint64_t*> rows;
    rows.clear();
    spikes.each(tick - part.delays[0], [&](int32_t source) { rows.push_back(&part.bits[source * part.n_words]); });
    if (rows.empty()) return;
    for (int64_t word = 0; word * 64 < part.n_targets; ++word) {
        const int64_t from = part.first + word * 64, n = std::min<int64_t>(64, part.n_targets - word * 64);
        uint64_t open = n == 64 ? ~uint64_t(0) : (uint64_t(1) << n) - 1;
        if (allowed)
            for (int64_t i = 0; i < n; ++i) open &= ~(uint64_t(!allowed[from + i]) << i);
        if (word % LINE == 0)
            for (const uint64_t* row : rows) __builtin_prefetch(row + word + LINE);
        double* const target = variable + from;
#if defined(__AVX512F__)
        __m512d sums[8];
        const __m512d added = _mm512_set1_pd(amount);
        for (int64_t i = 0; i < 8; ++i) sums[i] = _mm512_maskz_loadu_pd(open >> 8 * i, target + 8 * i);
        for (const uint64_t* row : rows) {
            // Each byte is a mask; taken from the word, it would have to be shifted. Who is refractory is not stored.
            const uint8_t* const hit = reinterpret_cast<const uint8_t*>(row + word);
            for (int64_t i = 0; i < 8; ++i) sums[i] = _mm512_mask_add_pd(sums[i], hit[i], sums[i], added);
        }
        for (int64_t i = 0; i < 8; ++i) _mm512_mask_storeu_pd(target + 8 * i, open >> 8 * i, sums[i]);
#else
        for (const uint64_t* row : rows)
            for (uint64_t hit = row[word] & open; hit; hit &= hit - 1) target[__builtin_ctzll(hit)] += amount;
#endif
    }
}

void Rows::add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
               double weight) const {
    for (const Part& part : parts[thread])
        if (!part.bits.empty()) add_bits(part, spikes, tick, variable, allowed, weight);
    add_to_targets(thread, spikes, tick, variable, allowed, [weight](int64_t) { return weight; });
}

void Rows::add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
               const double* weights) const {
    add_to_targets(thread, spikes, tick, variable, allowed, [weights](int64_t synapse) { return weights[synapse]; });
}

void Rows::add(int thread, const Spikes& spikes, int64_t tick, double* variable, const char* allowed,
               const float* weights) const {
    add_to_targets(thread, spikes, tick, variable, allowed, [weights](int64_t synapse) { return weights[synapse]; });
}

}  // namespace snnrun
