/* SPDX-License-Identifier: Apache-2.0 */
/* kit.h - for tests of the bridge: NATS servers as children, servers that have joined, clients that have subscribed. */
#ifndef NATS_KIT_H
#define NATS_KIT_H

#include "t.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <ws_nats.h>

/* T_UNTIL_SO for what another process does: it does not take the processor from it. */
#define N_UNTIL(condition) T_UNTIL_SO((condition) || (poll(NULL, 0, 2), 0))
#define N_OK(call) ((call) == WS_OK ? (void)0 : FAIL("%s: %s", #call, ws_nats_last_error()))

/* ---- nats-server ---------------------------------------------------------------------- */

typedef struct n_nats {
    pid_t pid;
    int port, output;
    char url[64];
    pthread_t reader;
    t_latch ready;
    char failed[400];
} n_nats;

static inline void n_line(n_nats *n, const char *line)
{
    const char *at = strstr(line, "Listening for client connections on ");
    if (at && strrchr(at, ':')) n->port = atoi(strrchr(at, ':') + 1);
    if (strstr(line, "[FTL]")) snprintf(n->failed, sizeof n->failed, "%.300s", line);
    if (strstr(line, "Server is ready")) t_add(&n->ready, 1);
}

/* What it writes has to be read until it ends. */
static void *n_read(void *argument)
{
    n_nats *n = argument;
    char text[4096], *end;
    size_t have = 0;
    ssize_t more;
    while ((more = read(n->output, text + have, sizeof text - 1 - have)) > 0) {
        text[have += (size_t)more] = 0;
        while ((end = strchr(text, '\n'))) {
            *end = 0;
            n_line(n, text);
            have -= (size_t)(end + 1 - text);
            memmove(text, end + 1, have + 1);
        }
        if (have == sizeof text - 1) have = 0; /* longer than anything that is looked for */
    }
    close(n->output);
    t_add(&n->ready, 1000);
    return NULL;
}

/* Starts one on 127.0.0.1, at port or, with 0, at one that the system chooses; more: arguments, with NULL at the end.
 */
static inline void n_start(n_nats *n, int port, char *const more[])
{
    char number[16], *arguments[40] = {"nats-server", "-a", "127.0.0.1", "-p", number};
    snprintf(number, sizeof number, "%d", port ? port : -1);
    for (int i = 5; more && *more && i < 39; i++) arguments[i] = *more++;
    int ends[2];
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    *n = (n_nats){.output = ends[0], .ready = T_LATCH};
    pid_t parent = getpid();
    CHECK((n->pid = fork()) >= 0);
    if (!n->pid) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        execvp("nats-server", arguments);
        execv("/usr/sbin/nats-server", arguments);
        _exit(127);
    }
    close(ends[1]);
    t_thread(&n->reader, n_read, n);
    t_wait(&n->ready, 1);
    if (t_count(&n->ready) >= 1000) FAIL("nats-server does not start: %s", n->failed);
    snprintf(n->url, sizeof n->url, "nats://127.0.0.1:%d", n->port);
}

static inline void n_end(n_nats *n, int signal)
{
    int status;
    kill(n->pid, signal);
    CHECK_EQ(waitpid(n->pid, &status, 0), n->pid);
    t_join(n->reader);
}

/* ---- events of a bridge ---------------------------------------------------------------------- */

typedef struct n_events {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int seen[WS_NATS_EVENT_LEFT + 1]; /* of each type */
    bool left;                        /* the latest was the last */
    int after_left;
    int32_t status;                   /* of the latest error, or of the end */
    uint64_t lost_out, lost_in, unsure;
    char texts[4000];                 /* of all, a line each */
} n_events;
#define N_EVENTS {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER}

static void WS_CALL n_record(const ws_nats_event *e, void *user_data)
{
    n_events *all = user_data;
    pthread_mutex_lock(&all->mutex);
    all->seen[e->type]++;
    if (all->left) all->after_left++;
    all->left = e->type == WS_NATS_EVENT_LEFT;
    if (e->status) all->status = e->status;
    all->lost_out += e->lost_out;
    all->lost_in += e->lost_in;
    all->unsure += e->unsure;
    size_t have = strlen(all->texts);
    snprintf(all->texts + have, sizeof all->texts - have, "%s\n", e->text);
    pthread_cond_broadcast(&all->changed);
    pthread_mutex_unlock(&all->mutex);
}

/* Waits until so many events of a type have come. */
static inline void n_wait(n_events *all, int type, int n)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += T_DEADLINE_MS / 1000;
    pthread_mutex_lock(&all->mutex);
    while (all->seen[type] < n)
        if (pthread_cond_timedwait(&all->changed, &all->mutex, &until))
            FAIL("event %d never came %d times; there were:\n%s", type, n, all->texts);
    pthread_mutex_unlock(&all->mutex);
}

/* ---- servers that have joined --------------------------------------------------------------------- */

typedef struct n_node {
    ws_handle server;
    t_log log;
    ws_nats *bridge;
    n_events events;
} n_node;

static inline ws_nats_options n_options(const n_nats *nats)
{
    ws_nats_options o;
    WS_INIT_STRUCT(&o);
    o.urls = nats->url;
    o.reconnect_wait_ms = 50;
    o.ping_interval_ms = 1000;
    return o;
}

static inline void n_serve(n_node *n)
{
    *n = (n_node){.log = T_LOG, .events = N_EVENTS};
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_message_size = 64 << 20;
    n->server = t_server(&o, &n->log);
}

static inline void n_join(n_node *n, ws_nats_options o)
{
    o.on_event = n_record;
    o.user_data = &n->events;
    n->events.left = false; /* of the bridge before */
    N_OK(ws_nats_join_wait(n->server, &o, T_DEADLINE_MS, &n->bridge));
}

static inline void n_finish(n_node *n)
{
    if (n->bridge) N_OK(ws_nats_leave_wait(n->bridge, 0));
    OK(ws_server_destroy(n->server));
    t_wait_event(&n->log, WS_EVENT_DESTROYED, 1);
    CHECK_EQ(n->events.after_left, 0);
    t_forget(&n->log);
}

static inline ws_nats_stats n_stats(const n_node *n)
{
    ws_nats_stats s;
    WS_INIT_STRUCT(&s);
    N_OK(ws_nats_stats_get(n->bridge, &s));
    return s;
}

/* ---- clients --------------------------------------------------------------------------------------------- */

typedef struct n_client {
    ws_handle client, connection;
    t_log log;
} n_client;

/* The n-th of its node, from 1. */
static inline void n_connect(n_client *c, n_node *node, int n)
{
    *c = (n_client){.log = T_LOG};
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    c->client = t_open_client(node->server, &c->log);
    c->connection = t_wait_event(&node->log, WS_EVENT_CONNECT, n)->handle;
}

static inline void n_subscribe(n_client *c, const char *topic)
{
    OK(ws_subscribe(c->connection, topic, strlen(topic)));
}

static inline void n_publish(n_node *n, const char *topic, const char *text)
{
    OK(ws_publish(n->server, topic, strlen(topic), text, strlen(text), WS_TEXT, 0, NULL));
}

/* The messages so far are these, separated by blanks; the last one is "end". */
static inline void n_heard(n_client *c, const char *want)
{
    char all[1024] = "";
    for (int n = 1;; n++) {
        const t_event *e = t_wait_event(&c->log, WS_EVENT_MESSAGE, n);
        strncat(all, (char *)e->data, sizeof all - strlen(all) - 2);
        if (!strcmp((char *)e->data, "end")) break;
        strcat(all, " ");
    }
    CHECK_TEXT(all, want);
}

static inline void n_leave(n_client *c)
{
    t_destroy(c->client, &c->log);
}

#endif
