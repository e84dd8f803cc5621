/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random.h - random calls: several threads call everything at random, against
 * peers that break every rule, while the promises of the ABI are checked.
 *
 *   main.c      options, the beginning and the end of a run
 *   end.c       the end of all handles
 *   watch.c     what each thread is doing; fails when nothing goes on
 *   things.c    records of handles and of calls that complete
 *   hear.c      listeners and completions: where the promises are checked
 *   listeners.c listeners that come and go
 *   act.c       random calls on clients and connections
 *   serve.c     random calls on servers and queues
 *   topics.c    random subscriptions, and messages to many
 *   relays.c    random relays of servers
 *   nonsense.c  stale, foreign and invented handles, wrong arguments
 *   odd.c       options of which some are wrong
 *   peers.c     faulty TCP peers of both roles
 *   say.c       what they say
 *   content.c   messages that tell whether they are whole
 *
 * Every thread has a generator of its own that depends on the seed; what a
 * callback does depends on the generator of its handle. So a seed repeats the
 * choices, though not the interleaving. tests/fuzz makes the choices itself.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include "t.h"

#include <stdatomic.h>
#include <stdbool.h>

/* The kit's ways of receiving are not used here: each handle chooses its own. */
#undef ws_create
#undef ws_server_create

/* ---- the run ------------------------------------------------------------------ */

enum { R_CONNECTIONS = 48, R_SERVERS = 4, R_QUEUES = 5 };

typedef struct r_options {
    uint64_t seed;
    int seconds, threads, loops;
    const char *receive; /* inline, queue, thread or mixed */
    unsigned connections, servers; /* places in use: at most R_CONNECTIONS, R_SERVERS */
} r_options;
extern r_options r_run;
extern atomic_bool r_stop;

/* ---- generators (things.c) ------------------------------------------------------ */

/* Where choices come from: splitmix64, which callbacks of several threads may share, or a
 * script (tests/fuzz), of one thread: as long as there are bytes they are the choices. */
typedef struct r_rng {
    _Atomic uint64_t state;
    const uint8_t *at, *end;
} r_rng;
#define R_RNG(seed) {.state = (seed)}
uint64_t r_next(r_rng *rng);
/* 0..n-1 */
unsigned r_below(r_rng *rng, unsigned n);
static inline bool r_one_in(r_rng *rng, unsigned n)
{
    return r_below(rng, n) == 0;
}

/* ---- what threads are doing (watch.c) --------------------------------------------- */

typedef struct r_thread {
    _Atomic pid_t id; /* 0: free */
    _Atomic(const char *) doing;
    _Atomic uint64_t handle;
    _Atomic long long since;
    struct r_thing *within; /* whose callback runs on this thread */
    bool calling;           /* inside a call that runs no callbacks */
} r_thread;
r_thread *r_me(void);
/* Tells the watchdog what comes; r_done that it is over. */
void r_doing(const char *what, uint64_t handle);
void r_done(void);
/* A call into the library, which must not run callbacks on this thread meanwhile. */
#define R_CALL(what, handle, call)      \
    ({                                  \
        r_call_begins(what, handle);    \
        __typeof__(call) result_ = (call); \
        r_call_ends();                  \
        result_;                        \
    })
void r_call_begins(const char *what, uint64_t handle);
void r_call_ends(void);
void r_watch_start(void);
void r_watch_stop(void);
/* Fails with what every thread is doing. */
#define R_FAIL(...) r_fail(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void r_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
#define R_CHECK(condition, ...) ((condition) ? (void)0 : R_FAIL(__VA_ARGS__))

/* ---- things: what a handle stands for (things.c) ------------------------------------- */

enum { R_CLIENT, R_ACCEPTED, R_SERVER };

typedef struct r_listener {
    struct r_listener *next;
    struct r_thing *thing;
    int event;
    atomic_bool off_inside; /* removed in a callback of the thing: never called again */
    atomic_bool off;        /* removed from elsewhere: one call may be under way */
    atomic_int late;
} r_listener;

typedef struct r_thing {
    struct r_thing *next; /* in the chain of the table, then in the quarantine */
    int kind;
    ws_handle handle, queue;
    struct r_thing *server; /* of an accepted connection */
    r_rng rng;
    bool trusted; /* its peer is libws: every message is one of ours */
    int64_t max_message;

    atomic_int pins;       /* threads that use it, and its connections */
    atomic_bool dying;     /* a destroy call has begun */
    atomic_bool dead;      /* the handle is stale for sure */
    atomic_bool ending;    /* an accepted connection's close is being told */
    atomic_bool paused_once;
    atomic_bool streaming; /* a thread sends a message in pieces */
    bool again;            /* a client that connects again by itself */
    atomic_int destroys;   /* calls that returned WS_OK */
    atomic_long untold;    /* calls that returned WS_OK, less completions */
    atomic_long attempts;  /* ws_connect that returned WS_OK */
    atomic_long silent;    /* those without completion */
    atomic_long conns;     /* open connections of a server */
    atomic_int port;       /* of a started server, else 0 */
    atomic_bool closing_all;

    /* Told one after the other, which inside checks. */
    atomic_int inside;
    bool open, destroyed, dead_inside, messages_off, polled, heard_close_as_server, deaf;
    long opens, closes, errors, connected, failed;
    int late;

    pthread_mutex_t mutex; /* guards the listeners */
    r_listener *listeners, *removed;
} r_thing;

typedef struct r_call {
    struct r_call *next; /* in the quarantine */
    r_thing *thing;
    int operation;
    atomic_int returned; /* 0: not yet; 1: WS_OK; 2: refused */
    atomic_int told;     /* bit 0: told, bit 1: returned */
} r_call;

r_thing *r_thing_new(int kind, uint64_t seed);
/* Makes it known by its handle; before anything can happen to it. */
void r_thing_known(r_thing *thing, ws_handle handle);
r_thing *r_thing_of(ws_handle handle); /* NULL: not known, or destroyed */
/* After the destroyed event. */
void r_thing_over(r_thing *thing);
/* Listens to the end of a new thing, by ws_on or ws_server_on. False: a shutdown had destroyed it before,
 * and it is over. */
bool r_told_its_end(r_thing *thing, int32_t(WS_CALL *on)(ws_handle, int32_t, ws_callback, void *), ws_callback hears);
void r_pin(r_thing *thing);
void r_unpin(r_thing *thing);
long r_things_alive(void);
void r_things_tell(void); /* on stderr, without a lock: the end of a failed run */
void r_things_end(void); /* checks all that is left in quarantine */
/* Calls f for each thing that is alive, pinned. */
void r_things_each(void (*f)(r_thing *));

r_call *r_call_new(r_thing *thing, int operation);
/* What the call returned. call may be NULL. */
void r_call_returned(r_call *call, int32_t status);
void r_call_told(r_call *call);
long r_calls_open(void);

extern _Atomic long r_count_calls, r_count_events, r_count_opens, r_count_failed, r_count_accepted, r_count_polled;

/* ---- places: which things the threads know (things.c) ----------------------------------- */

r_thing *r_take(int servers, unsigned place); /* pinned, or NULL */
void r_put(int servers, unsigned place, r_thing *thing);

/* ---- hearing (hear.c) ------------------------------------------------------------------- */

void WS_CALL r_hear(const ws_event *event, void *thing);        /* listeners of clients and connections */
/* Of a server's upgrade and request events; user_data is the server. */
void WS_CALL r_hear_request(const ws_event *e, void *server);
/* Decides about one that was left for later. */
void r_decide_later(r_rng *rng);
void WS_CALL r_hear_server(const ws_event *event, void *thing); /* listeners of servers */
void WS_CALL r_hear_completion(const ws_event *event, void *call);
void r_hear_polled(const ws_event *event);
void r_listen(r_thing *thing);
bool r_enter(r_thing *thing, const char *what);
void r_leave(r_thing *thing, bool entered);

/* ---- listeners that come and go (listeners.c) ---------------------------------------------- */

void r_listener_act(r_rng *rng, r_thing *thing, bool inside);
void r_listeners_free(r_thing *thing);

/* ---- acting ----------------------------------------------------------------------------- */

/* Anything. */
void r_step(r_rng *rng);
void r_act(r_rng *rng, r_thing *thing, bool inside);
/* Pings, pieces, aborts and questions. */
void r_more(r_rng *rng, r_thing *thing);
/* Subscribes a connection, or ends that. */
ws_send_options r_rank(r_rng *rng);
void r_topic_act(r_rng *rng, r_thing *thing);
/* Publishes on a server. */
void r_publish(r_rng *rng, r_thing *server);
/* Gives a server a relay, takes it off, or hands in a message. */
void r_relay_act(r_rng *rng, r_thing *server);
/* How many relays have not ended. */
long r_relays_open(void);
void r_connect_options(r_rng *rng, r_thing *thing, ws_connect_options *options, ws_reconnect_options *again);
void r_act_somewhere(r_rng *rng, unsigned place);
/* Gives an accepted connection a place. */
void r_settle_in(r_rng *rng, r_thing *thing);
void r_client_new(r_rng *rng, unsigned place);
/* The status must be one of those listed, or t_stale when the thing may be gone. */
void r_allow(const char *what, r_thing *thing, bool was_dead, int32_t status, const int32_t *allowed);
#define R_ALLOW(what, thing, was_dead, status, ...) \
    r_allow(what, thing, was_dead, status, (const int32_t[]){__VA_ARGS__, INT32_MAX})

/* The queues and the home server. */
void r_serve_start(r_rng *rng);
void r_serve_act(r_rng *rng, unsigned place);
/* Acts on a connection that the home server lists. */
void r_home_act(r_rng *rng);
void r_server_act(r_rng *rng, r_thing *server);
void r_queue_act(r_rng *rng);
void r_queues_drain(void);
void r_queues_end(void);
ws_handle r_queue_for(r_rng *rng);
int r_home_port(void);
extern r_thing *r_home;
void r_destroy_thing(r_thing *thing, bool inside);

void r_nonsense(r_rng *rng);
void r_nonsense_remember(ws_handle handle, int kind);
/* Options with members that may be out of range: they are refused by name, or taken. */
void r_odd(r_rng *rng);

/* ---- the end (end.c) ----------------------------------------------------------------------- */

/* Destroys all that is there, and waits until the last event and completion was told. */
void r_end_by_hand(void);
void r_forget_places(void);

/* ---- peers (peers.c) ----------------------------------------------------------------------- */

void r_peers_start(uint64_t seed);
void r_peers_stop(void);
int r_peer_port(r_rng *rng); /* of a faulty server, or of nobody */

/* Bytes that are to be sent, say.c. */
typedef struct r_speech {
    char *bytes; /* R_SPEECH of them */
    size_t size;
    bool masks; /* the frames are a client's */
} r_speech;
enum { R_SPEECH = 100000 };
void r_say(r_speech *speech, const void *data, size_t size);
void r_say_random(r_speech *speech, r_rng *rng, size_t size);
void r_say_right_frames(r_speech *speech, r_rng *rng);
void r_say_wrong_frames(r_speech *speech, r_rng *rng);
/* What a client begins with: upgrades that are right, wrong, or cut. */
void r_say_request(r_speech *speech, r_rng *rng);

/* ---- content (content.c) --------------------------------------------------------------------- */

/* Writes a message of size bytes, text by ASCII. */
void r_content_make(r_rng *rng, char *out, size_t size);
/* trusted: it must be one of ours; else only when it says so. */
void r_content_check(const void *data, size_t size, bool trusted, ws_handle handle);
extern atomic_bool r_garbled; /* peers have mixed other bytes into their frames: only what libws itself sent is whole */

#endif
