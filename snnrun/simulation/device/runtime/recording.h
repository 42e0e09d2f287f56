// What is recorded goes to the disk as it comes: memory does not grow with the time that is simulated.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "output.h"
#include "spikes.h"

namespace snnrun {

// An array that is written as it grows.
template <class T> class ArrayFile {
    static constexpr size_t BUFFERED = 1 << 13;
    std::string name;
    std::FILE* file = nullptr;
    std::vector<T> buffer;
    size_t count = 0;

    [[noreturn]] void fail() const { stop(NOT_WRITTEN, "not_written " + name + " " + std::strerror(errno)); }

    void flush() {
        if (!buffer.empty() && std::fwrite(buffer.data(), sizeof(T), buffer.size(), file) != buffer.size()) fail();
        count += buffer.size();
        buffer.clear();
    }

public:
    void open(const Outputs& outputs, const std::string& array) {
        name = array;
        file = std::fopen(outputs.path(array).c_str(), "wb");
        if (!file) fail();
        std::setvbuf(file, nullptr, _IONBF, 0);  // we have a buffer of our own
        buffer.reserve(BUFFERED);
    }

    void append(const T& value) {
        if (buffer.size() == BUFFERED) flush();
        buffer.push_back(value);
    }

    void close(Outputs& outputs) {
        flush();
        if (std::fclose(file) != 0) fail();
        outputs.enter<T>(name, count);
    }
};

// The spikes of a population: all are counted, those of its first neurons are kept.
class SpikeRecord {
    std::string population;
    const Spikes* spikes;
    int32_t n_kept;
    ArrayFile<int64_t> ticks;
    ArrayFile<int32_t> node_ids;

public:
    int64_t count = 0, kept = 0;

    SpikeRecord(const char* name, const Spikes& fired, int32_t neurons_kept)
        : population(name), spikes(&fired), n_kept(neurons_kept) {}

    const std::string& name() const { return population; }

    void open(const Outputs& outputs) {
        if (!n_kept) return;
        ticks.open(outputs, "spikes." + population + ".tick");
        node_ids.open(outputs, "spikes." + population + ".i");
    }

    void take(int64_t tick) {
        spikes->each(tick, [&](int32_t neuron) {
            ++count;
            if (neuron >= n_kept) return;
            ++kept;
            ticks.append(tick);
            node_ids.append(neuron);
        });
    }

    void close(Outputs& outputs) {
        outputs.write("count." + population, &count, 1);
        if (!n_kept) return;
        ticks.close(outputs);
        node_ids.close(outputs);
    }
};

// Variables of some neurons over time. Each thread fills in the columns of its neurons.
class TraceRecord {
    std::string population;
    std::vector<std::string> variables;
    size_t n_neurons;
    double interval;  // between samples, in seconds
    std::vector<double> row;
    std::vector<ArrayFile<double>> columns;
    ArrayFile<double> times;

public:
    const int64_t every;  // steps

    TraceRecord(const char* name, std::vector<std::string> recorded, size_t neurons, int64_t period, double dt)
        : population(name), variables(std::move(recorded)), n_neurons(neurons), interval(dt),
          row(variables.size() * neurons), columns(variables.size()), every(period) {}

    double& at(size_t variable, size_t neuron) { return row[variable * n_neurons + neuron]; }

    void open(const Outputs& outputs) {
        times.open(outputs, "traces." + population + ".t");
        for (size_t k = 0; k < variables.size(); ++k)
            columns[k].open(outputs, "traces." + population + "." + variables[k]);
    }

    void take(int64_t tick) {
        if (tick % every) return;
        times.append(tick / every * interval);
        for (size_t k = 0; k < variables.size(); ++k)
            for (size_t i = 0; i < n_neurons; ++i) columns[k].append(at(k, i));
    }

    void close(Outputs& outputs) {
        times.close(outputs);
        for (ArrayFile<double>& column : columns) column.close(outputs);
    }
};

}  // namespace snnrun
