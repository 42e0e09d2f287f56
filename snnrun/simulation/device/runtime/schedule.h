// The time loop of the reference engine.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "input.h"
#include "stimuli.h"

namespace snnrun {

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
    int64_t n_ticks = 0, max_spikes = 0, n_changes = 0;
    double dt = 0;
    int trial = 0;

    void clock(int64_t period, double* dt, int64_t* timestep, double* t) { clocks.push_back({period, dt, timestep, t}); }
    void task(int64_t period, void (*run)()) { tasks.push_back({run, period}); }
    void watch(const char* name, const double* values, size_t count) { state.push_back({name, values, count}); }
    void watch(const char* name, const std::vector<double>& values) { watch(name, values.data(), values.size()); }
    void value(const char* name, double* variable, uint64_t count) { values.push_back({name, variable, count}); }
    void value(const char* name, std::vector<double>& variable, uint64_t count) { value(name, variable.data(), count); }
    void count_spikes(const char* name, const int32_t* count) { spike_counts.push_back({name, count}); }

    // Changes come in the order of time, each for the value at a position among those that were named.
    void read_changes(Inputs& inputs) {
        for (int64_t k = 0; k < n_changes; ++k) {
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
                std::printf("%d %lld\n", trial, static_cast<long long>(to));
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

}  // namespace snnrun
