/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_publish_with and ws_server_broadcast_with: who does not read gets the newest of each key, who does
 * waits for nobody; and with compression all that comes inflates, whatever was replaced or passed.
 */
#include "t_compression.h"
#include "t_latest.h"

/* A subscriber that does not read gets the newest; one that does waits for nobody. */
static void published_values(void)
{
    enum { MANY = 400, VALUE = 20000, LIMIT = 50 * VALUE };
    static char value[VALUE];
    t_log log = T_LOG;
    ws_handle server = small_server(LIMIT, &log);
    t_raw slow;
    t_raw_small_client(&slow, t_port(server));
    ws_handle stuck = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_subscribe(stuck, "prices", 6));
    t_log reader = T_LOG;
    ws_handle client = t_open_client(server, &reader);
    ws_handle other = t_wait_event(&log, WS_EVENT_CONNECT, 2)->handle;
    OK(ws_subscribe(other, "prices", 6));
    ws_send_options o = rank(1, 0);
    for (uint32_t n = 1; n <= MANY; n++) {
        size_t count;
        memcpy(value, &n, sizeof n);
        OK(ws_publish_with(server, "prices", 6, value, VALUE, WS_BINARY, 0, &o, &count));
        CHECK_EQ(count, 2);
    }
    o = rank(0, 1);
    OK(ws_publish_with(server, "prices", 6, "now", 3, WS_TEXT, 0, &o, NULL)); /* passes what waits */
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(stuck, &stats));
    CHECK_EQ(stats.messages_dropped, 0);
    CHECK(stats.messages_replaced > MANY / 2);
    uint64_t seen = 0;
    int now = 0;
    uint32_t last = 0;
    for (t_frame f; last != MANY || !now;) {
        f = t_raw_read(&slow);
        if (f.first == T_TEXT) {
            CHECK(last < MANY); /* it was sent behind the last one */
            now = 1;
            continue;
        }
        uint32_t n;
        CHECK_EQ(f.size, VALUE);
        memcpy(&n, f.data, sizeof n);
        CHECK(n > last);
        last = n;
        seen++;
    }
    CHECK_EQ(seen + stats.messages_replaced, MANY);
    /* The reader has the last one as well. */
    for (last = 0; last != MANY;) {
        for (int i = t_seen(&reader, WS_EVENT_MESSAGE); i > 0 && last != MANY; i--) {
            const t_event *e = t_wait_event(&reader, WS_EVENT_MESSAGE, i);
            if (e->size == VALUE) memcpy(&last, e->data, sizeof last), i = 0;
        }
        sched_yield();
    }
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(other, &stats));
    CHECK_EQ(stats.messages_dropped, 0);
    t_raw_close(&slow);
    t_destroy(client, &reader);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
    t_forget(&reader);
}

/* With takeover in both directions: whatever is replaced or passed, all that comes inflates. */
static void compressed_values(void)
{
    t_log log = T_LOG, reader = T_LOG;
    ws_compression z = t_compression(WS_TAKEOVER_OUT | WS_TAKEOVER_IN, 15, 64);
    ws_handle server = ws_server_create(NULL);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &log));
    t_start_compressing(server, &z);
    ws_handle client = t_compressing_client(server, &z, &reader);
    ws_handle handle = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_pause(client));
    static char noise[SIZE];
    unsigned x = 12345;
    for (int i = 0; i < SIZE; i++) noise[i] = (char)((x = x * 1103515245u + 12345u) >> 16);
    char text[600];
    int k = 0;
    enum { VALUES = 300 };
    for (long walls = 0; k < VALUES; k++) {
        ws_send_options o = rank((uint64_t)(k % 7), k % 3);
        int size = snprintf(text, sizeof text, "value %d %d ", k % 7, k);
        while (size < 500) size += snprintf(text + size, sizeof text - (size_t)size, "again and again ");
        if (k % 5 == 4) OK(ws_server_broadcast_with(server, text, (size_t)size, WS_TEXT, 0, &o, NULL));
        else OK(ws_send_with(handle, text, (size_t)size, WS_TEXT, &o, NULL, NULL));
        if (k == 10) /* the first ones leave compressed, the others wait */
            while (walls < THICK || t_buffered(handle) < 10 * SIZE)
                walls++, OK(ws_send_with(handle, noise, SIZE, WS_BINARY, NULL, NULL, NULL));
    }
    CHECK(replaced_of(handle) > VALUES / 2);
    OK(ws_resume(client));
    OK(ws_send(handle, "end", 3, WS_TEXT, NULL, NULL));
    OK(ws_close(handle, NULL, NULL, NULL));
    t_wait_event(&reader, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_seen(&reader, WS_EVENT_ERROR), 0);
    int last[7] = {0}, ended = 0;
    for (int i = 1; i <= t_seen(&reader, WS_EVENT_MESSAGE); i++) {
        const t_event *e = t_wait_event(&reader, WS_EVENT_MESSAGE, i);
        int key, n;
        if (e->size == SIZE) CHECK(!memcmp(e->data, noise, SIZE));
        else if (sscanf((const char *)e->data, "value %d %d ", &key, &n) == 2) last[key] = n > last[key] ? n : last[key];
        else CHECK_TEXT((const char *)e->data, "end"), ended++;
    }
    CHECK_EQ(ended, 1);
    for (int key = 1; key < 7; key++) CHECK(last[key] >= VALUES - 7); /* the newest of each */
    t_destroy(client, &reader);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&reader);
    t_forget(&log);
}

int main(void)
{
    published_values();
    compressed_values();
    return t_done();
}
