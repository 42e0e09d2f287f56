// What the compiled program needs beside Brian's code: typed input, the time loop, checked output.
//
// Input and output are files of raw little-endian numbers. A value that is missing, of another type or of another
// length stops the program: there are no defaults. Problems go to standard error as one line "snnrun <what> …", which
// the parent process turns into a sentence.
#pragma once

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace snnrun {

enum ExitCode { BAD_INPUT = 10, NOT_FINITE = 11, RUNAWAY = 12, NOT_WRITTEN = 13 };

[[noreturn]] inline void stop(ExitCode code, const std::string& line) {
    std::fprintf(stderr, "snnrun %s\n", line.c_str());
    std::fflush(stderr);
    std::_Exit(code);
}

template <class T> struct TypeCode;
template <> struct TypeCode<double> { static constexpr char value = 'd'; };
template <> struct TypeCode<int32_t> { static constexpr char value = 'i'; };
template <> struct TypeCode<int64_t> { static constexpr char value = 'q'; };

// Reads records in the order in which they were written. A record: length of the name (uint32), name, type code,
// count (uint64), numbers.
class Inputs {
    std::FILE* file;
    std::string path;

    void read_bytes(void* target, size_t bytes, const char* name) {
        if (bytes && std::fread(target, 1, bytes, file) != bytes) stop(BAD_INPUT, std::string("bad_input ") + name);
    }

    uint64_t open_record(const char* name, char type) {
        uint32_t length = 0;
        read_bytes(&length, sizeof length, name);
        if (length > 4096) stop(BAD_INPUT, std::string("bad_input ") + name);
        std::string found(length, '\0');
        read_bytes(&found[0], length, name);
        char found_type = 0;
        read_bytes(&found_type, 1, name);
        uint64_t count = 0;
        read_bytes(&count, sizeof count, name);
        if (found != name || found_type != type) stop(BAD_INPUT, "bad_input " + std::string(name) + " found " + found);
        return count;
    }

public:
    explicit Inputs(const char* input_path) : file(std::fopen(input_path, "rb")), path(input_path) {
        if (!file) stop(BAD_INPUT, "bad_input " + path);
    }

    template <class T> void read(const char* name, T* target, uint64_t expected) {
        const uint64_t count = open_record(name, TypeCode<T>::value);
        if (count != expected) stop(BAD_INPUT, std::string("bad_input ") + name + " length");
        read_bytes(target, count * sizeof(T), name);
    }

    template <class T> void read_all(const char* name, std::vector<T>& target) {
        target.resize(open_record(name, TypeCode<T>::value));
        read_bytes(target.data(), target.size() * sizeof(T), name);
    }

    template <class T> void read(const char* name, std::vector<T>& target, uint64_t expected) {
        read_all(name, target);
        if (target.size() != expected) stop(BAD_INPUT, std::string("bad_input ") + name + " length");
    }

    template <class T> T scalar(const char* name) {
        T value;
        read(name, &value, 1);
        return value;
    }

    // The pairs of connected neurons, and what Brian keeps about them.
    size_t synapses(const char* name, int32_t n_source, int32_t n_target, std::vector<int32_t>& source,
                    std::vector<int32_t>& target, std::vector<int32_t>& n_outgoing, std::vector<int32_t>& n_incoming,
                    int32_t* n_synapses) {
        read_all(name, source);
        read(name, target, source.size());
        n_outgoing.assign(n_source, 0);
        n_incoming.assign(n_target, 0);
        for (size_t k = 0; k < source.size(); ++k) {
            if (source[k] < 0 || source[k] >= n_source || target[k] < 0 || target[k] >= n_target)
                stop(BAD_INPUT, std::string("bad_input ") + name + " index");
            ++n_outgoing[source[k]];
            ++n_incoming[target[k]];
        }
        *n_synapses = static_cast<int32_t>(source.size());
        return source.size();
    }

    void finish() {
        if (std::fgetc(file) != EOF) stop(BAD_INPUT, "bad_input trailing");
        std::fclose(file);
    }
};

// A variable that follows a stimulus drawn beforehand: one number for each time step, shared by all neurons …
struct Waveform {
    double* variable;
    std::vector<double> values;
    void apply(int64_t tick) { *variable = values[tick]; }
};

// … or the number of outside spikes that each neuron receives in this step.
struct Events {
    double* variable;
    std::vector<int64_t> ticks;
    std::vector<int32_t> node_ids;
    size_t next = 0, first = 0;
    void apply(int64_t tick) {
        for (size_t k = first; k < next; ++k) variable[node_ids[k]] = 0;
        first = next;
        for (; next < ticks.size() && ticks[next] == tick; ++next) variable[node_ids[next]] += 1;
    }
};

// Weights of some synapses, copied as every so many steps begin, and once more at the end.
struct Snapshots {
    const std::vector<double>* weights;
    int64_t every = 1;
    std::vector<int32_t> synapses;
    std::vector<int64_t> ticks;
    std::vector<double> copies;

    void read(Inputs& inputs, const char* name) {
        every = inputs.scalar<int64_t>(name);
        inputs.read_all(name, synapses);
        for (int32_t synapse : synapses)
            if (synapse < 0 || static_cast<size_t>(synapse) >= weights->size())
                stop(BAD_INPUT, std::string("bad_input ") + name + " index");
        if (every < 1) stop(BAD_INPUT, std::string("bad_input ") + name);
    }

    void take(int64_t tick) {
        ticks.push_back(tick);
        for (int32_t synapse : synapses) copies.push_back((*weights)[synapse]);
    }
};

// New values for a variable, from a given step on.
struct Change {
    int64_t tick;
    double* variable;
    std::vector<double> values;
};

// Poisson numbers by inversion: the smallest k whose cumulative probability exceeds a uniform number. The search begins
// at the answer for the nearest 256th below, so it takes a step or two.
class PoissonTable {
    static constexpr double LARGEST_MEAN = 50;
    static constexpr int PATIENCE = 32, GUIDES = 256;
    double mean = NAN, asked = NAN;
    int calls = 0;
    std::vector<double> cumulative;
    int guide[GUIDES];

    void tabulate(double lambda) {
        mean = lambda;
        cumulative.clear();
        double probability = std::exp(-lambda), sum = 0;
        for (int k = 1; sum + probability > sum; ++k) {
            cumulative.push_back(sum += probability);
            probability *= lambda / k;
        }
        cumulative.back() = 1;  // what is left is below the resolution of a uniform number
        for (int g = 0, k = 0; g < GUIDES; ++g) {
            while (cumulative[k] <= static_cast<double>(g) / GUIDES) ++k;
            guide[g] = k;
        }
    }

public:
    // Whether numbers of this mean can be drawn. The first mean has its table at once, another when it has been asked
    // for some times in a row: a rate that all neurons share may change in each step, and only the first of them draw
    // without a table; where each neuron has its own mean, a table would never be used again.
    bool holds(double lambda) {
        if (lambda == mean) return true;
        if (!(lambda >= 0 && lambda <= LARGEST_MEAN)) return false;
        if (lambda != asked) asked = lambda, calls = 0;
        if (++calls <= PATIENCE && !std::isnan(mean)) return false;
        tabulate(lambda);
        return true;
    }

    int32_t draw(double uniform) const {
        int32_t k = guide[static_cast<int>(uniform * GUIDES)];
        while (uniform >= cumulative[k]) ++k;
        return k;
    }
};

struct StateVariable {
    const char* name;
    const double* values;
    size_t count;
};

// The time loop. It replaces Brian's: clocks count in whole steps, so that samplings on different clocks meet exactly
// at any simulated time, and between stretches of steps the state is checked.
class Schedule {
    struct Task { void (*run)(); int64_t period; };
    struct Clock { int64_t period; double* dt; int64_t* timestep; double* t; };
    std::vector<Task> tasks;
    std::vector<Clock> clocks;
    std::vector<StateVariable> state;
    struct SpikeCount { const char* name; const int32_t* count; };
    std::vector<SpikeCount> spike_counts;
    struct Value { const char* name; double* variable; uint64_t count; };
    std::vector<Value> values;
    std::vector<Change> changes;
    size_t next_change = 0;

    void check_finite(int64_t from, int64_t to) const {
        for (const StateVariable& variable : state)
            for (size_t i = 0; i < variable.count; ++i)
                if (!std::isfinite(variable.values[i]))
                    stop(NOT_FINITE, std::string("not_finite ") + variable.name + " " + std::to_string(i) + " " +
                                         std::to_string(from) + " " + std::to_string(to));
    }

    void check_spikes(int64_t tick) const {
        int64_t total = 0;
        for (const SpikeCount& spikes : spike_counts) total += *spikes.count;
        if (total <= max_spikes) return;
        std::string line = "runaway " + std::to_string(tick);
        for (const SpikeCount& spikes : spike_counts)
            line += std::string(" ") + spikes.name + " " + std::to_string(*spikes.count);
        stop(RUNAWAY, line);
    }

public:
    std::vector<Waveform> waveforms;
    std::vector<Events> events;
    std::vector<Snapshots> snapshots;
    int64_t n_ticks = 0, max_spikes = 0;

    void clock(int64_t period, double* dt, int64_t* timestep, double* t) { clocks.push_back({period, dt, timestep, t}); }
    void task(int64_t period, void (*run)()) { tasks.push_back({run, period}); }
    void watch(const char* name, const double* values, size_t count) { state.push_back({name, values, count}); }
    void watch(const char* name, const std::vector<double>& values) { watch(name, values.data(), values.size()); }
    void value(const char* name, double* variable, uint64_t count) { values.push_back({name, variable, count}); }
    void value(const char* name, std::vector<double>& variable, uint64_t count) { value(name, variable.data(), count); }
    void count_spikes(const char* name, const int32_t* count) { spike_counts.push_back({name, count}); }

    // Changes come in the order of time, each for the value at a position among those that were named.
    void read_changes(Inputs& inputs) {
        const int64_t n = inputs.scalar<int64_t>("n_changes");
        for (int64_t k = 0; k < n; ++k) {
            const int64_t tick = inputs.scalar<int64_t>("tick"), position = inputs.scalar<int64_t>("position");
            if (position < 0 || position >= static_cast<int64_t>(values.size())) stop(BAD_INPUT, "bad_input position");
            const Value& changed = values[position];
            changes.push_back({tick, changed.variable, {}});
            inputs.read(changed.name, changes.back().values, changed.count);
        }
    }

    void run() {
        using std::chrono::steady_clock;
        constexpr int64_t stretch = 100;
        auto last_report = steady_clock::now();
        for (int64_t from = 0; from < n_ticks; from += stretch) {
            const int64_t to = from + stretch < n_ticks ? from + stretch : n_ticks;
            for (int64_t tick = from; tick < to; ++tick) step(tick);
            check_finite(from, to);
            check_spikes(to);
            if (steady_clock::now() - last_report > std::chrono::milliseconds(100)) {
                std::printf("%lld\n", static_cast<long long>(to));
                std::fflush(stdout);
                last_report = steady_clock::now();
            }
        }
        for (Snapshots& snapshot : snapshots) snapshot.take(n_ticks);
    }

private:
    void step(int64_t tick) {
        for (const Clock& clock : clocks)
            if (tick % clock.period == 0) {
                *clock.timestep = tick / clock.period;
                *clock.t = *clock.timestep * *clock.dt;
            }
        for (; next_change < changes.size() && changes[next_change].tick <= tick; ++next_change)
            std::copy(changes[next_change].values.begin(), changes[next_change].values.end(), changes[next_change].variable);
        for (Snapshots& snapshot : snapshots)
            if (tick % snapshot.every == 0) snapshot.take(tick);
        for (Waveform& waveform : waveforms) waveform.apply(tick);
        for (Events& event : events) event.apply(tick);
        for (const Task& task : tasks)
            if (tick % task.period == 0) task.run();
    }
};

// Writes one file for each array, then a table of contents; only with the last the output is complete.
class Outputs {
    std::string folder, contents;

    void write_file(const std::string& name, const std::vector<std::pair<const void*, size_t>>& pieces) {
        std::FILE* file = std::fopen((folder + "/" + name).c_str(), "wb");
        bool good = file != nullptr;
        for (const auto& piece : pieces)
            good = good && (piece.second == 0 || std::fwrite(piece.first, 1, piece.second, file) == piece.second);
        int error = errno;
        if (file && std::fclose(file) != 0 && good) good = false, error = errno;
        if (!good) stop(NOT_WRITTEN, "not_written " + name + " " + std::strerror(error));
    }

    template <class T> void enter(const std::string& name, size_t count) {
        contents += name + " " + TypeCode<T>::value + " " + std::to_string(count) + "\n";
    }

public:
    explicit Outputs(const char* output_folder) : folder(output_folder) {}

    template <class T> void write(const std::string& name, const T* values, size_t count) {
        write_file(name, {{values, count * sizeof(T)}});
        enter<T>(name, count);
    }

    template <class T> void write(const std::string& name, const std::vector<T>& values) {
        write(name, values.data(), values.size());
    }

    // Rows are time steps, columns neurons.
    template <class Matrix> void write_matrix(const std::string& name, Matrix& matrix) {
        std::vector<std::pair<const void*, size_t>> rows;
        for (size_t row = 0; row < static_cast<size_t>(matrix.n); ++row)
            rows.push_back({&matrix(row, 0), matrix.m * sizeof(double)});
        write_file(name, rows);
        enter<double>(name, static_cast<size_t>(matrix.n) * matrix.m);
    }

    void finish() { write_file("contents", {{contents.data(), contents.size()}}); }
};

}  // namespace snnrun
