/* SPDX-License-Identifier: Apache-2.0 */
/* runtime.h - the Go runtime in a process of the host: how it starts, and what it takes of the system. */
#ifndef WSX_RUNTIME_H
#define WSX_RUNTIME_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "hidden.h"
#include <libws/ws_types.h>

WSX_HIDDEN_BEGINS

/* ---- whether calls are refused (refusal.c) ----------------------------------------- */

/* WS_OK, or what every call returns: in a child of fork() for good, while no thread can be made for now. */
extern _Atomic int32_t wsx_refusal;
/* Returns wsx_refusal, with its text. */
int32_t wsx_refuse(void);

/* ---- the start (start.c, probe.c, poller.c) ---------------------------------------- */

/* Starts the runtime if need be: WS_OK, or why it cannot, with a text. Before every export
 * (exports.h), but of those that are given a handle which exists. It takes milliseconds. */
int32_t wsx_start(void);
bool wsx_started(void);
/* Starts the runtime, once; what fails leaves nothing, and may be tried again (start_linux.c and its like). */
int32_t wsx_launch(void);
/* Whether the system gives what the runtime wants at its start; a text if not (probe.c). */
int32_t wsx_probe(void);
/* What the runtime waits with: an epoll descriptor that watches an eventfd (poller.c). The
 * arguments of the runtime name both, and what the epoll descriptor says when the eventfd
 * is readable; cmake/GoRuntime.cmake has the same numbers. */
typedef struct wsx_poller {
    int epoll, bell;
} wsx_poller;
enum { WSX_AT_POLLER = 0x77730001, WSX_AT_POLLER_BELL = 0x77730002, WSX_POLLER_WOKEN = 1 };
/* 0 or an errno. */
int wsx_poller_make(wsx_poller *p);
void wsx_poller_close(wsx_poller *p);
/* Takes a descriptor out of the numbers 0 to 2, which are the host's also when it has closed
 * them; see core/fd. -1 stays, and a failure closes it. */
int wsx_raised(int fd);
/* Makes sure that what has not started never will; false when it has. */
bool wsx_ended_unstarted(void);

/* ---- threads (threads.c) ----------------------------------------------------------- */

/* Makes a detached thread. 0 or an errno. */
int wsx_start_thread(void *(*body)(void *), void *argument);
/* Sees to it that the runtime has so many threads in all, and ends those that it does not
 * need any more. *there: how many there are; with fewer an errno is returned. */
int wsx_threads_provide(uint32_t all, uint32_t *there);
/* The reserve is low and the system gives no thread: nothing should begin that may need one. */
bool wsx_threads_short(void);
/* Runs body on a thread of the reserve; waits for one if need be. */
void wsx_thread_run(void *(*body)(void *), void *argument);
/* Starts the thread that fills the reserve up. 0 or an errno. */
int wsx_threads_keep(void);
/* How often the runtime stood because the system refused a thread. */
extern _Atomic uint32_t wsx_threads_refused;
void wsx_threads_in_child(void);

/* The runtime needs a thread for each processor that it uses and for each loop, and some more:
 * its first one, its monitor, one that makes others, one that waits for sockets, and as many as
 * come late out of a system call on a busy machine. 7 were seen. With fewer than it needs it
 * stands for a while, with fewer than the least it cannot start. */
#define WSX_SPARE_THREADS 12
#define WSX_LEAST_THREADS 5
#define WSX_RESERVE 6 /* unused ones that there should always be */
#define WSX_PROCESSORS 2 /* when it starts */

/* ---- faults (fault.c) -------------------------------------------------------------- */

/* Right before Go starts: it passes on to us what faults outside of it, and we to the host. */
void wsx_take_faults(void);

WSX_HIDDEN_ENDS

#endif
