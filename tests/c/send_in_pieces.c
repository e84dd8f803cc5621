/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_send_part sends a message as fragments (RFC 6455 5.4): the first has the opcode,
 * the last FIN. Between them pings go out and messages are refused. Limits and UTF-8
 * hold for the message as a whole. The end of the connection ends a message, too.
 */
#include "t_client.h"

static int port, listener;

/* First bytes of fragments that are not the last. */
enum { TEXT_BEGINS = 0x01, BINARY_BEGINS = 0x02, GOES_ON = 0x00 };

static void part(ws_handle h, const char *text, int ends)
{
    OK(ws_send_part(h, text, strlen(text), WS_TEXT, ends, NULL, NULL));
}

static void rules(t_raw *peer, ws_handle h, t_log *log)
{
    /* Three pieces, the last one empty; a ping between. */
    part(h, "one", 0);
    OK(ws_ping(h, "ping", 4));
    part(h, "two", 0);
    CHECK_EQ(ws_send(h, "no", 2, WS_TEXT, t_record, log), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "pieces");
    CHECK_EQ(ws_send(h, "no", 2, WS_BINARY, NULL, NULL), WS_ERR_STATE);
    CHECK_EQ(ws_send_part(h, "no", 2, WS_BINARY, 0, NULL, NULL), WS_ERR_PARAMETER); /* another type */
    CHECK_HAS(ws_last_error(), "type");
    CHECK_EQ(ws_send_part(h, NULL, 1, WS_TEXT, 0, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_send_part(h, "no", 2, 3, 0, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_send_part(h, "no", 2, WS_TEXT, 2, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "ends");
    OK(ws_send_part(h, NULL, 0, WS_TEXT, 1, t_record, log));
    OK(ws_send(h, "whole", 5, WS_TEXT, NULL, NULL));
    t_raw_expect(peer, TEXT_BEGINS, "one", 3);
    t_raw_expect(peer, T_PING, "ping", 4);
    t_raw_expect(peer, GOES_ON, "two", 3);
    t_raw_expect(peer, T_CONT, "", 0);
    t_raw_expect(peer, T_TEXT, "whole", 5);
    const t_event *sent = t_wait_event(log, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(sent->operation, WS_OP_SEND);
    CHECK_EQ(sent->error, WS_OK);

    /* One piece is a whole message. */
    OK(ws_send_part(h, "\xff", 1, WS_BINARY, 1, NULL, NULL));
    t_raw_expect(peer, T_BINARY, "\xff", 1);

    /* A character may be cut anywhere, U+20AC here, but must be whole in the end. */
    part(h, "\xe2", 0);
    part(h, "\x82", 0);
    CHECK_EQ(ws_send_part(h, "", 0, WS_TEXT, 1, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "UTF-8");
    CHECK_EQ(ws_send_part(h, "x", 1, WS_TEXT, 0, NULL, NULL), WS_ERR_PARAMETER);
    part(h, "\xac.", 0); /* the piece that was refused, put right */
    CHECK_EQ(ws_send_part(h, "\xff", 1, WS_TEXT, 0, NULL, NULL), WS_ERR_PARAMETER);
    part(h, "", 1);
    t_raw_expect(peer, TEXT_BEGINS, "\xe2", 1);
    t_raw_expect(peer, GOES_ON, "\x82", 1);
    t_raw_expect(peer, GOES_ON, "\xac.", 2);
    t_raw_expect(peer, T_CONT, "", 0);

    /* Wrong text in the first piece begins nothing. */
    CHECK_EQ(ws_send_part(h, "\xc0", 1, WS_TEXT, 0, NULL, NULL), WS_ERR_PARAMETER);
    OK(ws_send(h, "free", 4, WS_TEXT, NULL, NULL));
    t_raw_expect(peer, T_TEXT, "free", 4);

    /* max_message_size is 1000 here: of the whole message. */
    char *data = t_bytes(1001, 1, 0);
    CHECK_EQ(ws_send_part(h, data, 1001, WS_BINARY, 0, NULL, NULL), WS_ERR_TOO_LARGE);
    OK(ws_send_part(h, data, 600, WS_BINARY, 0, NULL, NULL));
    CHECK_EQ(ws_send_part(h, data, 401, WS_BINARY, 0, NULL, NULL), WS_ERR_TOO_LARGE);
    OK(ws_send_part(h, data + 600, 400, WS_BINARY, 0, NULL, NULL));
    CHECK_EQ(ws_send_part(h, data, 1, WS_BINARY, 1, NULL, NULL), WS_ERR_TOO_LARGE);
    OK(ws_send_part(h, NULL, 0, WS_BINARY, 1, NULL, NULL));
    t_raw_expect(peer, BINARY_BEGINS, data, 600);
    t_raw_expect(peer, GOES_ON, data + 600, 400);
    t_raw_expect(peer, T_CONT, "", 0);
    free(data);
}

static void of_a_client(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.max_message_size = 1000;
    ws_handle client = ws_create(&o);
    CHECK(client);
    t_listen(client, &log);
    CHECK_EQ(ws_send_part(client, "x", 1, WS_TEXT, 0, NULL, NULL), WS_ERR_STATE);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    rules(&peer, client, &log);

    /* The connection ends inside a message: the next one begins without. */
    part(client, "never ends", 0);
    t_raw_expect(&peer, TEXT_BEGINS, "never ends", 10);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(ws_send_part(client, "x", 1, WS_TEXT, 1, NULL, NULL), WS_ERR_STATE);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    OK(ws_send(client, "early", 5, WS_TEXT, NULL, NULL));

    /* A message that begins while connecting goes on afterwards. */
    part(client, "be", 0);
    CHECK_EQ(ws_send(client, "no", 2, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    t_raw_server(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 2);
    part(client, "gun", 1);
    t_raw_expect(&peer, T_TEXT, "early", 5);
    t_raw_expect(&peer, TEXT_BEGINS, "be", 2);
    t_raw_expect(&peer, T_CONT, "gun", 3);

    /* A cancelled attempt takes its unfinished message along. */
    t_raw_close(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 2);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    part(client, "gone", 0);
    t_raw_take(&peer, listener);
    OK(ws_close(client, NULL, NULL, NULL));
    t_raw_close(&peer);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    part(client, "new", 1);
    t_raw_server(&peer, listener);
    t_raw_expect(&peer, T_TEXT, "new", 3);

    /* ws_close inside a message is allowed; so is its answer. */
    t_wait_event(&log, WS_EVENT_OPEN, 3);
    part(client, "last", 0);
    OK(ws_close(client, NULL, NULL, NULL));
    t_raw_expect(&peer, TEXT_BEGINS, "last", 4);
    t_raw_expect_close(&peer, 1000);
    t_raw_send_close(&peer, 1000, "");
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 3)->clean, 1);
    t_destroy(client, &log);
}

/* Inside a callback, where whole messages take a faster way and must not overtake. */
static void WS_CALL in_pieces(const ws_event *e, void *unused)
{
    (void)unused;
    char word[300];
    memset(word, 'w', sizeof word);
    for (int i = 0; i < 10; i++) {
        OK(ws_send(e->handle, "before", 6, WS_TEXT, NULL, NULL));
        OK(ws_send_part(e->handle, word, sizeof word, WS_TEXT, 0, NULL, NULL));
        CHECK_EQ(ws_send(e->handle, "no", 2, WS_TEXT, NULL, NULL), WS_ERR_STATE);
        CHECK_EQ(ws_send(e->handle, e->data, e->size, WS_BINARY, NULL, NULL), WS_ERR_STATE);
        OK(ws_ping(e->handle, "ping", 4));
        OK(ws_send_part(e->handle, e->data, e->size, WS_TEXT, 0, NULL, NULL));
        OK(ws_send_part(e->handle, "end", 3, WS_TEXT, 1, NULL, NULL));
        OK(ws_send(e->handle, e->data, e->size, WS_TEXT, NULL, NULL));
    }
}

static void expect_pieces(t_raw *peer)
{
    char word[300];
    memset(word, 'w', sizeof word);
    for (int i = 0; i < 10; i++) {
        t_raw_expect(peer, T_TEXT, "before", 6);
        t_raw_expect(peer, TEXT_BEGINS, word, sizeof word);
        t_raw_expect(peer, T_PING, "ping", 4);
        t_raw_expect(peer, GOES_ON, "go", 2);
        t_raw_expect(peer, T_CONT, "end", 3);
        t_raw_expect(peer, T_TEXT, "go", 2);
    }
}

static void inside_callbacks(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, in_pieces, NULL));
    t_raw_client(&peer, t_port(server));
    for (int i = 0; i < 3; i++) t_raw_send(&peer, T_TEXT, "go", 2);
    for (int i = 0; i < 3; i++) expect_pieces(&peer);
    t_raw_close(&peer);

    ws_handle client = t_client(&log);
    OK(ws_on(client, WS_EVENT_MESSAGE, in_pieces, NULL));
    t_meet(client, NULL, listener, port, &peer);
    for (int i = 0; i < 3; i++) t_raw_send(&peer, T_TEXT, "go", 2);
    for (int i = 0; i < 3; i++) expect_pieces(&peer);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

/* Pieces that the kernel does not take at once, with messages of another thread between
 * the messages: each thread's own ones stay whole and in order. */
static void *sender(void *handle)
{
    for (int i = 0; i < 200;) {
        int32_t status = ws_send(*(ws_handle *)handle, &i, sizeof i, WS_BINARY, NULL, NULL);
        if (status == WS_OK) i++;
        else CHECK_EQ(status, WS_ERR_STATE);
        sched_yield();
    }
    return NULL;
}

static void beside_another_thread(void)
{
    enum { PIECES = 5, SIZE = 100000, COUNT = 10 };
    t_log log = T_LOG;
    t_raw peer;
    pthread_t other;
    char *data = t_bytes(SIZE, 5, 1);
    ws_handle client = t_client(&log);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_thread(&other, sender, &client);
    for (int i = 0; i < COUNT; i++)
        for (int k = 0; k < PIECES; k++) OK(ws_send_part(client, data, SIZE, WS_TEXT, k == PIECES - 1, NULL, NULL));
    int numbers = 0;
    for (int i = 0; i < COUNT || numbers < 200;) {
        t_frame f = t_raw_read(&peer);
        if (f.first == T_BINARY) {
            CHECK(!memcmp(f.data, &numbers, sizeof numbers));
            numbers++;
            continue;
        }
        CHECK_EQ(f.first, TEXT_BEGINS);
        for (int k = 1; k < PIECES; k++) t_raw_expect(&peer, k == PIECES - 1 ? T_CONT : GOES_ON, data, SIZE);
        i++;
    }
    t_join(other);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
    free(data);
}

int main(void)
{
    listener = t_raw_listen(&port);
    of_a_client();
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_message_size = 1000;
    t_log log = T_LOG;
    t_raw peer;
    ws_handle server = t_server(&o, &log);
    t_raw_client(&peer, t_port(server));
    rules(&peer, t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle, &log);
    t_raw_close(&peer);
    inside_callbacks();
    beside_another_thread();
    close(listener);
    return t_done();
}
