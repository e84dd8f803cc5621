/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls of clients and of connections. Each returns a status, WS_OK or WS_ERR_; why()
 * has the text of the one that failed last.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon.h"

ws_callback completion_of(double ticket) { return ticket > 0 ? WS_COMPLETION_POLL : NULL; }

static void *ticket_of(double ticket) { return (void *)(uintptr_t)ticket; }

static napi_value refused(call *c, int32_t status) { return number_of(c->h->env, status); }

napi_value answer(call *c, int32_t status) {
    if (status)
        snprintf(c->h->why, sizeof c->h->why, "%s", ws_last_error());
    return number_of(c->h->env, status);
}

/* start(dispatch, by_thread): the buffer of facts, or nothing; why() says why. */
static napi_value call_start(napi_env env, napi_callback_info info) {
    napi_value facts = NULL, args[2];
    size_t count = 2;
    void *data = NULL;
    napi_get_cb_info(env, info, &count, args, NULL, NULL);
    napi_get_instance_data(env, &data);
    host *h = data;
    if (!h->started)
        napi_get_value_bool(env, args[1], &h->by_thread);
    if (!host_start(h))
        return NULL;
    if (h->dispatch)
        napi_delete_reference(env, h->dispatch);
    h->dispatch = NULL;
    napi_create_reference(env, args[0], 1, &h->dispatch);
    napi_get_reference_value(env, h->facts_kept, &facts);
    return facts;
}

/* ref(true) while something is open, so that the process lives. */
static napi_value call_ref(napi_env env, napi_callback_info info) {
    call c;
    bool stays = false;
    if (!call_begin(env, info, &c))
        return refused(&c, WS_ERR_UNKNOWN);
    napi_get_value_bool(env, c.args[0], &stays);
    watch_keeps_alive(c.h, stays);
    return number_of(env, WS_OK);
}

static napi_value call_create(napi_env env, napi_callback_info info) {
    call c;
    arena memory = {0};
    ws_create_options options;
    ws_handle handle = 0;
    if (!call_begin(env, info, &c))
        return number_of(env, 0);
    WS_INIT_STRUCT(&options);
    if (options_read(c.h, c.args[0], &ws_create_options_shape, &options, &memory)) {
        options.queue = c.h->queue;
        handle = ws_create(&options);
        if (!handle)
            answer(&c, WS_ERR_UNKNOWN);
        else if (!host_remember(c.h, handle)) {
            ws_destroy(handle);
            handle = 0;
        }
    }
    arena_free(&memory);
    return number_of(env, (double)handle);
}

/* connect(handle, url, options, ticket) */
static napi_value call_connect(napi_env env, napi_callback_info info) {
    call c;
    arena memory = {0};
    ws_connect_options options;
    size_t size = 0;
    int32_t status = WS_ERR_PARAMETER;
    if (!call_begin(env, info, &c))
        return refused(&c, WS_ERR_UNKNOWN);
    WS_INIT_STRUCT(&options);
    char *url = value_text(c.h, c.args[1], &size);
    if (!url)
        snprintf(c.h->why, sizeof c.h->why, "url is not a string");
    else if (strlen(url) != size)
        snprintf(c.h->why, sizeof c.h->why, "url has a NUL character inside"), status = WS_ERR_URL;
    else if (options_read(c.h, c.args[2], &ws_connect_options_shape, &options, &memory)) {
        double ticket = call_number(&c, 3, 0);
        ws_socket descriptor = options.flags & WS_CONNECTED_DESCRIPTOR ? duplicate(options.connected_descriptor) : NO_SOCKET;
        if (descriptor != NO_SOCKET)
            options.connected_descriptor = descriptor; /* the caller's stays his */
        status = ws_connect(call_handle(&c, 0), url, &options, completion_of(ticket), ticket_of(ticket));
        answer(&c, status);
        if (status && descriptor != NO_SOCKET)
            drop_duplicate(descriptor);
    }
    arena_free(&memory);
    free(url);
    return number_of(env, status);
}

bool call_rank(call *c, size_t i, ws_send_options *options, const ws_send_options **given) {
    arena none = {0}; /* its members are numbers */
    *given = NULL;
    if (call_is_missing(c, i))
        return true;
    WS_INIT_STRUCT(options);
    *given = options;
    return options_read(c->h, c->args[i], &ws_send_options_shape, options, &none);
}

/* send(handle, data, ticket, options) */
static napi_value call_send(napi_env env, napi_callback_info info) {
    call c;
    const void *data = NULL;
    size_t size = 0;
    int32_t type = WS_TEXT;
    void *owned = NULL;
    if (!call_begin(env, info, &c))
        return refused(&c, WS_ERR_UNKNOWN);
    ws_send_options options;
    const ws_send_options *rank;
    if (!call_rank(&c, 3, &options, &rank) || !call_bytes(&c, 1, "data", &data, &size, &type, &owned))
        return refused(&c, WS_ERR_PARAMETER);
    ws_handle handle = call_handle(&c, 0);
    double ticket = call_number(&c, 2, 0);
    napi_value status = answer(
        &c, rank ? ws_send_with(handle, data, size, type, rank, completion_of(ticket), ticket_of(ticket))
                 : ws_send(handle, data, size, type, completion_of(ticket), ticket_of(ticket)));
    free(owned);
    return status;
}

/* close(handle, options, ticket) */
static napi_value call_close(napi_env env, napi_callback_info info) {
    call c;
    arena memory = {0};
    ws_close_options options;
    int32_t status = WS_ERR_PARAMETER;
    if (!call_begin(env, info, &c))
        return refused(&c, WS_ERR_UNKNOWN);
    WS_INIT_STRUCT(&options);
    if (options_read(c.h, c.args[1], &ws_close_options_shape, &options, &memory)) {
        double ticket = call_number(&c, 2, 0);
        status = ws_close(call_handle(&c, 0), &options, completion_of(ticket), ticket_of(ticket));
        answer(&c, status);
    }
    arena_free(&memory);
    return number_of(env, status);
}

/* ping(handle, data) */
static napi_value call_ping(napi_env env, napi_callback_info info) {
    call c;
    const void *data = NULL;
    size_t size = 0;
    int32_t type;
    void *owned = NULL;
    if (!call_begin(env, info, &c))
        return refused(&c, WS_ERR_UNKNOWN);
    if (!call_is_missing(&c, 1) && !call_bytes(&c, 1, "data", &data, &size, &type, &owned))
        return refused(&c, WS_ERR_PARAMETER);
    napi_value status = answer(&c, ws_ping(call_handle(&c, 0), data, size));
    free(owned);
    return status;
}

#define ON_HANDLE(name, function)                                          \
    static napi_value name(napi_env env, napi_callback_info info) {        \
        call c;                                                            \
        if (!call_begin(env, info, &c))                                    \
            return refused(&c, WS_ERR_UNKNOWN);                            \
        return answer(&c, function(call_handle(&c, 0)));                   \
    }
ON_HANDLE(call_abort, ws_abort)
ON_HANDLE(call_destroy, ws_destroy)
ON_HANDLE(call_pause, ws_pause)
ON_HANDLE(call_resume, ws_resume)

static napi_value call_network_changed(napi_env env, napi_callback_info info) {
    call c;
    if (!call_begin(env, info, &c))
        return refused(&c, WS_ERR_UNKNOWN);
    return answer(&c, ws_network_changed());
}

/* Bytes that wait, 0 for a handle that has ended. */
static napi_value call_buffered(napi_env env, napi_callback_info info) {
    call c;
    uint64_t bytes = 0;
    if (call_begin(env, info, &c))
        ws_buffered_amount(call_handle(&c, 0), &bytes);
    return number_of(env, (double)bytes);
}

#define CALL(name, function) {name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL}

const napi_property_descriptor calls[] = {
    CALL("start", call_start),       CALL("ref", call_ref),         CALL("create", call_create),
    CALL("connect", call_connect),   CALL("send", call_send),       CALL("close", call_close),
    CALL("ping", call_ping),         CALL("abort", call_abort),     CALL("destroy", call_destroy),
    CALL("pause", call_pause),       CALL("resume", call_resume),   CALL("networkChanged", call_network_changed),
    CALL("buffered", call_buffered),
};
const size_t calls_count = sizeof calls / sizeof *calls;
