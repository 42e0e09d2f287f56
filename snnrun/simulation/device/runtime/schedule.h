// The time loop of the reference engine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "failure.h"
#include "input.h"
#include "stimuli.h"
#include "watch.h"

namespace snnrun {

// The time loop. It replaces Brian's: clocks count in whole steps, so that samplings on different clocks meet exactly
// at any simulated time, and between stretches of steps the state is checked.
class Schedule {
    struct Task { void (*run)(); int64_t period; };
    struct Clock { int64_t period; double* dt; int64_t* timestep; double* t; };
    std::vector<Task> tasks;
    std::vector<Clock> clocks;
    struct SpikeCount { const char* name; const int32_t* count; };
    std::vector<SpikeCount> spike_counts;
    struct Value { const char* name; double* variable; uint64_t count; };
    std::vector<Value> values;
    std::vector<Change> changes;
    size_t next_change = 0;

public:
    std::vector<Waveform> waveforms;
    std::vector<Events> events;
    std::vector<Snapshots> snapshots;
    Watch watch;
    int64_t n_ticks = 0, n_changes = 0;
    double dt = 0;

    void clock(int64_t period, double* dt, int64_t* timestep, double* t) { clocks.push_back({period, dt, timestep, t}); }
    void task(int64_t period, void (*run)()) { tasks.push_back({run, period}); }
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
        for (int64_t from = 0; from < n_ticks; from += Watch::STRETCH) {
            const int64_t to = std::min(from + Watch::STRETCH, n_ticks);
            for (int64_t tick = from; tick < to; ++tick) step(tick);
            std::vector<std::pair<const char*, int64_t>> counts;
            for (const SpikeCount& spikes : spike_counts) counts.push_back({spikes.name, *spikes.count});
            watch.look(from, to, counts);
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
