/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - the processes of slot.pml as threads of a host, for a library built with
 * WS_DEBUG_INVARIANTS: WS_DEBUG_SCHEDULE names the steps of a trace, see capi/debug_schedule.c.
 */
#include "t.h"

#include <sys/prctl.h>

enum { PATIENCE_MS = 20000 };

static ws_handle queue;

/* How often a step is in the schedule, before the first of another one. */
static int steps_before(const char *wanted, const char *other)
{
    char line[80];
    int n = 0;
    FILE *file = fopen(getenv("WS_DEBUG_SCHEDULE"), "r");
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

static void *dispatch(void *unused)
{
    prctl(PR_SET_NAME, "dispatcher");
    size_t told;
    while (ws_queue_dispatch(queue, 0, -1, &told) == WS_OK) {}
    return unused;
}

int main(void)
{
    pthread_t hosts[2], dispatcher;
    OK(ws_init(NULL));
    CHECK((queue = ws_queue_create(NULL)));
    t_thread(&dispatcher, dispatch, NULL);
    t_thread(&hosts[0], host0, NULL);
    t_thread(&hosts[1], host1, NULL);
    bool early = steps("shutdown stopping") > 0;
    if (!early)
        for (int i = 0; i < 2; i++) t_join(hosts[i]);
    int32_t status = ws_shutdown_wait(PATIENCE_MS);
    if (status) FAIL("it does not end: ws_shutdown_wait returns %d", status);
    for (int i = 0; early && i < 2; i++) t_join(hosts[i]);
    t_join(dispatcher);
    OK(ws_queue_destroy(queue));
    puts("the trace has no fault here");
    return 0;
}
