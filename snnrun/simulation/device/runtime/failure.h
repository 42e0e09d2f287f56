// How the program ends when something is wrong: one line "snnrun <what> …" on standard error, which the parent process
// turns into a sentence.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace snnrun {

enum ExitCode { BAD_INPUT = 10, NOT_FINITE = 11, RUNAWAY = 12, NOT_WRITTEN = 13, NOT_FORKED = 14 };

[[noreturn]] inline void stop(ExitCode code, const std::string& line) {
    std::fprintf(stderr, "snnrun %s\n", line.c_str());
    std::fflush(stderr);
    std::_Exit(code);
}

}  // namespace snnrun
