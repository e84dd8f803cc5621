/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines of accepted connections: a silent peer is asked by a ping, and cut off when
 * it gives no sign of life; any bytes are one, or with WS_STRICT_PONG only the pong. One
 * without messages is closed with 1001. One whose kernel takes nothing of what waits is
 * cut off. A paused connection is not judged, but for what it does not take.
 */
#include "t_client.h"

/* For peers that answer: so long they have time, also on a busy machine. */
enum { BEAT = 2000, HOUR = 3600000 };

typedef struct end {
    ws_handle server, handle;
    t_raw peer;
    t_log log;
} end;

static ws_server_config config(void)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    return c;
}

static ws_server_config beating(int ping, int pong, uint32_t flags)
{
    ws_server_config c = config();
    c.ping_interval_ms = ping;
    c.pong_timeout_ms = pong;
    c.flags = flags;
    return c;
}

static void begin(end *e, ws_server_config c, int small)
{
    *e = (end){.log = T_LOG};
    e->server = ws_server_create(NULL);
    CHECK(e->server);
    t_listen_server(e->server, &e->log);
    OK(ws_server_start(e->server, &c, NULL, NULL));
    (small ? t_raw_small_client : t_raw_client)(&e->peer, t_port(e->server));
    e->handle = t_wait_event(&e->log, WS_EVENT_CONNECT, 1)->handle;
}

static void finish(end *e)
{
    t_raw_close(&e->peer);
    OK(ws_server_destroy(e->server));
    t_wait_event(&e->log, WS_EVENT_DESTROYED, 1);
    t_forget(&e->log);
}

/* What the host hears of a peer that was cut off. */
static void is_cut(end *e, const char *why)
{
    const t_event *error = t_wait_event(&e->log, WS_EVENT_ERROR, 1), *close = t_wait_event(&e->log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(error->handle, e->handle);
    CHECK_EQ(error->error, WS_ERR_TIMEOUT);
    CHECK_EQ(error->stage, WS_STAGE_TIMEOUT);
    CHECK_HAS(error->text, why);
    CHECK_EQ(close->code, 1006);
    CHECK_EQ(close->clean, 0);
    CHECK_EQ(t_seen(&e->log, WS_EVENT_ERROR), 1);
    finish(e);
}

static void cuts_the_silent(int ms)
{
    end e;
    begin(&e, beating(ms, ms, 0), 0);
    CHECK_EQ(t_raw_read(&e.peer).first, T_PING);
    t_raw_expect_end(&e.peer); /* one ping, and no second one */
    is_cut(&e, "sign of life");
    begin(&e, beating(ms, HOUR, WS_STRICT_PONG), 0); /* never more than the interval */
    CHECK_EQ(t_raw_read(&e.peer).first, T_PING);
    is_cut(&e, "sign of life");
}

/* Pongs keep it alive, also when somebody hears them; each ping has another payload. */
static void lives_by_pongs(uint32_t flags, int heard)
{
    end e;
    unsigned char before[8] = {0};
    begin(&e, beating(BEAT, 10000, flags), 0);
    if (heard) OK(ws_on(e.handle, WS_EVENT_PONG, t_record, &e.log));
    for (int i = 1; i <= 3; i++) {
        t_frame ping = t_raw_read(&e.peer);
        CHECK_EQ(ping.first, T_PING);
        CHECK_EQ(ping.size, 8);
        CHECK(memcmp(ping.data, before, 8));
        memcpy(before, ping.data, 8);
        t_raw_send(&e.peer, T_PONG, before, 8);
        if (heard) CHECK(t_wait_event(&e.log, WS_EVENT_PONG, i)->round_trip_us >= 0);
    }
    CHECK_EQ(t_seen(&e.log, WS_EVENT_ERROR), 0);
    finish(&e);
}

/* Each ping is answered by a message: were that no answer, the first would be the last. */
static void lives_by_any_bytes(void)
{
    end e;
    begin(&e, beating(BEAT, BEAT, 0), 0);
    for (int i = 1; i <= 3; i++) {
        CHECK_EQ(t_raw_read(&e.peer).first, T_PING);
        t_raw_send(&e.peer, T_TEXT, "alive", 5);
        t_wait_event(&e.log, WS_EVENT_MESSAGE_RECEIVE, i);
    }
    CHECK_EQ(t_seen(&e.log, WS_EVENT_ERROR), 0);
    is_cut(&e, "sign of life");
}

static void *talk(void *user_data)
{
    unsigned char frame[32];
    size_t size = t_frame_build(frame, T_TEXT, 1, "alive", 5);
    struct timespec pace = {.tv_nsec = 10000000}; /* what it says is recorded */
    while (t_raw_try_write(user_data, frame, size)) nanosleep(&pace, NULL);
    return NULL;
}

static void strict_wants_pongs(void)
{
    end e;
    pthread_t talker;
    begin(&e, beating(BEAT, BEAT, WS_STRICT_PONG), 0);
    CHECK_EQ(t_raw_read(&e.peer).first, T_PING);
    t_raw_send(&e.peer, T_PONG, "unsolicited", 11); /* it answers no ping */
    t_thread(&talker, talk, &e.peer);               /* and on it talks */
    t_wait_event(&e.log, WS_EVENT_CLOSE, 1);
    t_join(talker);
    CHECK(t_seen(&e.log, WS_EVENT_MESSAGE_RECEIVE) > 0);
    is_cut(&e, "sign of life");
}

static void can_be_off(void)
{
    end e;
    begin(&e, beating(-1, 1, 0), 0);
    cuts_the_silent(100); /* of another server, meanwhile */
    OK(ws_send(e.handle, "first", 5, WS_TEXT, NULL, NULL));
    t_raw_expect(&e.peer, T_TEXT, "first", 5);
    cuts_the_silent(100);
    CHECK_EQ(t_state(e.handle), WS_STATE_OPEN);
    finish(&e);
}

static void stands_still_while_paused(void)
{
    end e;
    begin(&e, beating(BEAT, BEAT, 0), 0);
    OK(ws_pause(e.handle));
    cuts_the_silent(BEAT); /* others are asked and cut off meanwhile */
    CHECK_EQ(t_state(e.handle), WS_STATE_OPEN);
    CHECK_EQ(t_seen(&e.log, 0), 1);
    OK(ws_resume(e.handle));
    CHECK_EQ(t_raw_read(&e.peer).first, T_PING);
    is_cut(&e, "sign of life");
}

/* Pings and pongs go both ways, which are no messages. */
static void closes_the_idle(void)
{
    end e;
    ws_server_config c = config();
    c.idle_timeout_ms = BEAT;
    begin(&e, c, 0);
    t_raw_send(&e.peer, T_TEXT, "last", 4);
    t_wait_event(&e.log, WS_EVENT_MESSAGE_RECEIVE, 1);
    t_raw_send(&e.peer, T_PING, "ping", 4);
    t_raw_expect(&e.peer, T_PONG, "ping", 4);
    t_raw_expect_close(&e.peer, 1001);
    const t_event *error = t_wait_event(&e.log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_TIMEOUT);
    CHECK_EQ(error->stage, WS_STAGE_TIMEOUT);
    CHECK_EQ(error->code, 1001);
    CHECK_HAS(error->text, "no message");
    t_raw_send_close(&e.peer, 1001, "");
    t_wait_event(&e.log, WS_EVENT_CLOSE, 1);
    finish(&e);
}

static void WS_CALL tick_again(const ws_event *e, void *unused)
{
    (void)unused;
    int32_t status = ws_send(e->handle, "tick", 4, WS_TEXT, NULL, NULL); /* from inside the batch */
    if (status != t_stale(e->handle) && status != WS_ERR_STATE) OK(status);
}

/* Messages of either direction keep it open for three times its time. */
static void messages_keep_it_open(void)
{
    end e;
    ws_server_config c = config();
    c.idle_timeout_ms = BEAT;
    begin(&e, c, 0);
    long long from = t_now();
    while (t_now() < from + 3 * BEAT / 2) { /* its own alone */
        OK(ws_send(e.handle, "tick", 4, WS_TEXT, NULL, NULL));
        t_raw_expect(&e.peer, T_TEXT, "tick", 4);
    }
    OK(ws_server_on(e.server, WS_EVENT_MESSAGE_RECEIVE, tick_again, NULL));
    while (t_now() < from + 3 * BEAT) {
        t_raw_send(&e.peer, T_TEXT, "", 0);
        t_raw_expect(&e.peer, T_TEXT, "tick", 4);
    }
    CHECK_EQ(t_seen(&e.log, WS_EVENT_ERROR), 0);
    t_raw_expect_close(&e.peer, 1001);
    finish(&e);
}

static void WS_CALL failed(const ws_event *e, void *latch)
{
    CHECK_EQ(e->error, WS_ERR_TIMEOUT);
    t_add(latch, 1);
}

static void fill(ws_handle handle)
{
    enum { SIZE = 1 << 20, COUNT = 15 };
    char *data = t_bytes(SIZE, 1, 0);
    for (int i = 0; i < COUNT; i++) OK(ws_send(handle, data, SIZE, WS_BINARY, NULL, NULL));
    free(data);
}

static void cuts_the_stuck(int paused)
{
    end e;
    t_latch ended = T_LATCH;
    ws_server_config c = config();
    c.write_timeout_ms = BEAT;
    c.ping_interval_ms = -1;
    begin(&e, c, 1);
    if (paused) OK(ws_pause(e.handle));
    fill(e.handle);
    OK(ws_send(e.handle, "last", 4, WS_BINARY, failed, &ended));
    t_wait(&ended, 1);
    if (paused) OK(ws_resume(e.handle)); /* what the host hears waits for that */
    is_cut(&e, "the kernel took no byte");
}

/* A peer that reads slowly, but reads, is none that is stuck; and its pong may take
 * longer than a silent one's, for the ping is behind all that. */
static void slow_is_not_stuck(void)
{
    end e;
    t_latch sent = T_LATCH;
    ws_server_config c = config();
    c.write_timeout_ms = 5000;
    begin(&e, c, 1);
    fill(e.handle);
    OK(ws_send(e.handle, "last", 4, WS_BINARY, t_tick, &sent));
    for (t_frame f = {0}; f.size != 4;) f = t_raw_read(&e.peer);
    t_wait(&sent, 1);
    CHECK_EQ(t_seen(&e.log, WS_EVENT_ERROR), 0);
    finish(&e);
}

/* A server that starts again has the deadlines of its new start. */
static void start_again_tells_anew(void)
{
    end e;
    t_raw second;
    t_latch stopped = T_LATCH;
    begin(&e, beating(HOUR, HOUR, 0), 0);
    t_raw_close(&e.peer);
    t_wait_event(&e.log, WS_EVENT_CLOSE, 1);
    OK(ws_server_stop(e.server, NULL, t_tick, &stopped));
    t_wait(&stopped, 1);
    ws_server_config c = beating(100, 100, 0);
    OK(ws_server_start(e.server, &c, NULL, NULL));
    t_raw_client(&e.peer, t_port(e.server));
    t_raw_client(&second, t_port(e.server));
    CHECK_EQ(t_raw_read(&e.peer).first, T_PING);
    t_wait_event(&e.log, WS_EVENT_CLOSE, 3);
    t_raw_close(&second);
    finish(&e);
}

static void refuses_nonsense(void)
{
    ws_handle server = ws_server_create(NULL);
    struct { ws_server_config c; const char *name; } wrong[5] = {
        {config(), "config.ping_interval_ms"}, {config(), "config.pong_timeout_ms"}, {config(), "config.idle_timeout_ms"},
        {config(), "config.write_timeout_ms"}, {config(), "config.flags"}};
    wrong[0].c.ping_interval_ms = 30000001;
    wrong[1].c.pong_timeout_ms = -2;
    wrong[2].c.idle_timeout_ms = -1000;
    wrong[3].c.write_timeout_ms = INT32_MIN;
    wrong[4].c.flags = 1u << 31;
    for (int i = 0; i < 5; i++) {
        CHECK_EQ(ws_server_start(server, &wrong[i].c, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), wrong[i].name);
    }
    OK(ws_server_destroy(server));
}

static void silence(void)
{
    cuts_the_silent(100);
    can_be_off();
    start_again_tells_anew();
}

static void pongs(void) { lives_by_pongs(0, 0); }
static void heard_pongs(void) { lives_by_pongs(0, 1); }
static void strict_pongs(void) { lives_by_pongs(WS_STRICT_PONG, 0); }
static void stuck(void) { cuts_the_stuck(0); }
static void stuck_and_paused(void) { cuts_the_stuck(1); }

static void *run(void *story)
{
    (*(void (**)(void))story)();
    return NULL;
}

int main(void)
{
    static void (*stories[])(void) = {refuses_nonsense, silence, pongs, heard_pongs, strict_pongs, lives_by_any_bytes,
                                      strict_wants_pongs, stands_still_while_paused, closes_the_idle,
                                      messages_keep_it_open, stuck, stuck_and_paused, slow_is_not_stuck};
    enum { COUNT = sizeof stories / sizeof *stories };
    pthread_t threads[COUNT];
    t_by_queue(); /* its queue is made by the first that asks */
    for (int i = 0; i < COUNT; i++) t_thread(&threads[i], run, &stories[i]);
    for (int i = 0; i < COUNT; i++) t_join(threads[i]);
    return t_done();
}
