// Random numbers of the fast engine for the tests: one request a line on the standard input, doubles on the standard
// output. A request: KIND SEED STREAM PARAMETER CHANGE TICK N_TICKS FIRST END. The parameter grows by CHANGE in each
// time step; for each time step come the numbers of the neurons FIRST to END - 1 (sparse: 1 if drawn, else 0;
// poisson_of_index: neuron i has the mean i % 97 + PARAMETER).
// Two requests ask for inner parts: words COUNTER×4 KEY×2 and rounding MEAN.
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "philox.h"
#include "poisson_table.h"
#include "random.h"

using namespace snnrun;

// Four counter words and two words of key become four words.
static void write_words(uint32_t counter[4], uint32_t key[2]) {
    const Words words = philox(
        {{all_lanes(counter[0]), all_lanes(counter[1]), all_lanes(counter[2]), all_lanes(counter[3])}}, key[0], key[1]);
    for (const Lanes& word : words.word) {
        const double number = uint32_t(word[WIDTH - 1]);
        fwrite(&number, sizeof number, 1, stdout);
    }
}

// What the greatest words become, on average over many dithers; all smaller words become 0.
static void write_rounding(double mean) {
    constexpr int N_DITHERS = 1000, N_VECTORS = 16;
    PoissonTable table;
    table.build(mean);
    double sum = 0;
    for (int d = 0; d < N_DITHERS; d++) {
        table.round((d + 0.5) / N_DITHERS);
        for (int vector = 0; vector < N_VECTORS; vector++) {
            double numbers[2 * WIDTH];
            const Lanes lane = LOW_WORD - (counting_lanes(WIDTH * vector) * 2);
            const Lanes words = join(lane, lane - 1);
            table.look_up({words, words, words, words}, {numbers, numbers, numbers, numbers});
            for (const double number : numbers) sum += number;
        }
    }
    sum /= N_DITHERS;
    fwrite(&sum, sizeof sum, 1, stdout);
}

int main() {
    for (std::string kind; std::cin >> kind;) {
        if (kind == "words") {
            uint32_t counter[4], key[2];
            for (uint32_t& word : counter) std::cin >> word;
            for (uint32_t& word : key) std::cin >> word;
            write_words(counter, key);
            continue;
        }
        if (kind == "rounding") {
            double mean;
            std::cin >> mean;
            write_rounding(mean);
            continue;
        }
        uint64_t seed;
        uint32_t stream;
        std::string written;  // std::cin does not read "nan"
        double change;
        int64_t tick, n_ticks, first, end;
        std::cin >> seed >> stream >> written >> change >> tick >> n_ticks >> first >> end;
        double parameter = std::stod(written);
        Random random(seed, stream);
        std::vector<double> numbers(end - first);
        for (const int64_t past = tick + n_ticks; tick < past; tick++, parameter += change) {
            if (kind == "uniform") {
                random.uniform(numbers.data(), tick, first, end);
            } else if (kind == "normal") {
                random.normal(numbers.data(), tick, first, end);
            } else if (kind == "poisson") {
                random.poisson(numbers.data(), parameter, tick, first, end);
            } else if (kind == "poisson_each") {
                numbers.assign(numbers.size(), parameter);
                random.poisson_each(numbers.data(), tick, first, end);
            } else if (kind == "poisson_of_index") {
                for (int64_t i = first; i < end; i++) numbers[i - first] = double(i % 97) + parameter;
                random.poisson_each(numbers.data(), tick, first, end);
            } else {
                numbers.assign(numbers.size(), 0);
                std::vector<int32_t> drawn(numbers.size());
                drawn.resize(random.sparse(drawn.data(), parameter, tick, first, end));
                for (const int32_t i : drawn) numbers[i - first] = 1;
            }
            fwrite(numbers.data(), sizeof(double), numbers.size(), stdout);
        }
    }
}
