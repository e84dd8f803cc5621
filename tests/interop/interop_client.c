/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interop_client.c - the client of libws that compiled/peer_as_server.py runs against foreign servers.
 *
 *     interop_client ws://127.0.0.1:PORT/
 *     interop_client wss://localhost:PORT/ FILE_WITH_AUTHORITIES
 *
 * Sends text, binary, empty and 1 MiB messages and checks their echoes, then
 * says "fragments" and checks the fragmented answer, sends messages in pieces, then closes with 3001. Connects
 * again for each other code, of the range and of each kind, closes with it after one
 * echo, and wants it back. Exit status 0 when everything was as it should be.
 */
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libws/ws.h>

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

static void fail(int line, const char *what)
{
    fprintf(stderr, "interop_client: line %d: %s; %s\n", line, what, ws_last_error());
    _exit(1);
}

enum { LARGE = 1 << 20 };

/* What is said, one after the other; each answer brings the next. */
static struct {
    const char *data;
    size_t size;
    int32_t type;
    const char *answer; /* NULL: an echo */
    int pieces;         /* 0: it is sent whole */
} talk[] = {
    {"Hello", 5, WS_TEXT, NULL, 0},
    {"Gr\xc3\xbc\xc3\x9f" "e, \xe4\xb8\x96\xe7\x95\x8c", 15, WS_TEXT, NULL, 0},
    {"\0\1\2\xff\xfe", 5, WS_BINARY, NULL, 0},
    {"", 0, WS_TEXT, NULL, 0},
    {"", 0, WS_BINARY, NULL, 0},
    {NULL, LARGE, WS_BINARY, NULL, 0}, /* made in main */
    {NULL, LARGE, WS_TEXT, NULL, 0},
    {"fragments", 9, WS_TEXT, "one two three", 0},
    {"Gr\xc3\xbc\xc3\x9f" "e, \xe4\xb8\x96\xe7\x95\x8c", 15, WS_TEXT, NULL, 15}, /* cut inside characters */
    {"", 0, WS_TEXT, NULL, 3},
    {NULL, LARGE, WS_BINARY, NULL, 7},
    {NULL, LARGE, WS_TEXT, NULL, 2},
    {"whole", 5, WS_TEXT, NULL, 0},
};
enum { TALK = sizeof talk / sizeof *talk };

/* How each connection is closed; peer_as_server.py checks that the servers hear it. */
static const struct {
    int32_t code; /* 0: no options at all */
    const char *reason;
} closes[] = {
    {3001, "interop is over"},
    {0, "CLOSE_NORMAL"},
    {1000, "done"},
    {1001, "going away"},
    {3000, "\xd0\xb4\xd0\xbe \xd1\x81\xd0\xb2\xd0\xb8\xd0\xb4\xd0\xb0\xd0\xbd\xd0\xb8\xd1\x8f"},
    {4999, "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
           "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"}, /* 123 bytes */
};
enum { CLOSES = sizeof closes / sizeof *closes };

static int at; /* what is being answered; the library's thread only */
static int closed; /* how many connections; the library's thread, and the main thread when it has ended */
static sem_t over;
static int compresses;

static void say(ws_handle handle)
{
    const char *data = talk[at].data;
    size_t size = talk[at].size, pieces = (size_t)talk[at].pieces;
    if (!pieces) CHECK(!ws_send(handle, data, size, talk[at].type, NULL, NULL));
    for (size_t i = 0; i < pieces; i++) { /* an empty one in the middle */
        size_t from = size * i / pieces, to = size * (i + 1) / pieces;
        if (i == 1) CHECK(!ws_send_part(handle, NULL, 0, talk[at].type, 0, NULL, NULL));
        CHECK(!ws_send_part(handle, data + from, to - from, talk[at].type, i == pieces - 1, NULL, NULL));
    }
}

static void on_open(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(e->status == 101);
    char extensions[200];
    CHECK(!ws_connection_text(e->handle, WS_TEXT_EXTENSIONS, extensions, sizeof extensions, NULL));
    CHECK(!*extensions == !compresses);
    say(e->handle);
}

static void on_message(const ws_event *e, void *unused)
{
    (void)unused;
    const char *wanted = talk[at].answer ? talk[at].answer : talk[at].data;
    CHECK(e->size == (talk[at].answer ? strlen(wanted) : talk[at].size));
    CHECK(!memcmp(e->data, wanted, e->size));
    CHECK(e->message_type == talk[at].type);
    if (++at < (closed ? 1 : TALK)) { /* the first connection says all */
        say(e->handle);
        return;
    }
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.code = closes[closed].code;
    options.reason = closes[closed].reason;
    CHECK(!ws_close(e->handle, options.code ? &options : NULL, NULL, NULL));
}

static void on_close(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(at == (closed ? 1 : TALK));
    CHECK(e->code == (closes[closed].code ? closes[closed].code : 1000));
    CHECK(!strcmp(e->reason, closes[closed].reason));
    CHECK(e->clean);
    closed++;
    at = 0;
    sem_post(&over);
}

static void on_error(const ws_event *e, void *unused)
{
    (void)unused;
    fail(__LINE__, e->text);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2 || argc == 3);
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    options.ca_path = argc == 3 ? argv[2] : NULL;
    /* As the peer: "deflate" without takeover, "history" with it. */
    const char *kind = getenv("WS_PEER_COMPRESS");
    ws_compression compression;
    WS_INIT_STRUCT(&compression);
    compression.min_size = 1;
    if (kind && !strcmp(kind, "history")) {
        compression.flags = WS_TAKEOVER_OUT | WS_TAKEOVER_IN;
        compression.window_bits_out = 10;
    }
    if (kind) options.compression = &compression;
    compresses = kind != NULL;
    sem_init(&over, 0, 0);
    for (int i = 0; i < TALK; i++)
        if (!talk[i].data) {
            char *large = malloc(LARGE);
            CHECK(large);
            for (int j = 0; j < LARGE; j++) large[j] = (char)(talk[i].type == WS_TEXT ? 'a' + j % 26 : j * 31 >> 3);
            talk[i].data = large;
        }
    ws_handle client = ws_create(NULL);
    CHECK(client);
    CHECK(!ws_on(client, WS_EVENT_OPEN, on_open, NULL));
    CHECK(!ws_on(client, WS_EVENT_MESSAGE, on_message, NULL));
    CHECK(!ws_on(client, WS_EVENT_CLOSE, on_close, NULL));
    CHECK(!ws_on(client, WS_EVENT_ERROR, on_error, NULL));
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 40;
    for (int i = 0; i < CLOSES; i++) {
        int failed;
        CHECK(!ws_connect(client, argv[1], &options, NULL, NULL));
        while ((failed = sem_timedwait(&over, &end)) && errno == EINTR) {}
        CHECK(!failed);
    }
    CHECK(!ws_shutdown_wait(5000));
    printf("%d messages and %d closes, all as they should be\n", TALK, closed);
    return 0;
}
