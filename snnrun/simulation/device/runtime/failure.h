// How the program ends when something is wrong: one line "snnrun <what> …" on standard error, which the parent process
// turns into a sentence.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace snnrun {

enum ExitCode { BAD_INPUT = 10, NOT_FINITE = 11, RUNAWAY = 12, NOT_WRITTEN = 13, NOT_FORKED = 14 };

[[noreturn, gnu::cold, gnu::format(printf, 2, 3)]] inline void stop(ExitCode code, const char* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    std::fputs("snnrun ", stderr);
    std::vfprintf(stderr, format, arguments);
    std::fputs("\n", stderr);
    std::fflush(stderr);
    std::_Exit(code);
}

}  // namespace snnrun
