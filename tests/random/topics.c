/* SPDX-License-Identifier: Apache-2.0 */
/* topics.c - random subscriptions, and messages to many. */
#include "random.h"

enum { TOPICS = 6 };

void r_topic_act(r_rng *rng, r_thing *t)
{
    static const char names[TOPICS] = "abcdef";
    const char *name = &names[r_below(rng, TOPICS)];
    bool dead = t->dead, leaves = r_one_in(rng, 3);
    int32_t status = leaves ? R_CALL("ws_unsubscribe", t->handle, ws_unsubscribe(t->handle, name, 1))
                            : R_CALL("ws_subscribe", t->handle, ws_subscribe(t->handle, name, 1));
    if (t->kind == R_CLIENT) R_CHECK(status == WS_ERR_HANDLE, "a subscription of a client returns %d", status);
    else if (leaves) R_ALLOW("ws_unsubscribe", t, dead, status, WS_OK);
    else R_ALLOW("ws_subscribe", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL);
}

/* An accepted connection, perhaps a stale one or another server's; 0 for none. */
static ws_handle somebody(r_rng *rng)
{
    r_thing *t = r_take(0, r_below(rng, r_run.connections));
    if (!t) return 0;
    ws_handle handle = t->kind == R_ACCEPTED ? t->handle : 0;
    r_unpin(t);
    return handle;
}

void r_publish(r_rng *rng, r_thing *server)
{
    static const char names[TOPICS] = "abcdef";
    size_t size = r_one_in(rng, 10) ? r_below(rng, 70000) : r_below(rng, 300), n = SIZE_MAX;
    char *data = malloc(size + 1);
    CHECK(data);
    r_content_make(rng, data, size);
    int32_t type = r_one_in(rng, 2) ? WS_TEXT : WS_BINARY, status;
    ws_handle except = somebody(rng);
    bool dead = server->dead;
    if (r_one_in(rng, 3))
        status = R_CALL("ws_server_broadcast", server->handle, ws_server_broadcast(server->handle, data, size, type, except, &n));
    else
        status = R_CALL("ws_publish", server->handle,
                        ws_publish(server->handle, &names[r_below(rng, TOPICS)], 1, data, size, type, except, &n));
    R_ALLOW("ws_publish", server, dead, status, WS_OK, WS_ERR_STATE);
    R_CHECK(status ? n == SIZE_MAX : n < 1 << 20, "ws_publish returns %d and tells %zu", status, n);
    memset(data, '!', size); /* it may be reused at once */
    free(data);
}
