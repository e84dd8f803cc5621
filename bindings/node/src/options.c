/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structs of options from JavaScript objects whose members have the same names, which
 * members.inc lists. What the module calls otherwise, and ranges that have a documented
 * error, are handled in ../lib; ranges of libws are checked by libws, whose text names the member.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addon.h"
#include "members.inc"

enum { MOST_STRUCTS = 10000 };

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

/* A number, or a BigInt for what numbers do not have. */
static bool read_u64(host *h, napi_value value, const char *name, uint64_t *into) {
    bool whole = false;
    double number = 0;
    if (napi_get_value_bigint_uint64(h->env, value, into, &whole) == napi_ok)
        return whole || wrong(h, name, "is negative, or needs more than 64 bits");
    if (!read_number(h, value, name, 0, 9007199254740991.0, &number))
        return false;
    *into = (uint64_t)number;
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

/* structs lie side by side, each of its shape's size; struct_size is the first member of all of them. */
static bool read_inner(host *h, napi_value object, const shape *shape, void *into, arena *memory) {
    uint32_t size = (uint32_t)shape->size;
    memcpy(into, &size, sizeof size);
    return options_read(h, object, shape, into, memory);
}

static bool read_structs(host *h, napi_value list, const member *m, const void **into, size_t *count, arena *memory) {
    uint32_t length = 0;
    if (napi_get_array_length(h->env, list, &length) != napi_ok || length > MOST_STRUCTS)
        return wrong(h, m->name, "is not a list, or too long");
    char *all = arena_take(memory, length * m->inner->size);
    if (!all)
        return wrong(h, m->name, "does not fit into memory");
    for (uint32_t i = 0; i < length; i++) {
        napi_value item;
        napi_get_element(h->env, list, i, &item);
        if (!read_inner(h, item, m->inner, all + i * m->inner->size, memory))
            return false;
    }
    *into = all;
    *count = length;
    return true;
}

static bool read_member(host *h, napi_value value, const member *m, char *into, arena *memory) {
    void *place = into + m->at, *inner;
    size_t *size = (size_t *)(void *)(into + m->size_at);
    double number = 0;
    switch (m->kind) {
    case KIND_I32:
        if (!read_number(h, value, m->name, INT32_MIN, INT32_MAX, &number))
            return false;
        *(int32_t *)place = (int32_t)number;
        return true;
    case KIND_SOCKET:
        if (!read_number(h, value, m->name, -1, INT32_MAX, &number))
            return false;
        *(ws_socket *)place = (ws_socket)(int32_t)number;
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
    case KIND_U64:
        return read_u64(h, value, m->name, place);
    case KIND_TEXT:
        return read_text(h, value, m->name, place, memory);
    case KIND_BYTES:
        return read_bytes(h, value, m->name, place, size, memory);
    case KIND_HEADERS:
        return read_headers(h, value, m->name, place, size, memory);
    case KIND_I32S:
        return read_numbers(h, value, m->name, place, (int32_t *)(void *)size, memory);
    case KIND_STRUCT:
        inner = arena_take(memory, m->inner->size);
        if (!inner)
            return wrong(h, m->name, "does not fit into memory");
        *(const void **)place = inner;
        return read_inner(h, value, m->inner, inner, memory);
    case KIND_STRUCTS:
        return read_structs(h, value, m, place, size, memory);
    }
    return false;
}

bool options_read(host *h, napi_value object, const shape *shape, void *into, arena *memory) {
    for (const member *m = shape->members; m->name; m++) {
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

/* ---- figures --------------------------------------------------------------------- */

const figure *const connection_figures = ws_connection_stats_figures, *const server_figures = ws_server_stats_figures,
                    *const library_figures = ws_stats_figures;

static double number_at(const figure *f, const char *stats) {
    int32_t i32;
    uint32_t u32;
    int64_t i64;
    uint64_t u64;
    switch (f->kind) {
    case FIGURE_I32:
        return memcpy(&i32, stats + f->at, sizeof i32), i32;
    case FIGURE_U32:
        return memcpy(&u32, stats + f->at, sizeof u32), u32;
    case FIGURE_I64:
        return memcpy(&i64, stats + f->at, sizeof i64), (double)i64;
    case FIGURE_U64:
        return memcpy(&u64, stats + f->at, sizeof u64), (double)u64;
    }
    return 0;
}

napi_value figures_of(napi_env env, const figure *figures, const void *stats) {
    napi_value object;
    napi_create_object(env, &object);
    for (const figure *f = figures; f->name; f++)
        set_of(env, object, f->name, number_of(env, number_at(f, stats)));
    return object;
}
