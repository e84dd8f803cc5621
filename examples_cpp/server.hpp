/* SPDX-License-Identifier: Apache-2.0 */
/* server.hpp - what the programs here share, and none is about: signals and options of the command line. */
#ifndef SERVER_HPP
#define SERVER_HPP

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

#include "../examples_c/help.h"

/* The signals that end the program. Call it first: they are blocked in this thread and in those
 * that it makes from then on, so that only wait_for_signal sees them. */
inline sigset_t block_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

inline void wait_for_signal(const sigset_t &signals) {
    int received;
    sigwait(&signals, &received);
}

/* --name value, on top of the defaults, which are all that there are; else the program ends with its usage. */
inline std::map<std::string, std::string> options(int argc, char **argv, const char *help,
                                                  std::map<std::string, std::string> known) {
    for (int i = 1; i < argc; i += 2) {
        auto option = known.find(argv[i]);
        if (option == known.end() || i + 1 == argc) std::exit(wrong_usage(help));
        option->second = argv[i + 1];
    }
    return known;
}

#endif
