/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is sent while a client connects waits until it is open: it arrives first and
 * in order, is counted in ws_buffered_amount, is bounded by max_buffered, and fails
 * when the attempt does. WS_REFUSE_EARLY turns it off.
 */
#include "t_client.h"

static int port, listener;

static void number(ws_handle client, int i, t_log *sends)
{
    char text[12];
    snprintf(text, sizeof text, "%03d", i);
    OK(ws_send(client, text, 3, i % 2 ? WS_TEXT : WS_BINARY, t_record, sends));
}

static void WS_CALL on_open(const ws_event *e, void *sends)
{
    number(e->handle, 100, sends);
}

static void arrives_in_order(void)
{
    t_log events = T_LOG, sends = T_LOG;
    t_raw peer;
    ws_handle client = ws_create(NULL);
    CHECK(client);
    CHECK_EQ(ws_send(client, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_STATE); /* it does not even connect */
    OK(ws_on(client, WS_EVENT_OPEN, on_open, &sends));
    t_listen(client, &events);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    for (int i = 0; i < 50; i++) number(client, i, &sends);
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    for (int i = 50; i < 100; i++) number(client, i, &sends);
    CHECK_EQ(t_buffered(client), 100 * (2 + 4 + 3)); /* RFC 6455 5.2: header, mask, payload */
    CHECK_EQ(t_seen(&sends, 0), 0);
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&events, WS_EVENT_OPEN, 1);
    for (int i = 101; i < 150; i++) number(client, i, &sends);
    for (int i = 0; i < 150; i++) {
        char text[12];
        snprintf(text, sizeof text, "%03d", i);
        t_raw_expect(&peer, i % 2 ? T_TEXT : T_BINARY, text, 3);
    }
    for (int i = 1; i <= 150; i++) CHECK_EQ(t_wait_event(&sends, WS_EVENT_COMPLETION, i)->error, WS_OK);
    CHECK_EQ(t_buffered(client), 0);
    t_raw_close(&peer);
    t_wait_event(&events, WS_EVENT_CLOSE, 1);
    t_destroy(client, &events);
    CHECK_EQ(t_seen(&sends, 0), 150);
    t_forget(&events);
    t_forget(&sends);
}

/* More than a socket takes at once, so that the rest waits for room. */
static void large_ones_arrive_in_order(void)
{
    enum { SIZE = 1 << 20, COUNT = 8 };
    t_log events = T_LOG, sends = T_LOG;
    t_raw peer;
    char *data = t_bytes(SIZE, 7, 0);
    ws_handle client = t_client(&events);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    for (int i = 0; i < COUNT; i++) {
        data[0] = (char)i;
        OK(ws_send(client, data, SIZE, WS_BINARY, t_record, &sends));
    }
    t_raw_server(&peer, listener);
    t_wait_event(&events, WS_EVENT_OPEN, 1);
    OK(ws_send(client, "last", 4, WS_TEXT, t_record, &sends));
    for (int i = 0; i < COUNT; i++) {
        data[0] = (char)i;
        t_raw_expect(&peer, T_BINARY, data, SIZE);
    }
    t_raw_expect(&peer, T_TEXT, "last", 4);
    for (int i = 1; i <= COUNT + 1; i++) CHECK_EQ(t_wait_event(&sends, WS_EVENT_COMPLETION, i)->error, WS_OK);
    t_raw_close(&peer);
    t_destroy(client, &events);
    t_forget(&events);
    t_forget(&sends);
    free(data);
}

static void may_be_refused(void)
{
    t_log events = T_LOG;
    t_raw peer;
    ws_handle client = t_flagged_client(WS_REFUSE_EARLY, &events);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    CHECK_EQ(ws_send(client, "x", 1, WS_TEXT, t_record, &events), WS_ERR_STATE);
    CHECK_EQ(ws_send_part(client, "x", 1, WS_TEXT, 1, t_record, &events), WS_ERR_STATE);
    CHECK_EQ(t_buffered(client), 0);
    t_raw_server(&peer, listener);
    t_wait_event(&events, WS_EVENT_OPEN, 1);
    OK(ws_send(client, "now", 3, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "now", 3);
    t_raw_close(&peer);
    t_destroy(client, &events);
    CHECK_EQ(t_seen(&events, WS_EVENT_COMPLETION), 0);
    t_forget(&events);
}

static void is_bounded(void)
{
    t_log events = T_LOG, sends = T_LOG;
    t_raw peer;
    char *data = t_bytes(5000, 1, 0);
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.max_buffered = 1000;
    ws_handle client = ws_create(&o);
    CHECK(client);
    t_listen(client, &events);
    OK(ws_on(client, WS_EVENT_DRAIN, t_record, &events));
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    OK(ws_send(client, data, 600, WS_BINARY, t_record, &sends));
    CHECK_EQ(ws_send(client, data, 600, WS_BINARY, t_record, &sends), WS_ERR_FULL);
    OK(ws_send(client, data, 300, WS_BINARY, t_record, &sends));
    t_raw_server(&peer, listener);
    t_wait_event(&events, WS_EVENT_DRAIN, 1);
    t_raw_expect(&peer, T_BINARY, data, 600);
    t_raw_expect(&peer, T_BINARY, data, 300);
    CHECK_TEXT(t_story(&events), "open drain");
    t_raw_close(&peer);
    t_wait_event(&events, WS_EVENT_CLOSE, 1);
    t_wait_event(&sends, WS_EVENT_COMPLETION, 2);
    CHECK_EQ(t_seen(&sends, 0), 2);

    /* One message always fits an empty queue. */
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    OK(ws_send(client, data, 5000, WS_BINARY, NULL, NULL));
    CHECK_EQ(ws_send(client, data, 1, WS_BINARY, NULL, NULL), WS_ERR_FULL);
    t_raw_server(&peer, listener);
    t_wait_event(&events, WS_EVENT_DRAIN, 2);
    t_raw_expect(&peer, T_BINARY, data, 5000);
    t_raw_close(&peer);
    t_destroy(client, &events);
    t_forget(&events);
    t_forget(&sends);
    free(data);
}

static void fails_with_the_attempt(void)
{
    enum { REFUSED, CLOSED, ABORTED, DESTROYED };
    for (int how = REFUSED; how <= DESTROYED; how++) {
        t_log events = T_LOG, sends = T_LOG;
        t_raw peer;
        ws_handle client = t_client(&events);
        OK(ws_connect(client, t_url_of_port(port), NULL, t_record, &events));
        for (int i = 0; i < 3; i++) number(client, i, &sends);
        t_raw_take(&peer, listener);
        t_raw_head(&peer);
        switch (how) {
        case REFUSED: t_raw_text(&peer, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"); break;
        case CLOSED: OK(ws_close(client, NULL, NULL, NULL)); break;
        case ABORTED: OK(ws_abort(client)); break;
        default: OK(ws_destroy(client));
        }
        for (int i = 1; i <= 3; i++)
            CHECK_EQ(t_wait_event(&sends, WS_EVENT_COMPLETION, i)->error,
                     how == REFUSED ? WS_ERR_CONNECT_FAILED : WS_ERR_CANCELLED);
        const t_event *connect = t_wait_event(&events, WS_EVENT_COMPLETION, 1);
        CHECK_EQ(connect->error, how == REFUSED ? WS_ERR_CONNECT_FAILED : WS_ERR_CANCELLED);
        CHECK_EQ(connect->status, how == REFUSED ? 404 : 0);
        if (how != DESTROYED) {
            t_wait_event(&events, WS_EVENT_ERROR, 1);
            CHECK_EQ(t_buffered(client), 0);
            CHECK_EQ(t_state(client), WS_STATE_CLOSED);
            /* Nothing of it is left for the next connection. */
            t_raw_close(&peer);
            OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
            t_raw_server(&peer, listener);
            OK(ws_send(client, "new", 3, WS_TEXT, NULL, NULL));
            t_raw_expect(&peer, T_TEXT, "new", 3);
            OK(ws_destroy(client));
        }
        t_wait_event(&events, WS_EVENT_DESTROYED, 1);
        CHECK_EQ(t_seen(&sends, 0), 3);
        t_raw_close(&peer);
        t_forget(&events);
        t_forget(&sends);
    }
}

int main(void)
{
    listener = t_raw_listen(&port);
    arrives_in_order();
    large_ones_arrive_in_order();
    may_be_refused();
    is_bounded();
    fails_with_the_attempt();
    close(listener);
    return t_done();
}
