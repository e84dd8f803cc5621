/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A handle whose life is over gives WS_ERR_HANDLE from every function, for ever, or
 * WS_ERR_NO_CONNECTION (2302006) if it was an accepted connection's: it is never taken
 * for one that was made later.
 */
#include "t_every.h"

enum { WAVES = 100, WAVE = 200 };

static void check_stale(ws_handle handle)
{
    t_every_call(handle, WS_ERR_HANDLE);
    CHECK_EQ(ws_send(handle, "x", 1, WS_TEXT, NULL, NULL), t_stale(handle));
    CHECK_HAS(ws_last_error(), "handle: ");
    CHECK_HAS(ws_last_error(), "stale");
    CHECK_EQ(ws_server_stop(handle, NULL, NULL, NULL), WS_ERR_HANDLE);
    CHECK_HAS(ws_last_error(), "server: ");
}

static void a_destroyed_client(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_client(&log);
    OK(ws_destroy(client));
    check_stale(client); /* already when the call has returned */
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    check_stale(client);
    CHECK_TEXT(t_story(&log), "destroyed");
}

static void a_destroyed_server(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_destroy(server));
    check_stale(server);
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    check_stale(server);
    CHECK_TEXT(t_story(&log), "destroyed");
}

static void use_in_close(const ws_event *e, void *unused)
{
    (void)unused;
    int32_t state = -1;
    OK(ws_state(e->handle, &state)); /* stale after the last close listener has returned, not before */
    CHECK_EQ(state, WS_STATE_CLOSED);
    CHECK_EQ(ws_send(e->handle, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_STATE);
}

static void a_closed_connection(void)
{
    static t_log at_server = T_LOG, own = T_LOG, log = T_LOG;
    ws_handle server = t_server(NULL, &at_server);
    ws_handle client = t_open_client(server, &log);
    ws_handle accepted = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    t_listen(accepted, &own);
    OK(ws_on(accepted, WS_EVENT_CLOSE, use_in_close, NULL));
    OK(ws_server_on(server, WS_EVENT_CLOSE, use_in_close, NULL));
    OK(ws_close(client, NULL, NULL, NULL));
    t_wait_event(&own, WS_EVENT_DESTROYED, 1);
    CHECK_EQ(ws_send(accepted, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_NO_CONNECTION);
    CHECK_EQ(ws_close(accepted, NULL, NULL, NULL), WS_ERR_NO_CONNECTION);
    CHECK_EQ(WS_ERR_NO_CONNECTION, 2302006);
    check_stale(accepted);
    CHECK_TEXT(t_story(&own), "close destroyed");
    CHECK_TEXT(t_story(&at_server), "connect close");
}

static int compare(const void *a, const void *b)
{
    ws_handle x = *(const ws_handle *)a, y = *(const ws_handle *)b;
    return (x > y) - (x < y);
}

/* Wave after wave uses the same slots; the handles are all different, below 2^53, and stale. */
static void many_lives(void)
{
    static ws_handle used[WAVES * WAVE];
    static t_latch ends = T_LATCH;
    for (int i = 0; i < WAVES * WAVE; i++) {
        used[i] = i % 3 ? ws_create(NULL) : ws_server_create(NULL);
        CHECK(used[i] > 0 && used[i] < (ws_handle)1 << 53);
        OK(i % 3 ? ws_on(used[i], WS_EVENT_DESTROYED, t_tick, &ends) : ws_server_on(used[i], WS_EVENT_DESTROYED, t_tick, &ends));
        if (i % WAVE != WAVE - 1) continue;
        for (int k = i - WAVE + 1; k <= i; k++) OK(k % 3 ? ws_destroy(used[k]) : ws_server_destroy(used[k]));
        t_wait(&ends, i + 1);
    }
    ws_handle alive[WAVE];
    for (int i = 0; i < WAVE; i++) alive[i] = ws_create(NULL);
    for (int i = 0; i < WAVES * WAVE; i++) {
        int32_t state;
        CHECK_EQ(ws_state(used[i], &state), WS_ERR_HANDLE);
        CHECK_EQ(ws_server_stop(used[i], NULL, NULL, NULL), WS_ERR_HANDLE);
    }
    for (int i = 0; i < WAVES * WAVE; i += 997) check_stale(used[i]);
    for (int i = 0; i < WAVE; i++) {
        CHECK_EQ(t_state(alive[i]), WS_STATE_CLOSED);
        OK(ws_destroy(alive[i]));
    }
    qsort(used, WAVES * WAVE, sizeof *used, compare);
    for (int i = 1; i < WAVES * WAVE; i++) CHECK(used[i - 1] != used[i]);
}

int main(void)
{
    a_destroyed_client();
    a_destroyed_server();
    a_closed_connection();
    many_lives();
    return t_done();
}
