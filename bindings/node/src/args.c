/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments of calls, and values for events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon.h"

bool call_begin(napi_env env, napi_callback_info info, call *c) {
    void *data = NULL;
    memset(c, 0, sizeof *c);
    c->count = MAX_ARGS;
    napi_get_cb_info(env, info, &c->count, c->args, NULL, NULL);
    if (c->count > MAX_ARGS)
        c->count = MAX_ARGS;
    napi_get_instance_data(env, &data);
    c->h = data;
    c->h->why[0] = 0;
    return host_start(c->h);
}

bool call_is_missing(call *c, size_t i) {
    napi_valuetype type = napi_undefined;
    if (i < c->count)
        napi_typeof(c->h->env, c->args[i], &type);
    return type == napi_undefined || type == napi_null;
}

double call_number(call *c, size_t i, double otherwise) {
    double number = otherwise;
    if (i < c->count && napi_get_value_double(c->h->env, c->args[i], &number) != napi_ok)
        return otherwise;
    return number;
}

ws_handle call_handle(call *c, size_t i) {
    double number = call_number(c, i, 0);
    return number >= 1 && number < 9007199254740992.0 ? (ws_handle)number : 0;
}

char *value_text(host *h, napi_value value, size_t *size) {
    size_t length = 0;
    if (napi_get_value_string_utf8(h->env, value, NULL, 0, &length) != napi_ok)
        return NULL;
    char *text = malloc(length + 1);
    if (text)
        napi_get_value_string_utf8(h->env, value, text, length + 1, &length);
    *size = length;
    return text;
}

static bool no_bytes(host *h, const char *name, const char *what) {
    snprintf(h->why, sizeof h->why, "%s %s", name, what);
    return false;
}

/* A view of a detached buffer has neither bytes nor a length that counts. */
static bool is_detached(napi_env env, napi_value buffer) {
    bool detached = false;
    return napi_is_detached_arraybuffer(env, buffer, &detached) == napi_ok && detached;
}

/* A view whose buffer has shrunk below it has no bytes, too, but asked in JavaScript it throws. */
static bool is_out_of_bounds(napi_env env, napi_value view, bool is_dataview) {
    napi_value asked, thrown;
    bool pending = false;
    if (napi_get_named_property(env, view, is_dataview ? "byteLength" : "values", &asked) == napi_ok && !is_dataview)
        napi_call_function(env, view, asked, 0, NULL, &asked);
    napi_is_exception_pending(env, &pending);
    if (pending)
        napi_get_and_clear_last_exception(env, &thrown);
    return pending;
}

static bool string_bytes(host *h, napi_value value, const char *name, const void **data, size_t *size, void **owned) {
    size_t length = 0;
    napi_get_value_string_utf8(h->env, value, h->scratch, SCRATCH, &length);
    *data = h->scratch;
    *size = length;
    if (length < SCRATCH - 4) /* else it may be longer */
        return true;
    *owned = value_text(h, value, size);
    *data = *owned;
    return *owned || no_bytes(h, name, "does not fit into memory");
}

bool value_bytes(host *h, napi_value value, const char *name, const void **data, size_t *size, int32_t *type,
                 void **owned) {
    napi_env env = h->env;
    napi_valuetype kind = napi_undefined;
    napi_value buffer = value;
    void *bytes = NULL;
    bool is = false, is_dataview = false;
    napi_typeof(env, value, &kind);
    *type = kind == napi_string ? WS_TEXT : WS_BINARY;
    if (kind == napi_string)
        return string_bytes(h, value, name, data, size, owned);
    if (kind == napi_object && napi_is_arraybuffer(env, value, &is) == napi_ok && is) {
        if (napi_get_arraybuffer_info(env, value, &bytes, size) != napi_ok)
            return no_bytes(h, name, "cannot be read");
    } else if (kind == napi_object && napi_is_typedarray(env, value, &is) == napi_ok && is) {
        napi_typedarray_type element;
        size_t length = 0, offset;
        if (napi_get_typedarray_info(env, value, &element, &length, &bytes, &buffer, &offset) != napi_ok)
            return no_bytes(h, name, "cannot be read");
        size_t width = element == napi_int8_array || element == napi_uint8_array || element == napi_uint8_clamped_array ? 1
                       : element == napi_int16_array || element == napi_uint16_array                                    ? 2
                       : element == napi_int32_array || element == napi_uint32_array || element == napi_float32_array   ? 4
                                                                                                                       : 8;
        *size = length * width;
    } else if (kind == napi_object && napi_is_dataview(env, value, &is) == napi_ok && is) {
        size_t offset;
        is_dataview = true;
        if (napi_get_dataview_info(env, value, size, &bytes, &buffer, &offset) != napi_ok)
            return no_bytes(h, name, "cannot be read");
    } else {
        return no_bytes(h, name, "is neither a string nor an ArrayBuffer nor a view of one");
    }
    if (is_detached(env, buffer))
        return no_bytes(h, name, "is detached: its bytes were transferred to somebody else");
    if (!*size && buffer != value && is_out_of_bounds(env, value, is_dataview))
        return no_bytes(h, name, "is a view of what its buffer does not have any more");
    *data = bytes;
    return true;
}

bool call_bytes(call *c, size_t i, const char *name, const void **data, size_t *size, int32_t *type, void **owned) {
    if (i >= c->count)
        return no_bytes(c->h, name, "is missing");
    return value_bytes(c->h, c->args[i], name, data, size, type, owned);
}

napi_value number_of(napi_env env, double number) {
    napi_value value;
    napi_create_double(env, number, &value);
    return value;
}

/* Text that is too long for a string of V8 gives undefined, with an exception that waits. */
napi_value text_of(napi_env env, const char *text, size_t size) {
    napi_value value;
    if (napi_create_string_utf8(env, size ? text : "", size, &value) != napi_ok)
        napi_get_undefined(env, &value);
    return value;
}

napi_value buffer_of(napi_env env, const void *data, size_t size) {
    napi_value value;
    void *bytes = NULL;
    if (napi_create_arraybuffer(env, size, &bytes, &value) != napi_ok)
        napi_get_undefined(env, &value);
    else if (size && bytes)
        memcpy(bytes, data, size);
    return value;
}

void set_of(napi_env env, napi_value object, const char *name, napi_value value) {
    napi_set_named_property(env, object, name, value);
}

napi_value headers_of(napi_env env, const void *data, size_t size) {
    napi_value list;
    uint32_t length = 0;
    size_t at = 0;
    const char *name, *value;
    napi_create_array(env, &list);
    while (ws_header_next(data, size, &at, &name, &value)) {
        napi_set_element(env, list, length++, text_of(env, name, strlen(name)));
        napi_set_element(env, list, length++, text_of(env, value, strlen(value)));
    }
    return list;
}
