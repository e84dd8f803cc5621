/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With WS_MANUAL_PONG the library answers no ping: it is an event, and the host answers by ws_pong, or
 * not. ws_pong also sends what nobody has asked for. Floods of pings end a connection as ever, and a
 * peer that does not read gets no more pongs than fit.
 */
#include "t_client.h"

#include <arpa/inet.h>

static int port, listener;

static void WS_CALL answer(const ws_event *e, void *unused)
{
    (void)unused;
    if (strcmp((const char *)e->data, "later")) OK(ws_pong(e->handle, e->data, e->size));
}

/* handle is manual, peer the other end. */
static void rounds(t_raw *peer, ws_handle handle, t_log *log)
{
    char data[126];
    memset(data, 'p', sizeof data);
    OK(ws_on(handle, WS_EVENT_PING, t_record, log));
    OK(ws_on(handle, WS_EVENT_MESSAGE, t_record, log));
    t_raw_send(peer, T_PING, "unanswered", 10);
    t_raw_send(peer, T_TEXT, "then", 4);
    t_wait_event(log, WS_EVENT_MESSAGE, 1);
    CHECK_TEXT((const char *)t_wait_event(log, WS_EVENT_PING, 1)->data, "unanswered");
    OK(ws_send(handle, "first", 5, WS_TEXT, NULL, NULL));
    t_raw_expect(peer, T_TEXT, "first", 5); /* no pong was before it */

    /* Inside the event, and later, also between the pieces of a message. */
    OK(ws_on(handle, WS_EVENT_PING, answer, NULL));
    t_raw_send(peer, T_PING, data, 125);
    t_raw_expect(peer, T_PONG, data, 125);
    t_raw_send(peer, T_PING, "", 0);
    t_raw_expect(peer, T_PONG, "", 0);
    t_raw_send(peer, T_PING, "later", 5);
    t_wait_event(log, WS_EVENT_PING, 4);
    OK(ws_send_part(handle, "a", 1, WS_TEXT, 0, NULL, NULL));
    OK(ws_pong(handle, "later", 5));
    OK(ws_send_part(handle, "b", 1, WS_TEXT, 1, NULL, NULL));
    t_raw_expect(peer, 0x01, "a", 1);
    t_raw_expect(peer, T_PONG, "later", 5);
    t_raw_expect(peer, T_CONT, "b", 1);

    CHECK_EQ(ws_pong(handle, data, 126), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "size: 126 bytes; a pong has at most 125");
    CHECK_EQ(ws_pong(handle, NULL, 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "data");
    OK(ws_pong(handle, NULL, 0));
    t_raw_expect(peer, T_PONG, "", 0);

    t_raw_send_close(peer, 1000, "");
    t_raw_expect_close(peer, 1000);
    t_raw_close(peer);
    T_UNTIL_SO(ws_pong(handle, "x", 1) != WS_OK);
}

static void of_a_client(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = t_flagged_client(WS_MANUAL_PONG, NULL);
    OK(ws_on(client, WS_EVENT_DESTROYED, t_record, &log));
    CHECK_EQ(ws_pong(client, "x", 1), WS_ERR_STATE);
    t_meet(client, NULL, listener, port, &peer);
    T_UNTIL_SO(t_state(client) == WS_STATE_OPEN);
    rounds(&peer, client, &log);
    CHECK_EQ(ws_pong(client, "x", 1), WS_ERR_STATE);
    t_destroy(client, &log);
    CHECK_EQ(ws_pong(client, "x", 1), WS_ERR_HANDLE);
    t_forget(&log);
}

static ws_handle manual_server(int32_t max_control_frames, t_log *log)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.flags = WS_MANUAL_PONG;
    o.max_control_frames = max_control_frames;
    return t_server(&o, log);
}

static void of_a_server(void)
{
    static t_log server_log = T_LOG, log = T_LOG;
    t_raw peer;
    ws_handle server = manual_server(0, &server_log);
    t_raw_client(&peer, t_port(server));
    rounds(&peer, t_wait_event(&server_log, WS_EVENT_CONNECT, 1)->handle, &log);
    OK(ws_server_destroy(server));
}

/* Without the flag a pong that nobody has asked for goes out as well, and pings are answered. */
static void unsolicited(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = t_client(&log);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    OK(ws_pong(client, "alive", 5));
    t_raw_expect(&peer, T_PONG, "alive", 5);
    t_raw_send(&peer, T_PING, "you?", 4);
    t_raw_expect(&peer, T_PONG, "you?", 4);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

/* The status of the first pong that is refused, of a thousand: others need not have their turn in between. */
static int32_t pongs_until_refused(ws_handle client)
{
    static const char data[125];
    int32_t status = WS_OK;
    for (int i = 0; i < 1000 && !status; i++) status = ws_pong(client, data, sizeof data);
    return status;
}

/* For which the kernel takes little, so that a few pongs fill it. */
static int small_socket(int to)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)to), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 4096;
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    CHECK_EQ(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void limits_stay(void)
{
    static t_log log = T_LOG;
    t_raw peer;
    ws_handle server = manual_server(20, &log);
    t_raw_client(&peer, t_port(server));
    for (int i = 0; i < 45; i++) t_raw_send(&peer, T_PING, "flood", 5); /* a second may end in between */
    t_raw_expect_close(&peer, 1008);
    CHECK_HAS(t_wait_event(&log, WS_EVENT_ERROR, 1)->text, "max_control_frames");
    t_raw_close(&peer);
    OK(ws_server_destroy(server));

    /* Who does not read gets no more than fit. */
    int small_port, small = t_raw_small_listen(&small_port);
    ws_handle client = t_client(NULL);
    ws_connect_options o = t_options();
    o.flags = WS_CONNECTED_DESCRIPTOR;
    o.connected_descriptor = small_socket(small_port);
    t_meet(client, &o, small, small_port, &peer);
    T_UNTIL_SO(t_state(client) == WS_STATE_OPEN);
    int32_t status;
    T_UNTIL_SO((status = pongs_until_refused(client)) != WS_OK);
    CHECK_EQ(status, WS_ERR_FULL);
    CHECK_HAS(ws_last_error(), "the output queue is full");
    CHECK(t_buffered(client) < 1 << 20);
    t_raw_close(&peer);
    OK(ws_destroy(client));
    close(small);
}

int main(void)
{
    listener = t_raw_listen(&port);
    CHECK_EQ(ws_has_feature("manual_pong"), 1);
    of_a_client();
    of_a_server();
    unsolicited();
    limits_stay();
    return t_done();
}
