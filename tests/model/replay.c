/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - the processes of slot.pml as threads of a host, for a library built with
 * WS_DEBUG_INVARIANTS.
 *
 *   replay STEPS [peer]
 *
 * STEPS is a file with the steps of a trace, which the library follows as soon as WS_DEBUG_SCHEDULE
 * names it, see capi/debug_schedule.c. peer: the model had PEER.
 */
#include "t.h"

#include <sys/prctl.h>

enum { PATIENCE_MS = 20000 };

static const char *trace;
static ws_handle queue;

/* How often a step is in the schedule, before the first of another one. */
static int steps_before(const char *wanted, const char *other)
{
    char line[80];
    int n = 0;
    FILE *file = fopen(trace, "r");
    CHECK(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (!strcmp(line, other)) break;
        n += !strcmp(line, wanted);
    }
    fclose(file);
    return n;
}

static int steps(const char *wanted)
{
    return steps_before(wanted, "");
}

static ws_handle make(void)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    return (ws_create)(&o);
}

/* Pauses, goes on perhaps, and ends. */
static void *host0(void *unused)
{
    prctl(PR_SET_NAME, "host0");
    ws_handle client = steps("host0 acquire") ? make() : 0; /* in the model there may be no slot left */
    if (!client) return unused;
    int pauses = steps("host0 pause");
    if (pauses > 0) ws_pause(client);
    if (pauses > 1) ws_resume(client);
    ws_destroy(client);
    return unused;
}

/* Reads what the block says, before and after it ends. */
static void *host1(void *unused)
{
    int32_t state;
    prctl(PR_SET_NAME, "host1");
    ws_handle client = steps("host1 acquire") ? make() : 0;
    if (!client) return unused;
    /* The model may do without the first one. */
    if (steps_before("host1 look", "host1 find")) ws_state(client, &state);
    ws_destroy(client);
    ws_state(client, &state);
    return unused;
}

/* ---- with a peer ------------------------------------------------------------------------------- */

static ws_handle server, accepted;
static t_latch prepared = T_LATCH, stands = T_LATCH, begun = T_LATCH, stopped = T_LATCH;

static void on_connect(const ws_event *e, void *unused)
{
    (void)unused;
    accepted = e->handle;
}

/* A connection that is open, and whose host has said its last word: so its end is acted on as soon
 * as the peer ends it. When that returns nobody but this thread does anything. */
static void prepare(t_raw *peer)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    server = t_server(&o, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL));
    t_raw_client(peer, t_port(server));
    T_UNTIL_SO(__atomic_load_n(&accepted, __ATOMIC_ACQUIRE));
    ws_close_options c;
    WS_INIT_STRUCT(&c);
    c.timeout_ms = 3600000;
    OK(ws_close(accepted, &c, NULL, NULL));
    t_raw_expect_close(peer, 1000);
    /* What comes behind it has gone through the loop and the queue. */
    OK(ws_post(accepted, 0, t_tick, &prepared, NULL));
    t_wait(&stands, 1);
}

static void *host1_of_peer(void *unused)
{
    prctl(PR_SET_NAME, "host1");
    int pauses = steps("host1 pause");
    if (pauses > 0) OK(ws_pause(accepted));
    if (pauses > 1) OK(ws_resume(accepted));
    if (steps("host1 find")) OK(ws_destroy(accepted));
    return unused;
}

static void with_peer(void)
{
    t_raw peer = {0};
    pthread_t host;
    prepare(&peer);
    CHECK_EQ(link(trace, getenv("WS_DEBUG_SCHEDULE")), 0);
    close(peer.fd); /* before anybody else has work for the loop */
    t_add(&begun, 1);
    t_thread(&host, host1_of_peer, NULL);
    t_join(host);
    if (!steps("shutdown stopping")) return;
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.timeout_ms = 1;
    OK(ws_server_stop(server, &o, t_tick, &stopped));
    for (long long end = t_now() + PATIENCE_MS; !t_count(&stopped); sched_yield())
        if (t_now() > end) FAIL("it does not end: the server does not stop");
}

/* ---- all of it ------------------------------------------------------------------------------------ */

static void *dispatch(void *unused)
{
    prctl(PR_SET_NAME, "dispatcher");
    size_t told;
    while (ws_queue_dispatch(queue, 0, -1, &told) == WS_OK) {
        if (t_count(&prepared) == 0 || t_count(&stands) > 0) continue;
        t_add(&stands, 1);
        t_wait(&begun, 1);
    }
    return unused;
}

static void without_peer(void)
{
    pthread_t hosts[2];
    CHECK_EQ(link(trace, getenv("WS_DEBUG_SCHEDULE")), 0);
    t_thread(&hosts[0], host0, NULL);
    t_thread(&hosts[1], host1, NULL);
    bool early = steps("shutdown stopping") > 0;
    if (!early)
        for (int i = 0; i < 2; i++) t_join(hosts[i]);
    int32_t status = ws_shutdown_wait(PATIENCE_MS);
    if (status) FAIL("it does not end: ws_shutdown_wait returns %d", status);
    for (int i = 0; early && i < 2; i++) t_join(hosts[i]);
}

int main(int argc, char **argv)
{
    pthread_t dispatcher;
    CHECK(argc > 1);
    trace = argv[1];
    OK(ws_init(NULL));
    CHECK((queue = ws_queue_create(NULL)));
    t_thread(&dispatcher, dispatch, NULL);
    if (argc > 2) with_peer();
    else without_peer();
    OK(ws_shutdown_wait(PATIENCE_MS));
    t_join(dispatcher);
    OK(ws_queue_destroy(queue));
    puts("the trace has no fault here");
    return 0;
}
