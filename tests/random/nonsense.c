/* SPDX-License-Identifier: Apache-2.0 */
/* nonsense.c - stale, foreign and invented handles, and wrong arguments. */
#include "random.h"

enum { REMEMBERED = 256 };
static _Atomic ws_handle stale[REMEMBERED];
static _Atomic unsigned next_stale;

void r_nonsense_remember(ws_handle handle, int kind)
{
    (void)kind;
    stale[next_stale++ % REMEMBERED] = handle;
}

/* A handle that nobody has. Generations are 22 bits from bit 28 on; one that is half
 * of them away does not come up in a run. */
static ws_handle nobodys(r_rng *rng)
{
    ws_handle old = stale[r_below(rng, REMEMBERED)];
    switch (r_below(rng, 6)) {
    case 0: return 0;
    case 1: return old;
    case 2: return old ^ 1ull << 49;
    case 3: return r_next(rng) | 1ull << 53;
    case 4: return UINT64_MAX - r_below(rng, 3);
    default: return old | 1ull << 27; /* an index that is not reached */
    }
}

/* A call with the handle h must not know it. */
#define STALE(call) must_be(#call, h, R_CALL(#call, h, call), WS_ERR_HANDLE)
/* The same for one that takes accepted connections. */
#define ENDED(call) must_be(#call, h, R_CALL(#call, h, call), t_stale(h))
/* A call with a live handle h must refuse its argument. */
#define REFUSED(want, call) must_be(#call, h, R_CALL(#call, h, call), want)

static void must_be(const char *call, ws_handle h, int32_t status, int32_t want)
{
    /* A live handle may have been destroyed meanwhile. */
    if (r_stop || status == want || (status == t_stale(h) && want != WS_OK)) return;
    R_FAIL("%s with h %#llx returns %d, not %d: %s", call, (unsigned long long)h, status, want, ws_last_error());
}

static void WS_CALL never(const ws_event *e, void *unused)
{
    (void)unused;
    R_FAIL("a listener of nobody hears event %d", e->type);
}

static void call_on_nobody(r_rng *rng, ws_handle h)
{
    int32_t n;
    uint64_t bytes;
    size_t count;
    void *user;
    ws_connection info;
    ws_event event;
    WS_INIT_STRUCT(&info);
    ws_server_stats stats;
    WS_INIT_STRUCT(&stats);
    event.struct_size = sizeof event;
    ws_certificate certificate;
    WS_INIT_STRUCT(&certificate);
    switch (r_below(rng, 31)) {
    case 0: ENDED(ws_send(h, "x", 1, WS_TEXT, never, NULL)); break;
    case 1: ENDED(ws_close(h, NULL, never, NULL)); break;
    case 2: ENDED(ws_destroy(h)); break;
    case 3: ENDED(ws_pause(h)); break;
    case 4: ENDED(ws_resume(h)); break;
    case 5: ENDED(ws_state(h, &n)); break;
    case 6: ENDED(ws_buffered_amount(h, &bytes)); break;
    case 7: ENDED(ws_connection_info(h, &info)); break;
    case 8: STALE(ws_connect(h, "ws://127.0.0.1:1/", NULL, never, NULL)); break;
    case 9: ENDED(ws_on(h, WS_EVENT_CLOSE, never, NULL)); break;
    case 10: ENDED(ws_off(h, WS_EVENT_CLOSE, never, NULL)); break;
    case 11: ENDED(ws_off_wait(h, WS_EVENT_CLOSE, never, NULL, 10)); break;
    case 12: ENDED(ws_user_data(h, &user)); break;
    case 13: STALE(ws_server_start(h, NULL, never, NULL)); break;
    case 14: STALE(ws_server_stop(h, NULL, never, NULL)); break;
    case 15: STALE(ws_server_destroy(h)); break;
    case 16: STALE(ws_server_port(h, &n)); break;
    case 27: STALE(ws_server_stats_get(h, &stats)); break;
    case 17: STALE(ws_server_connections(h, NULL, 0, &count)); break;
    case 18: STALE(ws_server_on(h, WS_EVENT_CLOSE, never, NULL)); break;
    case 19: STALE(r_one_in(rng, 2) ? ws_queue_fd(h, &n) : r_one_in(rng, 2) ? ws_queue_flush(h) : ws_queue_wake(h)); break;
    case 20: STALE(ws_server_set_certificates(h, &certificate, 1)); break;
    case 21: STALE(ws_server_descriptor(h, 0, &n)); break;
    case 22: STALE(ws_server_stop_listening(h, never, NULL)); break;
    case 23: STALE(ws_publish(h, "a", 1, "x", 1, WS_TEXT, 0, &count)); break;
    case 24: STALE(ws_server_broadcast(h, "x", 1, WS_TEXT, h, &count)); break;
    case 25: if (h >> 50 != 1) ENDED(ws_subscribe(h, "a", 1)); break;
    case 28: if (h >> 50 != 1) ENDED(ws_subscribe_pattern(h, "#", 1)); break;
    case 29: STALE(ws_topic_subscribers(h, "a", 1, NULL, 0, &count)); break;
    case 26: if (h >> 50 != 1) ENDED(ws_unsubscribe(h, "a", 1)); break;
    default: STALE(ws_queue_destroy(h));
    }
}

static void wrong_arguments(r_rng *rng, r_thing *t)
{
    ws_handle h = t->handle;
    ws_close_options close_options;
    WS_INIT_STRUCT(&close_options);
    close_options.code = 1005; /* RFC 6455 7.4.1: may not be sent */
    ws_queue_options small = {.struct_size = 1};
    switch (r_below(rng, 9)) {
    case 0: REFUSED(WS_ERR_PARAMETER, ws_on(h, 4711, never, NULL)); break;
    case 1: REFUSED(WS_ERR_PARAMETER, ws_on(h, WS_EVENT_CLOSE, NULL, NULL)); break;
    case 2: REFUSED(WS_ERR_PARAMETER, ws_state(h, NULL)); break;
    case 3: REFUSED(WS_ERR_PARAMETER, ws_send(h, "x", 1, 77, never, NULL)); break;
    case 4: REFUSED(WS_ERR_PARAMETER, ws_close(h, &close_options, never, NULL)); break;
    case 5: REFUSED(WS_ERR_HANDLE, ws_server_destroy(h)); break;
    case 6: REFUSED(WS_ERR_HANDLE, ws_queue_destroy(h)); break;
    case 7: R_CHECK(!R_CALL("ws_queue_create", 0, ws_queue_create(&small)), "a queue with struct_size 1"); break;
    default:
        if (t->kind == R_CLIENT) REFUSED(WS_ERR_URL, ws_connect(h, "http://127.0.0.1/", NULL, never, NULL));
    }
}

void r_nonsense(r_rng *rng)
{
    r_thing *t = r_one_in(rng, 3) ? r_take(0, r_below(rng, r_run.connections)) : NULL;
    if (t) {
        wrong_arguments(rng, t);
        r_unpin(t);
    } else {
        call_on_nobody(rng, nobodys(rng));
    }
}
