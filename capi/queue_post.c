/* SPDX-License-Identifier: Apache-2.0 */
/* queue_post.c - functions that the host has posted to a queue: they wait in a stream of its own. */
#include "queue.h"

int32_t wsx_queue_uses(wsx_queue *q, bool uses)
{
    bool closed;
    pthread_mutex_lock(&q->mutex);
    if (!(closed = q->closed) && uses) q->users++;
    if (!uses && !--q->users && q->asleep) wsx_ring(q->bell); /* it may be the end of a shutdown */
    pthread_mutex_unlock(&q->mutex);
    return closed ? wsx_fail(WS_ERR_HANDLE, "queue: was just destroyed by another thread") : WS_OK;
}

/* Its use keeps the queue from being destroyed. */
void wsx_queue_posted(ws_handle queue, uintptr_t callback, uintptr_t user_data, int32_t status, const char *text)
{
    int32_t unused;
    wsx_queue *q = wsx_queue_find(queue, &unused);
    if (!q) return;
    const uint64_t none = (uint64_t)(uintptr_t)"";
    wsx_detail t = {.callback = callback, .user_data = user_data, .text = (uint64_t)(uintptr_t)text, .reason = none,
                    .protocol = none, .method = none, .target = none, .body = none, .error = status,
                    .operation = WS_OP_POST};
    wsx_record r = {.slot = q->block->slot, .type = WS_EVENT_COMPLETION, .flags = WSX_REC_FINAL,
                    .detail = (uint64_t)(uintptr_t)&t};
    wsx_push_node(&q->own, wsx_node_of(&r));
    wsx_queue_drop(q);
}
