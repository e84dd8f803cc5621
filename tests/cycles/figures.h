/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figures.h - threads, descriptors and memory of this process, and the verdict
 * whether the same thing done many times leaves anything behind.
 *
 * Work is done in stretches of equal length. The figures after one are compared with
 * those after two, those after two with four, and so on, until the second half has left
 * next to nothing behind. What caches and pools take, and the garbage that the Go
 * runtime lets gather (some MiB), counts less each time; what every cycle leaves does not.
 */
#ifndef FIGURES_H
#define FIGURES_H

#include "t.h"

/* These tests choose their ways of receiving themselves. */
#undef ws_create
#undef ws_server_create

typedef struct figures {
    long threads, descriptors;
    long rss;  /* resident bytes */
    long heap; /* bytes of malloc in use: exact, and that of the C side only */
} figures;

figures figures_now(void);
/* Waits until threads and descriptors are those of start, but for what stays until
 * ws_shutdown: the poller of the Go runtime (two descriptors), one event loop (epoll,
 * wake-up and alarm), and threads that Go started when all others were busy. Prints what
 * is. A leak per cycle is far above these. */
/* Hundreds of connects in a burst keep up to 64 goroutines busy in system calls, each
 * with a thread, and a few more; the runtime never ends those. */
enum { SPARE_DESCRIPTORS = 2 + 3, HANDSHAKES = 90 };
extern int figures_spare_threads; /* 8 */
figures figures_back(const char *what, const figures *start);

/* Runs stretch(cycles) until the second half of all cycles has left at most per_cycle
 * bytes per cycle, and at most HEAP_PER_CYCLE of malloc; fails after some doublings. */
enum { HEAP_PER_CYCLE = 16 };
extern int figures_doublings; /* 4, which is sixteen stretches at most */
void figures_stretches(const char *what, void (*stretch)(int cycles), int cycles, long per_cycle);

/* A number from the command line: "--cycles N", else the default. */
int figures_option(int argc, char **argv, const char *name, int otherwise);

#endif
