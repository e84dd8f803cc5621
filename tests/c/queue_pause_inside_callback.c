/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_pause inside a callback holds back what waits in the queue for this
 * connection, and for no other; completions come; ws_resume delivers the rest in
 * order; a paused connection can be destroyed, and so can its server.
 */
#include "t_queue.h"

enum { FRAMES = 50 };

static t_log connects = T_LOG, done = T_LOG;
static int heard[3], pauses, closed;

static void on_message(const ws_event *e, void *user_data)
{
    int i = *(int *)user_data;
    CHECK_EQ(atoi(e->data), heard[i]++);
    if (pauses && i == 0) {
        pauses = 0;
        OK(ws_pause(e->handle));
    }
}

static void on_close(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    closed++;
}

static void write_frames(t_raw *peer)
{
    unsigned char all[FRAMES * 20];
    char text[12];
    size_t size = 0;
    for (int i = 0; i < FRAMES; i++)
        size += t_frame_build(all + size, T_TEXT, 1, text, (size_t)snprintf(text, sizeof text, "%d", i));
    t_raw_write(peer, all, size);
}

int main(void)
{
    static int number[3] = {0, 1, 2};
    ws_handle queue = t_queue_make(0, 0), server = t_queue_server(queue, NULL), handle[3];
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &connects));
    OK(ws_server_on(server, WS_EVENT_CLOSE, on_close, NULL));
    t_raw peer[3];
    for (int i = 0; i < 3; i++) {
        t_raw_client(&peer[i], t_port(server));
        T_DISPATCH_UNTIL(queue, t_seen(&connects, WS_EVENT_CONNECT) == i + 1);
        handle[i] = t_wait_event(&connects, WS_EVENT_CONNECT, i + 1)->handle;
        OK(ws_on(handle[i], WS_EVENT_MESSAGE, on_message, &number[i]));
    }

    pauses = 1;
    for (int i = 0; i < 2; i++) write_frames(&peer[i]);
    T_DISPATCH_UNTIL(queue, heard[1] == FRAMES && heard[0]);
    CHECK_EQ(heard[0], 1);

    /* Nothing of it, but for completions. */
    OK(ws_send(handle[0], "x", 1, WS_TEXT, t_record, &done));
    T_DISPATCH_UNTIL(queue, t_seen(&done, WS_EVENT_COMPLETION) == 1);
    t_raw_expect(&peer[0], T_TEXT, "x", 1);
    write_frames(&peer[1]);
    heard[1] = 0;
    T_DISPATCH_UNTIL(queue, heard[1] == FRAMES);
    CHECK_EQ(heard[0], 1);
    CHECK_EQ(t_readable(queue, 0), 0);

    /* Paused again by the first one that comes after resume. */
    for (int i = 2; i <= 4; i++) {
        pauses = 1;
        OK(ws_resume(handle[0]));
        T_DISPATCH_UNTIL(queue, heard[0] == i);
        CHECK_EQ(t_dispatch(queue, 0), 0);
        CHECK_EQ(heard[0], i);
    }
    OK(ws_resume(handle[0]));
    T_DISPATCH_UNTIL(queue, heard[0] == FRAMES);

    /* Destroyed while paused: the ends come, what was held does not. */
    heard[0] = 0;
    pauses = 1;
    write_frames(&peer[0]);
    T_DISPATCH_UNTIL(queue, heard[0] == 1);
    OK(ws_destroy(handle[0]));
    T_DISPATCH_UNTIL(queue, closed == 1);
    CHECK_EQ(heard[0], 1);

    /* Its server destroyed while paused. Whatever the queue has is let go. */
    OK(ws_pause(handle[1]));
    write_frames(&peer[1]);
    t_raw_settle(&peer[1]);
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_record, &done));
    heard[1] = 0;
    OK(ws_server_destroy(server));
    T_DISPATCH_UNTIL(queue, t_seen(&done, WS_EVENT_DESTROYED));
    CHECK_EQ(closed, 3);
    CHECK_EQ(heard[1] + heard[2], 0);
    for (int i = 0; i < 3; i++) t_raw_close(&peer[i]);
    OK(ws_queue_destroy(queue));
    return t_done();
}
