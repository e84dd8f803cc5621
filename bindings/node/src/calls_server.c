/* SPDX-License-Identifier: Apache-2.0 */
/* The calls of servers; see calls.c for what they return. */
#include <stdlib.h>

#include "addon.h"

static napi_value call_server_create(napi_env env, napi_callback_info info) {
    call c;
    arena memory = {0};
    ws_server_options options;
    ws_handle handle = 0;
    if (!call_begin(env, info, &c))
        return number_of(env, 0);
    WS_INIT_STRUCT(&options);
    if (options_read(c.h, c.args[0], &ws_server_options_shape, &options, &memory)) {
        options.queue = c.h->queue;
        handle = ws_server_create(&options);
        if (!handle)
            answer(&c, WS_ERR_UNKNOWN);
        else if (!host_remember(c.h, handle)) {
            ws_server_destroy(handle);
            handle = 0;
        }
    }
    arena_free(&memory);
    return number_of(env, (double)handle);
}

/* Those that take a handle, an object of options and a ticket. */
#define WITH_OPTIONS(name, type, members, expression)               \
    static napi_value name(napi_env env, napi_callback_info info) { \
        call c;                                                     \
        arena memory = {0};                                         \
        type options;                                               \
        int32_t status = WS_ERR_PARAMETER;                          \
        if (!call_begin(env, info, &c))                             \
            return number_of(env, WS_ERR_UNKNOWN);                  \
        WS_INIT_STRUCT(&options);                                   \
        if (options_read(c.h, c.args[1], members, &options, &memory)) { \
            ws_handle handle = call_handle(&c, 0);                  \
            double ticket = call_number(&c, 2, 0);                  \
            (void)ticket;                                           \
            status = expression;                                    \
            answer(&c, status);                                     \
        }                                                           \
        arena_free(&memory);                                        \
        return number_of(env, status);                              \
    }
#define TICKET completion_of(ticket), (void *)(uintptr_t)ticket
WITH_OPTIONS(call_server_start, ws_server_config, &ws_server_config_shape, ws_server_start(handle, &options, TICKET))
WITH_OPTIONS(call_server_stop, ws_close_options, &ws_close_options_shape, ws_server_stop(handle, &options, TICKET))
WITH_OPTIONS(call_accept, ws_accept_options, &ws_accept_options_shape, ws_accept(handle, &options))
WITH_OPTIONS(call_respond, ws_response, &ws_response_shape, ws_respond(handle, &options))

static napi_value call_server_destroy(napi_env env, napi_callback_info info) {
    call c;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    return answer(&c, ws_server_destroy(call_handle(&c, 0)));
}

/* The port, or 0. */
static napi_value call_server_port(napi_env env, napi_callback_info info) {
    call c;
    int32_t port = 0;
    if (call_begin(env, info, &c))
        ws_server_port(call_handle(&c, 0), &port);
    return number_of(env, port);
}

/* subscribe(connection, topic), unsubscribe(connection, topic) */
static napi_value on_topic(napi_env env, napi_callback_info info,
                           int32_t(WS_CALL *function)(ws_handle, const void *, size_t)) {
    call c;
    const void *topic;
    size_t size = 0;
    int32_t type;
    void *owned = NULL;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    if (!call_bytes(&c, 1, "topic", &topic, &size, &type, &owned))
        return number_of(env, WS_ERR_PARAMETER);
    napi_value status = answer(&c, function(call_handle(&c, 0), topic, size));
    free(owned);
    return status;
}
static napi_value call_subscribe(napi_env env, napi_callback_info info) { return on_topic(env, info, ws_subscribe); }
static napi_value call_unsubscribe(napi_env env, napi_callback_info info) { return on_topic(env, info, ws_unsubscribe); }
static napi_value call_subscribe_pattern(napi_env env, napi_callback_info info) { return on_topic(env, info, ws_subscribe_pattern); }
static napi_value call_unsubscribe_pattern(napi_env env, napi_callback_info info) { return on_topic(env, info, ws_unsubscribe_pattern); }

/* publish(server, topic, data, except, options): how many took it, or a negative status. Without a topic to everybody. */
static napi_value call_publish(napi_env env, napi_callback_info info) {
    call c;
    const void *data;
    size_t size = 0, topic_size = 0, recipients = 0;
    int32_t type, status = WS_ERR_PARAMETER;
    void *owned = NULL;
    if (!call_begin(env, info, &c))
        return number_of(env, -WS_ERR_UNKNOWN);
    ws_handle server = call_handle(&c, 0), except = call_handle(&c, 3);
    char *topic = call_is_missing(&c, 1) ? NULL : value_text(c.h, c.args[1], &topic_size);
    ws_send_options options;
    const ws_send_options *rank;
    if (call_rank(&c, 4, &options, &rank) && call_bytes(&c, 2, "data", &data, &size, &type, &owned)) {
        if (rank)
            status = topic ? ws_publish_with(server, topic, topic_size, data, size, type, except, rank, &recipients)
                           : ws_server_broadcast_with(server, data, size, type, except, rank, &recipients);
        else
            status = topic ? ws_publish(server, topic, topic_size, data, size, type, except, &recipients)
                           : ws_server_broadcast(server, data, size, type, except, &recipients);
        answer(&c, status);
    }
    free(topic);
    free(owned);
    return number_of(env, status ? -(double)(status < 0 ? -status : status) : (double)recipients);
}

#define CALL(name, function) {name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL}

const napi_property_descriptor server_calls[] = {
    CALL("serverCreate", call_server_create), CALL("serverStart", call_server_start),
    CALL("serverStop", call_server_stop),     CALL("serverDestroy", call_server_destroy),
    CALL("serverPort", call_server_port),     CALL("accept", call_accept),
    CALL("respond", call_respond),            CALL("subscribe", call_subscribe),
    CALL("unsubscribe", call_unsubscribe),    CALL("publish", call_publish),
    CALL("subscribePattern", call_subscribe_pattern), CALL("unsubscribePattern", call_unsubscribe_pattern),
};
const size_t server_calls_count = sizeof server_calls / sizeof *server_calls;
