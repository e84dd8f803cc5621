/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs of options from JavaScript objects whose members have the same names. What
 * the module calls otherwise, and ranges that have a documented error, are handled in
 * ../lib; ranges of libws are checked by libws, whose text names the member.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon.h"

#define AT(type, name) offsetof(type, name)
#define ONE(type, kind, name) {#name, kind, AT(type, name), 0}
#define TWO(type, kind, name, size) {#name, kind, AT(type, name), AT(type, size)}
#define LAST {NULL, KIND_I32, 0, 0}

const member create_members[] = {
    ONE(ws_create_options, KIND_U32, flags),          ONE(ws_create_options, KIND_I64, max_message_size),
    ONE(ws_create_options, KIND_I64, max_send_size),  ONE(ws_create_options, KIND_I64, max_buffered),
    ONE(ws_create_options, KIND_I64, high_water_mark), ONE(ws_create_options, KIND_I64, low_water_mark),
    ONE(ws_create_options, KIND_TEXT, correlation_id), LAST,
};

const member server_members[] = {
    ONE(ws_server_options, KIND_U32, flags),
    ONE(ws_server_options, KIND_I64, max_message_size),
    ONE(ws_server_options, KIND_I64, max_send_size),
    ONE(ws_server_options, KIND_I64, max_buffered),
    ONE(ws_server_options, KIND_I64, high_water_mark),
    ONE(ws_server_options, KIND_I64, low_water_mark),
    ONE(ws_server_options, KIND_I32, max_subscriptions),
    LAST,
};

const member connect_members[] = {
    ONE(ws_connect_options, KIND_U32, flags),
    TWO(ws_connect_options, KIND_HEADERS, headers, header_count),
    ONE(ws_connect_options, KIND_TEXT, protocol),
    ONE(ws_connect_options, KIND_TEXT, origin),
    ONE(ws_connect_options, KIND_I32, max_redirects),
    ONE(ws_connect_options, KIND_I32, handshake_timeout_ms),
    ONE(ws_connect_options, KIND_I32, connect_timeout_ms),
    ONE(ws_connect_options, KIND_I32, ping_interval_ms),
    ONE(ws_connect_options, KIND_I32, pong_timeout_ms),
    ONE(ws_connect_options, KIND_I32, idle_timeout_ms),
    ONE(ws_connect_options, KIND_I32, write_timeout_ms),
    ONE(ws_connect_options, KIND_BOOL32, skip_server_cert_verification),
    ONE(ws_connect_options, KIND_I32, min_support_tls_protocol),
    ONE(ws_connect_options, KIND_I32, max_support_tls_protocol),
    ONE(ws_connect_options, KIND_TEXT, ca_path),
    TWO(ws_connect_options, KIND_BYTES, ca, ca_size),
    ONE(ws_connect_options, KIND_TEXT, client_cert_path),
    ONE(ws_connect_options, KIND_TEXT, client_key_path),
    ONE(ws_connect_options, KIND_TEXT, client_key_password),
    ONE(ws_connect_options, KIND_TEXT, server_name),
    ONE(ws_connect_options, KIND_TEXT, pins),
    ONE(ws_connect_options, KIND_I32, proxy),
    ONE(ws_connect_options, KIND_I32, proxy_port),
    ONE(ws_connect_options, KIND_TEXT, proxy_host),
    ONE(ws_connect_options, KIND_TEXT, proxy_username),
    ONE(ws_connect_options, KIND_TEXT, proxy_password),
    ONE(ws_connect_options, KIND_TEXT, proxy_exclusion_list),
    ONE(ws_connect_options, KIND_RECONNECT, reconnect),
    ONE(ws_connect_options, KIND_COMPRESSION, compression),
    LAST,
};

const member config_members[] = {
    ONE(ws_server_config, KIND_U32, flags),
    ONE(ws_server_config, KIND_I32, server_port),
    ONE(ws_server_config, KIND_TEXT, server_ip),
    ONE(ws_server_config, KIND_I32, handshake_timeout_ms),
    ONE(ws_server_config, KIND_TEXT, cert_path),
    ONE(ws_server_config, KIND_TEXT, key_path),
    ONE(ws_server_config, KIND_TEXT, key_password),
    ONE(ws_server_config, KIND_TEXT, client_ca_path),
    ONE(ws_server_config, KIND_TEXT, protocol),
    ONE(ws_server_config, KIND_TEXT, origins),
    ONE(ws_server_config, KIND_I32, max_connections),
    ONE(ws_server_config, KIND_I32, max_concurrent_clients_number),
    ONE(ws_server_config, KIND_I32, max_connections_for_one_client),
    ONE(ws_server_config, KIND_I32, ping_interval_ms),
    ONE(ws_server_config, KIND_I32, pong_timeout_ms),
    ONE(ws_server_config, KIND_I32, idle_timeout_ms),
    ONE(ws_server_config, KIND_COMPRESSION, compression),
    LAST,
};

const member close_members[] = {
    ONE(ws_close_options, KIND_I32, code),
    ONE(ws_close_options, KIND_TEXT, reason),
    ONE(ws_close_options, KIND_I32, timeout_ms),
    LAST,
};

const member accept_members[] = {
    ONE(ws_accept_options, KIND_TEXT, protocol),
    TWO(ws_accept_options, KIND_HEADERS, headers, header_count),
    LAST,
};

const member response_members[] = {
    ONE(ws_response, KIND_I32, status),
    TWO(ws_response, KIND_HEADERS, headers, header_count),
    TWO(ws_response, KIND_BYTES, body, body_size),
    LAST,
};

static const member reconnect_members[] = {
    ONE(ws_reconnect_options, KIND_U32, flags),
    ONE(ws_reconnect_options, KIND_I32, first_delay_ms),
    ONE(ws_reconnect_options, KIND_I32, max_delay_ms),
    ONE(ws_reconnect_options, KIND_I32, factor_percent),
    ONE(ws_reconnect_options, KIND_I32, max_tries),
    ONE(ws_reconnect_options, KIND_BOOL32, exact),
    ONE(ws_reconnect_options, KIND_I32, stable_ms),
    TWO(ws_reconnect_options, KIND_I32S, final_codes, final_code_count),
    LAST,
};

static const member compression_members[] = {
    ONE(ws_compression, KIND_U32, flags),
    ONE(ws_compression, KIND_I32, level),
    ONE(ws_compression, KIND_I32, min_size),
    ONE(ws_compression, KIND_I32, window_bits_out),
    ONE(ws_compression, KIND_I32, window_bits_in),
    LAST,
};

/* ---- the arena ------------------------------------------------------------------- */

static void *arena_keep(arena *memory, void *block) {
    if (!block)
        return NULL;
    if (memory->count == memory->room) {
        size_t room = memory->room ? 2 * memory->room : 16;
        void **more = realloc(memory->blocks, room * sizeof *more);
        if (!more) {
            free(block);
            return NULL;
        }
        memory->blocks = more;
        memory->room = room;
    }
    return memory->blocks[memory->count++] = block;
}

void *arena_take(arena *memory, size_t size) { return arena_keep(memory, calloc(1, size ? size : 1)); }

void arena_free(arena *memory) {
    for (size_t i = 0; i < memory->count; i++)
        free(memory->blocks[i]);
    free(memory->blocks);
    memset(memory, 0, sizeof *memory);
}

/* ---- values ---------------------------------------------------------------------- */

static bool wrong(host *h, const char *name, const char *what) {
    snprintf(h->why, sizeof h->why, "%s %s", name, what);
    return false;
}

static bool read_text(host *h, napi_value value, const char *name, const char **text, arena *memory) {
    size_t size = 0;
    *text = arena_keep(memory, value_text(h, value, &size));
    if (!*text)
        return wrong(h, name, "is not a string");
    if (strlen(*text) != size)
        return wrong(h, name, "has a NUL character inside, at which it would be cut");
    return true;
}

static bool read_number(host *h, napi_value value, const char *name, double least, double most, double *number) {
    bool yes;
    if (napi_get_value_bool(h->env, value, &yes) == napi_ok) {
        *number = yes;
        return true;
    }
    if (napi_get_value_double(h->env, value, number) != napi_ok || !(*number >= least && *number <= most) ||
        *number != (double)(int64_t)*number)
        return wrong(h, name, "is not a whole number, or out of range");
    return true;
}

static bool read_bytes(host *h, napi_value value, const char *name, const void **data, size_t *size, arena *memory) {
    void *owned = NULL;
    int32_t type;
    if (!value_bytes(h, value, name, data, size, &type, &owned))
        return false;
    if (owned)
        return arena_keep(memory, owned) || wrong(h, name, "does not fit into memory");
    void *copy = arena_take(memory, *size + 1); /* the scratch is used again, and views may be anybody's */
    if (!copy)
        return wrong(h, name, "does not fit into memory");
    if (*size)
        memcpy(copy, *data, *size);
    *data = copy;
    return true;
}

/* [name, value, name, value ...] */
static bool read_headers(host *h, napi_value list, const char *name, const ws_header **headers, size_t *count,
                         arena *memory) {
    uint32_t length = 0;
    if (napi_get_array_length(h->env, list, &length) != napi_ok)
        return wrong(h, name, "is not a list of names and values");
    ws_header *fields = arena_take(memory, (length / 2) * sizeof *fields);
    if (!fields)
        return wrong(h, name, "does not fit into memory");
    for (uint32_t i = 0; i + 1 < length; i += 2) {
        napi_value part;
        napi_get_element(h->env, list, i, &part);
        if (!read_text(h, part, name, &fields[i / 2].name, memory))
            return false;
        napi_get_element(h->env, list, i + 1, &part);
        if (!read_text(h, part, name, &fields[i / 2].value, memory))
            return false;
    }
    *headers = fields;
    *count = length / 2;
    return true;
}

static bool read_numbers(host *h, napi_value list, const char *name, const int32_t **numbers, int32_t *count,
                         arena *memory) {
    uint32_t length = 0;
    if (napi_get_array_length(h->env, list, &length) != napi_ok || length > 1000)
        return wrong(h, name, "is not a list of at most 1000 numbers");
    int32_t *all = arena_take(memory, length * sizeof *all);
    if (!all)
        return wrong(h, name, "does not fit into memory");
    for (uint32_t i = 0; i < length; i++) {
        napi_value item;
        double number;
        napi_get_element(h->env, list, i, &item);
        if (!read_number(h, item, name, INT32_MIN, INT32_MAX, &number))
            return false;
        all[i] = (int32_t)number;
    }
    *numbers = all;
    *count = (int32_t)length;
    return true;
}

/* A struct of options inside another one. */
static bool read_inner(host *h, napi_value object, const member *members, size_t struct_size, const void **into,
                       arena *memory) {
    uint32_t *inner = arena_take(memory, struct_size);
    if (!inner)
        return wrong(h, members->name, "does not fit into memory");
    *inner = (uint32_t)struct_size; /* struct_size is the first member of all of them */
    *into = inner;
    return options_read(h, object, members, inner, memory);
}

static bool read_member(host *h, napi_value value, const member *m, char *into, arena *memory) {
    void *place = into + m->at;
    double number = 0;
    switch (m->kind) {
    case KIND_I32:
    case KIND_BOOL32:
        if (!read_number(h, value, m->name, INT32_MIN, INT32_MAX, &number))
            return false;
        *(int32_t *)place = (int32_t)number;
        return true;
    case KIND_U32:
        if (!read_number(h, value, m->name, 0, UINT32_MAX, &number))
            return false;
        *(uint32_t *)place = (uint32_t)number;
        return true;
    case KIND_I64:
        if (!read_number(h, value, m->name, -1, 9007199254740991.0, &number))
            return false;
        *(int64_t *)place = (int64_t)number;
        return true;
    case KIND_TEXT:
        return read_text(h, value, m->name, place, memory);
    case KIND_BYTES:
        return read_bytes(h, value, m->name, place, (size_t *)(void *)(into + m->size_at), memory);
    case KIND_HEADERS:
        return read_headers(h, value, m->name, place, (size_t *)(void *)(into + m->size_at), memory);
    case KIND_I32S:
        return read_numbers(h, value, m->name, place, (int32_t *)(void *)(into + m->size_at), memory);
    case KIND_RECONNECT:
        return read_inner(h, value, reconnect_members, sizeof(ws_reconnect_options), place, memory);
    case KIND_COMPRESSION:
        return read_inner(h, value, compression_members, sizeof(ws_compression), place, memory);
    }
    return false;
}

bool options_read(host *h, napi_value object, const member *members, void *into, arena *memory) {
    for (const member *m = members; m->name; m++) {
        napi_value value;
        napi_valuetype type = napi_undefined;
        if (napi_get_named_property(h->env, object, m->name, &value) != napi_ok)
            return wrong(h, m->name, "cannot be read");
        napi_typeof(h->env, value, &type);
        if (type != napi_undefined && !read_member(h, value, m, into, memory))
            return false;
    }
    return true;
}
