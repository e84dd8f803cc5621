/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.c - which bridges there are. A ws_nats pointer is a number that is never given twice, so one whose
 * bridge has ended is recognised and not followed.
 */
#include <stdlib.h>

#include "bridge.h"

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER; /* guards what follows, and refs; innermost */
static wsn_bridge **bridges;
static size_t count, room;
static uintptr_t last;

int32_t wsn_register(wsn_bridge *b)
{
    int32_t status = WS_OK;
    pthread_mutex_lock(&registry);
    if (count == room) {
        size_t more = room ? 2 * room : 8;
        wsn_bridge **grown = realloc(bridges, more * sizeof *bridges);
        if (grown) {
            bridges = grown;
            room = more;
        } else {
            status = WS_ERR_MEMORY;
        }
    }
    if (!status) {
        b->token = (ws_nats *)++last; /* NOLINT(performance-no-int-to-ptr) */
        b->refs = 1;
        bridges[count++] = b;
    }
    pthread_mutex_unlock(&registry);
    return status ? wsn_fail(status, "no memory for a bridge") : WS_OK;
}

wsn_bridge *wsn_take(const ws_nats *token)
{
    wsn_bridge *found = NULL;
    pthread_mutex_lock(&registry);
    for (size_t i = 0; token && i < count; i++)
        if (bridges[i]->token == token) found = bridges[i];
    if (found) found->refs++;
    pthread_mutex_unlock(&registry);
    if (!found) wsn_fail(WS_ERR_HANDLE, "bridge: %s", token ? "has ended, or never was one" : "is NULL");
    return found;
}

void wsn_forget(wsn_bridge *b)
{
    pthread_mutex_lock(&registry);
    for (size_t i = 0; i < count; i++)
        if (bridges[i] == b) {
            bridges[i] = bridges[--count];
            break;
        }
    if (!count) {
        free(bridges);
        bridges = NULL;
        room = 0;
    }
    pthread_mutex_unlock(&registry);
}

void wsn_give(wsn_bridge *b)
{
    pthread_mutex_lock(&registry);
    bool gone = !--b->refs;
    pthread_mutex_unlock(&registry);
    if (gone) wsn_free(b);
}
