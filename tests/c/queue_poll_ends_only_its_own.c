/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client's close and destroyed events may come in one ws_queue_poll. Its place
 * then belongs to somebody else, perhaps to a new connection, which the next
 * ws_queue_poll must leave alone.
 */
#include "t_queue.h"

static void poll_once(ws_handle queue, ws_event *events, size_t *n)
{
    events[0].struct_size = sizeof events[0];
    OK(ws_queue_poll(queue, events, 8, T_DEADLINE_MS, n));
    CHECK(*n > 0);
}

int main(void)
{
    ws_handle queue = t_queue_make(0, 0), other = t_queue_make(0, 0);
    ws_event events[8];
    size_t n;
    ws_handle server = t_queue_server(other, NULL), peers = t_server(NULL, NULL);
    ws_handle client = t_queue_client(queue, NULL);
    OK(ws_connect(client, t_url(peers), NULL, NULL, NULL));
    do poll_once(queue, events, &n);
    while (events[n - 1].type != WS_EVENT_OPEN_INFO);

    OK(ws_destroy(client));
    poll_once(queue, events, &n);
    while (events[n - 1].type != WS_EVENT_DESTROYED) { /* both at once, or the test repeats what others test */
        CHECK_EQ(events[n - 1].type, WS_EVENT_CLOSE);
        poll_once(queue, events, &n);
    }

    /* Enough connections to be given every place that is free. */
    enum { NEW = 8 };
    t_raw raw[NEW];
    for (int i = 0; i < NEW; i++) t_raw_client(&raw[i], t_port(server));
    ws_handle connections[NEW];
    size_t count = 0;
    /* 101 comes just before */
    T_UNTIL_SO(ws_server_connections(server, connections, NEW, &count) == WS_OK && count == NEW);
    size_t none;
    events[0].struct_size = sizeof events[0];
    OK(ws_queue_poll(queue, events, 8, 0, &none)); /* forgets what it has told */
    CHECK_EQ(none, 0);
    for (int i = 0; i < NEW; i++) T_UNTIL_SO(t_state(connections[i]) == WS_STATE_OPEN);
    for (int i = 0; i < NEW; i++) t_raw_close(&raw[i]);
    return t_done();
}
