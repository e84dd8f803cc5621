/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How JavaScript is woken when events wait in the queue: by a watcher of libuv on its descriptor, which
 * costs no other thread a turn; or, where there is no libuv (Bun), by a thread that waits for the descriptor
 * and calls a threadsafe function. On Windows it is libuv or nothing.
 *
 * The functions of libuv are those of the process, looked up by name: they are the same in all of
 * its versions 1, and no header is needed to build.
 */
#include <stdlib.h>
#include <string.h>

#ifndef _WIN32
#include <errno.h>
#include <poll.h>
#include <unistd.h>
#endif

#include "addon.h"

/* ---- the watcher ------------------------------------------------------------------ */

enum { UV_KIND_POLL = 8, UV_WHEN_READABLE = 1 }; /* UV_POLL and UV_READABLE */

static struct {
    unsigned (*version)(void);
    const char *(*type_name)(int);
    size_t (*size)(int);
    int (*init)(void *loop, void *handle, ws_socket descriptor);
    int (*start)(void *handle, int events, void (*ready)(void *handle, int status, int events));
    void (*close)(void *handle, void (*closed)(void *handle));
    void (*ref)(void *);
    void (*unref)(void *);
    void (*set_data)(void *, void *);
    void *(*get_data)(const void *);
} uv;

static bool look_up(void) {
    const struct {
        const char *name;
        void *at;
    } functions[] = {{"uv_version", &uv.version},     {"uv_handle_type_name", &uv.type_name}, {"uv_handle_size", &uv.size},
                     {"uv_poll_init_socket", &uv.init},      {"uv_poll_start", &uv.start},           {"uv_close", &uv.close},
                     {"uv_ref", &uv.ref},             {"uv_unref", &uv.unref},                {"uv_handle_set_data", &uv.set_data},
                     {"uv_handle_get_data", &uv.get_data}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = process_function(functions[i].name);
        if (!function)
            return false;
        memcpy(functions[i].at, &function, sizeof function);
    }
    if (uv.version() >> 16 != 1)
        return false;
    const char *name = uv.type_name(UV_KIND_POLL);
    return name && !strcmp(name, "poll");
}

/* Promises that an event has resolved go on, in the end of the callback scope, before the next event. */
static void ready(void *handle, int status, int events) {
    host *h = uv.get_data(handle);
    napi_env env = h->env;
    bool more = true;
    size_t told = 0;
    (void)status;
    (void)events;
    while (more && !h->refused) {
        napi_handle_scope scope;
        napi_callback_scope callbacks;
        napi_value resource;
        if (napi_open_handle_scope(env, &scope) != napi_ok)
            return;
        more = false;
        if (napi_create_object(env, &resource) == napi_ok &&
            napi_open_callback_scope(env, resource, h->context, &callbacks) == napi_ok) {
            more = take_batches(h, &told);
            napi_close_callback_scope(env, callbacks);
        }
        napi_close_handle_scope(env, scope);
    }
}

static void watcher_closed(void *handle) {
    host *h = uv.get_data(handle);
    free(handle);
    napi_remove_async_cleanup_hook(h->hook);
    host_drop(h);
}

static void watcher_ends(napi_async_cleanup_hook_handle hook, void *data) {
    host *h = data;
    (void)hook;
    uv.close(h->watcher, watcher_closed);
    napi_async_destroy(h->env, h->context);
    host_end(h);
}

/* False: there is no libuv that can be used. */
static bool watch_by_libuv(host *h, napi_value name) {
    struct uv_loop_s *loop = NULL;
    napi_value resource;
    if (!look_up() || napi_get_uv_event_loop(h->env, &loop) != napi_ok)
        return false;
    void *watcher = calloc(1, uv.size(UV_KIND_POLL));
    if (!watcher || napi_create_object(h->env, &resource) != napi_ok ||
        napi_async_init(h->env, resource, name, &h->context) != napi_ok) {
        free(watcher);
        return false;
    }
    if (uv.init(loop, watcher, h->descriptor) || napi_add_async_cleanup_hook(h->env, watcher_ends, h, &h->hook) != napi_ok) {
        napi_async_destroy(h->env, h->context);
        free(watcher); /* uv_poll_init_socket has refused it: the loop does not know it */
        return false;
    }
    uv.set_data(watcher, h);
    uv.unref(watcher); /* until something is open */
    uv.start(watcher, UV_WHEN_READABLE, ready);
    h->watcher = watcher;
    h->owners++;
    return true;
}

/* ---- the thread -------------------------------------------------------------------- */

#ifndef _WIN32

static void set_turn(host *h, enum turn turn) {
    pthread_mutex_lock(&h->mutex);
    if (h->turn != TURN_OVER)
        h->turn = turn;
    pthread_cond_broadcast(&h->turned);
    pthread_mutex_unlock(&h->mutex);
}

/* Sleeps until it is the thread's turn; false: the environment ends. */
static bool await_turn(host *h) {
    pthread_mutex_lock(&h->mutex);
    while (h->turn == TURN_SCRIPT)
        pthread_cond_wait(&h->turned, &h->mutex);
    bool goes_on = h->turn == TURN_WAITER;
    pthread_mutex_unlock(&h->mutex);
    return goes_on;
}

static void *wait_for_events(void *data) {
    host *h = data;
    while (await_turn(h)) {
        struct pollfd ends[] = {{.fd = h->descriptor, .events = POLLIN}, {.fd = h->stop[0], .events = POLLIN}};
        if (poll(ends, 2, -1) < 0 && errno == EINTR)
            continue;
        if (ends[1].revents)
            break;
        set_turn(h, TURN_SCRIPT);
        if (napi_call_threadsafe_function(h->wake, NULL, napi_tsfn_nonblocking) != napi_ok)
            break;
    }
    return NULL;
}

/* On the thread of JavaScript, whose turn it is. A wake from here would be served before timers and
 * sockets, the thread's is not. */
static void woken(napi_env env, napi_value unused, void *context, void *data) {
    host *h = context;
    (void)unused;
    (void)data;
    if (!env || h->refused)
        return; /* the environment ends; host_end has taken over */
    size_t told = 0;
    if (take_batches(h, &told)) {
        ws_queue_flush(h->queue);
        napi_call_threadsafe_function(h->wake, NULL, napi_tsfn_nonblocking);
    } else
        set_turn(h, TURN_WAITER);
}

static void wake_dropped(napi_env env, void *data, void *hint) {
    host *h = data;
    (void)env;
    (void)hint;
    pthread_cond_destroy(&h->turned);
    pthread_mutex_destroy(&h->mutex);
    host_drop(h);
}

static void thread_ends(void *data) {
    host *h = data;
    set_turn(h, TURN_OVER);
    close(h->stop[1]);
    pthread_join(h->waiter, NULL);
    close(h->stop[0]);
    host_end(h);
    napi_release_threadsafe_function(h->wake, napi_tsfn_abort);
}

static bool watch_by_thread(host *h, napi_value name) {
    if (pipe(h->stop))
        return false;
    pthread_mutex_init(&h->mutex, NULL);
    pthread_cond_init(&h->turned, NULL);
    if (napi_create_threadsafe_function(h->env, NULL, NULL, name, 0, 1, h, wake_dropped, h, woken, &h->wake) != napi_ok) {
        h->wake = NULL;
        close(h->stop[0]);
        close(h->stop[1]);
        return false;
    }
    h->owners++;
    napi_unref_threadsafe_function(h->env, h->wake);
    if (pthread_create(&h->waiter, NULL, wait_for_events, h)) {
        close(h->stop[0]);
        close(h->stop[1]);
        napi_release_threadsafe_function(h->wake, napi_tsfn_abort);
        return false;
    }
    napi_add_env_cleanup_hook(h->env, thread_ends, h);
    return true;
}

static void thread_keeps_alive(host *h, bool stays) {
    if (stays)
        napi_ref_threadsafe_function(h->env, h->wake);
    else
        napi_unref_threadsafe_function(h->env, h->wake);
}
#else
static bool watch_by_thread(host *h, napi_value name) { return (void)h, (void)name, false; }
static void thread_keeps_alive(host *h, bool stays) { (void)h, (void)stays; }
#endif

/* ---- either -------------------------------------------------------------------------- */

bool watch_start(host *h, bool by_thread) {
    napi_value name;
    napi_create_string_utf8(h->env, "libws", NAPI_AUTO_LENGTH, &name);
    return (!by_thread && watch_by_libuv(h, name)) || watch_by_thread(h, name);
}

void watch_keeps_alive(host *h, bool stays) {
    if (h->watcher)
        (stays ? uv.ref : uv.unref)(h->watcher);
    else
        thread_keeps_alive(h, stays);
}
