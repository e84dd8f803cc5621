/* SPDX-License-Identifier: Apache-2.0 */
/*
 * held.c - which connections core sends for when a thread that dispatches a queue has ended its turn: they hold what
 * gather.c cannot have (compressed, with a completion), or it has gathered for them over TLS. core/send_held.go has the rules.
 */
#include <errno.h>
#include <stdlib.h>

#include "exports.h"
#include "handle.h"
#include "runtime.h"

/* Beyond that it is sent at once. */
enum { BYTES = 64 << 10, MOST = 64 };

typedef struct wsx_held {
    size_t count;
    uint64_t bytes; /* of messages, about */
    uint64_t handles[MOST];
} wsx_held;

static wsx_held *held_by(wsx_thread *self)
{
    if (!self->held) self->held = calloc(1, sizeof *self->held);
    return self->held;
}

/* A child has the frames, too. */
static void let_go(uint64_t *handles, size_t count)
{
    if (atomic_load(&wsx_refusal) != WS_ERR_FORKED) wsgo_let_go(handles, count);
}

static void note(wsx_held *h, uint64_t handle)
{
    for (size_t i = h->count; i; i--) /* it is mostly the last one */
        if (h->handles[i - 1] == handle) return;
    h->handles[h->count++] = handle;
}

int32_t wsx_send_by_queue(wsx_thread *self, ws_handle handle, const void *data, size_t size, int32_t type,
                          ws_callback completion, void *user_data)
{
    int32_t waits = 0;
    wsx_held *h = held_by(self);
    if (!h)
        return wsgo_send(handle, (uintptr_t)data, size, type, false, (uintptr_t)completion, (uintptr_t)user_data,
                         wsx_error_buffer());
    if (h->count == MOST) wsx_let_go(self);
    int32_t status = wsgo_send_by_queue(handle, (uintptr_t)data, size, type, (uintptr_t)completion, (uintptr_t)user_data,
                                        &waits, wsx_error_buffer());
    if (!waits) return status;
    note(h, handle);
    if ((h->bytes += size) > BYTES) wsx_let_go(self);
    return status;
}

void wsx_holds_too(wsx_thread *self, uint64_t handle)
{
    wsx_held *h = held_by(self);
    if (h && h->count == MOST) wsx_let_go(self);
    if (h) h->handles[h->count++] = handle;
    else let_go(&handle, 1);
}

bool wsx_holds(const wsx_thread *self)
{
    return self->held && self->held->count;
}

void wsx_let_go(wsx_thread *self)
{
    wsx_held *h = self->held;
    if (!h || !h->count) return;
    int before = errno;
    size_t count = h->count;
    h->count = 0;
    h->bytes = 0;
    let_go(h->handles, count);
    errno = before;
}

void wsx_holding_ends(wsx_thread *self)
{
    wsx_let_go(self);
    free(self->held);
    self->held = NULL;
}
