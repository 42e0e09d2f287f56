// All that is the same in every program of the fast engine, as one unit: most of the time that a compiler needs for
// small files goes into the headers that they share.
#include "incoming.cpp"
#include "input.cpp"
#include "main.cpp"
#include "output.cpp"
#include "random.cpp"
#include "recording.cpp"
#include "rows.cpp"
#include "rows_reading.cpp"
#include "simulation.cpp"
#include "spikes.cpp"
#include "team.cpp"
#include "watch.cpp"
