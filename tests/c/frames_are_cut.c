/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With max_send_frame a message leaves in frames with no more payload than that (RFC 6455 5.4): on both
 * roles, inside and outside of callbacks, in pieces, published, compressed (RSV1 on the first one
 * only, RFC 7692 6.1), and when the kernel takes little at a time. Smaller ones leave as ever.
 */
#include "t_client.h"
#include "t_compression.h"

enum { MOST = 1500, LARGE = 400000 };

static const size_t sizes[] = {0, 1, 125, 1024, MOST - 1, MOST, MOST + 1, 2 * MOST, 2 * MOST + 1, 65536, 100000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static t_log at_server = T_LOG, at_client = T_LOG;
static char *bytes;

static ws_handle serve(const ws_compression *z)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_send_frame = MOST;
    ws_handle server = ws_server_create(&o);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &at_server));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_record, &at_server));
    OK(ws_server_on(server, WS_EVENT_CLOSE, t_record, &at_server));
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    c.compression = z;
    OK(ws_server_start(server, &c, NULL, NULL));
    return server;
}

static ws_handle cutting_client(t_log *log)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.max_send_frame = MOST;
    ws_handle client = ws_create(&o);
    CHECK(client);
    if (log) t_listen(client, log);
    return client;
}

/* Reads the frames of a message, or of a piece of one: as few as may be. Returns how many. */
static int expect_cut(t_raw *peer, int first, const char *data, size_t size)
{
    int frames = 0;
    size_t at = 0;
    do {
        t_frame f = t_raw_read(peer);
        size_t left = size - at, n = left < MOST ? left : MOST;
        CHECK_EQ(f.size, n);
        CHECK(!memcmp(f.data, data + at, n));
        at += n;
        CHECK_EQ(f.first, ((frames ? 0 : first) & 0x7f) | (at == size ? first & T_FIN : 0));
        frames++;
    } while (at < size);
    return frames;
}

static void both_ways(ws_handle handle, t_raw *peer)
{
    uint64_t frames = 0, messages = 0;
    ws_connection_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_connection_stats_get(handle, &s)); /* counts from here on, if it has not */
    messages = s.messages_sent, frames = s.frames_sent;
    t_latch done = T_LATCH;
    for (int i = 0; i < SIZES; i++, messages++) {
        OK(ws_send(handle, bytes, sizes[i], i % 2 ? WS_TEXT : WS_BINARY, i % 3 ? NULL : t_tick, &done));
        frames += (uint64_t)expect_cut(peer, i % 2 ? T_TEXT : T_BINARY, bytes, sizes[i]);
    }
    t_wait(&done, (SIZES + 2) / 3);
    /* Pieces: each by itself. */
    OK(ws_send_part(handle, bytes, 2 * MOST + 1, WS_TEXT, 0, NULL, NULL));
    OK(ws_send_part(handle, bytes, 10, WS_TEXT, 0, NULL, NULL));
    OK(ws_send_part(handle, bytes, MOST + 1, WS_TEXT, 1, NULL, NULL));
    frames += (uint64_t)expect_cut(peer, 1, bytes, 2 * MOST + 1);
    frames += (uint64_t)expect_cut(peer, 0, bytes, 10);
    frames += (uint64_t)expect_cut(peer, T_CONT, bytes, MOST + 1);
    messages++;
    OK(ws_connection_stats_get(handle, &s));
    CHECK_EQ(s.messages_sent, messages);
    CHECK_EQ(s.frames_sent, frames);
    CHECK_EQ(t_buffered(handle), 0);
}

static void of_servers(void)
{
    ws_handle server = serve(NULL);
    t_raw peer, small;
    t_raw_client(&peer, t_port(server));
    ws_handle c = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    for (int i = 0; i < SIZES; i++) { /* before anybody asks for figures */
        OK(ws_send(c, bytes, sizes[i], WS_BINARY, NULL, NULL));
        expect_cut(&peer, T_BINARY, bytes, sizes[i]);
    }
    both_ways(c, &peer);

    /* Much for a kernel that takes little: what waits is cut as well. */
    t_raw_small_client(&small, t_port(server));
    ws_handle slow = t_wait_event(&at_server, WS_EVENT_CONNECT, 2)->handle;
    for (int i = 0; i < 5; i++) OK(ws_send(slow, bytes, LARGE - (size_t)i, WS_BINARY, NULL, NULL));
    for (int i = 0; i < 5; i++) expect_cut(&small, T_BINARY, bytes, LARGE - (size_t)i);

    /* Published; to one that is in the middle of a message it comes behind that. */
    size_t n = 0;
    OK(ws_send_part(slow, "pie", 3, WS_TEXT, 0, NULL, NULL));
    OK(ws_server_broadcast(server, bytes, 10 * MOST + 7, WS_TEXT, 0, &n));
    CHECK_EQ(n, 2);
    OK(ws_server_broadcast(server, bytes, 100, WS_TEXT, 0, &n));
    OK(ws_send_part(slow, "ces", 3, WS_TEXT, 1, NULL, NULL));
    t_raw_expect(&small, 1, "pie", 3);
    t_raw_expect(&small, T_CONT, "ces", 3);
    t_raw *both[] = {&peer, &small};
    for (int i = 0; i < 2; i++) {
        expect_cut(both[i], T_TEXT, bytes, 10 * MOST + 7);
        expect_cut(both[i], T_TEXT, bytes, 100);
    }
    t_raw_close(&peer);
    t_raw_close(&small);
    t_wait_event(&at_server, WS_EVENT_CLOSE, 2);
    ws_server_destroy(server);
    t_forget(&at_server);
}

static void of_clients(void)
{
    int port, listener = t_raw_listen(&port);
    t_raw peer;
    ws_handle client = cutting_client(&at_client);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    OK(ws_send(client, bytes, 3 * MOST, WS_TEXT, NULL, NULL)); /* waits until it is open */
    t_raw_server(&peer, listener);
    expect_cut(&peer, T_TEXT, bytes, 3 * MOST);
    both_ways(client, &peer);
    ws_destroy(client);
    t_wait_event(&at_client, WS_EVENT_DESTROYED, 1);
    t_raw_close(&peer);
    close(listener);
    t_forget(&at_client);
}

static void echo_cut(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL));
}

/* Both ends are ours: each refuses what the other must not send. */
static void with_compression(int takeover)
{
    ws_compression z = {.struct_size = sizeof z, .min_size = 1};
    if (takeover) z.flags = WS_TAKEOVER_IN | WS_TAKEOVER_OUT;
    ws_handle server = serve(&z);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo_cut, NULL));
    ws_connect_options o = t_options();
    o.compression = &z;
    ws_handle client = cutting_client(&at_client);
    OK(ws_connect(client, t_url(server), &o, NULL, NULL));
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    int heard = 0;
    char *noise = t_bytes(LARGE, 7, 0); /* does not get smaller */
    for (int i = 0; i < SIZES; i++)
        for (int k = 0; k < 2; k++) {
            const char *data = k ? noise : bytes;
            OK(ws_send(client, data, sizes[i], WS_BINARY, NULL, NULL));
            const t_event *e = t_wait_event(&at_client, WS_EVENT_MESSAGE, ++heard);
            CHECK_EQ(e->size, sizes[i]);
            CHECK(!memcmp(e->data, data, e->size));
        }
    size_t n;
    char *wordy = malloc(LARGE);
    for (int i = 0; i < LARGE; i++) wordy[i] = (char)('a' + (noise[i] & 15)); /* shrinks to half */
    OK(ws_server_broadcast(server, wordy, LARGE, WS_TEXT, 0, &n));
    CHECK_EQ(n, 1);
    const t_event *e = t_wait_event(&at_client, WS_EVENT_MESSAGE, ++heard);
    CHECK(e->size == LARGE && !memcmp(e->data, wordy, LARGE));
    OK(ws_send_part(client, wordy, 10 * MOST, WS_BINARY, 0, NULL, NULL));
    OK(ws_server_broadcast(server, wordy, LARGE / 2, WS_TEXT, 0, &n));
    OK(ws_send_part(client, wordy, 5 * MOST, WS_BINARY, 1, NULL, NULL));
    t_wait_event(&at_client, WS_EVENT_MESSAGE, ++heard);
    t_wait_event(&at_client, WS_EVENT_MESSAGE, ++heard);
    CHECK_EQ(t_seen(&at_client, WS_EVENT_ERROR), 0);
    t_destroy(client, &at_client);
    ws_server_destroy(server);
    free(noise);
    free(wordy);
    t_forget(&at_client);
    t_forget(&at_server);
}

static void refused(void)
{
    static const int64_t wrong[] = {-1, 1, 1023, (1 << 30) + 1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ws_create_options c;
        WS_INIT_STRUCT(&c);
        c.max_send_frame = wrong[i];
        CHECK_EQ(ws_create(&c), 0);
        CHECK_HAS(ws_last_error(), "options.max_send_frame");
        ws_server_options s;
        WS_INIT_STRUCT(&s);
        s.max_send_frame = wrong[i];
        CHECK_EQ(ws_server_create(&s), 0);
        CHECK_HAS(ws_last_error(), "options.max_send_frame");
    }
}

int main(void)
{
    bytes = t_bytes(LARGE, 1, 1);
    refused();
    of_servers();
    of_clients();
    with_compression(0);
    with_compression(1);
    free(bytes);
    return t_done();
}
