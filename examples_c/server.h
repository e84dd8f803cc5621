/* SPDX-License-Identifier: Apache-2.0 */
/* server.h - what the servers here share, and none is about: how they start, fail and end. */
#ifndef SERVER_H
#define SERVER_H

#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <libws/ws.h>

/* Ends the program when a call has failed, and says which one and why. */
static inline void must(const char *what, int32_t status)
{
    if (status == WS_OK) return;
    fprintf(stderr, "%s: %s\n", what, ws_last_error());
    exit(1);
}

static inline ws_handle create_server(const ws_server_options *options)
{
    ws_handle server = ws_server_create(options);
    if (!server) must("create", WS_ERR_UNKNOWN);
    return server;
}

/* Starts a server and returns its port, which the system chooses if config says 0. */
static inline int32_t start_server(ws_handle server, const ws_server_config *config)
{
    int32_t port;
    must("start", ws_server_start(server, config, NULL, NULL));
    must("port", ws_server_port(server, &port));
    return port;
}

/* A completion that posts the semaphore in user_data. */
static inline void post(const ws_event *e, void *user_data)
{
    (void)e;
    sem_post(user_data);
}

/* Stops a server: its connections are closed, and what was sent before goes out first. */
static inline void stop_server(ws_handle server)
{
    sem_t over;
    sem_init(&over, 0, 0);
    must("stop", ws_server_stop(server, NULL, post, &over));
    sem_wait(&over);
}

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#include <windows.h>

#define pipe(ends) _pipe(ends, 4096, _O_BINARY)

/* What ends the program, Ctrl-C and the like. Call it first. */
typedef HANDLE end_signals;
static HANDLE end_wanted;

static inline BOOL WINAPI end_is_wanted(DWORD what)
{
    (void)what;
    return SetEvent(end_wanted);
}

static inline end_signals block_signals(void)
{
    end_wanted = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(end_is_wanted, TRUE);
    return end_wanted;
}

static inline void wait_for_signal(const end_signals *signals)
{
    WaitForSingleObject(*signals, INFINITE);
}

static inline int signal_within(const end_signals *signals, unsigned milliseconds)
{
    return WaitForSingleObject(*signals, milliseconds) == WAIT_OBJECT_0;
}
#else
/* The signals that end the program. Call it first: they are blocked in this thread and in those
 * that it makes from then on, so that only wait_for_signal sees them. */
typedef sigset_t end_signals;

static inline end_signals block_signals(void)
{
    end_signals signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    return signals;
}

static inline void wait_for_signal(const end_signals *signals)
{
    int received;
    sigwait(signals, &received);
}

/* Whether one came within that time. */
static inline int signal_within(const end_signals *signals, unsigned milliseconds)
{
    const struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
    return sigtimedwait(signals, NULL, &time) >= 0;
}
#endif

#endif
