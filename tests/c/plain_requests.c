/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With a listener for requests a server answers plain HTTP as its host says: bodies,
 * keep-alive, pipelining, HEAD; and still takes upgrades by itself.
 */
#include "t_requests.h"

static t_log log_ = T_LOG;

/* Sends back the method, the target and the body. */
static void WS_CALL tell_back(const ws_event *e, void *unused)
{
    (void)unused;
    char text[2000];
    int size = snprintf(text, sizeof text, "%s %s %.*s", e->method, e->target, (int)e->body_size,
                        (const char *)e->body);
    ws_header type = {"Content-Type", "text/plain"};
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.headers = &type;
    r.header_count = 1;
    r.body = text;
    r.body_size = (size_t)size;
    OK(ws_respond(e->handle, &r));
}

/* Reads an answer with this body. */
static void answered(t_raw *peer, const char *body)
{
    char length[60];
    const char *head = t_raw_head(peer);
    CHECK_HAS(head, "HTTP/1.1 200 OK\r\n");
    CHECK_HAS(head, "Content-Type: text/plain\r\n");
    CHECK_HAS(head, "Date: ");
    snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    CHECK_HAS(head, length);
    t_raw_bytes(peer, body, strlen(body));
}

static void one_after_the_other(int port)
{
    t_raw peer;
    t_raw_dial(&peer, port);
    t_raw_text(&peer, "GET /a?b HTTP/1.1\r\nHost: localhost\r\n\r\n");
    answered(&peer, "GET /a?b ");
    t_raw_text(&peer, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhe");
    t_raw_settle(&peer);
    t_raw_text(&peer, "llo");
    answered(&peer, "POST / hello");
    /* Pipelined: each in its turn, and an upgrade at last. */
    t_raw_text(&peer, "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                      "PUT /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
                      "HEAD /3 HTTP/1.1\r\nHost: localhost\r\n\r\n" T_UPGRADE_OF("/", ""));
    answered(&peer, "GET /1 ");
    answered(&peer, "PUT /2 abc");
    CHECK_HAS(t_raw_head(&peer), "Content-Length: 8\r\n"); /* no body behind it */
    CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
    t_wait_event(&log_, WS_EVENT_CONNECT, 1);
    t_raw_send(&peer, T_TEXT, "x", 1);
    t_wait_event(&log_, WS_EVENT_MESSAGE_RECEIVE, 1);
    t_raw_close(&peer);
    t_wait_event(&log_, WS_EVENT_CLOSE, 1);
}

/* Each byte in a packet of its own. */
static void octet_by_octet(int port)
{
    static const char request[] = "POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody"
                                  "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n";
    t_raw peer;
    t_raw_dial(&peer, port);
    for (const char *p = request; *p; p++) t_raw_write(&peer, p, 1);
    const char *head = t_raw_head(&peer);
    if (strstr(head, "HTTP/1.1 100 Continue")) { /* unless the body came sooner */
        answered(&peer, "POST /slow body");
    } else {
        CHECK_HAS(head, "HTTP/1.1 200 OK");
        t_raw_bytes(&peer, "POST /slow body", 15);
    }
    answered(&peer, "GET /next ");
    t_raw_close(&peer);
}

static void some_end_the_connection(int port)
{
    static const struct {
        const char *request, *answer;
    } last[] = {
        {"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 200 OK"},
        {"GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK"},
        {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n", "HTTP/1.1 413 "},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 501 "},
        {"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n", "HTTP/1.1 400 "},
    };
    for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
        t_raw peer;
        t_raw_dial(&peer, port);
        t_raw_text(&peer, last[i].request);
        const char *answer = t_raw_rest(&peer);
        if (strncmp(answer, last[i].answer, strlen(last[i].answer)) || strstr(answer + 1, "HTTP/1.1"))
            FAIL("\"%s\" is answered by \"%s\"", last[i].request, answer);
        CHECK_HAS(answer, "Connection: close\r\n");
        t_raw_close(&peer);
    }
}

/* An answer larger than what the kernel takes, to a client that reads late. */
static t_latch big_asked = T_LATCH;

static void WS_CALL answer_much(const ws_event *e, void *data)
{
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.body = data;
    r.body_size = 8 << 20;
    if (!strcmp(e->target, "/last")) r.flags = WS_LAST_RESPONSE;
    OK(ws_respond(e->handle, &r));
    t_add(&big_asked, 1);
}

static void large_answers(void)
{
    char *data = t_bytes(8 << 20, 1, 0);
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_REQUEST, answer_much, data));
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, "GET /first HTTP/1.1\r\nHost: localhost\r\n\r\nGET /last HTTP/1.1\r\nHost: localhost\r\n\r\n");
    t_wait(&big_asked, 1);
    for (int i = 0; i < 2; i++) {
        CHECK_HAS(t_raw_head(&peer), "Content-Length: 8388608\r\n");
        t_raw_bytes(&peer, data, 8 << 20);
    }
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    free(data);
    OK(ws_server_destroy(server));
}

/* Who says nothing more is not kept for ever, and neither is who has not finished. */
static void silent_ones_end(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.keep_alive_timeout_ms = 100;
    c.handshake_timeout_ms = 5000;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_REQUEST, tell_back, NULL));
    OK(ws_server_start(server, &c, NULL, NULL));
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    answered(&peer, "GET / ");
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    OK(ws_server_destroy(server));
}

/* No listener, no requests: 426 as ever. */
static void without_a_listener(void)
{
    ws_handle server = t_server(NULL, NULL);
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK_HAS(t_raw_rest(&peer), "HTTP/1.1 426 ");
    t_raw_close(&peer);
    OK(ws_server_destroy(server));
}

int main(void)
{
    ws_handle server = t_server(NULL, &log_);
    OK(ws_server_on(server, WS_EVENT_REQUEST, tell_back, NULL));
    int port = t_port(server);
    one_after_the_other(port);
    octet_by_octet(port);
    some_end_the_connection(port);
    CHECK_TEXT(t_story(&log_), "connect receive error close");
    large_answers();
    silent_ones_end();
    without_a_listener();
    return t_done();
}
