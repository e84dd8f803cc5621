/* SPDX-License-Identifier: Apache-2.0 */
/* topics.c - random subscriptions, and messages to many. */
#include "random.h"

enum { TOPICS = 6 };

static void pattern_act(r_rng *rng, r_thing *t, const char *pattern)
{
    bool dead = t->dead;
    int32_t how = -1, status;
    size_t size = SIZE_MAX;
    switch (r_below(rng, 4)) {
    case 0:
        status = R_CALL("ws_subscribe_pattern", t->handle, ws_subscribe_pattern(t->handle, pattern, 1));
        if (t->kind != R_CLIENT) R_ALLOW("ws_subscribe_pattern", t, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL, WS_ERR_MEMORY);
        break;
    case 1:
        status = R_CALL("ws_unsubscribe_pattern", t->handle, ws_unsubscribe_pattern(t->handle, pattern, 1));
        if (t->kind != R_CLIENT) R_ALLOW("ws_unsubscribe_pattern", t, dead, status, WS_OK);
        break;
    case 2:
        status = R_CALL("ws_is_subscribed", t->handle, ws_is_subscribed(t->handle, "a", 1, &how));
        if (t->kind != R_CLIENT) R_ALLOW("ws_is_subscribed", t, dead, status, WS_OK);
        R_CHECK(status ? how == -1 : how >= 0 && how <= (WS_BY_TOPIC | WS_BY_PATTERN), "ws_is_subscribed tells %d", how);
        break;
    default:
        status = R_CALL("ws_subscriptions", t->handle, ws_subscriptions(t->handle, NULL, 0, &size));
        if (t->kind != R_CLIENT) R_ALLOW("ws_subscriptions", t, dead, status, WS_OK);
        R_CHECK(status ? size == SIZE_MAX : size % 4 == 0 && size <= 9 * 4, "ws_subscriptions tells %zu", size);
    }
    if (t->kind == R_CLIENT) R_CHECK(status == WS_ERR_HANDLE, "a pattern of a client returns %d", status);
}

void r_topic_act(r_rng *rng, r_thing *t)
{
    static const char names[TOPICS] = "abcdef", patterns[] = "a+#";
    const char *name = &names[r_below(rng, TOPICS)];
    if (r_one_in(rng, 4)) {
        pattern_act(rng, t, &patterns[r_below(rng, 3)]);
        return;
    }
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
    ws_send_options rank = r_rank(rng);
    if (r_one_in(rng, 8))
        status = R_CALL("ws_server_broadcast_with", server->handle,
                        ws_server_broadcast_with(server->handle, data, size, type, except, &rank, &n));
    else if (r_one_in(rng, 8))
        status = R_CALL("ws_publish_with", server->handle,
                        ws_publish_with(server->handle, &names[r_below(rng, TOPICS)], 1, data, size, type, except, &rank, &n));
    else if (r_one_in(rng, 3))
        status = R_CALL("ws_server_broadcast", server->handle, ws_server_broadcast(server->handle, data, size, type, except, &n));
    else
        status = R_CALL("ws_publish", server->handle,
                        ws_publish(server->handle, &names[r_below(rng, TOPICS)], 1, data, size, type, except, &n));
    R_ALLOW("ws_publish", server, dead, status, WS_OK, WS_ERR_STATE, WS_ERR_FULL); /* of a relay that refuses */
    if (r_one_in(rng, 8)) {
        ws_handle all[4];
        size_t count = SIZE_MAX;
        bool gone = server->dead;
        int32_t asked = R_CALL("ws_topic_subscribers", server->handle,
                               ws_topic_subscribers(server->handle, "a", 1, all, 4, &count));
        R_ALLOW("ws_topic_subscribers", server, gone, asked, WS_OK, WS_ERR_BUFFER);
        R_CHECK(asked == WS_OK ? count <= 4 : asked == WS_ERR_BUFFER ? count > 4 : count == SIZE_MAX,
                "ws_topic_subscribers returns %d and tells %zu", asked, count);
    }
    R_CHECK(status ? n == SIZE_MAX : n < 1 << 20, "ws_publish returns %d and tells %zu", status, n);
    memset(data, '!', size); /* it may be reused at once */
    free(data);
}
