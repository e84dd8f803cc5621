/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_destroy from another thread while messages pour in, at any moment: exactly
 * one close if open was delivered, then destroyed exactly once, and nothing after.
 * Of the messages at most one is still delivered, whose call was running.
 */
#include "t.h"

enum { ROUNDS = 150 };

/* What came of one handle, without copies: the flood is large. Loop thread only, but for the latches. */
typedef struct life {
    int opens, messages, closes, destroys, after;
    long allowed; /* messages; the destroying thread's */
    t_latch heard; /* messages */
    t_latch ended;
} life;

static void WS_CALL note(const ws_event *e, void *user_data)
{
    life *l = user_data;
    l->after += l->destroys;
    switch (e->type) {
    case WS_EVENT_OPEN: l->opens++; break;
    case WS_EVENT_MESSAGE:
        l->messages++;
        CHECK_EQ(l->closes, 0);
        t_add(&l->heard, 1);
        break;
    case WS_EVENT_CLOSE:
        l->closes++;
        CHECK_EQ(l->destroys, 0);
        CHECK_EQ(e->code, 1006);
        break;
    case WS_EVENT_DESTROYED:
        l->destroys++;
        t_add(&l->ended, 1);
        break;
    default: FAIL("event %d", e->type);
    }
}

static life *lives[2 * ROUNDS];
static int live_count;

static life *new_life(ws_handle handle, int accepted)
{
    life *l = calloc(1, sizeof *l);
    CHECK(l);
    l->heard = l->ended = (t_latch)T_LATCH;
    lives[live_count++] = l;
    l->opens = accepted;
    if (!accepted) OK(ws_on(handle, WS_EVENT_OPEN, note, l));
    OK(ws_on(handle, WS_EVENT_MESSAGE, note, l));
    OK(ws_on(handle, WS_EVENT_CLOSE, note, l));
    OK(ws_on(handle, WS_EVENT_DESTROYED, note, l));
    return l;
}

/* Writes messages until the other end is gone. */
static void *flood(void *argument)
{
    t_raw *peer = argument;
    unsigned char some[2000];
    size_t size = 0;
    while (size < sizeof some - 40) size += t_frame_build(some + size, T_BINARY, peer->masks, "0123456789", 10);
    while (t_raw_try_write(peer, some, size)) {}
    return NULL;
}

static void end_round(ws_handle handle, life *l, t_raw *peer, long moment)
{
    pthread_t thread;
    t_thread(&thread, flood, peer);
    t_wait(&l->heard, moment);
    OK(ws_destroy(handle));
    l->allowed = t_count(&l->heard) + 1; /* one call may be running, or about to */
    CHECK_EQ(ws_send(handle, "x", 1, WS_TEXT, NULL, NULL), t_stale(handle));
    t_wait(&l->ended, 1);
    t_join(thread);
    t_raw_close(peer);
}

static void client_round(long moment)
{
    int port, listener = t_raw_listen(&port);
    ws_handle client = ws_create(NULL);
    life *l = new_life(client, 0);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener);
    close(listener);
    end_round(client, l, &peer, moment);
}

static void accepted_round(ws_handle server, t_log *log, int round, long moment)
{
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    ws_handle accepted = t_wait_event(log, WS_EVENT_CONNECT, round + 1)->handle;
    end_round(accepted, new_life(accepted, 1), &peer, moment);
}

int main(void)
{
    static t_log log = T_LOG;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &log));
    OK(ws_server_start(server, NULL, NULL, NULL));
    for (int i = 0; i < ROUNDS; i++) {
        long moment = i * 37 % 101; /* 0: perhaps before open */
        client_round(moment);
        accepted_round(server, &log, i, moment);
    }
    OK(ws_server_destroy(server));
    int status = t_done(); /* nothing comes after this */
    CHECK_EQ(live_count, 2 * ROUNDS);
    for (int i = 0; i < live_count; i++) {
        CHECK_EQ(lives[i]->closes, lives[i]->opens);
        CHECK(lives[i]->opens <= 1);
        CHECK_EQ(lives[i]->destroys, 1);
        CHECK_EQ(lives[i]->after, 0);
        CHECK(lives[i]->messages <= lives[i]->allowed);
        CHECK(lives[i]->messages == 0 || lives[i]->opens == 1);
    }
    return status;
}
