/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the system has no memory to put a message into a queue, the connection of that message
 * ends, as a gap would not be noticed; the loop does not stand still, and others go on.
 */
#include <errno.h>
#include <stdatomic.h>

#include "t_queue.h"
#include "t_malloc.h"

enum { LARGE = 1 << 20 };

/* No memory for large things. */
static atomic_int none, refused;

void *malloc(size_t size)
{
    if (none && size >= LARGE) {
        refused++;
        errno = ENOMEM;
        return NULL;
    }
    return t_libc_malloc(size);
}

static t_log poor = T_LOG, other = T_LOG;

int main(void)
{
    ws_handle queue = t_queue_make(0, 64 << 20), server = t_echo_server();
    ws_handle client = t_queue_client(queue, &poor), lives = t_queue_client(queue, &other);
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    OK(ws_connect(lives, t_url(server), NULL, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&poor, WS_EVENT_OPEN) && t_seen(&other, WS_EVENT_OPEN));
    char *data = t_bytes(LARGE, 1, 1);
    OK(ws_send(client, data, 100, WS_TEXT, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&poor, WS_EVENT_MESSAGE) == 1);

    none = 1;
    OK(ws_send(client, data, LARGE, WS_TEXT, NULL, NULL));
    /* behind the gap, if it is still open */
    for (int i = 0; i < 10; i++) ws_send(client, data, 100, WS_TEXT, NULL, NULL);
    T_DISPATCH_UNTIL(queue, t_seen(&poor, WS_EVENT_CLOSE));
    CHECK(refused > 0);
    CHECK_TEXT(t_story(&poor), "open message error close");
    CHECK_EQ(t_wait_event(&poor, WS_EVENT_ERROR, 1)->error, WS_ERR_MEMORY);
    OK(ws_send(lives, data, 100, WS_TEXT, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&other, WS_EVENT_MESSAGE) == 1);

    none = 0;
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL)); /* the gap was in the last connection */
    T_DISPATCH_UNTIL(queue, t_seen(&poor, WS_EVENT_OPEN) == 2);
    OK(ws_send(client, data, LARGE, WS_TEXT, NULL, NULL));
    T_DISPATCH_UNTIL(queue, t_seen(&poor, WS_EVENT_MESSAGE) == 2);
    free(data);
    OK(ws_destroy(client));
    OK(ws_destroy(lives));
    T_DISPATCH_UNTIL(queue, t_seen(&poor, WS_EVENT_DESTROYED) && t_seen(&other, WS_EVENT_DESTROYED));
    OK(ws_queue_destroy(queue));
    return t_done();
}
