// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/csharp/generate.py; do not edit.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Libws
{
    /// <summary>Every constant of the C headers, by its name there.</summary>
    public static class Ws
    {
        public const int WS_ABI_VERSION = 1;
        public const int WS_OK = 0;
        public const int WS_ERR_CONNECT_FAILED = 200;
        public const int WS_ERR_PERMISSION = 201;
        public const int WS_ERR_PARAMETER = 401;
        public const int WS_ERR_URL = 2302001;
        public const int WS_ERR_CERT_FILE = 2302002;
        public const int WS_ERR_CONNECTION_EXISTS = 2302003;
        public const int WS_ERR_LISTEN_IP = 2302004;
        public const int WS_ERR_LISTEN_PORT = 2302005;
        public const int WS_ERR_NO_CONNECTION = 2302006;
        public const int WS_ERR_PORT_OCCUPIED = 2302007;
        public const int WS_ERR_DOMAIN = 2302998;
        public const int WS_ERR_UNKNOWN = 2302999;
        public const int WS_ERR_HANDLE = -101;
        public const int WS_ERR_STATE = -102;
        public const int WS_ERR_FULL = -103;
        public const int WS_ERR_TOO_LARGE = -104;
        public const int WS_ERR_MEMORY = -105;
        public const int WS_ERR_TIMEOUT = -106;
        public const int WS_ERR_CANCELLED = -107;
        public const int WS_ERR_IN_CALLBACK = -108;
        public const int WS_ERR_FORKED = -109;
        public const int WS_ERR_SHUTDOWN = -110;
        public const int WS_ERR_UNSUPPORTED = -111;
        public const int WS_ERR_PROTOCOL = -112;
        public const int WS_ERR_BUFFER = -113;
        public const int WS_ERR_INTERNAL = -114;
        public const int WS_ERR_BUSY = -115;
        public const int WS_ERR_REPLACED = -116;
        public const int WS_STAGE_NONE = 0;
        public const int WS_STAGE_RESOLVE = 1;
        public const int WS_STAGE_CONNECT = 2;
        public const int WS_STAGE_PROXY = 3;
        public const int WS_STAGE_TLS = 4;
        public const int WS_STAGE_UPGRADE = 5;
        public const int WS_STAGE_PROTOCOL = 6;
        public const int WS_STAGE_TIMEOUT = 7;
        public const int WS_STAGE_LIMIT = 8;
        public const int WS_STAGE_RECONNECT = 9;
        public const int WS_STAGE_IO = 10;
        public const int WS_TEXT = 1;
        public const int WS_BINARY = 2;
        public const int WS_PART_WHOLE = 0;
        public const int WS_PART_BEGIN = 1;
        public const int WS_PART_MIDDLE = 2;
        public const int WS_PART_END = 3;
        public const int WS_STATE_CONNECTING = 0;
        public const int WS_STATE_OPEN = 1;
        public const int WS_STATE_CLOSING = 2;
        public const int WS_STATE_CLOSED = 3;
        public const int WS_EVENT_OPEN = 1;
        public const int WS_EVENT_MESSAGE = 2;
        public const int WS_EVENT_CLOSE = 3;
        public const int WS_EVENT_ERROR = 4;
        public const int WS_EVENT_DESTROYED = 5;
        public const int WS_EVENT_CONNECT = 6;
        public const int WS_EVENT_MESSAGE_RECEIVE = 7;
        public const int WS_EVENT_COMPLETION = 8;
        public const int WS_EVENT_DRAIN = 9;
        public const int WS_EVENT_OPEN_INFO = 10;
        public const int WS_EVENT_HEADER_RECEIVE = 11;
        public const int WS_EVENT_DATA_END = 12;
        public const int WS_EVENT_PING = 13;
        public const int WS_EVENT_PONG = 14;
        public const int WS_EVENT_RECONNECTING = 15;
        public const int WS_EVENT_UPGRADE = 16;
        public const int WS_EVENT_REQUEST = 17;
        public const int WS_EVENT_BEFORE_RECONNECT = 18;
        public const int WS_EVENT_VERIFY = 19;
        public const int WS_EVENT_SIGN = 23;
        public const int WS_EVENT_TOPIC_BEGIN = 20;
        public const int WS_EVENT_TOPIC_END = 21;
        public const int WS_EVENT_SKIPPED = 22;
        public const int WS_OP_CONNECT = 1;
        public const int WS_OP_SEND = 2;
        public const int WS_OP_CLOSE = 3;
        public const int WS_OP_SERVER_START = 4;
        public const int WS_OP_SERVER_STOP = 5;
        public const int WS_OP_SERVER_STOP_LISTENING = 6;
        public const int WS_OP_POST = 7;
        public const int WS_COMPLETION_POLL = 1;
        public const int WS_TAKEOVER_OUT = 1;
        public const int WS_TAKEOVER_IN = 2;
        public const int WS_ENGINE_DEFAULT = 0;
        public const int WS_ENGINE_EPOLL = 1;
        public const int WS_ENGINE_GOROUTINE = 2;
        public const int WS_LOG_ERROR = 1;
        public const int WS_LOG_WARN = 2;
        public const int WS_LOG_INFO = 3;
        public const int WS_LOG_DEBUG = 4;
        public const int WS_REFUSE_EARLY = 1;
        public const int WS_RECEIVE_PARTS = 2;
        public const int WS_PING_EVENTS = 4;
        public const int WS_UPGRADE_EVENTS = 8;
        public const int WS_REQUEST_EVENTS = 16;
        public const int WS_KEEP_REQUEST = 32;
        public const int WS_TOPIC_EVENTS = 64;
        public const int WS_SKIP_LARGE = 128;
        public const int WS_MANUAL_PONG = 256;
        public const int WS_BY_TOPIC = 1;
        public const int WS_BY_PATTERN = 2;
        public const int WS_FULL_REFUSE = 0;
        public const int WS_FULL_CLOSE = 1;
        public const int WS_FULL_DROP_OLDEST = 2;
        public const int WS_PROXY_SYSTEM = 0;
        public const int WS_PROXY_NONE = 1;
        public const int WS_PROXY_HTTP = 2;
        public const int WS_PROXY_SOCKS5 = 3;
        public const int WS_PROXY_HTTPS = 4;
        public const int WS_TLS_DEFAULT = 0;
        public const int WS_TLS_1_0 = 1;
        public const int WS_TLS_1_1 = 2;
        public const int WS_TLS_1_2 = 3;
        public const int WS_TLS_1_3 = 4;
        public const int WS_SUPPORT_ORIGIN_PORT = 1;
        public const int WS_STRICT_PONG = 2;
        public const int WS_ORIGIN_OF_URL = 8;
        public const int WS_NO_RESUMPTION = 4;
        public const int WS_KEEP_SENDS = 1;
        public const int WS_RETRY_CERTIFICATE = 2;
        public const int WS_ASK_BEFORE_RECONNECT = 4;
        public const int WS_ACKNOWLEDGED_SENDS = 16;
        public const int WS_CONNECTED_DESCRIPTOR = 32;
        public const int WS_KEEP_COOKIES = 64;
        public const int WS_VERIFY_EVENTS = 4096;
        public const int WS_SIGN_EVENTS = 8192;
        public const int WS_RENEGOTIATE_ONCE = 16384;
        public const int WS_FAMILY_ANY = 0;
        public const int WS_FAMILY_IPV4 = 4;
        public const int WS_FAMILY_IPV6 = 6;
        public const int WS_CUT_REASON = 1;
        public const int WS_NO_CODE = 2;
        public const int WS_TEXT_URL = 1;
        public const int WS_TEXT_PROTOCOL = 2;
        public const int WS_TEXT_EXTENSIONS = 3;
        public const int WS_TEXT_REMOTE_ADDRESS = 4;
        public const int WS_TEXT_LOCAL_ADDRESS = 5;
        public const int WS_TEXT_TLS_VERSION = 6;
        public const int WS_TEXT_TLS_CIPHER = 7;
        public const int WS_TEXT_PEER_CERTIFICATE = 8;
        public const int WS_TEXT_SERVER_NAME = 9;
        public const int WS_TEXT_TARGET = 10;
        public const int WS_TEXT_REQUEST_HEADER = 11;
        public const int WS_TEXT_PEER_ADDRESS = 12;
        public const int WS_QUEUE_THREAD = 1;
        public const int WS_QUEUE_GATHER = 2;
        public const int WS_MODULE_LIMITS = 1;
        public const int WS_CLIENT_CERT_OPTIONAL = 16;
        public const int WS_LISTENERS_ONLY = 32;
        public const int WS_REUSE_PORT = 64;
        public const int WS_HTTP_ORIGINS = 128;
        public const int WS_REQUIRE_PROTOCOL = 256;
        public const int WS_NO_COMPRESSION = 1;
        public const int WS_NO_LISTENERS = 512;
        public const int WS_IPV6_ONLY = 1024;
        public const int WS_LISTEN_IPV6_ONLY = 8;
        public const int WS_ADOPT_UPGRADED = 1;
        public const int WS_ADDRESS_PEER = 0;
        public const int WS_ADDRESS_FORWARDED = 1;
        public const int WS_ADDRESS_X_FORWARDED_FOR = 2;
        public const int WS_ADDRESS_PROXY_PROTOCOL = 3;
        public const int WS_LISTEN_DESCRIPTOR = 1;
        public const int WS_LISTEN_REUSE_PORT = 2;
        public const int WS_LISTEN_PLAIN = 4;
        public const int WS_LAST_RESPONSE = 1;
        public const int WS_RELAY_REFUSE = 1;
    }

    internal static class Native
    {
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_init(IntPtr p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_shutdown_wait(long p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_stats_get(IntPtr p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr ws_version_string();
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint ws_version_number();
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern uint ws_abi_version();
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_has_feature(IntPtr p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr ws_strerror(int p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr ws_last_error();
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_on(ulong p0, int p1, IntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_off(ulong p0, int p1, IntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_off_wait(ulong p0, int p1, IntPtr p2, IntPtr p3, long p4);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_set_user_data(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_user_data(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_set_correlation_id(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_send(ulong p0, IntPtr p1, UIntPtr p2, int p3, IntPtr p4, IntPtr p5);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_send_with(ulong p0, IntPtr p1, UIntPtr p2, int p3, IntPtr p4, IntPtr p5, IntPtr p6);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_send_part(ulong p0, IntPtr p1, UIntPtr p2, int p3, int p4, IntPtr p5, IntPtr p6);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_ping(ulong p0, IntPtr p1, UIntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_pong(ulong p0, IntPtr p1, UIntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_close(ulong p0, IntPtr p1, IntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_close_wait(ulong p0, IntPtr p1, long p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_abort(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_destroy(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_destroy_wait(ulong p0, long p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_pause(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_resume(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_state(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_buffered_amount(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_connection_info(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_connection_stats_get(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_connection_text(ulong p0, int p1, IntPtr p2, UIntPtr p3, IntPtr p4);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong ws_create(IntPtr p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_connect(ulong p0, IntPtr p1, IntPtr p2, IntPtr p3, IntPtr p4);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_connect_wait(ulong p0, IntPtr p1, IntPtr p2, long p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_reconnect_with(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_network_changed();
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong ws_server_create(IntPtr p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_start(ulong p0, IntPtr p1, IntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_set_certificates(ulong p0, IntPtr p1, UIntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_stop(ulong p0, IntPtr p1, IntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_stop_wait(ulong p0, IntPtr p1, long p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_on(ulong p0, int p1, IntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_off(ulong p0, int p1, IntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_off_wait(ulong p0, int p1, IntPtr p2, IntPtr p3, long p4);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_port(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_connections(ulong p0, IntPtr p1, UIntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_destroy(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_destroy_wait(ulong p0, long p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_adopt(ulong p0, IntPtr p1, IntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_listener(ulong p0, UIntPtr p1, IntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_descriptor(ulong p0, UIntPtr p1, IntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_stop_listening(ulong p0, IntPtr p1, IntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_subscribe(ulong p0, IntPtr p1, UIntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_unsubscribe(ulong p0, IntPtr p1, UIntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_subscribe_pattern(ulong p0, IntPtr p1, UIntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_unsubscribe_pattern(ulong p0, IntPtr p1, UIntPtr p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_is_subscribed(ulong p0, IntPtr p1, UIntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_subscriptions(ulong p0, IntPtr p1, UIntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_subscription_next(IntPtr p0, UIntPtr p1, IntPtr p2, IntPtr p3, IntPtr p4, IntPtr p5);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_topic_subscribers(ulong p0, IntPtr p1, UIntPtr p2, IntPtr p3, UIntPtr p4, IntPtr p5);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_publish(ulong p0, IntPtr p1, UIntPtr p2, IntPtr p3, UIntPtr p4, int p5, ulong p6, IntPtr p7);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_broadcast(ulong p0, IntPtr p1, UIntPtr p2, int p3, ulong p4, IntPtr p5);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_publish_with(ulong p0, IntPtr p1, UIntPtr p2, IntPtr p3, UIntPtr p4, int p5, ulong p6, IntPtr p7, IntPtr p8);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_broadcast_with(ulong p0, IntPtr p1, UIntPtr p2, int p3, ulong p4, IntPtr p5, IntPtr p6);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_set_relay(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_relay_deliver(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_accept(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_respond(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_verify_answer(ulong p0, ulong p1, int p2);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_sign_answer(ulong p0, ulong p1, IntPtr p2, UIntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern ulong ws_queue_create(IntPtr p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_queue_fd(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_queue_dispatch(ulong p0, UIntPtr p1, int p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_queue_poll(ulong p0, IntPtr p1, UIntPtr p2, int p3, IntPtr p4);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_queue_flush(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_queue_wake(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_queue_destroy(ulong p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_post(ulong p0, long p1, IntPtr p2, IntPtr p3, IntPtr p4);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_post_cancel(ulong p0, ulong p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_server_stats_get(ulong p0, IntPtr p1);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_metrics(ulong p0, IntPtr p1, UIntPtr p2, IntPtr p3);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern int ws_set_log_level(int p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr ws_error_name(int p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr ws_event_name(int p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr ws_stage_name(int p0);
        [DllImport("libws", CallingConvention = CallingConvention.Cdecl)]
        internal static extern IntPtr ws_close_code_name(int p0);
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeEvent
    {
        public uint struct_size;
        public int type;
        public ulong handle;
        public ulong server;
        public IntPtr data;
        public UIntPtr size;
        public int message_type;
        public int status;
        public int code;
        public int clean;
        public IntPtr reason;
        public UIntPtr reason_size;
        public IntPtr text;
        public int error;
        public int stage;
        public int os_error;
        public int operation;
        public IntPtr user_data;
        public IntPtr protocol;
        public long round_trip_us;
        public long delay_ms;
        public int attempt;
        public int will_reconnect;
        public int part;
        public int pattern;
        public IntPtr method;
        public IntPtr target;
        public IntPtr body;
        public UIntPtr body_size;
        public IntPtr correlation_id;
        public ulong message_size;
        public ulong token;
        public int scheme;
        public int reserved;
    }

    /// <summary>ws_compression: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class Compression : Options
    {
        internal const int Size = 32;
        public int Flags { get; set; }
        public int Level { get; set; }
        public int MinSize { get; set; }
        public int WindowBitsOut { get; set; }
        public int WindowBitsIn { get; set; }
        public int MaxRatio { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt32(at + 8, Level);
            Marshal.WriteInt32(at + 12, MinSize);
            Marshal.WriteInt32(at + 16, WindowBitsOut);
            Marshal.WriteInt32(at + 20, WindowBitsIn);
            Marshal.WriteInt32(at + 24, MaxRatio);
        }
    }

    /// <summary>ws_init_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class InitOptions : Options
    {
        internal const int Size = 48;
        public int Loops { get; set; }
        public int Engine { get; set; }
        public int LogLevel { get; set; }
        public long MemoryBudget { get; set; }
        public int LogLinesPerSecond { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Loops);
            Marshal.WriteInt32(at + 8, Engine);
            Marshal.WriteInt32(at + 12, LogLevel);
            Marshal.WriteInt64(at + 16, MemoryBudget);
            Marshal.WriteInt32(at + 40, LogLinesPerSecond);
        }
    }

    /// <summary>ws_create_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class CreateOptions : Options
    {
        internal const int Size = 88;
        public int Flags { get; set; }
        public long MaxMessageSize { get; set; }
        public long MaxSendSize { get; set; }
        public long MaxBuffered { get; set; }
        public long HighWaterMark { get; set; }
        public long LowWaterMark { get; set; }
        public int FullPolicy { get; set; }
        public string CorrelationId { get; set; }
        public long MaxSendFrame { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt64(at + 8, MaxMessageSize);
            Marshal.WriteInt64(at + 16, MaxSendSize);
            Marshal.WriteInt64(at + 24, MaxBuffered);
            Marshal.WriteInt64(at + 40, HighWaterMark);
            Marshal.WriteInt64(at + 48, LowWaterMark);
            Marshal.WriteInt32(at + 64, FullPolicy);
            Marshal.WriteIntPtr(at + 72, memory.Text(CorrelationId));
            Marshal.WriteInt64(at + 80, MaxSendFrame);
        }
        internal const int QueueAt = 56;
    }

    /// <summary>ws_reconnect_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class ReconnectOptions : Options
    {
        internal const int Size = 56;
        public int Flags { get; set; }
        public int FirstDelayMs { get; set; }
        public int MaxDelayMs { get; set; }
        public int FactorPercent { get; set; }
        public int MaxTries { get; set; }
        public int Exact { get; set; }
        public int[] FinalCodes { get; set; }
        public int StableMs { get; set; }
        public int AnswerTimeoutMs { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt32(at + 8, FirstDelayMs);
            Marshal.WriteInt32(at + 12, MaxDelayMs);
            Marshal.WriteInt32(at + 16, FactorPercent);
            Marshal.WriteInt32(at + 20, MaxTries);
            Marshal.WriteInt32(at + 24, Exact);
            Marshal.WriteIntPtr(at + 32, memory.Ints(FinalCodes));
            Marshal.WriteInt32(at + 28, FinalCodes == null ? 0 : FinalCodes.Length);
            Marshal.WriteInt32(at + 40, StableMs);
            Marshal.WriteInt32(at + 48, AnswerTimeoutMs);
        }
    }

    /// <summary>ws_reconnect_changes: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class ReconnectChanges : Options
    {
        internal const int Size = 120;
        public int Flags { get; set; }
        public string Url { get; set; }
        public List<KeyValuePair<string, string>> Headers { get; set; }
        public string Protocol { get; set; }
        public string ConnectAddress { get; set; }
        public string ProxyUsername { get; set; }
        public string ProxyPassword { get; set; }
        public string ClientCertPath { get; set; }
        public byte[] ClientCert { get; set; }
        public string ClientKeyPath { get; set; }
        public byte[] ClientKey { get; set; }
        public string ClientKeyPassword { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteIntPtr(at + 8, memory.Text(Url));
            Marshal.WriteIntPtr(at + 16, memory.Fields(Headers));
            Marshal.WriteInt64(at + 24, Headers == null ? 0 : Headers.Count);
            Marshal.WriteIntPtr(at + 32, memory.Text(Protocol));
            Marshal.WriteIntPtr(at + 40, memory.Text(ConnectAddress));
            Marshal.WriteIntPtr(at + 48, memory.Text(ProxyUsername));
            Marshal.WriteIntPtr(at + 56, memory.Text(ProxyPassword));
            Marshal.WriteIntPtr(at + 64, memory.Text(ClientCertPath));
            Marshal.WriteIntPtr(at + 72, memory.Bytes(ClientCert));
            Marshal.WriteInt64(at + 80, ClientCert == null ? 0 : ClientCert.Length);
            Marshal.WriteIntPtr(at + 88, memory.Text(ClientKeyPath));
            Marshal.WriteIntPtr(at + 96, memory.Bytes(ClientKey));
            Marshal.WriteInt64(at + 104, ClientKey == null ? 0 : ClientKey.Length);
            Marshal.WriteIntPtr(at + 112, memory.Text(ClientKeyPassword));
        }
    }

    /// <summary>ws_connect_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class ConnectOptions : Options
    {
        internal const int Size = 352;
        public int Flags { get; set; }
        public List<KeyValuePair<string, string>> Headers { get; set; }
        public string Protocol { get; set; }
        public string Origin { get; set; }
        public int MaxRedirects { get; set; }
        public int HandshakeTimeoutMs { get; set; }
        public int ConnectTimeoutMs { get; set; }
        public int TlsTimeoutMs { get; set; }
        public int UpgradeTimeoutMs { get; set; }
        public int PingIntervalMs { get; set; }
        public int PongTimeoutMs { get; set; }
        public int IdleTimeoutMs { get; set; }
        public int WriteTimeoutMs { get; set; }
        public int SkipServerCertVerification { get; set; }
        public int MinSupportTlsProtocol { get; set; }
        public int MaxSupportTlsProtocol { get; set; }
        public string CaPath { get; set; }
        public byte[] Ca { get; set; }
        public string ClientCertPath { get; set; }
        public byte[] ClientCert { get; set; }
        public string ClientKeyPath { get; set; }
        public byte[] ClientKey { get; set; }
        public string ClientKeyPassword { get; set; }
        public string ServerName { get; set; }
        public string Pins { get; set; }
        public string CipherSuites { get; set; }
        public string KeyLogPath { get; set; }
        public int Proxy { get; set; }
        public int ProxyPort { get; set; }
        public string ProxyHost { get; set; }
        public string ProxyUsername { get; set; }
        public string ProxyPassword { get; set; }
        public string ProxyExclusionList { get; set; }
        public ReconnectOptions Reconnect { get; set; }
        public Compression Compression { get; set; }
        public string Host { get; set; }
        public string ConnectAddress { get; set; }
        public string LocalAddress { get; set; }
        public string LocalInterface { get; set; }
        public int AddressFamily { get; set; }
        public int TcpKeepaliveMs { get; set; }
        public int TcpUserTimeoutMs { get; set; }
        public int ConnectedDescriptor { get; set; }
        public int MaxAnswerHead { get; set; }
        public string ProxyCaPath { get; set; }
        public byte[] ProxyCa { get; set; }
        public string KeyExchangeGroups { get; set; }
        public string Alpn { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteIntPtr(at + 8, memory.Fields(Headers));
            Marshal.WriteInt64(at + 16, Headers == null ? 0 : Headers.Count);
            Marshal.WriteIntPtr(at + 24, memory.Text(Protocol));
            Marshal.WriteIntPtr(at + 32, memory.Text(Origin));
            Marshal.WriteInt32(at + 40, MaxRedirects);
            Marshal.WriteInt32(at + 44, HandshakeTimeoutMs);
            Marshal.WriteInt32(at + 48, ConnectTimeoutMs);
            Marshal.WriteInt32(at + 52, TlsTimeoutMs);
            Marshal.WriteInt32(at + 56, UpgradeTimeoutMs);
            Marshal.WriteInt32(at + 60, PingIntervalMs);
            Marshal.WriteInt32(at + 64, PongTimeoutMs);
            Marshal.WriteInt32(at + 68, IdleTimeoutMs);
            Marshal.WriteInt32(at + 72, WriteTimeoutMs);
            Marshal.WriteInt32(at + 76, SkipServerCertVerification);
            Marshal.WriteInt32(at + 80, MinSupportTlsProtocol);
            Marshal.WriteInt32(at + 84, MaxSupportTlsProtocol);
            Marshal.WriteIntPtr(at + 88, memory.Text(CaPath));
            Marshal.WriteIntPtr(at + 96, memory.Bytes(Ca));
            Marshal.WriteInt64(at + 104, Ca == null ? 0 : Ca.Length);
            Marshal.WriteIntPtr(at + 112, memory.Text(ClientCertPath));
            Marshal.WriteIntPtr(at + 120, memory.Bytes(ClientCert));
            Marshal.WriteInt64(at + 128, ClientCert == null ? 0 : ClientCert.Length);
            Marshal.WriteIntPtr(at + 136, memory.Text(ClientKeyPath));
            Marshal.WriteIntPtr(at + 144, memory.Bytes(ClientKey));
            Marshal.WriteInt64(at + 152, ClientKey == null ? 0 : ClientKey.Length);
            Marshal.WriteIntPtr(at + 160, memory.Text(ClientKeyPassword));
            Marshal.WriteIntPtr(at + 168, memory.Text(ServerName));
            Marshal.WriteIntPtr(at + 176, memory.Text(Pins));
            Marshal.WriteIntPtr(at + 184, memory.Text(CipherSuites));
            Marshal.WriteIntPtr(at + 192, memory.Text(KeyLogPath));
            Marshal.WriteInt32(at + 200, Proxy);
            Marshal.WriteInt32(at + 204, ProxyPort);
            Marshal.WriteIntPtr(at + 208, memory.Text(ProxyHost));
            Marshal.WriteIntPtr(at + 216, memory.Text(ProxyUsername));
            Marshal.WriteIntPtr(at + 224, memory.Text(ProxyPassword));
            Marshal.WriteIntPtr(at + 232, memory.Text(ProxyExclusionList));
            Marshal.WriteIntPtr(at + 240, memory.Struct(Reconnect));
            Marshal.WriteIntPtr(at + 248, memory.Struct(Compression));
            Marshal.WriteIntPtr(at + 256, memory.Text(Host));
            Marshal.WriteIntPtr(at + 264, memory.Text(ConnectAddress));
            Marshal.WriteIntPtr(at + 272, memory.Text(LocalAddress));
            Marshal.WriteIntPtr(at + 280, memory.Text(LocalInterface));
            Marshal.WriteInt32(at + 288, AddressFamily);
            Marshal.WriteInt32(at + 292, TcpKeepaliveMs);
            Marshal.WriteInt32(at + 296, TcpUserTimeoutMs);
            Marshal.WriteInt32(at + 300, ConnectedDescriptor);
            Marshal.WriteInt32(at + 304, MaxAnswerHead);
            Marshal.WriteIntPtr(at + 312, memory.Text(ProxyCaPath));
            Marshal.WriteIntPtr(at + 320, memory.Bytes(ProxyCa));
            Marshal.WriteInt64(at + 328, ProxyCa == null ? 0 : ProxyCa.Length);
            Marshal.WriteIntPtr(at + 336, memory.Text(KeyExchangeGroups));
            Marshal.WriteIntPtr(at + 344, memory.Text(Alpn));
        }
    }

    /// <summary>ws_close_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class CloseOptions : Options
    {
        internal const int Size = 24;
        public int Code { get; set; }
        public string Reason { get; set; }
        public int TimeoutMs { get; set; }
        public int Flags { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Code);
            Marshal.WriteIntPtr(at + 8, memory.Text(Reason));
            Marshal.WriteInt32(at + 16, TimeoutMs);
            Marshal.WriteInt32(at + 20, Flags);
        }
    }

    /// <summary>ws_send_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class SendOptions : Options
    {
        internal const int Size = 16;
        public int Priority { get; set; }
        public long Key { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Priority);
            Marshal.WriteInt64(at + 8, Key);
        }
    }

    /// <summary>ws_queue_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class QueueOptions : Options
    {
        internal const int Size = 16;
        public int Flags { get; set; }
        public long MaxBytes { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt64(at + 8, MaxBytes);
        }
    }

    /// <summary>ws_server_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class ServerOptions : Options
    {
        internal const int Size = 88;
        public int Flags { get; set; }
        public long MaxMessageSize { get; set; }
        public long MaxSendSize { get; set; }
        public long MaxBuffered { get; set; }
        public long HighWaterMark { get; set; }
        public long LowWaterMark { get; set; }
        public int MaxFragments { get; set; }
        public int MaxControlFrames { get; set; }
        public int FullPolicy { get; set; }
        public int MaxSubscriptions { get; set; }
        public long MaxSendFrame { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt64(at + 8, MaxMessageSize);
            Marshal.WriteInt64(at + 16, MaxSendSize);
            Marshal.WriteInt64(at + 24, MaxBuffered);
            Marshal.WriteInt64(at + 40, HighWaterMark);
            Marshal.WriteInt64(at + 48, LowWaterMark);
            Marshal.WriteInt32(at + 64, MaxFragments);
            Marshal.WriteInt32(at + 68, MaxControlFrames);
            Marshal.WriteInt32(at + 72, FullPolicy);
            Marshal.WriteInt32(at + 76, MaxSubscriptions);
            Marshal.WriteInt64(at + 80, MaxSendFrame);
        }
        internal const int QueueAt = 56;
    }

    /// <summary>ws_certificate: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class Certificate : Options
    {
        internal const int Size = 64;
        public int Flags { get; set; }
        public string CertPath { get; set; }
        public byte[] Cert { get; set; }
        public string KeyPath { get; set; }
        public byte[] Key { get; set; }
        public string KeyPassword { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteIntPtr(at + 8, memory.Text(CertPath));
            Marshal.WriteIntPtr(at + 16, memory.Bytes(Cert));
            Marshal.WriteInt64(at + 24, Cert == null ? 0 : Cert.Length);
            Marshal.WriteIntPtr(at + 32, memory.Text(KeyPath));
            Marshal.WriteIntPtr(at + 40, memory.Bytes(Key));
            Marshal.WriteInt64(at + 48, Key == null ? 0 : Key.Length);
            Marshal.WriteIntPtr(at + 56, memory.Text(KeyPassword));
        }
    }

    /// <summary>ws_listener: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class ListenAt : Options
    {
        internal const int Size = 48;
        public int Flags { get; set; }
        public string Ip { get; set; }
        public string Path { get; set; }
        public int Port { get; set; }
        public int Mode { get; set; }
        public int Descriptor { get; set; }
        public int Backlog { get; set; }
        public int FirstLoop { get; set; }
        public int Loops { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteIntPtr(at + 8, memory.Text(Ip));
            Marshal.WriteIntPtr(at + 16, memory.Text(Path));
            Marshal.WriteInt32(at + 24, Port);
            Marshal.WriteInt32(at + 28, Mode);
            Marshal.WriteInt32(at + 32, Descriptor);
            Marshal.WriteInt32(at + 36, Backlog);
            Marshal.WriteInt32(at + 40, FirstLoop);
            Marshal.WriteInt32(at + 44, Loops);
        }
    }

    /// <summary>ws_server_config: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class ServerConfig : Options
    {
        internal const int Size = 264;
        public int Flags { get; set; }
        public int ServerPort { get; set; }
        public string ServerIp { get; set; }
        public int HandshakeTimeoutMs { get; set; }
        public int Backlog { get; set; }
        public string CertPath { get; set; }
        public string KeyPath { get; set; }
        public int MinSupportTlsProtocol { get; set; }
        public int MaxSupportTlsProtocol { get; set; }
        public byte[] Cert { get; set; }
        public byte[] Key { get; set; }
        public string KeyPassword { get; set; }
        public Certificate[] Certificates { get; set; }
        public string ClientCaPath { get; set; }
        public byte[] ClientCa { get; set; }
        public string CipherSuites { get; set; }
        public string Protocol { get; set; }
        public string Origins { get; set; }
        public int DecisionTimeoutMs { get; set; }
        public int KeepAliveTimeoutMs { get; set; }
        public int MaxHeadSize { get; set; }
        public int MaxBodySize { get; set; }
        public int MaxConnections { get; set; }
        public int MaxConcurrentClientsNumber { get; set; }
        public int MaxConnectionsForOneClient { get; set; }
        public int MaxUpgradesPerMinute { get; set; }
        public int PingIntervalMs { get; set; }
        public int PongTimeoutMs { get; set; }
        public int IdleTimeoutMs { get; set; }
        public int WriteTimeoutMs { get; set; }
        public string TrustedProxies { get; set; }
        public int ClientAddress { get; set; }
        public int TcpKeepAliveMs { get; set; }
        public ListenAt[] Listeners { get; set; }
        public Compression Compression { get; set; }
        public string Hosts { get; set; }
        public string HealthPath { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt32(at + 8, ServerPort);
            Marshal.WriteIntPtr(at + 16, memory.Text(ServerIp));
            Marshal.WriteInt32(at + 24, HandshakeTimeoutMs);
            Marshal.WriteInt32(at + 28, Backlog);
            Marshal.WriteIntPtr(at + 32, memory.Text(CertPath));
            Marshal.WriteIntPtr(at + 40, memory.Text(KeyPath));
            Marshal.WriteInt32(at + 48, MinSupportTlsProtocol);
            Marshal.WriteInt32(at + 52, MaxSupportTlsProtocol);
            Marshal.WriteIntPtr(at + 56, memory.Bytes(Cert));
            Marshal.WriteInt64(at + 64, Cert == null ? 0 : Cert.Length);
            Marshal.WriteIntPtr(at + 72, memory.Bytes(Key));
            Marshal.WriteInt64(at + 80, Key == null ? 0 : Key.Length);
            Marshal.WriteIntPtr(at + 88, memory.Text(KeyPassword));
            Marshal.WriteIntPtr(at + 96, memory.Structs(Certificates));
            Marshal.WriteInt64(at + 104, Certificates == null ? 0 : Certificates.Length);
            Marshal.WriteIntPtr(at + 112, memory.Text(ClientCaPath));
            Marshal.WriteIntPtr(at + 120, memory.Bytes(ClientCa));
            Marshal.WriteInt64(at + 128, ClientCa == null ? 0 : ClientCa.Length);
            Marshal.WriteIntPtr(at + 136, memory.Text(CipherSuites));
            Marshal.WriteIntPtr(at + 144, memory.Text(Protocol));
            Marshal.WriteIntPtr(at + 152, memory.Text(Origins));
            Marshal.WriteInt32(at + 160, DecisionTimeoutMs);
            Marshal.WriteInt32(at + 164, KeepAliveTimeoutMs);
            Marshal.WriteInt32(at + 168, MaxHeadSize);
            Marshal.WriteInt32(at + 172, MaxBodySize);
            Marshal.WriteInt32(at + 176, MaxConnections);
            Marshal.WriteInt32(at + 180, MaxConcurrentClientsNumber);
            Marshal.WriteInt32(at + 184, MaxConnectionsForOneClient);
            Marshal.WriteInt32(at + 188, MaxUpgradesPerMinute);
            Marshal.WriteInt32(at + 192, PingIntervalMs);
            Marshal.WriteInt32(at + 196, PongTimeoutMs);
            Marshal.WriteInt32(at + 200, IdleTimeoutMs);
            Marshal.WriteInt32(at + 204, WriteTimeoutMs);
            Marshal.WriteIntPtr(at + 208, memory.Text(TrustedProxies));
            Marshal.WriteInt32(at + 216, ClientAddress);
            Marshal.WriteInt32(at + 220, TcpKeepAliveMs);
            Marshal.WriteIntPtr(at + 224, memory.Structs(Listeners));
            Marshal.WriteInt64(at + 232, Listeners == null ? 0 : Listeners.Length);
            Marshal.WriteIntPtr(at + 240, memory.Struct(Compression));
            Marshal.WriteIntPtr(at + 248, memory.Text(Hosts));
            Marshal.WriteIntPtr(at + 256, memory.Text(HealthPath));
        }
    }

    /// <summary>ws_accept_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class AcceptOptions : Options
    {
        internal const int Size = 96;
        public int Flags { get; set; }
        public string Protocol { get; set; }
        public List<KeyValuePair<string, string>> Headers { get; set; }
        public string CorrelationId { get; set; }
        public long MaxMessageSize { get; set; }
        public long MaxSendSize { get; set; }
        public long MaxBuffered { get; set; }
        public long HighWaterMark { get; set; }
        public long LowWaterMark { get; set; }
        public int PingIntervalMs { get; set; }
        public int PongTimeoutMs { get; set; }
        public int IdleTimeoutMs { get; set; }
        public int WriteTimeoutMs { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteIntPtr(at + 8, memory.Text(Protocol));
            Marshal.WriteIntPtr(at + 16, memory.Fields(Headers));
            Marshal.WriteInt64(at + 24, Headers == null ? 0 : Headers.Count);
            Marshal.WriteIntPtr(at + 32, memory.Text(CorrelationId));
            Marshal.WriteInt64(at + 40, MaxMessageSize);
            Marshal.WriteInt64(at + 48, MaxSendSize);
            Marshal.WriteInt64(at + 56, MaxBuffered);
            Marshal.WriteInt64(at + 64, HighWaterMark);
            Marshal.WriteInt64(at + 72, LowWaterMark);
            Marshal.WriteInt32(at + 80, PingIntervalMs);
            Marshal.WriteInt32(at + 84, PongTimeoutMs);
            Marshal.WriteInt32(at + 88, IdleTimeoutMs);
            Marshal.WriteInt32(at + 92, WriteTimeoutMs);
        }
    }

    /// <summary>ws_adopt_options: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class AdoptOptions : Options
    {
        internal const int Size = 64;
        public int Flags { get; set; }
        public int Descriptor { get; set; }
        public int ClientPort { get; set; }
        public string ClientIp { get; set; }
        public byte[] Data { get; set; }
        public string Target { get; set; }
        public string Protocol { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt32(at + 8, Descriptor);
            Marshal.WriteInt32(at + 12, ClientPort);
            Marshal.WriteIntPtr(at + 16, memory.Text(ClientIp));
            Marshal.WriteIntPtr(at + 24, memory.Bytes(Data));
            Marshal.WriteInt64(at + 32, Data == null ? 0 : Data.Length);
            Marshal.WriteIntPtr(at + 40, memory.Text(Target));
            Marshal.WriteIntPtr(at + 48, memory.Text(Protocol));
        }
    }

    /// <summary>ws_response: what each member means stands beside it in the C headers; 0 and null are the default.</summary>
    public sealed class Response : Options
    {
        internal const int Size = 48;
        public int Flags { get; set; }
        public int Status { get; set; }
        public List<KeyValuePair<string, string>> Headers { get; set; }
        public byte[] Body { get; set; }
        internal override int SizeOf => Size;
        internal override void Write(CallMemory memory, IntPtr at)
        {
            Marshal.WriteInt32(at, Size);
            Marshal.WriteInt32(at + 4, Flags);
            Marshal.WriteInt32(at + 8, Status);
            Marshal.WriteIntPtr(at + 16, memory.Fields(Headers));
            Marshal.WriteInt64(at + 24, Headers == null ? 0 : Headers.Count);
            Marshal.WriteIntPtr(at + 32, memory.Bytes(Body));
            Marshal.WriteInt64(at + 40, Body == null ? 0 : Body.Length);
        }
    }

    /// <summary>ws_stats, member by member.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StatsFacts
    {
        public uint struct_size;
        public int loops;
        public long connections;
        public long connections_peak;
        public long connection_limit;
        public ulong accepted;
        public ulong refused;
        public ulong unheard;
        public ulong relieved;
        public long memory_budget;
        public long memory_used;
        public ulong dropped;
        public ulong uptime_us;
        public ulong loop_cpu_us;
        public ulong queued_events;
        public ulong queued_bytes;
        public ulong log_suppressed;
        public ulong defects;
        public ulong replaced;
    }

    /// <summary>ws_connection, member by member.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ConnectionFacts
    {
        public uint struct_size;
        public int client_port;
        public ulong handle;
        public ulong server;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 64)] public byte[] client_ip;
    }

    /// <summary>ws_connection_stats, member by member.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ConnectionStatsFacts
    {
        public uint struct_size;
        public uint reconnects;
        public ulong messages_received;
        public ulong messages_sent;
        public ulong bytes_received;
        public ulong bytes_sent;
        public ulong frames_received;
        public ulong frames_sent;
        public ulong pings_received;
        public ulong pings_sent;
        public ulong pongs_received;
        public ulong buffered_peak;
        public long round_trip_us;
        public long connected_at_ms;
        public ulong messages_dropped;
        public long resolve_us;
        public long connect_us;
        public long tls_us;
        public long upgrade_us;
        public ulong messages_skipped;
        public ulong messages_replaced;
    }

    /// <summary>ws_listener_info, member by member.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ListenerInfoFacts
    {
        public uint struct_size;
        public uint flags;
        public int count;
        public int listener;
        public int port;
        public int loop;
        [MarshalAs(UnmanagedType.ByValArray, SizeConst = 128)] public byte[] address;
    }

    /// <summary>ws_server_stats, member by member.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ServerStatsFacts
    {
        public uint struct_size;
        public uint reserved;
        public long connections;
        public long connections_peak;
        public ulong accepted;
        public ulong upgrades;
        public ulong messages_received;
        public ulong messages_sent;
        public ulong bytes_received;
        public ulong bytes_sent;
        public ulong pings_received;
        public ulong pings_sent;
        public ulong pongs_received;
        public ulong dropped;
        public ulong tls_handshakes;
        public ulong tls_failures;
        public ulong refused_descriptors;
        public ulong refused_ceiling;
        public ulong refused_connections;
        public ulong refused_clients;
        public ulong refused_per_client;
        public ulong refused_rate;
        public ulong refused_bad_requests;
        public ulong refused_origins;
        public ulong refused_late;
        public ulong refused_sizes;
        public ulong refused_unavailable;
        public ulong left;
        public ulong buffered;
        public ulong skipped;
        public ulong replaced;
        public ulong relay_sent;
        public ulong relay_delivered;
        public ulong relay_dropped;
        public ulong relay_refused;
        public long relay_waiting;
        public long relay_waiting_bytes;
        public long relay_lag_ms;
        public long relay_age_ms;
        public long relay_subscriptions;
    }
}
