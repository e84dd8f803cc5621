/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A listener that the connect event adds hears every message of the connection,
 * also those that were in the queue when it was added; each connection's come in
 * order and once.
 */
#include <poll.h>

#include "t_queue.h"

enum { PEERS = 10, FRAMES = 300 };

typedef struct heard {
    int next, closed;
} heard;

static heard of[PEERS];
static int all, connected, closed;

static void on_message(const ws_event *e, void *user_data)
{
    heard *h = user_data;
    CHECK_EQ(e->type, WS_EVENT_MESSAGE);
    CHECK(!h->closed);
    CHECK_EQ(atoi(e->data), h->next++);
    all++;
}

static void on_close(const ws_event *e, void *user_data)
{
    heard *h = user_data;
    CHECK_EQ(e->code, 1000);
    CHECK_EQ(h->next, FRAMES);
    CHECK_EQ(h->closed++, 0);
    closed++;
}

static int answered(t_raw *peer)
{
    struct pollfd p = {.fd = peer->fd, .events = POLLIN};
    return peer->at < peer->have || poll(&p, 1, 0) > 0;
}

static void on_connect(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, on_message, &of[connected]));
    OK(ws_on(e->handle, WS_EVENT_CLOSE, on_close, &of[connected++]));
}

int main(void)
{
    ws_handle queue = t_queue_make(0, 0), server = t_queue_server(queue, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL));
    static unsigned char out[FRAMES * 20];
    t_raw peers[PEERS];
    for (int i = 0; i < PEERS; i++) {
        t_raw_client(&peers[i], t_port(server));
        size_t size = 0;
        char text[12];
        for (int k = 0; k < FRAMES; k++)
            size += t_frame_build(out + size, T_TEXT, 1, text, (size_t)snprintf(text, sizeof text, "%d", k));
        t_raw_write(&peers[i], out, size);
        t_raw_send_close(&peers[i], 1000, "");
        t_raw_settle(&peers[i]);
    }
    T_DISPATCH_UNTIL(queue, all == PEERS * FRAMES);
    for (int i = 0; i < PEERS; i++) {
        T_DISPATCH_UNTIL(queue, answered(&peers[i])); /* the mark behind the messages may come late */
        t_raw_expect_close(&peers[i], 1000);
        t_raw_close(&peers[i]);
    }
    T_DISPATCH_UNTIL(queue, closed == PEERS);
    return t_done();
}
