# SPDX-License-Identifier: Apache-2.0
# Generated from tests/ffi/declarations.json by bindings/scripted.py; do not edit.

require 'fiddle/import'

module Libws
  module C
    extend Fiddle::Importer
    # The library by its path or name: LIBWS names another one.
    dlload ENV.fetch('LIBWS', 'libws.so.0.1')

    ABI_VERSION = 1
    OK = 0
    ERR_CONNECT_FAILED = 200
    ERR_PERMISSION = 201
    ERR_PARAMETER = 401
    ERR_URL = 2302001
    ERR_CERT_FILE = 2302002
    ERR_CONNECTION_EXISTS = 2302003
    ERR_LISTEN_IP = 2302004
    ERR_LISTEN_PORT = 2302005
    ERR_NO_CONNECTION = 2302006
    ERR_PORT_OCCUPIED = 2302007
    ERR_DOMAIN = 2302998
    ERR_UNKNOWN = 2302999
    ERR_HANDLE = -101
    ERR_STATE = -102
    ERR_FULL = -103
    ERR_TOO_LARGE = -104
    ERR_MEMORY = -105
    ERR_TIMEOUT = -106
    ERR_CANCELLED = -107
    ERR_IN_CALLBACK = -108
    ERR_FORKED = -109
    ERR_SHUTDOWN = -110
    ERR_UNSUPPORTED = -111
    ERR_PROTOCOL = -112
    ERR_BUFFER = -113
    ERR_INTERNAL = -114
    ERR_BUSY = -115
    ERR_REPLACED = -116
    STAGE_NONE = 0
    STAGE_RESOLVE = 1
    STAGE_CONNECT = 2
    STAGE_PROXY = 3
    STAGE_TLS = 4
    STAGE_UPGRADE = 5
    STAGE_PROTOCOL = 6
    STAGE_TIMEOUT = 7
    STAGE_LIMIT = 8
    STAGE_RECONNECT = 9
    STAGE_IO = 10
    TEXT = 1
    BINARY = 2
    PART_WHOLE = 0
    PART_BEGIN = 1
    PART_MIDDLE = 2
    PART_END = 3
    STATE_CONNECTING = 0
    STATE_OPEN = 1
    STATE_CLOSING = 2
    STATE_CLOSED = 3
    EVENT_OPEN = 1
    EVENT_MESSAGE = 2
    EVENT_CLOSE = 3
    EVENT_ERROR = 4
    EVENT_DESTROYED = 5
    EVENT_CONNECT = 6
    EVENT_MESSAGE_RECEIVE = 7
    EVENT_COMPLETION = 8
    EVENT_DRAIN = 9
    EVENT_OPEN_INFO = 10
    EVENT_HEADER_RECEIVE = 11
    EVENT_DATA_END = 12
    EVENT_PING = 13
    EVENT_PONG = 14
    EVENT_RECONNECTING = 15
    EVENT_UPGRADE = 16
    EVENT_REQUEST = 17
    EVENT_BEFORE_RECONNECT = 18
    EVENT_VERIFY = 19
    EVENT_SIGN = 23
    EVENT_TOPIC_BEGIN = 20
    EVENT_TOPIC_END = 21
    EVENT_SKIPPED = 22
    OP_CONNECT = 1
    OP_SEND = 2
    OP_CLOSE = 3
    OP_SERVER_START = 4
    OP_SERVER_STOP = 5
    OP_SERVER_STOP_LISTENING = 6
    OP_POST = 7
    COMPLETION_POLL = 1
    TAKEOVER_OUT = 1
    TAKEOVER_IN = 2
    ENGINE_DEFAULT = 0
    ENGINE_EPOLL = 1
    ENGINE_GOROUTINE = 2
    LOG_ERROR = 1
    LOG_WARN = 2
    LOG_INFO = 3
    LOG_DEBUG = 4
    REFUSE_EARLY = 1
    RECEIVE_PARTS = 2
    PING_EVENTS = 4
    UPGRADE_EVENTS = 8
    REQUEST_EVENTS = 16
    KEEP_REQUEST = 32
    TOPIC_EVENTS = 64
    SKIP_LARGE = 128
    MANUAL_PONG = 256
    BY_TOPIC = 1
    BY_PATTERN = 2
    FULL_REFUSE = 0
    FULL_CLOSE = 1
    FULL_DROP_OLDEST = 2
    PROXY_SYSTEM = 0
    PROXY_NONE = 1
    PROXY_HTTP = 2
    PROXY_SOCKS5 = 3
    PROXY_HTTPS = 4
    TLS_DEFAULT = 0
    TLS_1_0 = 1
    TLS_1_1 = 2
    TLS_1_2 = 3
    TLS_1_3 = 4
    SUPPORT_ORIGIN_PORT = 1
    STRICT_PONG = 2
    ORIGIN_OF_URL = 8
    NO_RESUMPTION = 4
    KEEP_SENDS = 1
    RETRY_CERTIFICATE = 2
    ASK_BEFORE_RECONNECT = 4
    ACKNOWLEDGED_SENDS = 16
    CONNECTED_DESCRIPTOR = 32
    KEEP_COOKIES = 64
    VERIFY_EVENTS = 4096
    SIGN_EVENTS = 8192
    RENEGOTIATE_ONCE = 16384
    FAMILY_ANY = 0
    FAMILY_IPV4 = 4
    FAMILY_IPV6 = 6
    CUT_REASON = 1
    NO_CODE = 2
    TEXT_URL = 1
    TEXT_PROTOCOL = 2
    TEXT_EXTENSIONS = 3
    TEXT_REMOTE_ADDRESS = 4
    TEXT_LOCAL_ADDRESS = 5
    TEXT_TLS_VERSION = 6
    TEXT_TLS_CIPHER = 7
    TEXT_PEER_CERTIFICATE = 8
    TEXT_SERVER_NAME = 9
    TEXT_TARGET = 10
    TEXT_REQUEST_HEADER = 11
    TEXT_PEER_ADDRESS = 12
    QUEUE_THREAD = 1
    QUEUE_GATHER = 2
    MODULE_LIMITS = 1
    CLIENT_CERT_OPTIONAL = 16
    LISTENERS_ONLY = 32
    REUSE_PORT = 64
    HTTP_ORIGINS = 128
    REQUIRE_PROTOCOL = 256
    NO_COMPRESSION = 1
    NO_LISTENERS = 512
    IPV6_ONLY = 1024
    LISTEN_IPV6_ONLY = 8
    ADOPT_UPGRADED = 1
    ADDRESS_PEER = 0
    ADDRESS_FORWARDED = 1
    ADDRESS_X_FORWARDED_FOR = 2
    ADDRESS_PROXY_PROTOCOL = 3
    LISTEN_DESCRIPTOR = 1
    LISTEN_REUSE_PORT = 2
    LISTEN_PLAIN = 4
    LAST_RESPONSE = 1
    RELAY_REFUSE = 1

    Event = struct([
      'unsigned int struct_size',
      'int type',
      'unsigned long long handle',
      'unsigned long long server',
      'void * data',
      'size_t size',
      'int message_type',
      'int status',
      'int code',
      'int clean',
      'char * reason',
      'size_t reason_size',
      'char * text',
      'int error',
      'int stage',
      'int os_error',
      'int operation',
      'void * user_data',
      'char * protocol',
      'long long round_trip_us',
      'long long delay_ms',
      'int attempt',
      'int will_reconnect',
      'int part',
      'int pattern',
      'char * method',
      'char * target',
      'void * body',
      'size_t body_size',
      'char * correlation_id',
      'unsigned long long message_size',
      'unsigned long long token',
      'int scheme',
      'int reserved',
    ])
    def Event.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    Header = struct([
      'char * name',
      'char * value',
    ])

    Compression = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'int level',
      'int min_size',
      'int window_bits_out',
      'int window_bits_in',
      'int max_ratio',
      'int reserved',
    ])
    def Compression.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    InitOptions = struct([
      'unsigned int struct_size',
      'int loops',
      'int engine',
      'int log_level',
      'long long memory_budget',
      'void * log',
      'void * log_user_data',
      'int log_lines_per_second',
      'int reserved',
    ])
    def InitOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    CreateOptions = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'long long max_message_size',
      'long long max_send_size',
      'long long max_buffered',
      'void * user_data',
      'long long high_water_mark',
      'long long low_water_mark',
      'unsigned long long queue',
      'int full_policy',
      'int reserved',
      'char * correlation_id',
      'long long max_send_frame',
    ])
    def CreateOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ReconnectOptions = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'int first_delay_ms',
      'int max_delay_ms',
      'int factor_percent',
      'int max_tries',
      'int exact',
      'int final_code_count',
      'void * final_codes',
      'int stable_ms',
      'int reserved',
      'int answer_timeout_ms',
      'int reserved_2',
    ])
    def ReconnectOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ReconnectChanges = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'char * url',
      'void * headers',
      'size_t header_count',
      'char * protocol',
      'char * connect_address',
      'char * proxy_username',
      'char * proxy_password',
      'char * client_cert_path',
      'void * client_cert',
      'size_t client_cert_size',
      'char * client_key_path',
      'void * client_key',
      'size_t client_key_size',
      'char * client_key_password',
    ])
    def ReconnectChanges.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ConnectOptions = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'void * headers',
      'size_t header_count',
      'char * protocol',
      'char * origin',
      'int max_redirects',
      'int handshake_timeout_ms',
      'int connect_timeout_ms',
      'int tls_timeout_ms',
      'int upgrade_timeout_ms',
      'int ping_interval_ms',
      'int pong_timeout_ms',
      'int idle_timeout_ms',
      'int write_timeout_ms',
      'int skip_server_cert_verification',
      'int min_support_tls_protocol',
      'int max_support_tls_protocol',
      'char * ca_path',
      'void * ca',
      'size_t ca_size',
      'char * client_cert_path',
      'void * client_cert',
      'size_t client_cert_size',
      'char * client_key_path',
      'void * client_key',
      'size_t client_key_size',
      'char * client_key_password',
      'char * server_name',
      'char * pins',
      'char * cipher_suites',
      'char * key_log_path',
      'int proxy',
      'int proxy_port',
      'char * proxy_host',
      'char * proxy_username',
      'char * proxy_password',
      'char * proxy_exclusion_list',
      'void * reconnect',
      'void * compression',
      'char * host',
      'char * connect_address',
      'char * local_address',
      'char * local_interface',
      'int address_family',
      'int tcp_keepalive_ms',
      'int tcp_user_timeout_ms',
      'int connected_descriptor',
      'int max_answer_head',
      'int reserved',
      'char * proxy_ca_path',
      'void * proxy_ca',
      'size_t proxy_ca_size',
      'char * key_exchange_groups',
      'char * alpn',
    ])
    def ConnectOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    CloseOptions = struct([
      'unsigned int struct_size',
      'int code',
      'char * reason',
      'int timeout_ms',
      'unsigned int flags',
    ])
    def CloseOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    SendOptions = struct([
      'unsigned int struct_size',
      'int priority',
      'unsigned long long key',
    ])
    def SendOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    Stats = struct([
      'unsigned int struct_size',
      'int loops',
      'long long connections',
      'long long connections_peak',
      'long long connection_limit',
      'unsigned long long accepted',
      'unsigned long long refused',
      'unsigned long long unheard',
      'unsigned long long relieved',
      'long long memory_budget',
      'long long memory_used',
      'unsigned long long dropped',
      'unsigned long long uptime_us',
      'unsigned long long loop_cpu_us',
      'unsigned long long queued_events',
      'unsigned long long queued_bytes',
      'unsigned long long log_suppressed',
      'unsigned long long defects',
      'unsigned long long replaced',
    ])
    def Stats.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    Connection = struct([
      'unsigned int struct_size',
      'int client_port',
      'unsigned long long handle',
      'unsigned long long server',
      'char client_ip[64]',
    ])
    def Connection.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ConnectionStats = struct([
      'unsigned int struct_size',
      'unsigned int reconnects',
      'unsigned long long messages_received',
      'unsigned long long messages_sent',
      'unsigned long long bytes_received',
      'unsigned long long bytes_sent',
      'unsigned long long frames_received',
      'unsigned long long frames_sent',
      'unsigned long long pings_received',
      'unsigned long long pings_sent',
      'unsigned long long pongs_received',
      'unsigned long long buffered_peak',
      'long long round_trip_us',
      'long long connected_at_ms',
      'unsigned long long messages_dropped',
      'long long resolve_us',
      'long long connect_us',
      'long long tls_us',
      'long long upgrade_us',
      'unsigned long long messages_skipped',
      'unsigned long long messages_replaced',
    ])
    def ConnectionStats.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    QueueOptions = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'long long max_bytes',
    ])
    def QueueOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ServerOptions = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'long long max_message_size',
      'long long max_send_size',
      'long long max_buffered',
      'void * user_data',
      'long long high_water_mark',
      'long long low_water_mark',
      'unsigned long long queue',
      'int max_fragments',
      'int max_control_frames',
      'int full_policy',
      'int max_subscriptions',
      'long long max_send_frame',
    ])
    def ServerOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    Certificate = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'char * cert_path',
      'void * cert',
      'size_t cert_size',
      'char * key_path',
      'void * key',
      'size_t key_size',
      'char * key_password',
    ])
    def Certificate.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    Listener = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'char * ip',
      'char * path',
      'int port',
      'int mode',
      'int descriptor',
      'int backlog',
      'int first_loop',
      'int loops',
    ])
    def Listener.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ListenerInfo = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'int count',
      'int listener',
      'int port',
      'int loop',
      'char address[128]',
    ])
    def ListenerInfo.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ServerConfig = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'int server_port',
      'int reserved',
      'char * server_ip',
      'int handshake_timeout_ms',
      'int backlog',
      'char * cert_path',
      'char * key_path',
      'int min_support_tls_protocol',
      'int max_support_tls_protocol',
      'void * cert',
      'size_t cert_size',
      'void * key',
      'size_t key_size',
      'char * key_password',
      'void * certificates',
      'size_t certificate_count',
      'char * client_ca_path',
      'void * client_ca',
      'size_t client_ca_size',
      'char * cipher_suites',
      'char * protocol',
      'char * origins',
      'int decision_timeout_ms',
      'int keep_alive_timeout_ms',
      'int max_head_size',
      'int max_body_size',
      'int max_connections',
      'int max_concurrent_clients_number',
      'int max_connections_for_one_client',
      'int max_upgrades_per_minute',
      'int ping_interval_ms',
      'int pong_timeout_ms',
      'int idle_timeout_ms',
      'int write_timeout_ms',
      'char * trusted_proxies',
      'int client_address',
      'int tcp_keep_alive_ms',
      'void * listeners',
      'size_t listener_count',
      'void * compression',
      'char * hosts',
      'char * health_path',
    ])
    def ServerConfig.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    AcceptOptions = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'char * protocol',
      'void * headers',
      'size_t header_count',
      'char * correlation_id',
      'long long max_message_size',
      'long long max_send_size',
      'long long max_buffered',
      'long long high_water_mark',
      'long long low_water_mark',
      'int ping_interval_ms',
      'int pong_timeout_ms',
      'int idle_timeout_ms',
      'int write_timeout_ms',
    ])
    def AcceptOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    AdoptOptions = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'int descriptor',
      'int client_port',
      'char * client_ip',
      'void * data',
      'size_t size',
      'char * target',
      'char * protocol',
      'void * user_data',
    ])
    def AdoptOptions.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    Response = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'int status',
      'int reserved',
      'void * headers',
      'size_t header_count',
      'void * body',
      'size_t body_size',
    ])
    def Response.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    ServerStats = struct([
      'unsigned int struct_size',
      'unsigned int reserved',
      'long long connections',
      'long long connections_peak',
      'unsigned long long accepted',
      'unsigned long long upgrades',
      'unsigned long long messages_received',
      'unsigned long long messages_sent',
      'unsigned long long bytes_received',
      'unsigned long long bytes_sent',
      'unsigned long long pings_received',
      'unsigned long long pings_sent',
      'unsigned long long pongs_received',
      'unsigned long long dropped',
      'unsigned long long tls_handshakes',
      'unsigned long long tls_failures',
      'unsigned long long refused_descriptors',
      'unsigned long long refused_ceiling',
      'unsigned long long refused_connections',
      'unsigned long long refused_clients',
      'unsigned long long refused_per_client',
      'unsigned long long refused_rate',
      'unsigned long long refused_bad_requests',
      'unsigned long long refused_origins',
      'unsigned long long refused_late',
      'unsigned long long refused_sizes',
      'unsigned long long refused_unavailable',
      'unsigned long long left',
      'unsigned long long buffered',
      'unsigned long long skipped',
      'unsigned long long replaced',
      'unsigned long long relay_sent',
      'unsigned long long relay_delivered',
      'unsigned long long relay_dropped',
      'unsigned long long relay_refused',
      'long long relay_waiting',
      'long long relay_waiting_bytes',
      'long long relay_lag_ms',
      'long long relay_age_ms',
      'long long relay_subscriptions',
    ])
    def ServerStats.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    RelayMessage = struct([
      'unsigned int struct_size',
      'int type',
      'int broadcast',
      'int priority',
      'void * topic',
      'size_t topic_size',
      'void * data',
      'size_t size',
      'unsigned long long key',
      'long long time_ms',
    ])
    def RelayMessage.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    RelayInterest = struct([
      'unsigned int struct_size',
      'int begins',
      'int pattern',
      'int reserved',
      'void * name',
      'size_t size',
    ])
    def RelayInterest.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    Relay = struct([
      'unsigned int struct_size',
      'unsigned int flags',
      'long long max_messages',
      'long long max_bytes',
      'int drain_timeout_ms',
      'int reserved',
      'void * on_message',
      'void * on_interest',
      'void * on_end',
      'void * user_data',
      'char * returning',
    ])
    def Relay.zeroed = malloc(Fiddle::RUBY_FREE).tap { |s| s.to_ptr[0, size] = "\0" * size; s.struct_size = size }

    extern 'int ws_init(void *)'
    extern 'int ws_shutdown_wait(long long)'
    extern 'int ws_stats_get(void *)'
    extern 'const char *ws_version_string()'
    extern 'unsigned int ws_version_number()'
    extern 'unsigned int ws_abi_version()'
    extern 'int ws_has_feature(const char *)'
    extern 'const char *ws_strerror(int)'
    extern 'const char *ws_last_error()'
    extern 'int ws_on(unsigned long long, int, void *, void *)'
    extern 'int ws_off(unsigned long long, int, void *, void *)'
    extern 'int ws_off_wait(unsigned long long, int, void *, void *, long long)'
    extern 'int ws_set_user_data(unsigned long long, void *)'
    extern 'int ws_user_data(unsigned long long, void *)'
    extern 'int ws_set_correlation_id(unsigned long long, const char *)'
    extern 'int ws_send(unsigned long long, void *, size_t, int, void *, void *)'
    extern 'int ws_send_with(unsigned long long, void *, size_t, int, void *, void *, void *)'
    extern 'int ws_send_part(unsigned long long, void *, size_t, int, int, void *, void *)'
    extern 'int ws_ping(unsigned long long, void *, size_t)'
    extern 'int ws_pong(unsigned long long, void *, size_t)'
    extern 'int ws_close(unsigned long long, void *, void *, void *)'
    extern 'int ws_close_wait(unsigned long long, void *, long long)'
    extern 'int ws_abort(unsigned long long)'
    extern 'int ws_destroy(unsigned long long)'
    extern 'int ws_destroy_wait(unsigned long long, long long)'
    extern 'int ws_pause(unsigned long long)'
    extern 'int ws_resume(unsigned long long)'
    extern 'int ws_state(unsigned long long, void *)'
    extern 'int ws_buffered_amount(unsigned long long, void *)'
    extern 'int ws_connection_info(unsigned long long, void *)'
    extern 'int ws_connection_stats_get(unsigned long long, void *)'
    extern 'int ws_connection_text(unsigned long long, int, void *, size_t, void *)'
    extern 'unsigned long long ws_create(void *)'
    extern 'int ws_connect(unsigned long long, const char *, void *, void *, void *)'
    extern 'int ws_connect_wait(unsigned long long, const char *, void *, long long)'
    extern 'int ws_reconnect_with(unsigned long long, void *)'
    extern 'int ws_network_changed()'
    extern 'unsigned long long ws_server_create(void *)'
    extern 'int ws_server_start(unsigned long long, void *, void *, void *)'
    extern 'int ws_server_set_certificates(unsigned long long, void *, size_t)'
    extern 'int ws_server_stop(unsigned long long, void *, void *, void *)'
    extern 'int ws_server_stop_wait(unsigned long long, void *, long long)'
    extern 'int ws_server_on(unsigned long long, int, void *, void *)'
    extern 'int ws_server_off(unsigned long long, int, void *, void *)'
    extern 'int ws_server_off_wait(unsigned long long, int, void *, void *, long long)'
    extern 'int ws_server_port(unsigned long long, void *)'
    extern 'int ws_server_connections(unsigned long long, void *, size_t, void *)'
    extern 'int ws_server_destroy(unsigned long long)'
    extern 'int ws_server_destroy_wait(unsigned long long, long long)'
    extern 'int ws_server_adopt(unsigned long long, void *, void *)'
    extern 'int ws_server_listener(unsigned long long, size_t, void *)'
    extern 'int ws_server_descriptor(unsigned long long, size_t, void *)'
    extern 'int ws_server_stop_listening(unsigned long long, void *, void *)'
    extern 'int ws_subscribe(unsigned long long, void *, size_t)'
    extern 'int ws_unsubscribe(unsigned long long, void *, size_t)'
    extern 'int ws_subscribe_pattern(unsigned long long, void *, size_t)'
    extern 'int ws_unsubscribe_pattern(unsigned long long, void *, size_t)'
    extern 'int ws_is_subscribed(unsigned long long, void *, size_t, void *)'
    extern 'int ws_subscriptions(unsigned long long, void *, size_t, void *)'
    extern 'int ws_subscription_next(void *, size_t, void *, void *, void *, void *)'
    extern 'int ws_topic_subscribers(unsigned long long, void *, size_t, void *, size_t, void *)'
    extern 'int ws_publish(unsigned long long, void *, size_t, void *, size_t, int, unsigned long long, void *)'
    extern 'int ws_server_broadcast(unsigned long long, void *, size_t, int, unsigned long long, void *)'
    extern 'int ws_publish_with(unsigned long long, void *, size_t, void *, size_t, int, unsigned long long, void *, void *)'
    extern 'int ws_server_broadcast_with(unsigned long long, void *, size_t, int, unsigned long long, void *, void *)'
    extern 'int ws_server_set_relay(unsigned long long, void *)'
    extern 'int ws_relay_deliver(unsigned long long, void *)'
    extern 'int ws_header_next(void *, size_t, void *, void *, void *)'
    extern 'int ws_accept(unsigned long long, void *)'
    extern 'int ws_respond(unsigned long long, void *)'
    extern 'int ws_verify_answer(unsigned long long, unsigned long long, int)'
    extern 'int ws_sign_answer(unsigned long long, unsigned long long, void *, size_t)'
    extern 'unsigned long long ws_queue_create(void *)'
    extern 'int ws_queue_fd(unsigned long long, void *)'
    extern 'int ws_queue_dispatch(unsigned long long, size_t, int, void *)'
    extern 'int ws_queue_poll(unsigned long long, void *, size_t, int, void *)'
    extern 'int ws_queue_flush(unsigned long long)'
    extern 'int ws_queue_wake(unsigned long long)'
    extern 'int ws_queue_destroy(unsigned long long)'
    extern 'int ws_post(unsigned long long, long long, void *, void *, void *)'
    extern 'int ws_post_cancel(unsigned long long, unsigned long long)'
    extern 'int ws_server_stats_get(unsigned long long, void *)'
    extern 'int ws_metrics(unsigned long long, void *, size_t, void *)'
    extern 'int ws_set_url_filter(void *, void *)'
    extern 'int ws_set_log_level(int)'
    extern 'const char *ws_error_name(int)'
    extern 'const char *ws_event_name(int)'
    extern 'const char *ws_stage_name(int)'
    extern 'const char *ws_close_code_name(int)'
  end
end
