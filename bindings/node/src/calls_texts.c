/* SPDX-License-Identifier: Apache-2.0 */
/* Texts, names and figures, which need no event. */
#include <stdlib.h>
#include <string.h>

#include "addon.h"

/* Why the last call failed. */
static napi_value call_why(napi_env env, napi_callback_info info) {
    void *data = NULL;
    (void)info;
    napi_get_instance_data(env, &data);
    host *h = data;
    return text_of(env, h->why, strlen(h->why));
}

static napi_value named(napi_env env, napi_callback_info info, const char *(WS_CALL *name)(int32_t)) {
    size_t count = 1;
    napi_value number;
    int32_t value = 0;
    napi_get_cb_info(env, info, &count, &number, NULL, NULL);
    if (count)
        napi_get_value_int32(env, number, &value);
    const char *text = name(value);
    return text_of(env, text, strlen(text));
}
static napi_value call_strerror(napi_env env, napi_callback_info info) { return named(env, info, ws_strerror); }
static napi_value call_error_name(napi_env env, napi_callback_info info) { return named(env, info, ws_error_name); }
static napi_value call_stage_name(napi_env env, napi_callback_info info) { return named(env, info, ws_stage_name); }

static napi_value call_version(napi_env env, napi_callback_info info) {
    (void)info;
    return number_of(env, ws_version_number());
}

/* connectionText(handle, which): "" when there is none. */
static napi_value call_connection_text(napi_env env, napi_callback_info info) {
    call c;
    size_t size = 0;
    if (!call_begin(env, info, &c))
        return text_of(env, "", 0);
    ws_handle handle = call_handle(&c, 0);
    int32_t which = (int32_t)call_number(&c, 1, 0);
    napi_value text = NULL;
    if (ws_connection_text(handle, which, NULL, 0, &size) != WS_ERR_BUFFER && !size)
        return text_of(env, "", 0);
    char *buffer = malloc(size + 1);
    if (buffer && !ws_connection_text(handle, which, buffer, size + 1, &size))
        text = text_of(env, buffer, size);
    free(buffer);
    return text ? text : text_of(env, "", 0);
}

/* connectionStats(handle): undefined for one that has ended. */
static napi_value call_connection_stats(napi_env env, napi_callback_info info) {
    call c;
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    if (!call_begin(env, info, &c) || ws_connection_stats_get(call_handle(&c, 0), &stats))
        return NULL;
    return figures_of(env, connection_figures, &stats);
}

/* serverStats(handle) */
static napi_value call_server_stats(napi_env env, napi_callback_info info) {
    call c;
    ws_server_stats stats;
    WS_INIT_STRUCT(&stats);
    if (!call_begin(env, info, &c) || ws_server_stats_get(call_handle(&c, 0), &stats))
        return NULL;
    return figures_of(env, server_figures, &stats);
}

/* libraryStats(): of the whole process. */
static napi_value call_library_stats(napi_env env, napi_callback_info info) {
    ws_stats stats;
    (void)info;
    WS_INIT_STRUCT(&stats);
    return ws_stats_get(&stats) ? NULL : figures_of(env, library_figures, &stats);
}

/* metrics(handle): as text for Prometheus; of the library for 0. */
static napi_value call_metrics(napi_env env, napi_callback_info info) {
    call c;
    size_t size = 0;
    napi_value text = NULL;
    if (!call_begin(env, info, &c))
        return NULL;
    ws_handle handle = call_handle(&c, 0);
    ws_metrics(handle, NULL, 0, &size);
    for (int tries = 0; !text && tries < 8; tries++) { /* it may have grown since */
        size_t room = size + 64;
        char *buffer = malloc(room);
        int32_t status = buffer ? ws_metrics(handle, buffer, room, &size) : WS_ERR_MEMORY;
        if (!status)
            text = text_of(env, buffer, size);
        free(buffer);
        if (status && status != WS_ERR_BUFFER)
            break;
    }
    return text;
}

/* raise(error): as an exception that nobody has caught. */
static napi_value call_raise(napi_env env, napi_callback_info info) {
    size_t count = 1;
    napi_value thrown;
    napi_get_cb_info(env, info, &count, &thrown, NULL, NULL);
    napi_fatal_exception(env, thrown);
    return NULL;
}

#define CALL(name, function) {name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL}

const napi_property_descriptor text_calls[] = {
    CALL("why", call_why),
    CALL("strerror", call_strerror),
    CALL("errorName", call_error_name),
    CALL("stageName", call_stage_name),
    CALL("version", call_version),
    CALL("connectionText", call_connection_text),
    CALL("connectionStats", call_connection_stats),
    CALL("serverStats", call_server_stats),
    CALL("libraryStats", call_library_stats),
    CALL("metrics", call_metrics),
    CALL("raise", call_raise),
};
const size_t text_calls_count = sizeof text_calls / sizeof *text_calls;
