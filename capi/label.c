/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label.c - the correlation ids that a host gives to connections.
 *
 * Events point to them, on any thread, so one that was replaced stays until the handle's slot is
 * released: then no event of the handle comes any more.
 */
#include <stdlib.h>

#include "handle.h"
#include "thread.h"

typedef struct label {
    struct label *next;
    char text[];
} label;

typedef struct labels {
    _Atomic(label *) current; /* NULL: none. Written under wsx_mutex */
    label *all;               /* the newest first; under wsx_mutex */
} labels;

static labels *_Atomic chunks[1u << (WSX_INDEX_BITS - WSX_CHUNK_BITS)]; /* grows under wsx_mutex; never unmapped */

/* NULL: nothing was ever put there. */
static labels *labels_of(uint32_t slot)
{
    labels *chunk = atomic_load_explicit(&chunks[slot >> WSX_CHUNK_BITS], memory_order_acquire);
    return chunk ? &chunk[slot & ((1u << WSX_CHUNK_BITS) - 1)] : NULL;
}

const char *wsx_label_text(const wsx_block *b)
{
    labels *l = labels_of(b->slot);
    label *now = l ? atomic_load_explicit(&l->current, memory_order_acquire) : NULL;
    return now ? now->text : "";
}

int32_t wsx_label_check(const char *text, const char *name)
{
    size_t size = text ? strnlen(text, WSX_LABEL_MOST + 1) : 0;
    if (size > WSX_LABEL_MOST) return wsx_fail(WS_ERR_PARAMETER, "%s: is longer than %d bytes", name, WSX_LABEL_MOST);
    for (size_t i = 0; i < size; i++)
        if (text[i] < 0x20 || text[i] > 0x7e)
            return wsx_fail(WS_ERR_PARAMETER, "%s: byte %zu is no printable ASCII", name, i);
    return WS_OK;
}

/* wsx_mutex held. */
static bool set(wsx_block *b, const char *text, const char **before)
{
    labels *l = labels_of(b->slot);
    label *mine = NULL;
    if (before) *before = wsx_label_text(b);
    if (text && text[0]) {
        size_t size = strlen(text) + 1;
        if (!l) {
            atomic_store_explicit(&chunks[b->slot >> WSX_CHUNK_BITS], calloc(1u << WSX_CHUNK_BITS, sizeof *l),
                                  memory_order_release);
            l = labels_of(b->slot);
        }
        if (!l || !(mine = malloc(sizeof *mine + size))) return false;
        memcpy(mine->text, text, size);
        mine->next = l->all;
        l->all = mine;
    }
    if (l) atomic_store_explicit(&l->current, mine, memory_order_release);
    if (mine) atomic_fetch_or(&b->life, WSX_LIFE_LABELLED);
    return true;
}

void wsx_label_clear(wsx_block *b)
{
    labels *l = atomic_load(&b->life) & WSX_LIFE_LABELLED ? labels_of(b->slot) : NULL;
    if (!l) return;
    atomic_store_explicit(&l->current, NULL, memory_order_release);
    while (l->all) {
        label *old = l->all;
        l->all = old->next;
        free(old);
    }
}

void wsx_label_copy(const wsx_block *b, char text[WSX_LABEL_MOST + 1])
{
    pthread_mutex_lock(&wsx_mutex);
    strcpy(text, wsx_label_text(b));
    pthread_mutex_unlock(&wsx_mutex);
}

int32_t wsx_label_give(ws_handle handle, uint32_t kinds, const char *text, const char **before)
{
    int32_t status = WS_OK;
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_argument(handle, kinds, "handle", &status);
    if (b && !set(b, text, before)) status = wsx_fail(WS_ERR_MEMORY, "correlation_id: no memory for it");
    pthread_mutex_unlock(&wsx_mutex);
    return status;
}

void wsx_label_take_back(ws_handle handle, uint32_t kinds, const char *before)
{
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_lookup(handle, kinds);
    labels *l = b ? labels_of(b->slot) : NULL;
    label *was = l ? l->all : NULL;
    while (was && was->text != before) was = was->next;
    if (l) atomic_store_explicit(&l->current, was, memory_order_release);
    pthread_mutex_unlock(&wsx_mutex);
}
