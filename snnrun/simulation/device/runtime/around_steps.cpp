// What is done before, after and between steps, the same in every program, as one unit. No loop of it is worth the time
// that a compiler needs to make it fast.
#include "incoming.cpp"
#include "input.cpp"
#include "main.cpp"
#include "output.cpp"
#include "recording.cpp"
#include "rows_reading.cpp"
#include "simulation.cpp"
#include "watch.cpp"
