/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WS_ACKNOWLEDGED_SENDS: the completion of a message comes when the peer's TCP has all of it. What
 * it has not when the connection is lost is sent again by the next one with WS_KEEP_SENDS, in order, and
 * fails without.
 */
#include "t_compression.h"

#include <sys/ioctl.h>

enum { COUNT = 400, SIZE = 400 };

static int port, listener;

static struct {
    t_latch done;
    int error, times, arrived;
} sent[COUNT];

static void WS_CALL on_sent(const ws_event *e, void *user_data)
{
    int i = (int)(intptr_t)user_data;
    sent[i].error = e->error;
    sent[i].times++;
    t_add(&sent[i].done, 1);
}

static void begin(void)
{
    memset(sent, 0, sizeof sent);
    for (int i = 0; i < COUNT; i++) sent[i].done = (t_latch)T_LATCH;
}

static ws_handle open_client(int keeps, t_log *log, t_raw *peer)
{
    ws_reconnect_options again = t_again(1);
    again.flags = WS_KEEP_SENDS;
    ws_connect_options o = t_options();
    if (keeps) o.reconnect = &again;
    o.flags |= WS_ACKNOWLEDGED_SENDS;
    ws_handle client = t_flagged_client(0, log);
    t_meet(client, &o, listener, port, peer);
    t_wait_event(log, WS_EVENT_OPEN, 1);
    return client;
}

static void send_numbers(ws_handle client, int from, int to)
{
    static int data[SIZE / sizeof(int)];
    for (int i = from; i < to; i++) {
        data[0] = data[SIZE / sizeof(int) - 1] = i;
        OK(ws_send(client, data, SIZE, WS_BINARY, on_sent, (void *)(intptr_t)i));
    }
}

/* Reads up to the number; they only grow. */
static void read_numbers(t_raw *peer, int until)
{
    for (int number = -1, end; number < until;) {
        t_frame f = t_raw_read(peer);
        int before = number;
        CHECK_EQ(f.first, T_BINARY);
        CHECK_EQ(f.size, SIZE);
        memcpy(&number, f.data, sizeof number);
        memcpy(&end, f.data + SIZE - sizeof end, sizeof end);
        CHECK_EQ(number, end);
        CHECK(number > before);
        sent[number].arrived++;
    }
}

static int completed(void)
{
    int n = 0;
    while (n < COUNT && t_count(&sent[n].done) > 0) n++;
    return n;
}

/* What is complete lies in the peer's kernel, or was read. */
static void completions_follow_the_peer(void)
{
    t_log log = T_LOG;
    t_raw peer;
    begin();
    ws_handle client = open_client(0, &log, &peer);
    send_numbers(client, 0, COUNT);
    t_wait(&sent[0].done, 1);
    int n = completed(), waits;
    CHECK_EQ(ioctl(peer.fd, FIONREAD, &waits), 0);
    CHECK((long long)waits >= (long long)n * SIZE);
    read_numbers(&peer, COUNT - 1);
    for (int i = 0; i < COUNT; i++) {
        t_wait(&sent[i].done, 1);
        CHECK_EQ(sent[i].error, WS_OK);
    }
    /* Those before a Close frame as well. */
    begin();
    send_numbers(client, 0, COUNT);
    OK(ws_close(client, NULL, NULL, NULL));
    read_numbers(&peer, COUNT - 1);
    t_raw_expect_close(&peer, 1000);
    t_raw_send_close(&peer, 1000, "");
    for (int i = 0; i < COUNT; i++) {
        t_wait(&sent[i].done, 1);
        CHECK_EQ(sent[i].error, WS_OK);
    }
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

static void what_was_not_acknowledged_comes_again(void)
{
    t_log log = T_LOG;
    t_raw peer;
    int known[COUNT], again = 0;
    begin();
    ws_handle client = open_client(1, &log, &peer);
    send_numbers(client, 0, COUNT - 50);
    t_wait(&sent[0].done, 1);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_RECONNECTING, 1);
    for (int i = 0; i < COUNT; i++) known[i] = t_count(&sent[i].done) > 0;
    send_numbers(client, COUNT - 50, COUNT);
    t_raw_server(&peer, listener);
    read_numbers(&peer, COUNT - 1);
    for (int i = 0; i < COUNT; i++) {
        t_wait(&sent[i].done, 1);
        CHECK_EQ(sent[i].error, WS_OK);
        CHECK_EQ(sent[i].times, 1);
        CHECK(known[i] || sent[i].arrived == 1);
        again += !known[i];
    }
    CHECK(again >= 50);
    CHECK_EQ(t_buffered(client), 0);
    t_destroy(client, &log);
    t_raw_close(&peer);
    t_forget(&log);
}

static void without_another_connection_it_fails(void)
{
    t_log log = T_LOG;
    t_raw peer;
    int failed = 0;
    begin();
    ws_handle client = open_client(0, &log, &peer);
    send_numbers(client, 0, COUNT);
    t_wait(&sent[0].done, 1);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    for (int i = 0; i < COUNT; i++) {
        t_wait(&sent[i].done, 1);
        CHECK_EQ(sent[i].times, 1);
        CHECK(sent[i].error != WS_OK || !failed); /* in their order */
        failed += sent[i].error != WS_OK;
    }
    CHECK(failed > 0);
    t_destroy(client, &log);
    t_forget(&log);
}

int main(void)
{
    listener = t_raw_small_listen(&port);
    completions_follow_the_peer();
    what_was_not_acknowledged_comes_again();
    without_another_connection_it_fails();
    close(listener);
    return t_done();
}
