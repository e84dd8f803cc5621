/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WS_ACKNOWLEDGED_SENDS: the completion of a message comes when the peer's TCP has all of it. What
 * it has not when the connection is lost is sent again by the next one with WS_KEEP_SENDS, in order, and
 * fails without.
 */
#include "t_compression.h"
#include "t_numbers.h"

#include <sys/ioctl.h>

enum { COUNT = T_NUMBERS, SIZE = 400 };

static int port, listener;

static ws_handle open_client(int keeps, t_log *log, t_raw *peer)
{
    ws_reconnect_options again = t_again(1);
    again.flags = WS_KEEP_SENDS;
    return t_meeting_client(keeps ? &again : NULL, WS_ACKNOWLEDGED_SENDS, log, listener, port, peer);
}

static void read_numbers(t_raw *peer, int until)
{
    for (int last = -1; last < until;) last = t_read_number(peer, SIZE, last);
}

static int completed(void)
{
    int n = 0;
    while (n < COUNT && t_count(&t_sent[n].done) > 0) n++;
    return n;
}

/* What is complete lies in the peer's kernel, or was read. */
static void completions_follow_the_peer(void)
{
    t_log log = T_LOG;
    t_raw peer;
    t_numbers_begin();
    ws_handle client = open_client(0, &log, &peer);
    t_send_numbers(client, SIZE, 0, COUNT);
    t_wait(&t_sent[0].done, 1);
    int n = completed(), waits;
    CHECK_EQ(ioctl(peer.fd, FIONREAD, &waits), 0);
    CHECK((long long)waits >= (long long)n * SIZE);
    read_numbers(&peer, COUNT - 1);
    for (int i = 0; i < COUNT; i++) {
        t_wait(&t_sent[i].done, 1);
        CHECK_EQ(t_sent[i].error, WS_OK);
    }
    /* Those before a Close frame as well. */
    t_numbers_begin();
    t_send_numbers(client, SIZE, 0, COUNT);
    OK(ws_close(client, NULL, NULL, NULL));
    read_numbers(&peer, COUNT - 1);
    t_raw_expect_close(&peer, 1000);
    t_raw_send_close(&peer, 1000, "");
    for (int i = 0; i < COUNT; i++) {
        t_wait(&t_sent[i].done, 1);
        CHECK_EQ(t_sent[i].error, WS_OK);
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
    t_numbers_begin();
    ws_handle client = open_client(1, &log, &peer);
    t_send_numbers(client, SIZE, 0, COUNT - 50);
    t_wait(&t_sent[0].done, 1);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_RECONNECTING, 1);
    for (int i = 0; i < COUNT; i++) known[i] = t_count(&t_sent[i].done) > 0;
    t_send_numbers(client, SIZE, COUNT - 50, COUNT);
    t_raw_server(&peer, listener);
    read_numbers(&peer, COUNT - 1);
    for (int i = 0; i < COUNT; i++) {
        t_wait(&t_sent[i].done, 1);
        CHECK_EQ(t_sent[i].error, WS_OK);
        CHECK_EQ(t_sent[i].times, 1);
        CHECK(known[i] || t_sent[i].arrived == 1);
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
    t_numbers_begin();
    ws_handle client = open_client(0, &log, &peer);
    t_send_numbers(client, SIZE, 0, COUNT);
    t_wait(&t_sent[0].done, 1);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    for (int i = 0; i < COUNT; i++) {
        t_wait(&t_sent[i].done, 1);
        CHECK_EQ(t_sent[i].times, 1);
        CHECK(t_sent[i].error != WS_OK || !failed); /* in their order */
        failed += t_sent[i].error != WS_OK;
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
