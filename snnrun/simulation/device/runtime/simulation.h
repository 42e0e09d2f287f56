// The time loop of the fast engine.
//
// A step has three parts, and the threads wait for each other between them: what comes from outside, by the first
// thread alone; the neurons, up to their thresholds, each thread for its own; then the synapses, each thread for its own
// targets, and the resets, while the first writes down what the neurons did.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "input.h"
#include "recording.h"
#include "rows.h"
#include "stimuli.h"
#include "team.h"
#include "watch.h"

namespace snnrun {

// Numbers that can change while the program runs, and how the input calls them.
struct Value {
    std::string name;
    double* wide;
    float* narrow;
    int64_t count;
    const Rows* rows;  // for numbers of synapses, which are not stored in the order of the input

    void set(int64_t k, double number) const {
        const int64_t place = rows ? rows->place(k) : k;
        if (wide) wide[place] = number;
        else narrow[place] = static_cast<float>(number);
    }

    double get(int64_t k) const {
        const int64_t place = rows ? rows->place(k) : k;
        return wide ? wide[place] : narrow[place];
    }
};

class Simulation {
    struct ValueChange { int64_t tick; const Value* value; std::vector<double> numbers; };
    struct Observed { Value value; Snapshots snapshots; };
    std::vector<Value> values;
    std::vector<ValueChange> changes;
    size_t next_change = 0;

public:
    Watch watch;
    int64_t n_ticks = 0, n_changes = 0;
    uint64_t seed = 0;
    int n_threads = 1;
    std::vector<Waveform> waveforms;
    std::vector<Events> events;
    std::vector<Observed> observed;
    std::vector<SpikeRecord*> spikes;
    std::vector<TraceRecord*> traces;

    void value(const char* name, double* numbers, int64_t count, const Rows* rows = nullptr) {
        values.push_back({name, numbers, nullptr, count, rows});
    }
    void value(const char* name, float* numbers, int64_t count, const Rows* rows = nullptr) {
        values.push_back({name, nullptr, numbers, count, rows});
    }

    // The weights of some synapses, looked at again and again.
    void observe(Inputs& inputs, const std::string& name) {
        const auto found = std::find_if(values.begin(), values.end(), [&](const Value& v) { return v.name == name; });
        observed.push_back({*found, {}});
        observed.back().snapshots.read(inputs, name.c_str(), found->count);
    }

    // Changes come in the order of time, each for the value at a position among those that were named.
    void read_changes(Inputs& inputs) {
        for (int64_t k = 0; k < n_changes; ++k) {
            const int64_t at = inputs.scalar<int64_t>("tick"), position = inputs.scalar<int64_t>("position");
            if (position < 0 || position >= static_cast<int64_t>(values.size())) stop(BAD_INPUT, "bad_input position");
            const Value& value = values[position];
            changes.push_back({at, &value, {}});
            if (value.wide) {
                inputs.read(value.name.c_str(), changes.back().numbers, value.count);
            } else {
                std::vector<float> numbers;
                inputs.read(value.name.c_str(), numbers, value.count);
                changes.back().numbers.assign(numbers.begin(), numbers.end());
            }
        }
    }

    template <class Network> void run(Outputs& outputs) {
        for (SpikeRecord* record : spikes) record->open(outputs);
        for (TraceRecord* record : traces) record->open(outputs);
        Barrier barrier(n_threads);
        std::vector<std::thread> others;  // before this one is pinned: they inherit what it may use
        for (int thread = 1; thread < n_threads; ++thread)
            others.emplace_back([&, thread] { work<Network>(thread, barrier); });
        work<Network>(0, barrier);
        for (std::thread& other : others) other.join();
        finish(outputs);
    }

private:
    template <class Network> [[gnu::noinline]] void work(int thread, Barrier& barrier) {
        if (n_threads > 1) pin(thread);
        for (int64_t now = 0; now < n_ticks; ++now) {
            if (thread == 0) {
                begin_step(now);
                Network::begin_step(now);
            }
            barrier.wait();
            Network::neurons(thread, now);
            barrier.wait();
            if (thread == 0) record(now);  // while others are at their synapses already
            Network::synapses(thread, now, barrier);
            barrier.wait();
        }
    }

    // Before a step: what comes from outside arrives.
    void begin_step(int64_t now) {
        if (now % Watch::STRETCH == 0 && now) look(now - Watch::STRETCH, now);
        for (; next_change < changes.size() && changes[next_change].tick <= now; ++next_change) {
            const ValueChange& change = changes[next_change];
            for (int64_t k = 0; k < change.value->count; ++k) change.value->set(k, change.numbers[k]);
        }
        for (Observed& one : observed)
            if (now % one.snapshots.every == 0) take(one, now);
        for (Waveform& waveform : waveforms) waveform.apply(now);
        for (Events& event : events) event.apply(now);
    }

    void record(int64_t now) {
        for (SpikeRecord* record : spikes) record->take(now);
        for (TraceRecord* record : traces) record->take(now);
    }

    static void take(Observed& one, int64_t now) {
        one.snapshots.take(now, [&](int32_t synapse) { return one.value.get(synapse); });
    }

    void look(int64_t from, int64_t to) {
        std::vector<std::pair<const char*, int64_t>> counts;
        for (const SpikeRecord* record : spikes) counts.push_back({record->name().c_str(), record->kept});
        watch.look(from, to, counts);
    }

    void finish(Outputs& outputs) {
        look((n_ticks - 1) / Watch::STRETCH * Watch::STRETCH, n_ticks);
        for (Observed& one : observed) take(one, n_ticks);
        for (SpikeRecord* record : spikes) record->close(outputs);
        for (TraceRecord* record : traces) record->close(outputs);
        for (const Observed& one : observed) {
            const std::string owner = one.value.name.substr(0, one.value.name.rfind('.'));
            outputs.write("weights." + owner + ".tick", one.snapshots.ticks);
            outputs.write("weights." + owner + ".weight", one.snapshots.copies);
        }
    }
};

}  // namespace snnrun
