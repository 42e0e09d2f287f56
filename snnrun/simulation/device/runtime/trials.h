// One process for each trial: they share the network that has been read, and nothing that happens to it.
#pragma once

#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failure.h"

namespace snnrun {

struct Trial {
    int number;
    const char* folder;
};

// Ends as a child has ended. It has told why.
[[noreturn]] inline void end_like(int status) {
    if (WIFSIGNALED(status)) {
        std::signal(WTERMSIG(status), SIG_DFL);
        std::raise(WTERMSIG(status));
    }
    std::_Exit(WEXITSTATUS(status));
}

// Returns once in a process of its own for each folder, one after the other; the last trial is that of this process.
// To be called before there are threads: a child has only the one that calls.
inline Trial fork_trials(int n_trials, char** folders) {
    const pid_t parent = getpid();
    for (int number = 0; number < n_trials - 1; ++number) {
        const pid_t child = fork();
        if (child < 0) stop(NOT_FORKED, "not_forked %d", number);
        if (child == 0) {
            // Nor does a trial outlive the process that others can find.
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent) std::_Exit(1);
            return {number, folders[number]};
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (status != 0) end_like(status);
    }
    return {n_trials - 1, folders[n_trials - 1]};
}

}  // namespace snnrun
