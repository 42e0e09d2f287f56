// Numbers that can change while the program runs.
#pragma once

#include <cstdint>
#include <vector>

#include "input.h"
#include "rows.h"
#include "stimuli.h"

namespace snnrun {

// Numbers, and how the input calls them.
struct Value {
    const char* name;
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

// New numbers for a value, from a given step on.
struct ValueChange {
    int64_t tick;
    const Value* value;
    std::vector<double> numbers;

    void read(Inputs& inputs) {
        if (value->wide) return inputs.read(value->name, numbers, value->count);
        std::vector<float> narrow;
        inputs.read(value->name, narrow, value->count);
        numbers.assign(narrow.begin(), narrow.end());
    }

    void apply() const {
        for (int64_t k = 0; k < value->count; ++k) value->set(k, numbers[k]);
    }
};

// The weights of some synapses, looked at again and again.
struct Observed {
    Value value;
    Snapshots snapshots;

    void take(int64_t now) {
        snapshots.take(now, [&](int32_t synapse) { return value.get(synapse); });
    }
};

}  // namespace snnrun
