/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With a listener for upgrades the host decides: it sees the request, accepts with a
 * subprotocol and fields of its own, refuses with any status, or answers later from
 * any thread. The handle is that of the connection to be.
 */
#include "t_requests.h"

static t_log log_ = T_LOG;

/* What a connection may be told from here on. */
static void listen_to(ws_handle h, t_log *own)
{
    static const int events[] = {WS_EVENT_MESSAGE, WS_EVENT_ERROR, WS_EVENT_CLOSE, WS_EVENT_DESTROYED};
    for (int i = 0; i < 4; i++) OK(ws_on(h, events[i], t_record, own));
}

/* What a client asks for is told, and the handle can be used before it opens. */
static void the_request_is_told(int port)
{
    t_raw peer;
    t_raw_dial(&peer, port);
    t_raw_text(&peer, T_UPGRADE_OF("/chat?room=%201", "Sec-WebSocket-Protocol: a, b\r\nCookie: x=1\r\nX-Twice: 1\r\nx-twice: 2\r\n"));
    const t_event *e = t_wait_event(&log_, WS_EVENT_UPGRADE, 1);
    CHECK_TEXT(e->method, "GET");
    CHECK_TEXT(e->target, "/chat?room=%201");
    CHECK_TEXT(e->protocol, "a, b");
    CHECK_TEXT(t_field(e, "Cookie"), "x=1");
    CHECK_TEXT(t_field(e, "x-twice"), "2");
    CHECK_EQ(e->body_size, 0);
    ws_handle h = e->handle;
    CHECK_EQ(t_state(h), WS_STATE_CONNECTING);
    CHECK_EQ(ws_send(h, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    CHECK_EQ(ws_close(h, NULL, NULL, NULL), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "ws_accept");
    CHECK_TEXT(t_text(h, WS_TEXT_TARGET), "/chat?room=%201");
    CHECK_HAS(t_text(h, WS_TEXT_REQUEST_HEADER), "\nX-Twice: 1\nx-twice: 2\n");
    ws_connection who;
    WS_INIT_STRUCT(&who);
    OK(ws_connection_info(h, &who));
    CHECK_TEXT(who.client_ip, "127.0.0.1");
    size_t count = 77;
    OK(ws_server_connections(e->server, NULL, 0, &count)); /* it is not open yet */
    CHECK_EQ(count, 0);
    OK(ws_set_user_data(h, &count));
    static t_log own = T_LOG;
    listen_to(h, &own);

    ws_header fields[] = {{"Set-Cookie", "a=1"}, {"Set-Cookie", "b=2"}};
    ws_accept_options o;
    WS_INIT_STRUCT(&o);
    o.protocol = "c";
    CHECK_EQ(ws_accept(h, &o), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.protocol");
    o.protocol = "b";
    o.headers = &(ws_header){"Connection", "close"};
    o.header_count = 1;
    CHECK_EQ(ws_accept(h, &o), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.headers");
    o.headers = &(ws_header){"X", "a\r\nb: c"};
    CHECK_EQ(ws_accept(h, &o), WS_ERR_PARAMETER);
    o.headers = fields;
    o.header_count = 2;
    OK(ws_accept(h, &o));
    CHECK_EQ(ws_accept(h, &o), WS_ERR_STATE); /* once */
    CHECK_EQ(ws_respond(h, NULL), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "no request waits");

    const char *head = t_raw_head(&peer);
    CHECK_HAS(head, "HTTP/1.1 101 ");
    CHECK_HAS(head, "Sec-WebSocket-Protocol: b\r\n");
    CHECK_HAS(head, "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n");
    const t_event *c = t_wait_event(&log_, WS_EVENT_CONNECT, 1);
    CHECK_EQ(c->handle, h);
    CHECK_TEXT(c->protocol, "b");
    CHECK_TEXT(c->target, "/chat?room=%201");
    CHECK_TEXT(t_text(h, WS_TEXT_PROTOCOL), "b");
    CHECK_TEXT(t_text(h, WS_TEXT_TARGET), ""); /* not kept without the flag */
    void *user = NULL;
    OK(ws_user_data(h, &user));
    CHECK(user == &count);
    t_raw_send(&peer, T_TEXT, "hello", 5);
    CHECK_EQ(t_wait_event(&own, WS_EVENT_MESSAGE, 1)->size, 5);
    OK(ws_send(h, "you too", 7, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "you too", 7);
    t_raw_close(&peer);
    t_wait_event(&own, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(&own), "message error close destroyed");
}

/* Soon after its last event. */
static void is_stale(ws_handle h)
{
    T_UNTIL_SO(ws_accept(h, NULL) != WS_ERR_STATE);
    CHECK_EQ(ws_accept(h, NULL), WS_ERR_NO_CONNECTION);
}

/* A refused one is answered and ended; nobody hears of a connection. */
static void any_status_refuses(int port)
{
    t_raw peer;
    t_raw_dial(&peer, port);
    t_raw_text(&peer, T_UPGRADE_OF("/", ""));
    ws_handle h = t_wait_event(&log_, WS_EVENT_UPGRADE, 2)->handle;
    static t_log own = T_LOG;
    listen_to(h, &own);
    ws_header field = {"WWW-Authenticate", "Bearer"};
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.headers = &field;
    r.header_count = 1;
    for (int i = 0; i < 3; i++) {
        r.status = (int[]){101, 199, 600}[i];
        CHECK_EQ(ws_respond(h, &r), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "response.status");
    }
    r.status = 401;
    r.body_size = 5;
    CHECK_EQ(ws_respond(h, &r), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "response.body");
    r.body = "go on";
    OK(ws_respond(h, &r));
    const char *answer = t_raw_rest(&peer);
    CHECK_HAS(answer, "HTTP/1.1 401 Unauthorized\r\n");
    CHECK_HAS(answer, "WWW-Authenticate: Bearer\r\n");
    CHECK_HAS(answer, "Connection: close\r\nContent-Length: 5\r\n\r\ngo on");
    t_raw_close(&peer);
    t_wait_event(&own, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(&own), "destroyed");
    is_stale(h);
}

static void *accept_it(void *handle)
{
    OK(ws_accept(*(ws_handle *)handle, NULL));
    return NULL;
}

/* Frames right behind the request wait for the answer, which another thread gives. */
static void later_from_another_thread(int port)
{
    t_raw peer;
    char request[600];
    unsigned char frame[32];
    t_raw_dial(&peer, port);
    size_t size = (size_t)snprintf(request, sizeof request, "%s", T_UPGRADE_OF("/early", ""));
    size_t more = t_frame_build(frame, T_TEXT, 1, "early", 5);
    memcpy(request + size, frame, more);
    t_raw_write(&peer, request, size + more);
    ws_handle h = t_wait_event(&log_, WS_EVENT_UPGRADE, 3)->handle;
    CHECK_EQ(t_seen(&log_, WS_EVENT_MESSAGE_RECEIVE), 1); /* the_request_is_told's */
    pthread_t thread;
    t_thread(&thread, accept_it, &h);
    t_join(thread);
    CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
    const t_event *m = t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, 2);
    CHECK_EQ(m->handle, h);
    CHECK_TEXT((const char *)m->data, "early");
    t_raw_close(&peer);
}

/* The client leaves, the host destroys the handle, or aborts: it ends without a connect. */
static void ends_while_the_host_decides(int port)
{
    for (int how = 0; how < 3; how++) {
        t_raw peer;
        t_raw_dial(&peer, port);
        t_raw_text(&peer, T_UPGRADE_OF("/", ""));
        ws_handle h = t_wait_event(&log_, WS_EVENT_UPGRADE, 4 + how)->handle;
        t_log own = T_LOG;
        OK(ws_on(h, WS_EVENT_DESTROYED, t_record, &own));
        OK(ws_on(h, WS_EVENT_CLOSE, t_record, &own));
        if (how == 0) { /* nothing is read, so it is noticed with the answer */
            t_raw_reset(&peer);
            OK(ws_accept(h, NULL));
            /* 101 may be written before the reset is noticed: then connect and close are told. */
        } else if (how == 1) {
            OK(ws_destroy(h));
        } else {
            OK(ws_abort(h));
        }
        t_wait_event(&own, WS_EVENT_DESTROYED, 1);
        if (how) {
            CHECK_TEXT(t_story(&own), "destroyed");
            t_raw_expect_end(&peer);
            t_raw_close(&peer);
        }
        t_forget(&own);
    }
}

/* Who does not answer is answered for. */
static void the_time_is_over(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.decision_timeout_ms = 100;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_UPGRADE, t_record, &log_));
    OK(ws_server_start(server, &c, NULL, NULL));
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, T_UPGRADE_OF("/", ""));
    ws_handle h = t_wait_event(&log_, WS_EVENT_UPGRADE, 7)->handle;
    CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 503 ");
    t_raw_close(&peer);
    is_stale(h);
    OK(ws_server_destroy(server));
}

/* A stop answers for the host, too, and ends. */
static void the_server_stops(ws_handle server, int port)
{
    t_raw peer;
    t_raw_dial(&peer, port);
    t_raw_text(&peer, T_UPGRADE_OF("/", ""));
    ws_handle h = t_wait_event(&log_, WS_EVENT_UPGRADE, 8)->handle;
    static t_log stopped = T_LOG;
    OK(ws_server_stop(server, NULL, t_record, &stopped));
    CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 503 ");
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&stopped, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    is_stale(h);
}

/* A page of another host is refused before the host is asked. */
static void pages_of_others_are_refused(int port)
{
    t_raw peer;
    t_raw_dial(&peer, port);
    t_raw_text(&peer, T_UPGRADE_OF("/", "Origin: http://evil.example\r\n"));
    CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 403 ");
    t_raw_close(&peer);
}

/* Who listens no more is not asked any more, unless the server was made to ask. */
static void nobody_listens_any_more(void)
{
    for (int asks = 0; asks < 2; asks++) {
        ws_server_options o;
        WS_INIT_STRUCT(&o);
        o.flags = asks ? WS_UPGRADE_EVENTS | WS_REQUEST_EVENTS : 0;
        ws_server_config c;
        WS_INIT_STRUCT(&c);
        c.server_ip = "127.0.0.1";
        c.decision_timeout_ms = 100;
        static t_log first = T_LOG, second = T_LOG;
        ws_handle server = ws_server_create(&o);
        for (int type = WS_EVENT_UPGRADE; type <= WS_EVENT_REQUEST; type++) {
            OK(ws_server_on(server, type, t_record, &first));
            OK(ws_server_on(server, type, t_record, &second));
            OK(ws_server_off(server, type, t_record, &second));
        }
        OK(ws_server_start(server, &c, NULL, NULL));
        t_raw peer;
        t_raw_dial(&peer, t_port(server));
        t_raw_text(&peer, T_UPGRADE_OF("/", ""));
        OK(ws_accept(t_wait_event(&first, WS_EVENT_UPGRADE, 1)->handle, NULL)); /* one is left */
        CHECK_HAS(t_raw_head(&peer), " 101 ");
        t_raw_close(&peer);
        for (int type = WS_EVENT_UPGRADE; type <= WS_EVENT_REQUEST; type++) OK(ws_server_off(server, type, NULL, NULL));
        t_raw_dial(&peer, t_port(server));
        t_raw_text(&peer, T_UPGRADE_OF("/", ""));
        CHECK_HAS(t_raw_head(&peer), asks ? " 503 " : " 101 ");
        t_raw_close(&peer);
        t_raw_dial(&peer, t_port(server));
        t_raw_text(&peer, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        CHECK_HAS(t_raw_head(&peer), asks ? " 503 " : " 426 ");
        t_raw_close(&peer);
        OK(ws_server_on(server, WS_EVENT_UPGRADE, t_record, &second)); /* and again */
        t_raw_dial(&peer, t_port(server));
        t_raw_text(&peer, T_UPGRADE_OF("/", ""));
        t_wait_event(&second, WS_EVENT_UPGRADE, 1);
        t_raw_close(&peer);
        OK(ws_server_destroy(server));
        t_forget(&first), t_forget(&second);
    }
}

int main(void)
{
    nobody_listens_any_more();
    ws_handle server = t_server(NULL, &log_);
    OK(ws_server_on(server, WS_EVENT_UPGRADE, t_record, &log_));
    int port = t_port(server);
    pages_of_others_are_refused(port);
    the_request_is_told(port);
    any_status_refuses(port);
    later_from_another_thread(port);
    ends_while_the_host_decides(port);
    the_time_is_over();
    the_server_stops(server, port);
    return t_done();
}
