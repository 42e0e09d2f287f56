// What is recorded goes to the disk as it comes: memory does not grow with the time that is simulated.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "output.h"
#include "spikes.h"
#include "trace_row.h"

namespace snnrun {

// An array that is written as it grows.
template <class T> class ArrayFile {
    static constexpr size_t BUFFERED = 1 << 13;
    Outputs::File file;
    std::vector<T> buffer;
    size_t count = 0;

    void flush() {
        file.write(buffer.data(), buffer.size() * sizeof(T));
        count += buffer.size();
        buffer.clear();
    }

public:
    void open(const Outputs& outputs, const std::string& array) {
        file.open(outputs, array);
        buffer.reserve(BUFFERED);
    }

    void append(const T& value) {
        if (buffer.size() == BUFFERED) flush();
        buffer.push_back(value);
    }

    void close(Outputs& outputs) {
        flush();
        file.close(outputs, TypeCode<T>::value, count);
    }
};

// The spikes of a population: all are counted, those of its first neurons are kept.
class SpikeRecord {
    const Spikes* spikes;
    int32_t n_kept;
    ArrayFile<int64_t> ticks;
    ArrayFile<int32_t> node_ids;

public:
    const char* const population;
    int64_t count = 0, kept = 0;

    SpikeRecord(const char* name, const Spikes& fired, int32_t neurons_kept)
        : spikes(&fired), n_kept(neurons_kept), population(name) {}

    void open(const Outputs& outputs);
    void take(int64_t tick);
    void close(Outputs& outputs);
};

// Variables of some neurons over time.
class TraceRecord {
    const std::string population;
    const std::vector<const char*> variables;
    const TraceRow& row;
    const double interval;  // between samples, in seconds
    std::vector<ArrayFile<double>> columns;
    ArrayFile<double> times;

public:
    TraceRecord(const char* name, std::initializer_list<const char*> recorded, const TraceRow& numbers, double seconds)
        : population(name), variables(recorded), row(numbers), interval(seconds), columns(variables.size()) {}

    void open(const Outputs& outputs);
    void take(int64_t tick);
    void close(Outputs& outputs);
};

}  // namespace snnrun
