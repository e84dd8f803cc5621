/* SPDX-License-Identifier: Apache-2.0 */
/* client.c - the client of examples_c/echo_server: one connection per step. */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message of the talk, in up to 3 frames; with a ping behind the first when there are more. */
struct said {
    int kind; /* LWS_WRITE_TEXT or LWS_WRITE_BINARY */
    int frames;
    struct {
        const char *data;
        size_t size;
    } frame[3];
};
#define ONE(kind, data) {kind, 1, {{data, sizeof data - 1}}}

enum { BUILT = 10, IN_FLIGHT = 100 };

/* Sizes where the length field of a frame changes, and 1 MiB; made by build. */
static const size_t sizes[BUILT / 2] = {125, 126, 65535, 65536, LARGE};
static struct said talk[] = {
    ONE(LWS_WRITE_TEXT, "Hello"),
    ONE(LWS_WRITE_TEXT, "Gr\xc3\xbc\xc3\x9f" "e, \xe4\xb8\x96\xe7\x95\x8c"),
    ONE(LWS_WRITE_BINARY, "\0\1\2\xff\xfe"),
    ONE(LWS_WRITE_TEXT, ""),
    ONE(LWS_WRITE_BINARY, ""),
    /* Frames may end inside a character, RFC 6455 5.6. */
    {LWS_WRITE_TEXT, 3, {{"Gr\xc3", 3}, {"\xbc\xc3", 2}, {"\x9f" "e", 2}}},
    {LWS_WRITE_BINARY, 3, {{"\1\2", 2}, {"", 0}, {"\3", 1}}},
    [7 + BUILT] = ONE(LWS_WRITE_TEXT, "the end"),
};
enum { TALK = sizeof talk / sizeof *talk };

enum step { ECHOES, LONG_REASON, NORMAL, BAD_TEXT, STOP, STEPS };

static struct {
    enum step step;
    int at;    /* in talk, then in the burst of IN_FLIGHT messages */
    int pongs; /* still to come */
} now;
static struct link link_;
static struct lws_client_connect_info where;
static atomic_bool over;

static char longest[124]; /* a reason as long as a control frame can hold, RFC 6455 5.5 */

static void build(void)
{
    memset(longest, 'r', sizeof longest - 1);
    for (int i = 0; i < BUILT; i++) {
        size_t size = sizes[i / 2];
        char *data = malloc(size);
        if (!data) fail("no memory");
        for (size_t j = 0; j < size; j++) data[j] = (char)(i % 2 ? 'a' + j % 26 : j * 31 >> 3);
        talk[7 + i] = (struct said){i % 2 ? LWS_WRITE_TEXT : LWS_WRITE_BINARY, 1, {{data, size}}};
    }
}

static void say(const struct said *s)
{
    link_send(&link_, s->kind | (s->frames > 1 ? LWS_WRITE_NO_FIN : 0), s->frame[0].data, s->frame[0].size);
    if (s->frames == 1) return;
    link_send(&link_, LWS_WRITE_PING, "between", 7);
    now.pongs++;
}

/* The rest of a message whose ping was answered. */
static void on_pong(const void *data, size_t size)
{
    const struct said *s = &talk[now.at];
    if (!now.pongs--) fail("a pong without a ping");
    if (size != 7 || memcmp(data, "between", 7)) fail("a pong of %zu bytes with other data than its ping", size);
    for (int i = 1; i < s->frames; i++)
        link_send(&link_, LWS_WRITE_CONTINUATION | (i < s->frames - 1 ? LWS_WRITE_NO_FIN : 0), s->frame[i].data,
                  s->frame[i].size);
}

static void expect(const struct said *s)
{
    size_t size = 0;
    for (int i = 0; i < s->frames; i++) {
        if (size + s->frame[i].size > link_.size || memcmp(link_.data + size, s->frame[i].data, s->frame[i].size))
            fail("message %d came back as another one, of %zu bytes", now.at, link_.size);
        size += s->frame[i].size;
    }
    if (size != link_.size) fail("message %d of %zu bytes came back as one of %zu", now.at, size, link_.size);
    if (lws_frame_is_binary(link_.wsi) != (s->kind == LWS_WRITE_BINARY)) fail("message %d changed its kind", now.at);
    if (now.pongs) fail("message %d came back before the pong", now.at);
}

/* Many on their way at once. */
static struct said numbered(int n)
{
    static char text[32];
    int size = snprintf(text, sizeof text, "message %d", n);
    return (struct said){LWS_WRITE_TEXT, 1, {{text, (size_t)size}}};
}

/* The library takes the answer to this without a word; that it ends the stream is seen. */
static int end_with(int code, const char *reason)
{
    char copy[128];
    snprintf(copy, sizeof copy, "%s", reason);
    lws_close_reason(link_.wsi, (enum lws_close_status)code, (unsigned char *)copy, strlen(copy));
    link_.closing = true;
    return -1;
}

static void on_open(struct lws *wsi)
{
    link_open(&link_, wsi);
    say(&talk[0]);
}

/* The echo of what was said; each brings the next, or what the step is about. */
static int on_message(void)
{
    if (now.step == ECHOES && now.at < TALK) {
        expect(&talk[now.at]);
        if (++now.at < TALK) {
            say(&talk[now.at]);
            return 0;
        }
        for (int n = 0; n < IN_FLIGHT; n++) {
            struct said s = numbered(n);
            say(&s);
        }
        return 0;
    }
    if (now.step == ECHOES) {
        struct said s = numbered(now.at - TALK);
        expect(&s);
        return ++now.at < TALK + IN_FLIGHT ? 0 : end_with(3001, "interop is over");
    }
    expect(&talk[0]);
    if (now.step == LONG_REASON) return end_with(4999, longest);
    if (now.step == NORMAL) return end_with(1000, "");
    if (now.step == BAD_TEXT) { /* RFC 6455 8.1 */
        link_send(&link_, LWS_WRITE_TEXT, "bad \xff", 5);
        return 0;
    }
    puts("waiting"); /* tells who runs this that it is time to stop the server */
    fflush(stdout);
    return 0;
}

static void on_close_frame(const unsigned char *body, size_t size)
{
    static const char stopped[] = "server is going away";
    int code = close_code(body, size), wanted = now.step == BAD_TEXT ? 1007 : now.step == STOP ? 1001 : 0;
    if (code != wanted) fail("step %d: the server closes with %d, not with %d", now.step, code, wanted);
    if (now.step == STOP && (size != 2 + strlen(stopped) || memcmp(body + 2, stopped, size - 2)))
        fail("the server gives another reason of %zu bytes for its stop", size - 2);
    link_.closing = true;
}

static void connect_(void)
{
    if (!lws_client_connect_via_info(&where)) fail("lws_client_connect_via_info failed");
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    (void)user;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        fail("step %d: no connection: %.*s", now.step, (int)size, in ? (char *)in : "");
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        on_open(wsi);
        break;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        link_write(&link_);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        if (link_receive(&link_, in, size)) return on_message();
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        on_pong(in, size);
        break;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        on_close_frame(in, size);
        break;
    case LWS_CALLBACK_CLIENT_CLOSED:
        if (!link_.closing) fail("step %d: the connection was lost", now.step);
        link_close(&link_);
        now.step++;
        now.at = 0;
        if (now.step < STEPS) connect_();
        else over = true;
        break;
    default:
        break;
    }
    return 0;
}

void run_client(const char *url, const char *authorities)
{
    static const struct lws_protocols protocols[] = {
        {"echo", on_event, 0, 0, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8;
    if (authorities) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
        info.client_ssl_ca_filepath = authorities;
    }
    build();
    where.context = lws_create_context(&info);
    if (!where.context) fail("lws_create_context failed");
    if (sscanf(url, authorities ? "wss://127.0.0.1:%d" : "ws://127.0.0.1:%d", &where.port) != 1) fail("%s?", url);
    where.address = "127.0.0.1";
    where.host = "localhost"; /* it compares the certificate with names only */
    where.path = "/";
    where.ssl_connection = authorities ? LCCSCF_USE_SSL : 0;
    connect_();
    serve(where.context, &over, false);
    lws_context_destroy(where.context);
}
