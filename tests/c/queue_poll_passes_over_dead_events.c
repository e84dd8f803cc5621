/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_queue_poll passes over messages of a client that was destroyed meanwhile,
 * also when the end of its stream waits behind them, and comes back.
 */
#include "t_queue.h"

int main(void)
{
    alarm(T_DEADLINE_MS / 1000); /* a poll that does not come back ends the test */
    ws_handle queue = t_queue_make(0, 0);
    int port, listener = t_raw_listen(&port);
    for (int round = 0; round < 20; round++) {
        ws_event events[8];
        size_t n = 0;
        t_raw peer;
        ws_handle client = t_queue_client(queue, NULL);
        OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
        t_raw_server(&peer, listener);
        do {
            events[0].struct_size = sizeof events[0];
            OK(ws_queue_poll(queue, events, 1, T_DEADLINE_MS, &n));
            CHECK_EQ(n, 1);
        } while (events[0].type != WS_EVENT_OPEN_INFO);

        unsigned char bytes[64];
        size_t size = t_frame_build(bytes, T_TEXT, 0, "unheard", 7);
        size += t_frame_build(bytes + size, T_CLOSE, 0, "\x03\xe8", 2);
        t_raw_write(&peer, bytes, size);
        CHECK(t_readable(queue, T_DEADLINE_MS));
        if (round % 2) t_raw_settle(&peer);
        OK(ws_destroy(client));
        for (int last = 0; last != WS_EVENT_DESTROYED; last = n ? events[n - 1].type : last) {
            events[0].struct_size = sizeof events[0];
            OK(ws_queue_poll(queue, events, 8, 100, &n));
            for (size_t i = 0; i < n; i++)
                CHECK(events[i].type == WS_EVENT_CLOSE || events[i].type == WS_EVENT_DESTROYED);
        }
        t_raw_close(&peer);
    }
    ws_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_stats_get(&s));
    CHECK_EQ(s.memory_used, 0); /* they do not stay in the memory budget */
    close(listener);
    return t_done();
}
