#include "spikes.h"

#include <cstring>

namespace snnrun {

Spikes::Spikes() = default;
Spikes::~Spikes() = default;

void Spikes::prepare(int threads, int64_t longest_delay) {
    n_threads = threads;
    depth = longest_delay + 1;
    lists.resize(depth * n_threads);
}

// Most lines of 64 marks are empty.
Spikes::Fired Spikes::add_marked(const Range& range, char (&marks)[BLOCK]) {
    constexpr int64_t LINE = 64;
    std::vector<int32_t>& fired = list(range.tick, range.thread);
    const size_t before = fired.size();
    const int64_t n = range.end - range.first;
    std::memset(marks + n, 0, (LINE - n % LINE) % LINE);
    for (int64_t line = 0; line < n; line += LINE) {
        uint64_t words[LINE / 8], any = 0;
        std::memcpy(words, marks + line, LINE);
        for (const uint64_t word : words) any |= word;
        if (!any) continue;
        for (int64_t i = line; i < line + LINE; ++i)
            if (marks[i]) fired.push_back(static_cast<int32_t>(range.first + i));
    }
    return {fired.data() + before, fired.data() + fired.size()};
}

void Spikes::add(const Range& range, const int32_t* neurons, int64_t n) {
    std::vector<int32_t>& fired = list(range.tick, range.thread);
    fired.insert(fired.end(), neurons, neurons + n);
}

}  // namespace snnrun
