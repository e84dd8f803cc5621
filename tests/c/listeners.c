/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any number of listeners per event: called in the order of ws_on; the same pair
 * twice is called twice; ws_off removes what matches both; one added during an
 * event hears the next one.
 */
#include "t.h"

static char order[200];
static t_latch calls = T_LATCH;
static t_log echoes = T_LOG;
static ws_handle client;

/* user_data is a letter. */
static void note(const ws_event *e, void *letter)
{
    (void)e;
    order[strlen(order)] = (char)(intptr_t)letter;
    t_add(&calls, 1);
}

static void note_too(const ws_event *e, void *letter)
{
    note(e, (void *)((intptr_t)letter - 'a' + 'A'));
}

#define LETTER(c) ((void *)(intptr_t)(c))
static void on(ws_callback callback, int letter) { OK(ws_on(client, WS_EVENT_MESSAGE, callback, LETTER(letter))); }
static void off(ws_callback callback, int letter) { OK(ws_off(client, WS_EVENT_MESSAGE, callback, LETTER(letter))); }

/* Makes one message event and checks who was called. The recorder is the last
 * listener of the echoing end, so all of ours have been called before a second echo. */
static void heard(const char *wanted)
{
    static int round;
    order[0] = 0;
    memset(order, 0, sizeof order);
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    t_wait_event(&echoes, WS_EVENT_MESSAGE_RECEIVE, ++round);
    long before = (long)strlen(wanted);
    static long total;
    t_wait(&calls, total += before);
    /* A marker through the same queue: everything of this event is over then. */
    static t_latch marked = T_LATCH;
    OK(ws_send(client, "", 0, WS_BINARY, t_tick, &marked));
    t_wait(&marked, round);
    t_wait_event(&echoes, WS_EVENT_MESSAGE_RECEIVE, ++round);
    CHECK_TEXT(order, wanted);
}
