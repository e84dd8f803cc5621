/* SPDX-License-Identifier: Apache-2.0 */
/* handle.c - the handle of a client, a server or a connection: a slot, its listeners, and its queue if it has one. */
#include "debug.h"
#include "queue.h"

wsx_block *wsx_acquire(uint32_t kind, uint32_t server_slot)
{
    WSX_POINT("acquire");
    pthread_mutex_lock(&wsx_mutex);
    wsx_block *b = wsx_take_slot(kind, server_slot);
    pthread_mutex_unlock(&wsx_mutex);
    if (b && server_slot && !wsx_queue_inherit(b, wsx_slot(server_slot))) {
        wsx_release(b);
        return NULL;
    }
    return b;
}

void wsx_release(wsx_block *b)
{
    wsx_queue_leave(b);
    WSX_POINT("freed");
    pthread_mutex_lock(&wsx_mutex);
    wsx_give_slot(b);
    wsx_listeners_clear(b);
    pthread_mutex_unlock(&wsx_mutex);
}
