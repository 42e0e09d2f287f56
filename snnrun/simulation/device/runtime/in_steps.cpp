// What is done in each step, the same in every program, as one unit: most of the time that a compiler needs for small
// files goes into the headers that they share.
#include "random.cpp"
#include "rows.cpp"
#include "spikes.cpp"
#include "team.cpp"
