-- SPDX-License-Identifier: Apache-2.0
-- Generated from tests/ffi/declarations.json by bindings/scripted.py; do not edit.

local ffi = require('ffi')
ffi.cdef[[
typedef uint64_t ws_handle;
typedef int32_t ws_socket;
typedef struct ws_event ws_event;
typedef struct ws_header ws_header;
typedef struct ws_compression ws_compression;
typedef struct ws_init_options ws_init_options;
typedef struct ws_create_options ws_create_options;
typedef struct ws_reconnect_options ws_reconnect_options;
typedef struct ws_reconnect_changes ws_reconnect_changes;
typedef struct ws_connect_options ws_connect_options;
typedef struct ws_close_options ws_close_options;
typedef struct ws_send_options ws_send_options;
typedef struct ws_stats ws_stats;
typedef struct ws_connection ws_connection;
typedef struct ws_connection_stats ws_connection_stats;
typedef struct ws_queue_options ws_queue_options;
typedef struct ws_server_options ws_server_options;
typedef struct ws_certificate ws_certificate;
typedef struct ws_listener ws_listener;
typedef struct ws_listener_info ws_listener_info;
typedef struct ws_server_config ws_server_config;
typedef struct ws_accept_options ws_accept_options;
typedef struct ws_adopt_options ws_adopt_options;
typedef struct ws_response ws_response;
typedef struct ws_server_stats ws_server_stats;
typedef struct ws_relay_message ws_relay_message;
typedef struct ws_relay_interest ws_relay_interest;
typedef struct ws_relay ws_relay;
typedef void (*ws_callback)(const ws_event *, void *);
typedef void (*ws_log_callback)(int32_t, const char *, void *);
typedef int32_t (*ws_url_filter)(const char *, void *);
typedef void (*ws_relay_message_callback)(const ws_relay_message *, void *);
typedef void (*ws_relay_interest_callback)(const ws_relay_interest *, void *);
typedef void (*ws_relay_end_callback)(void *);
struct ws_event {
    uint32_t struct_size;
    int32_t type;
    ws_handle handle;
    ws_handle server;
    const void *data;
    size_t size;
    int32_t message_type;
    int32_t status;
    int32_t code;
    int32_t clean;
    const char *reason;
    size_t reason_size;
    const char *text;
    int32_t error;
    int32_t stage;
    int32_t os_error;
    int32_t operation;
    void *user_data;
    const char *protocol;
    int64_t round_trip_us;
    int64_t delay_ms;
    int32_t attempt;
    int32_t will_reconnect;
    int32_t part;
    int32_t pattern;
    const char *method;
    const char *target;
    const void *body;
    size_t body_size;
    const char *correlation_id;
    uint64_t message_size;
    uint64_t token;
    int32_t scheme;
    int32_t reserved;
};
struct ws_header {
    const char *name;
    const char *value;
};
struct ws_compression {
    uint32_t struct_size;
    uint32_t flags;
    int32_t level;
    int32_t min_size;
    int32_t window_bits_out;
    int32_t window_bits_in;
    int32_t max_ratio;
    int32_t reserved;
};
struct ws_init_options {
    uint32_t struct_size;
    int32_t loops;
    int32_t engine;
    int32_t log_level;
    int64_t memory_budget;
    ws_log_callback log;
    void *log_user_data;
    int32_t log_lines_per_second;
    int32_t reserved;
};
struct ws_create_options {
    uint32_t struct_size;
    uint32_t flags;
    int64_t max_message_size;
    int64_t max_send_size;
    int64_t max_buffered;
    void *user_data;
    int64_t high_water_mark;
    int64_t low_water_mark;
    ws_handle queue;
    int32_t full_policy;
    int32_t reserved;
    const char *correlation_id;
    int64_t max_send_frame;
};
struct ws_reconnect_options {
    uint32_t struct_size;
    uint32_t flags;
    int32_t first_delay_ms;
    int32_t max_delay_ms;
    int32_t factor_percent;
    int32_t max_tries;
    int32_t exact;
    int32_t final_code_count;
    const int32_t *final_codes;
    int32_t stable_ms;
    int32_t reserved;
    int32_t answer_timeout_ms;
    int32_t reserved_2;
};
struct ws_reconnect_changes {
    uint32_t struct_size;
    uint32_t flags;
    const char *url;
    const ws_header *headers;
    size_t header_count;
    const char *protocol;
    const char *connect_address;
    const char *proxy_username;
    const char *proxy_password;
    const char *client_cert_path;
    const void *client_cert;
    size_t client_cert_size;
    const char *client_key_path;
    const void *client_key;
    size_t client_key_size;
    const char *client_key_password;
};
struct ws_connect_options {
    uint32_t struct_size;
    uint32_t flags;
    const ws_header *headers;
    size_t header_count;
    const char *protocol;
    const char *origin;
    int32_t max_redirects;
    int32_t handshake_timeout_ms;
    int32_t connect_timeout_ms;
    int32_t tls_timeout_ms;
    int32_t upgrade_timeout_ms;
    int32_t ping_interval_ms;
    int32_t pong_timeout_ms;
    int32_t idle_timeout_ms;
    int32_t write_timeout_ms;
    int32_t skip_server_cert_verification;
    int32_t min_support_tls_protocol;
    int32_t max_support_tls_protocol;
    const char *ca_path;
    const void *ca;
    size_t ca_size;
    const char *client_cert_path;
    const void *client_cert;
    size_t client_cert_size;
    const char *client_key_path;
    const void *client_key;
    size_t client_key_size;
    const char *client_key_password;
    const char *server_name;
    const char *pins;
    const char *cipher_suites;
    const char *key_log_path;
    int32_t proxy;
    int32_t proxy_port;
    const char *proxy_host;
    const char *proxy_username;
    const char *proxy_password;
    const char *proxy_exclusion_list;
    const ws_reconnect_options *reconnect;
    const ws_compression *compression;
    const char *host;
    const char *connect_address;
    const char *local_address;
    const char *local_interface;
    int32_t address_family;
    int32_t tcp_keepalive_ms;
    int32_t tcp_user_timeout_ms;
    ws_socket connected_descriptor;
    int32_t max_answer_head;
    int32_t reserved;
    const char *proxy_ca_path;
    const void *proxy_ca;
    size_t proxy_ca_size;
    const char *key_exchange_groups;
    const char *alpn;
};
struct ws_close_options {
    uint32_t struct_size;
    int32_t code;
    const char *reason;
    int32_t timeout_ms;
    uint32_t flags;
};
struct ws_send_options {
    uint32_t struct_size;
    int32_t priority;
    uint64_t key;
};
struct ws_stats {
    uint32_t struct_size;
    int32_t loops;
    int64_t connections;
    int64_t connections_peak;
    int64_t connection_limit;
    uint64_t accepted;
    uint64_t refused;
    uint64_t unheard;
    uint64_t relieved;
    int64_t memory_budget;
    int64_t memory_used;
    uint64_t dropped;
    uint64_t uptime_us;
    uint64_t loop_cpu_us;
    uint64_t queued_events;
    uint64_t queued_bytes;
    uint64_t log_suppressed;
    uint64_t defects;
    uint64_t replaced;
};
struct ws_connection {
    uint32_t struct_size;
    int32_t client_port;
    ws_handle handle;
    ws_handle server;
    char client_ip[64];
};
struct ws_connection_stats {
    uint32_t struct_size;
    uint32_t reconnects;
    uint64_t messages_received;
    uint64_t messages_sent;
    uint64_t bytes_received;
    uint64_t bytes_sent;
    uint64_t frames_received;
    uint64_t frames_sent;
    uint64_t pings_received;
    uint64_t pings_sent;
    uint64_t pongs_received;
    uint64_t buffered_peak;
    int64_t round_trip_us;
    int64_t connected_at_ms;
    uint64_t messages_dropped;
    int64_t resolve_us;
    int64_t connect_us;
    int64_t tls_us;
    int64_t upgrade_us;
    uint64_t messages_skipped;
    uint64_t messages_replaced;
};
struct ws_queue_options {
    uint32_t struct_size;
    uint32_t flags;
    int64_t max_bytes;
};
struct ws_server_options {
    uint32_t struct_size;
    uint32_t flags;
    int64_t max_message_size;
    int64_t max_send_size;
    int64_t max_buffered;
    void *user_data;
    int64_t high_water_mark;
    int64_t low_water_mark;
    ws_handle queue;
    int32_t max_fragments;
    int32_t max_control_frames;
    int32_t full_policy;
    int32_t max_subscriptions;
    int64_t max_send_frame;
};
struct ws_certificate {
    uint32_t struct_size;
    uint32_t flags;
    const char *cert_path;
    const void *cert;
    size_t cert_size;
    const char *key_path;
    const void *key;
    size_t key_size;
    const char *key_password;
};
struct ws_listener {
    uint32_t struct_size;
    uint32_t flags;
    const char *ip;
    const char *path;
    int32_t port;
    int32_t mode;
    ws_socket descriptor;
    int32_t backlog;
    int32_t first_loop;
    int32_t loops;
};
struct ws_listener_info {
    uint32_t struct_size;
    uint32_t flags;
    int32_t count;
    int32_t listener;
    int32_t port;
    int32_t loop;
    char address[128];
};
struct ws_server_config {
    uint32_t struct_size;
    uint32_t flags;
    int32_t server_port;
    int32_t reserved;
    const char *server_ip;
    int32_t handshake_timeout_ms;
    int32_t backlog;
    const char *cert_path;
    const char *key_path;
    int32_t min_support_tls_protocol;
    int32_t max_support_tls_protocol;
    const void *cert;
    size_t cert_size;
    const void *key;
    size_t key_size;
    const char *key_password;
    const ws_certificate *certificates;
    size_t certificate_count;
    const char *client_ca_path;
    const void *client_ca;
    size_t client_ca_size;
    const char *cipher_suites;
    const char *protocol;
    const char *origins;
    int32_t decision_timeout_ms;
    int32_t keep_alive_timeout_ms;
    int32_t max_head_size;
    int32_t max_body_size;
    int32_t max_connections;
    int32_t max_concurrent_clients_number;
    int32_t max_connections_for_one_client;
    int32_t max_upgrades_per_minute;
    int32_t ping_interval_ms;
    int32_t pong_timeout_ms;
    int32_t idle_timeout_ms;
    int32_t write_timeout_ms;
    const char *trusted_proxies;
    int32_t client_address;
    int32_t tcp_keep_alive_ms;
    const ws_listener *listeners;
    size_t listener_count;
    const ws_compression *compression;
    const char *hosts;
    const char *health_path;
};
struct ws_accept_options {
    uint32_t struct_size;
    uint32_t flags;
    const char *protocol;
    const ws_header *headers;
    size_t header_count;
    const char *correlation_id;
    int64_t max_message_size;
    int64_t max_send_size;
    int64_t max_buffered;
    int64_t high_water_mark;
    int64_t low_water_mark;
    int32_t ping_interval_ms;
    int32_t pong_timeout_ms;
    int32_t idle_timeout_ms;
    int32_t write_timeout_ms;
};
struct ws_adopt_options {
    uint32_t struct_size;
    uint32_t flags;
    ws_socket descriptor;
    int32_t client_port;
    const char *client_ip;
    const void *data;
    size_t size;
    const char *target;
    const char *protocol;
    void *user_data;
};
struct ws_response {
    uint32_t struct_size;
    uint32_t flags;
    int32_t status;
    int32_t reserved;
    const ws_header *headers;
    size_t header_count;
    const void *body;
    size_t body_size;
};
struct ws_server_stats {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t connections;
    int64_t connections_peak;
    uint64_t accepted;
    uint64_t upgrades;
    uint64_t messages_received;
    uint64_t messages_sent;
    uint64_t bytes_received;
    uint64_t bytes_sent;
    uint64_t pings_received;
    uint64_t pings_sent;
    uint64_t pongs_received;
    uint64_t dropped;
    uint64_t tls_handshakes;
    uint64_t tls_failures;
    uint64_t refused_descriptors;
    uint64_t refused_ceiling;
    uint64_t refused_connections;
    uint64_t refused_clients;
    uint64_t refused_per_client;
    uint64_t refused_rate;
    uint64_t refused_bad_requests;
    uint64_t refused_origins;
    uint64_t refused_late;
    uint64_t refused_sizes;
    uint64_t refused_unavailable;
    uint64_t left;
    uint64_t buffered;
    uint64_t skipped;
    uint64_t replaced;
    uint64_t relay_sent;
    uint64_t relay_delivered;
    uint64_t relay_dropped;
    uint64_t relay_refused;
    int64_t relay_waiting;
    int64_t relay_waiting_bytes;
    int64_t relay_lag_ms;
    int64_t relay_age_ms;
    int64_t relay_subscriptions;
};
struct ws_relay_message {
    uint32_t struct_size;
    int32_t type;
    int32_t broadcast;
    int32_t priority;
    const void *topic;
    size_t topic_size;
    const void *data;
    size_t size;
    uint64_t key;
    int64_t time_ms;
};
struct ws_relay_interest {
    uint32_t struct_size;
    int32_t begins;
    int32_t pattern;
    int32_t reserved;
    const void *name;
    size_t size;
};
struct ws_relay {
    uint32_t struct_size;
    uint32_t flags;
    int64_t max_messages;
    int64_t max_bytes;
    int32_t drain_timeout_ms;
    int32_t reserved;
    ws_relay_message_callback on_message;
    ws_relay_interest_callback on_interest;
    ws_relay_end_callback on_end;
    void *user_data;
    const char *returning;
};
int32_t ws_init(const ws_init_options *);
int32_t ws_shutdown_wait(int64_t);
int32_t ws_stats_get(ws_stats *);
const char *ws_version_string(void);
uint32_t ws_version_number(void);
uint32_t ws_abi_version(void);
int32_t ws_has_feature(const char *);
const char *ws_strerror(int32_t);
const char *ws_last_error(void);
int32_t ws_on(ws_handle, int32_t, ws_callback, void *);
int32_t ws_off(ws_handle, int32_t, ws_callback, void *);
int32_t ws_off_wait(ws_handle, int32_t, ws_callback, void *, int64_t);
int32_t ws_set_user_data(ws_handle, void *);
int32_t ws_user_data(ws_handle, void **);
int32_t ws_set_correlation_id(ws_handle, const char *);
int32_t ws_send(ws_handle, const void *, size_t, int32_t, ws_callback, void *);
int32_t ws_send_with(ws_handle, const void *, size_t, int32_t, const ws_send_options *, ws_callback, void *);
int32_t ws_send_part(ws_handle, const void *, size_t, int32_t, int32_t, ws_callback, void *);
int32_t ws_ping(ws_handle, const void *, size_t);
int32_t ws_pong(ws_handle, const void *, size_t);
int32_t ws_close(ws_handle, const ws_close_options *, ws_callback, void *);
int32_t ws_close_wait(ws_handle, const ws_close_options *, int64_t);
int32_t ws_abort(ws_handle);
int32_t ws_destroy(ws_handle);
int32_t ws_destroy_wait(ws_handle, int64_t);
int32_t ws_pause(ws_handle);
int32_t ws_resume(ws_handle);
int32_t ws_state(ws_handle, int32_t *);
int32_t ws_buffered_amount(ws_handle, uint64_t *);
int32_t ws_connection_info(ws_handle, ws_connection *);
int32_t ws_connection_stats_get(ws_handle, ws_connection_stats *);
int32_t ws_connection_text(ws_handle, int32_t, char *, size_t, size_t *);
ws_handle ws_create(const ws_create_options *);
int32_t ws_connect(ws_handle, const char *, const ws_connect_options *, ws_callback, void *);
int32_t ws_connect_wait(ws_handle, const char *, const ws_connect_options *, int64_t);
int32_t ws_reconnect_with(ws_handle, const ws_reconnect_changes *);
int32_t ws_network_changed(void);
ws_handle ws_server_create(const ws_server_options *);
int32_t ws_server_start(ws_handle, const ws_server_config *, ws_callback, void *);
int32_t ws_server_set_certificates(ws_handle, const ws_certificate *, size_t);
int32_t ws_server_stop(ws_handle, const ws_close_options *, ws_callback, void *);
int32_t ws_server_stop_wait(ws_handle, const ws_close_options *, int64_t);
int32_t ws_server_on(ws_handle, int32_t, ws_callback, void *);
int32_t ws_server_off(ws_handle, int32_t, ws_callback, void *);
int32_t ws_server_off_wait(ws_handle, int32_t, ws_callback, void *, int64_t);
int32_t ws_server_port(ws_handle, int32_t *);
int32_t ws_server_connections(ws_handle, ws_handle *, size_t, size_t *);
int32_t ws_server_destroy(ws_handle);
int32_t ws_server_destroy_wait(ws_handle, int64_t);
int32_t ws_server_adopt(ws_handle, const ws_adopt_options *, ws_handle *);
int32_t ws_server_listener(ws_handle, size_t, ws_listener_info *);
int32_t ws_server_descriptor(ws_handle, size_t, ws_socket *);
int32_t ws_server_stop_listening(ws_handle, ws_callback, void *);
int32_t ws_subscribe(ws_handle, const void *, size_t);
int32_t ws_unsubscribe(ws_handle, const void *, size_t);
int32_t ws_subscribe_pattern(ws_handle, const void *, size_t);
int32_t ws_unsubscribe_pattern(ws_handle, const void *, size_t);
int32_t ws_is_subscribed(ws_handle, const void *, size_t, int32_t *);
int32_t ws_subscriptions(ws_handle, void *, size_t, size_t *);
int32_t ws_subscription_next(const void *, size_t, size_t *, const void **, size_t *, int32_t *);
int32_t ws_topic_subscribers(ws_handle, const void *, size_t, ws_handle *, size_t, size_t *);
int32_t ws_publish(ws_handle, const void *, size_t, const void *, size_t, int32_t, ws_handle, size_t *);
int32_t ws_server_broadcast(ws_handle, const void *, size_t, int32_t, ws_handle, size_t *);
int32_t ws_publish_with(ws_handle, const void *, size_t, const void *, size_t, int32_t, ws_handle, const ws_send_options *, size_t *);
int32_t ws_server_broadcast_with(ws_handle, const void *, size_t, int32_t, ws_handle, const ws_send_options *, size_t *);
int32_t ws_server_set_relay(ws_handle, const ws_relay *);
int32_t ws_relay_deliver(ws_handle, const ws_relay_message *);
int32_t ws_header_next(const void *, size_t, size_t *, const char **, const char **);
int32_t ws_accept(ws_handle, const ws_accept_options *);
int32_t ws_respond(ws_handle, const ws_response *);
int32_t ws_verify_answer(ws_handle, uint64_t, int32_t);
int32_t ws_sign_answer(ws_handle, uint64_t, const void *, size_t);
ws_handle ws_queue_create(const ws_queue_options *);
int32_t ws_queue_fd(ws_handle, ws_socket *);
int32_t ws_queue_dispatch(ws_handle, size_t, int32_t, size_t *);
int32_t ws_queue_poll(ws_handle, ws_event *, size_t, int32_t, size_t *);
int32_t ws_queue_flush(ws_handle);
int32_t ws_queue_wake(ws_handle);
int32_t ws_queue_destroy(ws_handle);
int32_t ws_post(ws_handle, int64_t, ws_callback, void *, uint64_t *);
int32_t ws_post_cancel(ws_handle, uint64_t);
int32_t ws_server_stats_get(ws_handle, ws_server_stats *);
int32_t ws_metrics(ws_handle, char *, size_t, size_t *);
int32_t ws_set_url_filter(ws_url_filter, void *);
int32_t ws_set_log_level(int32_t);
const char *ws_error_name(int32_t);
const char *ws_event_name(int32_t);
const char *ws_stage_name(int32_t);
const char *ws_close_code_name(int32_t);
]]

return {
    ABI_VERSION = 1,
    OK = 0,
    ERR_CONNECT_FAILED = 200,
    ERR_PERMISSION = 201,
    ERR_PARAMETER = 401,
    ERR_URL = 2302001,
    ERR_CERT_FILE = 2302002,
    ERR_CONNECTION_EXISTS = 2302003,
    ERR_LISTEN_IP = 2302004,
    ERR_LISTEN_PORT = 2302005,
    ERR_NO_CONNECTION = 2302006,
    ERR_PORT_OCCUPIED = 2302007,
    ERR_DOMAIN = 2302998,
    ERR_UNKNOWN = 2302999,
    ERR_HANDLE = -101,
    ERR_STATE = -102,
    ERR_FULL = -103,
    ERR_TOO_LARGE = -104,
    ERR_MEMORY = -105,
    ERR_TIMEOUT = -106,
    ERR_CANCELLED = -107,
    ERR_IN_CALLBACK = -108,
    ERR_FORKED = -109,
    ERR_SHUTDOWN = -110,
    ERR_UNSUPPORTED = -111,
    ERR_PROTOCOL = -112,
    ERR_BUFFER = -113,
    ERR_INTERNAL = -114,
    ERR_BUSY = -115,
    ERR_REPLACED = -116,
    STAGE_NONE = 0,
    STAGE_RESOLVE = 1,
    STAGE_CONNECT = 2,
    STAGE_PROXY = 3,
    STAGE_TLS = 4,
    STAGE_UPGRADE = 5,
    STAGE_PROTOCOL = 6,
    STAGE_TIMEOUT = 7,
    STAGE_LIMIT = 8,
    STAGE_RECONNECT = 9,
    STAGE_IO = 10,
    TEXT = 1,
    BINARY = 2,
    PART_WHOLE = 0,
    PART_BEGIN = 1,
    PART_MIDDLE = 2,
    PART_END = 3,
    STATE_CONNECTING = 0,
    STATE_OPEN = 1,
    STATE_CLOSING = 2,
    STATE_CLOSED = 3,
    EVENT_OPEN = 1,
    EVENT_MESSAGE = 2,
    EVENT_CLOSE = 3,
    EVENT_ERROR = 4,
    EVENT_DESTROYED = 5,
    EVENT_CONNECT = 6,
    EVENT_MESSAGE_RECEIVE = 7,
    EVENT_COMPLETION = 8,
    EVENT_DRAIN = 9,
    EVENT_OPEN_INFO = 10,
    EVENT_HEADER_RECEIVE = 11,
    EVENT_DATA_END = 12,
    EVENT_PING = 13,
    EVENT_PONG = 14,
    EVENT_RECONNECTING = 15,
    EVENT_UPGRADE = 16,
    EVENT_REQUEST = 17,
    EVENT_BEFORE_RECONNECT = 18,
    EVENT_VERIFY = 19,
    EVENT_SIGN = 23,
    EVENT_TOPIC_BEGIN = 20,
    EVENT_TOPIC_END = 21,
    EVENT_SKIPPED = 22,
    OP_CONNECT = 1,
    OP_SEND = 2,
    OP_CLOSE = 3,
    OP_SERVER_START = 4,
    OP_SERVER_STOP = 5,
    OP_SERVER_STOP_LISTENING = 6,
    OP_POST = 7,
    COMPLETION_POLL = 1,
    TAKEOVER_OUT = 1,
    TAKEOVER_IN = 2,
    ENGINE_DEFAULT = 0,
    ENGINE_EPOLL = 1,
    ENGINE_GOROUTINE = 2,
    LOG_ERROR = 1,
    LOG_WARN = 2,
    LOG_INFO = 3,
    LOG_DEBUG = 4,
    REFUSE_EARLY = 1,
    RECEIVE_PARTS = 2,
    PING_EVENTS = 4,
    UPGRADE_EVENTS = 8,
    REQUEST_EVENTS = 16,
    KEEP_REQUEST = 32,
    TOPIC_EVENTS = 64,
    SKIP_LARGE = 128,
    MANUAL_PONG = 256,
    BY_TOPIC = 1,
    BY_PATTERN = 2,
    FULL_REFUSE = 0,
    FULL_CLOSE = 1,
    FULL_DROP_OLDEST = 2,
    PROXY_SYSTEM = 0,
    PROXY_NONE = 1,
    PROXY_HTTP = 2,
    PROXY_SOCKS5 = 3,
    PROXY_HTTPS = 4,
    TLS_DEFAULT = 0,
    TLS_1_0 = 1,
    TLS_1_1 = 2,
    TLS_1_2 = 3,
    TLS_1_3 = 4,
    SUPPORT_ORIGIN_PORT = 1,
    STRICT_PONG = 2,
    ORIGIN_OF_URL = 8,
    NO_RESUMPTION = 4,
    KEEP_SENDS = 1,
    RETRY_CERTIFICATE = 2,
    ASK_BEFORE_RECONNECT = 4,
    ACKNOWLEDGED_SENDS = 16,
    CONNECTED_DESCRIPTOR = 32,
    KEEP_COOKIES = 64,
    VERIFY_EVENTS = 4096,
    SIGN_EVENTS = 8192,
    RENEGOTIATE_ONCE = 16384,
    FAMILY_ANY = 0,
    FAMILY_IPV4 = 4,
    FAMILY_IPV6 = 6,
    CUT_REASON = 1,
    NO_CODE = 2,
    TEXT_URL = 1,
    TEXT_PROTOCOL = 2,
    TEXT_EXTENSIONS = 3,
    TEXT_REMOTE_ADDRESS = 4,
    TEXT_LOCAL_ADDRESS = 5,
    TEXT_TLS_VERSION = 6,
    TEXT_TLS_CIPHER = 7,
    TEXT_PEER_CERTIFICATE = 8,
    TEXT_SERVER_NAME = 9,
    TEXT_TARGET = 10,
    TEXT_REQUEST_HEADER = 11,
    TEXT_PEER_ADDRESS = 12,
    QUEUE_THREAD = 1,
    QUEUE_GATHER = 2,
    MODULE_LIMITS = 1,
    CLIENT_CERT_OPTIONAL = 16,
    LISTENERS_ONLY = 32,
    REUSE_PORT = 64,
    HTTP_ORIGINS = 128,
    REQUIRE_PROTOCOL = 256,
    NO_COMPRESSION = 1,
    NO_LISTENERS = 512,
    IPV6_ONLY = 1024,
    LISTEN_IPV6_ONLY = 8,
    ADOPT_UPGRADED = 1,
    ADDRESS_PEER = 0,
    ADDRESS_FORWARDED = 1,
    ADDRESS_X_FORWARDED_FOR = 2,
    ADDRESS_PROXY_PROTOCOL = 3,
    LISTEN_DESCRIPTOR = 1,
    LISTEN_REUSE_PORT = 2,
    LISTEN_PLAIN = 4,
    LAST_RESPONSE = 1,
    RELAY_REFUSE = 1,
}
