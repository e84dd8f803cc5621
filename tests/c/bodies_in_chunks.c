/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request whose body comes in chunks (RFC 9112 7.1) is heard whole, within max_body_size; requests and
 * the upgrade behind it are read where it ends. Broken ones are refused, and the host hears nothing.
 */
#include "t_requests.h"

static t_log log_ = T_LOG;
static t_latch requests = T_LATCH;

static void WS_CALL tell_back(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(!e->body_size || !((const char *)e->body)[e->body_size]); /* one NUL byte follows it */
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.body = e->body;
    r.body_size = e->body_size;
    OK(ws_respond(e->handle, &r));
    t_add(&requests, 1);
}

static void answered(t_raw *peer, const void *body, size_t size)
{
    char length[60];
    const char *head = t_raw_head(peer);
    snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", size);
    CHECK_HAS(head, "HTTP/1.1 200 OK\r\n");
    CHECK_HAS(head, length);
    t_raw_bytes(peer, body, size);
}

#define HEAD "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"

static void among_others(int port)
{
    static const char stream[] = HEAD "2;a=\"b\"\r\nhe\r\n3\r\nllo\r\n0\r\nSum: 1\r\n\r\n\r\n"
                                 "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" HEAD "0\r\n\r\n" T_UPGRADE_OF("/", "");
    for (size_t piece = 1; piece < sizeof stream; piece = 3 * piece + 1) {
        t_raw peer;
        t_raw_dial(&peer, port);
        for (size_t at = 0, size; at < sizeof stream - 1; at += size) {
            size = sizeof stream - 1 - at < piece ? sizeof stream - 1 - at : piece;
            t_raw_write(&peer, stream + at, size);
        }
        answered(&peer, "hello", 5);
        answered(&peer, "abc", 3);
        answered(&peer, "", 0);
        CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 101 ");
        t_raw_send(&peer, T_TEXT, "x", 1);
        t_raw_close(&peer);
    }
}

/* As large as allowed, in pieces that are not the chunks; and one byte more. */
static void large(int port)
{
    char *data = t_bytes(65536, 7, 0), size[40];
    t_raw peer;
    t_raw_dial(&peer, port);
    t_raw_text(&peer, "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
    CHECK_TEXT(t_raw_head(&peer), "HTTP/1.1 100 Continue\r\n\r\n");
    for (size_t at = 0, n = 1; at < 65536; at += n, n = n * 5 < 65536 - at ? n * 5 : 65536 - at) {
        t_raw_text(&peer, (snprintf(size, sizeof size, "%zx\r\n", n), size));
        t_raw_write(&peer, data + at, n);
        t_raw_text(&peer, "\r\n");
    }
    t_raw_text(&peer, "0\r\n\r\n");
    answered(&peer, data, 65536);
    t_raw_text(&peer, HEAD "10000\r\n");
    t_raw_write(&peer, data, 65536);
    t_raw_text(&peer, "\r\n1\r\n");
    const char *answer = t_raw_rest(&peer);
    CHECK_HAS(answer, "HTTP/1.1 413 ");
    CHECK_HAS(answer, "\r\nConnection: close\r\n");
    t_raw_close(&peer);
    free(data);
}

static void broken(int port)
{
    static const struct {
        const char *request, *status;
    } all[] = {
        {HEAD "5\r\nhello!\r\n0\r\n\r\n", "400"},
        {HEAD "5\nhello\r\n0\r\n\r\n", "400"},
        {HEAD "g\r\n", "400"},
        {HEAD "0\r\nA b\r\n\r\n", "400"},
        {HEAD "ffffffffffffffffff\r\n", "413"},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"},
        {"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        t_raw peer;
        char wanted[40];
        t_raw_dial(&peer, port);
        t_raw_text(&peer, all[i].request);
        const char *answer = t_raw_rest(&peer);
        snprintf(wanted, sizeof wanted, "HTTP/1.1 %s ", all[i].status);
        if (strncmp(answer, wanted, strlen(wanted))) FAIL("\"%s\" is answered by \"%s\"", all[i].request, answer);
        CHECK_HAS(answer, "\r\nConnection: close\r\n");
        CHECK_HAS(answer, "\r\nDate: ");
        t_raw_close(&peer);
    }
}

int main(void)
{
    ws_handle server = t_server(NULL, &log_);
    OK(ws_server_on(server, WS_EVENT_REQUEST, tell_back, NULL));
    int port = t_port(server);
    among_others(port);
    large(port);
    long heard = t_count(&requests);
    broken(port);
    CHECK_EQ(t_count(&requests), heard);
    return t_done();
}
