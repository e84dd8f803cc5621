/* SPDX-License-Identifier: Apache-2.0 */
/* A host that reads the descriptor of a queue, which it should not, loses nothing by it. */
#include <errno.h>

#include "t_queue.h"

static t_log log_ = T_LOG;

int main(void)
{
    ws_handle queue = t_queue_make(0, 0), server = t_echo_server(), client = t_queue_client(queue, &log_);
    ws_socket fd;
    OK(ws_queue_fd(queue, &fd));
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_OPEN));
    for (int i = 1; i <= 200; i++) {
        OK(ws_send(client, "m", 1, WS_TEXT, NULL, NULL));
        CHECK_EQ(t_readable(queue, T_DEADLINE_MS), 1);
        char bytes[8];
        if (i % 2) CHECK(read(fd, bytes, sizeof bytes) > 0 || errno == EAGAIN);
        T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_MESSAGE) == i);
        /* A loop that was about to write may still do so; what it wakes the host for is nothing, once. */
        T_UNTIL_SO(!t_dispatch(queue, 0) && !t_readable(queue, 0));
    }
    OK(ws_destroy(client));
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_DESTROYED));
    OK(ws_queue_destroy(queue));
    return t_done();
}
