#include "recording.h"

namespace snnrun {

void SpikeRecord::open(const Outputs& outputs) {
    if (!n_kept) return;
    const std::string array = std::string("spikes.") + population;
    ticks.open(outputs, array + ".tick");
    node_ids.open(outputs, array + ".i");
}

void SpikeRecord::take(int64_t tick) {
    spikes->each(tick, [&](int32_t neuron) {
        ++count;
        if (neuron >= n_kept) return;
        ++kept;
        ticks.append(tick);
        node_ids.append(neuron);
    });
}

void SpikeRecord::close(Outputs& outputs) {
    outputs.write(std::string("count.") + population, &count, 1);
    if (!n_kept) return;
    ticks.close(outputs);
    node_ids.close(outputs);
}

void TraceRecord::open(const Outputs& outputs) {
    const std::string array = "traces." + population + ".";
    times.open(outputs, array + "t");
    for (size_t k = 0; k < variables.size(); ++k) columns[k].open(outputs, array + variables[k]);
}

void TraceRecord::take(int64_t tick) {
    if (tick % row.every) return;
    times.append(tick / row.every * interval);
    for (size_t k = 0; k < variables.size(); ++k)
        for (int64_t i = 0; i < row.n_neurons; ++i) columns[k].append(row.at(k, i));
}

void TraceRecord::close(Outputs& outputs) {
    times.close(outputs);
    for (ArrayFile<double>& column : columns) column.close(outputs);
}

}  // namespace snnrun
