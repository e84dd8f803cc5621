/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The addon of libws for Node-API. It knows numbers, handles and events; what the
 * webSocket module looks like stands in ../lib, in JavaScript.
 *
 * Each environment (the main thread, each Worker) has one host with one queue of
 * libws. Everything runs on the thread of JavaScript, which is woken when events wait (watch.c)
 * and polls the queue itself (queue.c), so that what listeners send between two polls leaves
 * together (WS_QUEUE_GATHER).
 */
#ifndef LIBWS_NODE_ADDON_H
#define LIBWS_NODE_ADDON_H

#define NAPI_VERSION 8
#include <libws/ws.h>
#include <node_api.h>
#ifndef _WIN32
#include <pthread.h>
#endif
#include <stdbool.h>

#define BATCH 256        /* events of one ws_queue_poll */
#define TURN_EVENTS 2048 /* after so many the event loop gets its turn */
#define SCRATCH 65536    /* texts up to this are converted without an allocation */
#define FACTS 6          /* numbers that JavaScript gets of an event, see events.c */
#define VALUES 4         /* and values, at most */

enum turn { TURN_WAITER, TURN_SCRIPT, TURN_OVER };

typedef struct host {
    napi_env env;
    napi_ref dispatch;             /* function(count, ...values), see events.c */
    napi_ref facts_kept;           /* the ArrayBuffer of facts */
    double *facts;                 /* BATCH times FACTS, of the batch that JavaScript has */
    int owners; /* of the host itself: the instance, and what watches once it exists; they end in any order */
    ws_handle queue;
    ws_socket descriptor; /* of the queue: readable while events wait */
    bool by_thread;     /* libuv is not to be used */
    bool started;       /* the queue and what watches it exist */
    bool refused;       /* the environment ends, or could not start */
    /* The watcher of libuv */
    void *watcher; /* NULL: a thread watches */
    napi_async_context context;
    napi_async_cleanup_hook_handle hook;
#ifndef _WIN32 /* Or the thread */
    napi_threadsafe_function wake;
    pthread_t waiter;
    pthread_mutex_t mutex; /* guards turn */
    pthread_cond_t turned;
    enum turn turn; /* who is at work: the thread waits for events, or JavaScript takes them */
    int stop[2];    /* a pipe: its writing end is closed to end the thread */
#endif
    ws_event batch[BATCH];         /* valid until the next poll */
    size_t next, count;            /* how many of them JavaScript has dealt with, and how many there are */
    bool promises_first;           /* those that the last ones have resolved go on before the next one */
    napi_value values[1 + BATCH * VALUES];
    ws_handle *live; /* clients and servers whose destroyed event is to come, for the end */
    size_t live_count, live_room;
    char why[512]; /* of a call that the addon itself has refused */
    char scratch[SCRATCH];
} host;

/* queue.c */
bool host_start(host *h); /* false: why says it */
void host_end(host *h);
void host_drop(host *h); /* by one of its owners */
bool host_remember(host *h, ws_handle handle);
/* Hands over all events that wait, but so many that the event loop gets its turn: told counts them, from 0 in each
 * turn. True: promises go on first; call it again then, in the same turn. What is sent meanwhile leaves with the rest. */
bool take_batches(host *h, size_t *told);

/* watch.c: calls take_batches when events wait. */
bool watch_start(host *h, bool by_thread);
void watch_keeps_alive(host *h, bool stays);

/* system.c, system_windows.c */
#define NO_SOCKET ((ws_socket)-1)
void *process_function(const char *name);  /* of the program, or of what it was linked with; NULL: it has none */
ws_socket duplicate(ws_socket descriptor); /* nobody inherits it; NO_SOCKET: descriptor is none */
void drop_duplicate(ws_socket descriptor);

/* events.c: hands the batch to dispatch, or what is left of it. False: the environment cannot run JavaScript any more. */
bool events_dispatch(host *h);

/* options.c: structs of options from objects, whose memory is in an arena. */
typedef struct arena {
    void **blocks;
    size_t count, room;
} arena;

enum kind { KIND_SOCKET, KIND_I32, KIND_U32, KIND_I64, KIND_U64, KIND_TEXT, KIND_BYTES, KIND_HEADERS, KIND_I32S, KIND_STRUCT, KIND_STRUCTS };

typedef struct shape shape;
typedef struct member {
    const char *name; /* of the object and the struct alike */
    enum kind kind;
    size_t at;
    size_t size_at;     /* of the size or count that belongs to it */
    const shape *inner; /* of KIND_STRUCT and KIND_STRUCTS */
} member;
struct shape {
    const member *members;
    size_t size;
};

extern const shape ws_create_options_shape, ws_connect_options_shape, ws_reconnect_changes_shape, ws_close_options_shape,
    ws_send_options_shape,
    ws_server_options_shape, ws_server_config_shape, ws_certificate_shape, ws_accept_options_shape, ws_response_shape,
    ws_adopt_options_shape;

enum figure_kind { FIGURE_I32, FIGURE_U32, FIGURE_I64, FIGURE_U64 };
typedef struct figure {
    const char *name;
    enum figure_kind kind;
    size_t at;
} figure;
extern const figure *const connection_figures, *const server_figures, *const library_figures;
napi_value figures_of(napi_env env, const figure *figures, const void *stats);

/* Fills what the object has; undefined leaves a member as it is. False: h->why names the member. */
bool options_read(host *h, napi_value object, const shape *shape, void *into, arena *memory);
void *arena_take(arena *memory, size_t size);
void arena_free(arena *memory);

/* args.c: arguments of a call. */
#define MAX_ARGS 8
typedef struct call {
    host *h;
    size_t count;
    napi_value args[MAX_ARGS];
} call;

bool call_begin(napi_env env, napi_callback_info info, call *c); /* also starts the host */
/* Options of a send; *given is NULL when there are none. False: h->why names the member. */
bool call_rank(call *c, size_t i, ws_send_options *options, const ws_send_options **given);
ws_handle call_handle(call *c, size_t i);
double call_number(call *c, size_t i, double otherwise);
bool call_is_missing(call *c, size_t i); /* undefined, null or not there */
/* Bytes of a string (as UTF-8), ArrayBuffer or view; a string may be in *owned, for free(). */
bool call_bytes(call *c, size_t i, const char *name, const void **data, size_t *size, int32_t *type, void **owned);
bool value_bytes(host *h, napi_value value, const char *name, const void **data, size_t *size, int32_t *type,
                 void **owned);
char *value_text(host *h, napi_value value, size_t *size); /* for free(); NULL: no memory, or no string */
napi_value number_of(napi_env env, double number);
napi_value text_of(napi_env env, const char *text, size_t size);
napi_value buffer_of(napi_env env, const void *data, size_t size);
void set_of(napi_env env, napi_value object, const char *name, napi_value value);
napi_value headers_of(napi_env env, const void *data, size_t size); /* [name, value, name, value ...] */

/* calls.c, calls_server.c, calls_more.c, calls_texts.c */
extern const napi_property_descriptor calls[], server_calls[], more_calls[], text_calls[];
extern const size_t calls_count, server_calls_count, more_calls_count, text_calls_count;
/* A status, and why it failed: JavaScript asks for that only after other calls may have cleared it. */
napi_value answer(call *c, int32_t status);
/* A ticket is what a completion is told by; 0: none is wanted. */
ws_callback completion_of(double ticket);

#endif
