/* SPDX-License-Identifier: Apache-2.0 */
/* help.h - what a program here says about itself: --help, and the usage when arguments are wrong. */
#ifndef HELP_H
#define HELP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Prints text and ends the program when --help is among the arguments. */
static inline void help_if_asked(int argc, char **argv, const char *text)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help")) continue;
        fputs(text, stdout);
        exit(0);
    }
}

/* Prints the usage, which is text up to its first blank line, and returns the status for wrong arguments. */
static inline int wrong_usage(const char *text)
{
    const char *end = strstr(text, "\n\n");
    if (end) fwrite(text, 1, end + 1 - text, stderr);
    else fputs(text, stderr);
    fputs("--help says more\n", stderr);
    return 2;
}

#endif
