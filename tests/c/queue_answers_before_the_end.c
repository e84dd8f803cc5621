/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages that came before a Close frame, a violation or the end of the stream
 * can be answered when they come out of the queue.
 */
#include "t_queue.h"

#include <poll.h>
#include <sys/socket.h>

static t_log log_ = T_LOG;
static ws_handle queue;
static int port, ends;

static void begin(t_raw *peer)
{
    t_raw_client(peer, port);
    t_raw_send(peer, T_TEXT, "one", 3);
    t_raw_send(peer, T_TEXT, "two", 3);
}

/* Whether the server has said more. */
static int more(t_raw *peer)
{
    struct pollfd p = {.fd = peer->fd, .events = POLLIN};
    return peer->at < peer->have || poll(&p, 1, 0) > 0;
}

static void answered(t_raw *peer)
{
    t_raw_settle(peer);
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_MESSAGE_RECEIVE) == 2 * (ends + 1));
    t_raw_expect(peer, T_TEXT, "one", 3);
    t_raw_expect(peer, T_TEXT, "two", 3);
    T_DISPATCH_UNTIL(queue, more(peer)); /* the end may have come in later than the messages */
}

static void ended(t_raw *peer)
{
    t_raw_expect_end(peer);
    t_raw_close(peer);
    T_DISPATCH_UNTIL(queue, t_seen(&log_, WS_EVENT_CLOSE) == ends + 1);
    ends++;
}

int main(void)
{
    queue = t_queue_make(0, 0);
    ws_handle server = t_queue_server(queue, &log_);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    port = t_port(server);
    t_raw peer;

    begin(&peer);
    t_raw_send_close(&peer, 1001, "bye");
    answered(&peer);
    CHECK_TEXT(t_raw_expect_close(&peer, 1001), "bye");
    ended(&peer);
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_CLOSE, 1)->code, 1001);
    CHECK_EQ(t_seen(&log_, WS_EVENT_ERROR), 0);

    begin(&peer);
    t_raw_send(&peer, 0x83, "", 0); /* a reserved opcode, RFC 6455 5.2 */
    answered(&peer);
    t_raw_expect_close(&peer, 1002);
    ended(&peer);
    CHECK_EQ(t_seen(&log_, WS_EVENT_ERROR), 1);

    begin(&peer);
    CHECK_EQ(shutdown(peer.fd, SHUT_WR), 0);
    answered(&peer);
    ended(&peer);
    CHECK_EQ(t_seen(&log_, WS_EVENT_ERROR), 2);
    CHECK_EQ(t_wait_event(&log_, WS_EVENT_CLOSE, 3)->code, 1006);
    return t_done();
}
