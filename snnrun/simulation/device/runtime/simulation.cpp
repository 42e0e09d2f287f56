// The time loop of the fast engine.
//
// A step has three parts, and the threads wait for each other between them: what comes from outside, by the first
// thread alone; the neurons, up to their thresholds, each thread for its own; then the synapses, each thread for its own
// targets, and the resets, while the first writes down what the neurons did.
#include "simulation.h"

#include <cstring>
#include <list>
#include <string>
#include <thread>
#include <vector>

#include "barrier.h"
#include "failure.h"
#include "network.h"
#include "output.h"
#include "recording.h"
#include "stimuli.h"
#include "values.h"
#include "watch.h"

namespace snnrun {

Simulation simulation;

struct Simulation::Parts {
    int64_t n_ticks = 0;
    Watch watch;
    std::vector<Value> values;
    std::list<ValueChange> changes;  // that are to come
    std::list<Waveform> waveforms;
    std::list<Events> events;
    std::list<Observed> observed;
    std::list<SpikeRecord> spikes;
    std::list<TraceRecord> traces;

    // Changes come in the order of time, each for the value at a position among those that were named.
    void read_changes(Inputs& inputs, int64_t n_changes) {
        for (int64_t k = 0; k < n_changes; ++k) {
            const int64_t tick = inputs.scalar<int64_t>("tick"), position = inputs.scalar<int64_t>("position");
            if (position < 0 || position >= static_cast<int64_t>(values.size())) stop(BAD_INPUT, "bad_input position");
            changes.push_back({tick, &values[position], {}});
            changes.back().read(inputs);
        }
    }

    // Before a step: what comes from outside arrives.
    void begin_step(int64_t now) {
        if (now % Watch::STRETCH == 0 && now) look(now - Watch::STRETCH, now);
        for (; !changes.empty() && changes.front().tick <= now; changes.pop_front()) changes.front().apply();
        for (Observed& one : observed)
            if (now % one.snapshots.every == 0) one.take(now);
        for (Waveform& waveform : waveforms) waveform.apply(now);
        for (Events& event : events) event.apply(now);
    }

    void record(int64_t now) {
        for (SpikeRecord& record : spikes) record.take(now);
        for (TraceRecord& record : traces) record.take(now);
    }

    void look(int64_t from, int64_t to) {
        Watch::Counts counts;
        for (const SpikeRecord& record : spikes) counts.push_back({record.population, record.kept});
        watch.look(from, to, counts);
    }

    void open(const Outputs& outputs) {
        for (SpikeRecord& record : spikes) record.open(outputs);
        for (TraceRecord& record : traces) record.open(outputs);
    }

    void finish(Outputs& outputs) {
        look((n_ticks - 1) / Watch::STRETCH * Watch::STRETCH, n_ticks);
        for (Observed& one : observed) one.take(n_ticks);
        for (SpikeRecord& record : spikes) record.close(outputs);
        for (TraceRecord& record : traces) record.close(outputs);
        for (const Observed& one : observed) {
            const std::string name = one.value.name, array = "weights." + name.substr(0, name.rfind('.'));
            outputs.write(array + ".tick", one.snapshots.ticks);
            outputs.write(array + ".weight", one.snapshots.copies);
        }
        outputs.finish();
    }
};

Simulation::Simulation() : parts(*new Parts) {}

void Simulation::value(const char* name, std::vector<double>& numbers, const Rows& rows) {
    parts.values.push_back({name, numbers.data(), nullptr, rows.size(), &rows});
}

void Simulation::value(const char* name, std::vector<float>& numbers, const Rows& rows) {
    parts.values.push_back({name, nullptr, numbers.data(), rows.size(), &rows});
}

void Simulation::read_value(Inputs& inputs, const char* name, double* numbers, int64_t count) {
    inputs.read(name, numbers, count);
    parts.values.push_back({name, numbers, nullptr, count, nullptr});
}

void Simulation::read_value(Inputs& inputs, const char* name, float* numbers, int64_t count) {
    inputs.read(name, numbers, count);
    parts.values.push_back({name, nullptr, numbers, count, nullptr});
}

void Simulation::read_waveform(Inputs& inputs, const char* name, double* variable) {
    parts.waveforms.push_back({variable, {}});
    inputs.read(name, parts.waveforms.back().values, parts.n_ticks);
}

void Simulation::read_events(Inputs& trial, const char* name, double* variable) {
    parts.events.push_back({variable});
    Events& events = parts.events.back();
    trial.read_all(name, events.ticks);
    trial.read(name, events.node_ids, events.ticks.size());
}

void Simulation::observe(Inputs& inputs, const char* name) {
    for (const Value& value : parts.values) {
        if (std::strcmp(value.name, name) != 0) continue;
        parts.observed.push_back({value, {}});
        parts.observed.back().snapshots.read(inputs, name, value.count);
    }
}

void Simulation::record_spikes(const char* population, const Spikes& spikes, int32_t neurons_kept) {
    parts.spikes.emplace_back(population, spikes, neurons_kept);
}

void Simulation::record_traces(const char* population, std::initializer_list<const char*> variables,
                               const TraceRow& row, double interval) {
    parts.traces.emplace_back(population, variables, row, interval);
}

void Simulation::watch(const char* name, const double* numbers, int64_t count) { parts.watch.add(name, numbers, count); }

void Simulation::read(Inputs& inputs) {
    parts.n_ticks = inputs.scalar<int64_t>("n_ticks");
    parts.watch.max_spikes = inputs.scalar<int64_t>("max_spikes");
    n_changes = inputs.scalar<int64_t>("n_changes");
    network::read(inputs);
    parts.read_changes(inputs, n_changes);
    inputs.finish();
}

void Simulation::read_trial(Inputs& trial) {
    seed = trial.scalar<int64_t>("seed");
    network::read_trial(trial);
    trial.finish();
}

void Simulation::run(int trial, const char* folder) {
    parts.watch.trial = trial;
    Outputs outputs(folder);
    parts.open(outputs);
    Barrier barrier(n_threads);
    std::vector<std::thread> others;  // before this one is pinned: they inherit what it may use
    for (int thread = 1; thread < n_threads; ++thread) others.emplace_back([&, thread] { work(thread, barrier); });
    work(0, barrier);
    for (std::thread& other : others) other.join();
    parts.finish(outputs);
}

void Simulation::work(int thread, Barrier& barrier) {
    if (n_threads > 1) pin(thread);
    for (int64_t now = 0; now < parts.n_ticks; ++now) {
        if (thread == 0) {
            parts.begin_step(now);
            network::begin_step(now);
        }
        barrier.wait();
        network::neurons(thread, now);
        barrier.wait();
        if (thread == 0) parts.record(now);  // while others are at their synapses already
        network::synapses(thread, now);
        if (network::has_source_traces) barrier.wait();
        network::traces(thread, now);
        barrier.wait();
    }
}

}  // namespace snnrun
