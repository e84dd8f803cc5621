/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to questions of libws, topics, certificates, and connections that were accepted elsewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon.h"

/* verifyAnswer(handle, token, accept) */
static napi_value call_verify_answer(napi_env env, napi_callback_info info) {
    call c;
    bool accept = false;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    if (c.count > 2)
        napi_get_value_bool(env, c.args[2], &accept);
    return answer(&c, ws_verify_answer(call_handle(&c, 0), (uint64_t)call_handle(&c, 1), accept));
}

/* signAnswer(handle, token, signature) */
static napi_value call_sign_answer(napi_env env, napi_callback_info info) {
    call c;
    const void *data = NULL;
    size_t size = 0;
    int32_t type;
    void *owned = NULL;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    if (!call_is_missing(&c, 2) && !call_bytes(&c, 2, "signature", &data, &size, &type, &owned))
        return number_of(env, WS_ERR_PARAMETER);
    napi_value status = answer(&c, ws_sign_answer(call_handle(&c, 0), (uint64_t)call_handle(&c, 1), size ? data : NULL, size));
    free(owned);
    return status;
}

/* reconnectWith(handle, changes) */
static napi_value call_reconnect_with(napi_env env, napi_callback_info info) {
    call c;
    arena memory = {0};
    ws_reconnect_changes changes;
    int32_t status = WS_ERR_PARAMETER;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    WS_INIT_STRUCT(&changes);
    if (call_is_missing(&c, 1) || options_read(c.h, c.args[1], &ws_reconnect_changes_shape, &changes, &memory)) {
        status = ws_reconnect_with(call_handle(&c, 0), &changes);
        answer(&c, status);
    }
    arena_free(&memory);
    return number_of(env, status);
}

/* pong(handle, data) */
static napi_value call_pong(napi_env env, napi_callback_info info) {
    call c;
    const void *data = NULL;
    size_t size = 0;
    int32_t type;
    void *owned = NULL;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    if (!call_is_missing(&c, 1) && !call_bytes(&c, 1, "data", &data, &size, &type, &owned))
        return number_of(env, WS_ERR_PARAMETER);
    napi_value status = answer(&c, ws_pong(call_handle(&c, 0), data, size));
    free(owned);
    return status;
}

/* setCorrelationId(handle, id) */
static napi_value call_set_correlation_id(napi_env env, napi_callback_info info) {
    call c;
    size_t size = 0;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    char *id = c.count > 1 ? value_text(c.h, c.args[1], &size) : NULL;
    if (!id || strlen(id) != size) {
        snprintf(c.h->why, sizeof c.h->why, "correlationId is not a string without NUL characters");
        free(id);
        return number_of(env, WS_ERR_PARAMETER);
    }
    napi_value status = answer(&c, ws_set_correlation_id(call_handle(&c, 0), id));
    free(id);
    return status;
}

/* ---- topics -------------------------------------------------------------------------- */

/* isSubscribed(connection, topic): WS_BY_, 0 for no, or a negative status. */
static napi_value call_is_subscribed(napi_env env, napi_callback_info info) {
    call c;
    const void *topic;
    size_t size = 0;
    int32_t type, how = 0, status;
    void *owned = NULL;
    if (!call_begin(env, info, &c))
        return number_of(env, -WS_ERR_UNKNOWN);
    if (!call_bytes(&c, 1, "topic", &topic, &size, &type, &owned))
        return number_of(env, -WS_ERR_PARAMETER);
    status = ws_is_subscribed(call_handle(&c, 0), topic, size, &how);
    answer(&c, status);
    free(owned);
    return number_of(env, status ? -(double)(status < 0 ? -status : status) : how);
}

/* subscriptions(connection): [name, pattern, name, pattern ...]; undefined for one that has ended. */
static napi_value call_subscriptions(napi_env env, napi_callback_info info) {
    call c;
    size_t size = 0, at = 0, name_size;
    int32_t status = WS_ERR_BUFFER, pattern;
    uint32_t length = 0;
    char *list = NULL;
    const void *name;
    napi_value names;
    if (!call_begin(env, info, &c))
        return NULL;
    ws_handle handle = call_handle(&c, 0);
    ws_subscriptions(handle, NULL, 0, &size);
    for (int tries = 0; status == WS_ERR_BUFFER && tries < 8; tries++) { /* others may subscribe it meanwhile */
        size_t room = size + 64;
        free(list);
        list = malloc(room);
        status = list ? ws_subscriptions(handle, list, room, &size) : WS_ERR_MEMORY;
    }
    answer(&c, status);
    if (status) {
        free(list);
        return NULL;
    }
    napi_create_array(env, &names);
    while (ws_subscription_next(list, size, &at, &name, &name_size, &pattern)) {
        napi_value is;
        napi_get_boolean(env, pattern, &is);
        napi_set_element(env, names, length++, text_of(env, name, name_size));
        napi_set_element(env, names, length++, is);
    }
    free(list);
    return names;
}

/* subscribers(server, topic): handles; undefined when it failed. */
static napi_value call_subscribers(napi_env env, napi_callback_info info) {
    call c;
    const void *topic;
    size_t size = 0, count = 0;
    int32_t type, status = WS_ERR_BUFFER;
    void *owned = NULL;
    ws_handle *all = NULL;
    napi_value handles = NULL;
    if (!call_begin(env, info, &c) || !call_bytes(&c, 1, "topic", &topic, &size, &type, &owned))
        return NULL;
    ws_topic_subscribers(call_handle(&c, 0), topic, size, NULL, 0, &count);
    for (int tries = 0; status == WS_ERR_BUFFER && tries < 8; tries++) {
        size_t room = count + 64;
        free(all);
        all = malloc(room * sizeof *all);
        status = all ? ws_topic_subscribers(call_handle(&c, 0), topic, size, all, room, &count) : WS_ERR_MEMORY;
    }
    answer(&c, status);
    if (!status) {
        napi_create_array_with_length(env, count, &handles);
        for (size_t i = 0; i < count; i++)
            napi_set_element(env, handles, (uint32_t)i, number_of(env, (double)all[i]));
    }
    free(all);
    free(owned);
    return handles;
}

/* ---- servers -------------------------------------------------------------------------- */

/* stopListening(server, ticket) */
static napi_value call_stop_listening(napi_env env, napi_callback_info info) {
    call c;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    double ticket = call_number(&c, 1, 0);
    return answer(&c, ws_server_stop_listening(call_handle(&c, 0), completion_of(ticket), (void *)(uintptr_t)ticket));
}

/* setCertificates(server, {certificates}) */
static napi_value call_set_certificates(napi_env env, napi_callback_info info) {
    call c;
    arena memory = {0};
    ws_server_config config;
    int32_t status = WS_ERR_PARAMETER;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    WS_INIT_STRUCT(&config);
    if (options_read(c.h, c.args[1], &ws_server_config_shape, &config, &memory)) {
        status = ws_server_set_certificates(call_handle(&c, 0), config.certificates, config.certificate_count);
        answer(&c, status);
    }
    arena_free(&memory);
    return number_of(env, status);
}

/* adopt(server, options): the descriptor is duplicated, the caller's stays his. */
static napi_value call_adopt(napi_env env, napi_callback_info info) {
    call c;
    arena memory = {0};
    ws_adopt_options options;
    int32_t status = WS_ERR_PARAMETER;
    if (!call_begin(env, info, &c))
        return number_of(env, WS_ERR_UNKNOWN);
    WS_INIT_STRUCT(&options);
    if (options_read(c.h, c.args[1], &ws_adopt_options_shape, &options, &memory)) {
        ws_socket descriptor = duplicate(options.descriptor);
        if (descriptor != NO_SOCKET)
            options.descriptor = descriptor;
        status = ws_server_adopt(call_handle(&c, 0), &options, NULL);
        answer(&c, status);
        if (status && descriptor != NO_SOCKET)
            drop_duplicate(descriptor);
    }
    arena_free(&memory);
    return number_of(env, status);
}

#define CALL(name, function) {name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL}

const napi_property_descriptor more_calls[] = {
    CALL("verifyAnswer", call_verify_answer),
    CALL("signAnswer", call_sign_answer),
    CALL("reconnectWith", call_reconnect_with),
    CALL("pong", call_pong),
    CALL("setCorrelationId", call_set_correlation_id),
    CALL("isSubscribed", call_is_subscribed),
    CALL("subscriptions", call_subscriptions),
    CALL("subscribers", call_subscribers),
    CALL("stopListening", call_stop_listening),
    CALL("setCertificates", call_set_certificates),
    CALL("adopt", call_adopt),
};
const size_t more_calls_count = sizeof more_calls / sizeof *more_calls;
