/* SPDX-License-Identifier: Apache-2.0 */
/*
 * odd.c - options of which some are wrong, on handles that nobody listens to: they are taken,
 * or refused by a text that names the member.
 */
#include "random.h"

#include <stddef.h>

enum type { INT32, INT64, TEXT };

typedef struct member {
    const char *name;
    size_t offset;
    enum type type;
} member;

#define MEMBER(of, name, type) {#name, offsetof(of, name), type}
#define COUNT(array) (unsigned)(sizeof(array) / sizeof *(array))

static const member of_client[] = {
    MEMBER(ws_create_options, struct_size, INT32),      MEMBER(ws_create_options, flags, INT32),
    MEMBER(ws_create_options, max_message_size, INT64), MEMBER(ws_create_options, max_send_size, INT64),
    MEMBER(ws_create_options, max_buffered, INT64),     MEMBER(ws_create_options, high_water_mark, INT64),
    MEMBER(ws_create_options, low_water_mark, INT64),   MEMBER(ws_create_options, queue, INT64),
    MEMBER(ws_create_options, full_policy, INT32),      MEMBER(ws_create_options, max_send_frame, INT64),
};

static const member of_server[] = {
    MEMBER(ws_server_options, struct_size, INT32),      MEMBER(ws_server_options, flags, INT32),
    MEMBER(ws_server_options, max_message_size, INT64), MEMBER(ws_server_options, max_send_size, INT64),
    MEMBER(ws_server_options, max_buffered, INT64),     MEMBER(ws_server_options, high_water_mark, INT64),
    MEMBER(ws_server_options, low_water_mark, INT64),   MEMBER(ws_server_options, queue, INT64),
    MEMBER(ws_server_options, max_fragments, INT32),    MEMBER(ws_server_options, max_control_frames, INT32),
    MEMBER(ws_server_options, full_policy, INT32),      MEMBER(ws_server_options, max_subscriptions, INT32),
    MEMBER(ws_server_options, max_send_frame, INT64),
};

static const member of_queue[] = {
    MEMBER(ws_queue_options, struct_size, INT32),
    MEMBER(ws_queue_options, flags, INT32),
    MEMBER(ws_queue_options, max_bytes, INT64),
};

static const member of_connect[] = {
    MEMBER(ws_connect_options, struct_size, INT32),          MEMBER(ws_connect_options, flags, INT32),
    MEMBER(ws_connect_options, protocol, TEXT),              MEMBER(ws_connect_options, origin, TEXT),
    MEMBER(ws_connect_options, max_redirects, INT32),        MEMBER(ws_connect_options, handshake_timeout_ms, INT32),
    MEMBER(ws_connect_options, connect_timeout_ms, INT32),   MEMBER(ws_connect_options, tls_timeout_ms, INT32),
    MEMBER(ws_connect_options, upgrade_timeout_ms, INT32),   MEMBER(ws_connect_options, ping_interval_ms, INT32),
    MEMBER(ws_connect_options, pong_timeout_ms, INT32),      MEMBER(ws_connect_options, idle_timeout_ms, INT32),
    MEMBER(ws_connect_options, write_timeout_ms, INT32),     MEMBER(ws_connect_options, skip_server_cert_verification, INT32),
    MEMBER(ws_connect_options, min_support_tls_protocol, INT32), MEMBER(ws_connect_options, max_support_tls_protocol, INT32),
    MEMBER(ws_connect_options, server_name, TEXT),           MEMBER(ws_connect_options, pins, TEXT),
    MEMBER(ws_connect_options, cipher_suites, TEXT),         MEMBER(ws_connect_options, proxy, INT32),
    MEMBER(ws_connect_options, proxy_port, INT32),           MEMBER(ws_connect_options, proxy_username, TEXT),
    MEMBER(ws_connect_options, proxy_exclusion_list, TEXT),
};

static const member of_again[] = {
    MEMBER(ws_reconnect_options, struct_size, INT32),    MEMBER(ws_reconnect_options, flags, INT32),
    MEMBER(ws_reconnect_options, first_delay_ms, INT32), MEMBER(ws_reconnect_options, max_delay_ms, INT32),
    MEMBER(ws_reconnect_options, factor_percent, INT32), MEMBER(ws_reconnect_options, max_tries, INT32),
    MEMBER(ws_reconnect_options, exact, INT32),          MEMBER(ws_reconnect_options, stable_ms, INT32),
    MEMBER(ws_reconnect_options, reserved, INT32),       MEMBER(ws_reconnect_options, answer_timeout_ms, INT32),
    MEMBER(ws_reconnect_options, reserved_2, INT32),
};

static const member of_compression[] = {
    MEMBER(ws_compression, struct_size, INT32),     MEMBER(ws_compression, flags, INT32),
    MEMBER(ws_compression, level, INT32),           MEMBER(ws_compression, min_size, INT32),
    MEMBER(ws_compression, window_bits_out, INT32), MEMBER(ws_compression, window_bits_in, INT32),
    MEMBER(ws_compression, max_ratio, INT32),       MEMBER(ws_compression, reserved, INT32),
};

static const member of_start[] = {
    MEMBER(ws_server_config, struct_size, INT32),           MEMBER(ws_server_config, flags, INT32),
    MEMBER(ws_server_config, handshake_timeout_ms, INT32),  MEMBER(ws_server_config, backlog, INT32),
    MEMBER(ws_server_config, min_support_tls_protocol, INT32), MEMBER(ws_server_config, max_support_tls_protocol, INT32),
    MEMBER(ws_server_config, cipher_suites, TEXT),          MEMBER(ws_server_config, protocol, TEXT),
    MEMBER(ws_server_config, origins, TEXT),                MEMBER(ws_server_config, decision_timeout_ms, INT32),
    MEMBER(ws_server_config, keep_alive_timeout_ms, INT32), MEMBER(ws_server_config, max_head_size, INT32),
    MEMBER(ws_server_config, max_body_size, INT32),         MEMBER(ws_server_config, max_connections, INT32),
    MEMBER(ws_server_config, max_concurrent_clients_number, INT32), MEMBER(ws_server_config, max_connections_for_one_client, INT32),
    MEMBER(ws_server_config, max_upgrades_per_minute, INT32), MEMBER(ws_server_config, ping_interval_ms, INT32),
    MEMBER(ws_server_config, pong_timeout_ms, INT32),       MEMBER(ws_server_config, idle_timeout_ms, INT32),
    MEMBER(ws_server_config, write_timeout_ms, INT32),      MEMBER(ws_server_config, trusted_proxies, TEXT),
    MEMBER(ws_server_config, client_address, INT32),        MEMBER(ws_server_config, tcp_keep_alive_ms, INT32),
    MEMBER(ws_server_config, hosts, TEXT),                  MEMBER(ws_server_config, health_path, TEXT),
};

/* Makes one member odd, and returns its name. More than there is of a struct is nobody's. */
static const char *make_odd(r_rng *rng, void *options, const member *members, unsigned count)
{
    static const int64_t numbers[] = {0, 1, 2, 8, 1000, 65536, INT32_MAX, INT64_MAX, -1, -2, INT32_MIN, INT64_MIN};
    static const char *const texts[] = {"", "a", "a, b", "a b", "a\r\nb", "\xff", "10.0.0.0/8, ::1", "https://a:1", "*", ",,",
                                        "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "[", "a%b"};
    const member *m = &members[r_below(rng, count)];
    char *at = (char *)options + m->offset;
    int64_t n = numbers[r_below(rng, COUNT(numbers))];
    int32_t narrow = (int32_t)n;
    const char *text = texts[r_below(rng, COUNT(texts))];
    if (!m->offset) narrow = (int32_t)r_below(rng, *(const uint32_t *)options);
    if (m->type == INT32) memcpy(at, &narrow, sizeof narrow);
    else if (m->type == INT64) memcpy(at, &n, sizeof n);
    else memcpy(at, &text, sizeof text);
    return m->name;
}

/* A refusal has a text, and one of an argument names it; the text of others says what failed. */
static void refused(const char *call, int32_t status, const char *name)
{
    const char *text = ws_last_error();
    if (r_stop) return;
    R_CHECK(*text, "%s with an odd %s fails with %d, without a text", call, name, status);
    if (status == WS_ERR_PARAMETER) R_CHECK(strstr(text, name), "%s with an odd %s says: %s", call, name, text);
}

static void connect_odd(r_rng *rng, ws_handle client)
{
    ws_connect_options o;
    ws_reconnect_options again;
    ws_compression z;
    WS_INIT_STRUCT(&o);
    WS_INIT_STRUCT(&again);
    WS_INIT_STRUCT(&z);
    const char *name;
    switch (r_below(rng, 4)) {
    case 0: o.reconnect = &again, name = make_odd(rng, &again, of_again, COUNT(of_again)); break;
    case 1: o.compression = &z, name = make_odd(rng, &z, of_compression, COUNT(of_compression)); break;
    default: name = make_odd(rng, &o, of_connect, COUNT(of_connect));
    }
    char url[64];
    snprintf(url, sizeof url, "%s://127.0.0.1:%d/odd", r_one_in(rng, 8) ? "wss" : "ws", r_one_in(rng, 2) ? r_home_port() : r_peer_port(rng));
    int32_t status = R_CALL("ws_connect", client, ws_connect(client, url, &o, NULL, NULL));
    if (status) refused("ws_connect", status, name);
}

static void odd_client(r_rng *rng)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    const char *name = r_one_in(rng, 2) ? make_odd(rng, &o, of_client, COUNT(of_client)) : "";
    ws_handle client = R_CALL("ws_create", 0, ws_create(&o));
    if (!client) {
        R_CHECK(r_stop || *name, "ws_create: %s", ws_last_error());
        refused("ws_create", WS_ERR_PARAMETER, name);
        return;
    }
    connect_odd(rng, client);
    if (r_one_in(rng, 2)) connect_odd(rng, client);
    int32_t status = R_CALL("ws_destroy", client, ws_destroy(client));
    R_CHECK(r_stop || !status, "ws_destroy of an odd client returns %d", status);
}

static void odd_server(r_rng *rng)
{
    ws_server_options o;
    ws_server_config c;
    ws_compression z;
    WS_INIT_STRUCT(&o);
    WS_INIT_STRUCT(&c);
    WS_INIT_STRUCT(&z);
    const char *name = r_one_in(rng, 2) ? make_odd(rng, &o, of_server, COUNT(of_server)) : "";
    ws_handle server = R_CALL("ws_server_create", 0, ws_server_create(&o));
    if (!server) {
        R_CHECK(r_stop || *name, "ws_server_create: %s", ws_last_error());
        refused("ws_server_create", WS_ERR_PARAMETER, name);
        return;
    }
    c.server_ip = "127.0.0.1";
    if (r_one_in(rng, 4)) c.compression = &z, name = make_odd(rng, &z, of_compression, COUNT(of_compression));
    else name = make_odd(rng, &c, of_start, COUNT(of_start));
    int32_t status = R_CALL("ws_server_start", server, ws_server_start(server, &c, NULL, NULL));
    if (status) refused("ws_server_start", status, name);
    status = R_CALL("ws_server_destroy", server, ws_server_destroy(server));
    R_CHECK(r_stop || !status, "ws_server_destroy of an odd server returns %d", status);
}

static void odd_queue(r_rng *rng)
{
    ws_queue_options o;
    WS_INIT_STRUCT(&o);
    const char *name = make_odd(rng, &o, of_queue, COUNT(of_queue));
    ws_handle queue = R_CALL("ws_queue_create", 0, ws_queue_create(&o));
    if (!queue) {
        refused("ws_queue_create", WS_ERR_PARAMETER, name);
        return;
    }
    int32_t status = R_CALL("ws_queue_destroy", queue, ws_queue_destroy(queue));
    R_CHECK(r_stop || !status, "ws_queue_destroy of an odd queue returns %d", status);
}

/* What depends on nothing. */
static void ask(r_rng *rng)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    if (r_one_in(rng, 2)) stats.struct_size = r_below(rng, 256);
    uint32_t size = stats.struct_size;
    int32_t status = R_CALL("ws_stats_get", 0, ws_stats_get(&stats));
    R_CHECK(!status || (status == WS_ERR_PARAMETER && size < sizeof stats), "ws_stats_get returns %d", status);
    R_CHECK(*ws_strerror((int32_t)r_next(rng)), "an error without a text");
    R_CHECK(ws_abi_version() == WS_ABI_VERSION && ws_version_number() == WS_VERSION_NUMBER && *ws_version_string(), "another version");
    R_CHECK(ws_has_feature("queue") == 1 && !ws_has_feature("nothing"), "other features");
}

void r_odd(r_rng *rng)
{
    switch (r_below(rng, 8)) {
    case 0: ask(rng); break;
    case 1: odd_queue(rng); break;
    case 2:
    case 3:
    case 4: odd_server(rng); break;
    default: odd_client(rng);
    }
}
