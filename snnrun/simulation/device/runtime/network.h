// What the runtime asks of a network. It is compiled once; each network has a file of its own, in which these stand.
#pragma once

#include <cstdint>

#include "input.h"

namespace network {

// The numbers that arrays begin with, unless they are read.
void initialise();

// Reads the network and its values, then makes of them what steps need.
void read(snnrun::Inputs& inputs);
void prepare();

// Reads what is of one trial, and computes what follows from it.
void read_trial(snnrun::Inputs& trial);

// A time step: the clock, by one thread; the neurons, up to their thresholds, each thread for its own; the synapses,
// each thread for its own targets, and the resets.
void begin_step(int64_t now);
void neurons(int thread, int64_t now);
void synapses(int thread, int64_t now);

// The traces that synapses read, whoever has them: their sources' are changed when all synapses have read them.
extern const bool has_source_traces;
void traces(int thread, int64_t now);

}  // namespace network
