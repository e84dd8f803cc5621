/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clients.c - which clients there are.
 *
 * They lie in blocks, each twice as large as the one before, that are never given back: so a
 * pointer is known to be a client by comparing it with some 20 ranges, without a lock, and one
 * that has ended is recognised. The place of one is used again, the oldest first, when
 * there are enough of them: a program that goes on using a pointer after its end gets an error
 * for some time, though not for ever.
 */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "ndk.h"

enum { FIRST = 256, BLOCKS = 24, RESTING = 128 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards what follows, and is innermost */
static _Atomic(ndk_client *) blocks[BLOCKS];
static size_t used; /* of the last block */
static int last = -1;
static ndk_client *oldest, *newest; /* that may be used again */
static size_t resting;

static size_t size_of(int block)
{
    return (size_t)FIRST << block;
}

static int prepare(ndk_client *c)
{
    pthread_condattr_t attr;
    if (pthread_mutex_init(&c->mutex, NULL)) return -1;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    int failed = pthread_cond_init(&c->changed, &attr);
    pthread_condattr_destroy(&attr);
    if (failed) pthread_mutex_destroy(&c->mutex);
    return failed;
}

/* All of a block are prepared before it is known. mutex held. */
static bool add_block(void)
{
    ndk_client *block = last + 1 < BLOCKS ? calloc(size_of(last + 1), sizeof *block) : NULL;
    if (!block) return false;
    for (size_t i = 0; i < size_of(last + 1); i++)
        if (prepare(&block[i])) {
            while (i--) {
                pthread_cond_destroy(&block[i].changed);
                pthread_mutex_destroy(&block[i].mutex);
            }
            free(block);
            return false;
        }
    used = 0;
    atomic_store(&blocks[++last], block);
    return true;
}

/* mutex held */
static ndk_client *new_one(void)
{
    if ((last < 0 || used == size_of(last)) && !add_block()) return NULL;
    return &atomic_load(&blocks[last])[used++];
}

ndk_client *ndk_take(void)
{
    pthread_mutex_lock(&mutex);
    ndk_client *c = NULL;
    if (resting <= RESTING) c = new_one();
    if (!c && oldest) {
        c = oldest;
        if (!(oldest = c->next_free)) newest = NULL;
        resting--;
    }
    pthread_mutex_unlock(&mutex);
    if (!c) return NULL;
    pthread_mutex_lock(&c->mutex);
    memset(&c->shown, 0, sizeof c->shown);
    c->handle = c->queue = 0;
    c->headers = NULL;
    c->header_count = 0;
    c->open = c->was_open = c->closing = c->silent = c->awaited = c->gone = c->skips_verification = false;
    pthread_mutex_unlock(&c->mutex);
    return c;
}

void ndk_give(ndk_client *c)
{
    pthread_mutex_lock(&c->mutex);
    for (ndk_header *h = c->headers, *next; h; h = next) {
        next = h->next;
        free(h);
    }
    c->headers = NULL;
    c->shown.requestOptions.headers = NULL;
    pthread_mutex_unlock(&c->mutex);
    pthread_mutex_lock(&mutex);
    c->next_free = NULL;
    if (newest) newest->next_free = c;
    else oldest = c;
    newest = c;
    resting++;
    pthread_mutex_unlock(&mutex);
}

/* Whether it points to a client that exists or did. */
static bool is_client(const struct WebSocket *pointer)
{
    uintptr_t at = (uintptr_t)pointer;
    for (int i = 0; i < BLOCKS; i++) {
        uintptr_t begin = (uintptr_t)atomic_load_explicit(&blocks[i], memory_order_acquire);
        if (!begin) return false;
        if (at >= begin && at < begin + size_of(i) * sizeof(ndk_client)) return (at - begin) % sizeof(ndk_client) == 0; /* perhaps a place that is not in use */
    }
    return false;
}

ndk_client *ndk_enter(struct WebSocket *pointer, int *status)
{
    *status = pointer ? WEBSOCKET_CLIENT_NOT_CREATED : WEBSOCKET_CLIENT_NULL;
    if (!pointer || !is_client(pointer)) return NULL;
    ndk_client *c = (ndk_client *)pointer;
    pthread_mutex_lock(&c->mutex);
    if (c->live) return c;
    pthread_mutex_unlock(&c->mutex);
    return NULL;
}

void ndk_leave(ndk_client *c)
{
    pthread_mutex_unlock(&c->mutex);
}
