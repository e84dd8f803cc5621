/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls on a stack of the host's own making (coroutines, some FFIs) work, from
 * the main thread and from another one, in turns with calls on the usual stack.
 */
#include "t.h"

#include <ucontext.h>

enum { STACK = 256 << 10, CALLS = 3000 };

static ucontext_t usual, own;
static ws_handle client;

static void on_own_stack(void)
{
    for (int i = 0; i < CALLS; i++) {
        OK(ws_send(client, "from afar", 9, WS_TEXT, NULL, NULL));
        CHECK_EQ(ws_send(client, "\xff", 1, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER);
        if (i % 100 == 99) CHECK_EQ(swapcontext(&own, &usual), 0); /* like a coroutine that waits */
    }
}

static void run(t_log *log)
{
    char *stack = malloc(STACK);
    CHECK(stack);
    CHECK_EQ(getcontext(&own), 0);
    own.uc_stack.ss_sp = stack;
    own.uc_stack.ss_size = STACK;
    own.uc_link = &usual;
    makecontext(&own, on_own_stack, 0);
    int before = t_seen(log, WS_EVENT_MESSAGE), n = CALLS / 100;
    for (int i = 0; i < n; i++) {
        CHECK_EQ(swapcontext(&usual, &own), 0);
        OK(ws_send(client, "from home", 9, WS_TEXT, NULL, NULL));
    }
    CHECK_EQ(swapcontext(&usual, &own), 0); /* to its end */
    t_wait_event(log, WS_EVENT_MESSAGE, before + CALLS + n);
    free(stack);
}

static void *other_thread(void *log)
{
    run(log);
    return NULL;
}

int main(void)
{
    static t_log log = T_LOG;
    pthread_t thread;
    client = t_open_client(t_echo_server(), &log);
    run(&log);
    t_thread(&thread, other_thread, &log);
    t_join(thread);
    run(&log);
    CHECK_EQ(t_seen(&log, WS_EVENT_MESSAGE), 3 * (CALLS + CALLS / 100));
    return t_done();
}
