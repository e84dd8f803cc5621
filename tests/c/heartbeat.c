/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The heartbeat of a client: a silent peer is asked by a ping, and cut off when it
 * gives no sign of life. Any bytes are one, or with WS_STRICT_PONG only the pong. A
 * paused client neither asks nor cuts off; after resume the time begins anew.
 */
#include "t_client.h"

#include <poll.h>

static int port, listener;

/* For peers that answer: so long they have time, also on a busy machine. */
enum { BEAT = 2000 };

static ws_handle client_with(int ping, int pong, uint32_t flags, t_log *log, t_raw *peer)
{
    ws_connect_options o = t_options();
    o.ping_interval_ms = ping;
    o.pong_timeout_ms = pong;
    o.flags = flags;
    ws_handle client = t_client(log);
    t_meet(client, &o, listener, port, peer);
    t_wait_event(log, WS_EVENT_OPEN, 1);
    return client;
}

/* What the host hears of a peer that was cut off. */
static void is_cut(ws_handle client, t_log *log, t_raw *peer)
{
    const t_event *close = t_wait_event(log, WS_EVENT_CLOSE, 1), *error = t_wait_event(log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_TIMEOUT);
    CHECK_EQ(error->stage, WS_STAGE_TIMEOUT);
    CHECK_HAS(error->text, "sign of life");
    CHECK_EQ(close->code, 1006);
    CHECK_EQ(close->clean, 0);
    CHECK_EQ(close->will_reconnect, 0);
    CHECK_EQ(t_seen(log, WS_EVENT_ERROR), 1);
    t_raw_close(peer);
    t_destroy(client, log);
    t_forget(log);
}

static void cuts_the_silent(int ms)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = client_with(ms, ms, 0, &log, &peer);
    t_raw_expect(&peer, T_PING, "\0\0\0\0\0\0\0\1", 8); /* one ping, and no second one */
    is_cut(client, &log, &peer);
    CHECK_EQ(t_seen(&log, 0), 0);

    /* A pong_timeout_ms that is longer than the interval is the interval: an hour
     * would be over the test's deadline. */
    client = client_with(ms, 3600000, 0, &log, &peer);
    CHECK_EQ(t_raw_read(&peer).first, T_PING);
    is_cut(client, &log, &peer);
}

/* Pongs keep it alive, each ping has another payload. */
static void lives_by_pongs(uint32_t flags)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = client_with(BEAT, 10000, flags, &log, &peer);
    OK(ws_on(client, WS_EVENT_PONG, t_record, &log));
    for (int i = 1; i <= 2; i++) {
        unsigned char payload[8] = {0, 0, 0, 0, 0, 0, 0, (unsigned char)i};
        t_raw_expect(&peer, T_PING, payload, 8);
        t_raw_send(&peer, T_PONG, payload, 8);
        CHECK(t_wait_event(&log, WS_EVENT_PONG, i)->round_trip_us >= 0);
    }
    CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

/* A peer that sends, but never a pong. Without WS_STRICT_PONG its messages answer. */
static void lives_by_any_bytes(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = client_with(BEAT, BEAT, 0, &log, &peer);
    /* Each ping is answered by a message: were that no answer, the first would be the last. */
    for (int i = 1; i <= 2; i++) {
        CHECK_EQ(t_raw_read(&peer).first, T_PING);
        t_raw_send(&peer, T_TEXT, "alive", 5);
        t_wait_event(&log, WS_EVENT_MESSAGE, i);
    }
    CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
    is_cut(client, &log, &peer);
}

static void *talk(void *user_data)
{
    t_raw *peer = user_data;
    while (t_raw_try_write(peer, "\x81\x05" "alive", 7)) poll(NULL, 0, 1); /* a message each millisecond is enough */
    return NULL;
}

static void strict_wants_pongs(void)
{
    t_log log = T_LOG;
    t_raw peer;
    pthread_t talker;
    ws_handle client = client_with(BEAT, BEAT, WS_STRICT_PONG, &log, &peer);
    CHECK_EQ(t_raw_read(&peer).first, T_PING);
    t_raw_send(&peer, T_PONG, "unsolicited", 11); /* it answers no ping */
    t_thread(&talker, talk, &peer);               /* and on it talks */
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    t_join(talker);
    CHECK(t_seen(&log, WS_EVENT_MESSAGE) > 0);
    is_cut(client, &log, &peer);
}

/* Off is off: while a client with a heartbeat is cut off and another one after it,
 * the one without has not asked. */
static void can_be_off(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = client_with(-1, 1, 0, &log, &peer);
    cuts_the_silent(100);
    OK(ws_send(client, "first", 5, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "first", 5);
    OK(ws_network_changed()); /* nobody is asked without a heartbeat */
    cuts_the_silent(100);
    OK(ws_send(client, "second", 6, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "second", 6);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

static void stands_still_while_paused(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = client_with(BEAT, BEAT, 0, &log, &peer);
    OK(ws_pause(client));
    cuts_the_silent(BEAT); /* others are asked and cut off meanwhile */
    CHECK_EQ(t_state(client), WS_STATE_OPEN);
    CHECK_EQ(t_seen(&log, 0), 1);
    OK(ws_resume(client));
    /* One ping at most from before the pause, when the machine was slow. */
    CHECK_EQ(t_raw_read(&peer).first, T_PING);
    is_cut(client, &log, &peer);
}

/* ws_network_changed asks at once: the interval is an hour. */
static void network_change_asks(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = client_with(3600000, 100, 0, &log, &peer);
    OK(ws_network_changed());
    CHECK_EQ(t_raw_read(&peer).first, T_PING);
    is_cut(client, &log, &peer);
}

int main(void)
{
    listener = t_raw_listen(&port);
    cuts_the_silent(100);
    lives_by_pongs(0);
    lives_by_pongs(WS_STRICT_PONG);
    lives_by_any_bytes();
    strict_wants_pongs();
    can_be_off();
    stands_still_while_paused();
    network_change_asks();
    close(listener);
    return t_done();
}
