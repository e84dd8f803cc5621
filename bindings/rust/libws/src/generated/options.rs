// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json and include/libws by bindings/rust/generate.py; do not edit.

//! Builders of the option structs.

use super::names::*;
use crate::fields::{Bytes, Field, Fields, Scratch, Text};
use libws_sys as sys;
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;

/// Ws\_connect\_options.compression and ws\_server\_config.compression: messages are compressed when
/// both ends agree on permessage-deflate (RFC 7692). WS\_TEXT\_EXTENSIONS has what they agreed on. OUT
/// is what this end sends, IN what it receives. Limits on the size of a message apply to the message
/// itself; statistics, limits on what waits to be sent and ws\_buffered\_amount count what is on the
/// wire. What waits for a connection goes uncompressed, and so does a message that would not get
/// smaller; see ws\_send\_part for pieces. What is published is compressed once for each
/// window\_bits\_out among those who get it; what is sent next to one of them with takeover refers to
/// nothing before it. Compressing takes about 7 us for 1 KiB of text, and a connection without takeover
/// owns nothing for it. One whose secrets share a message with what an attacker may choose should not
/// compress. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct Compression {
    flags: u32,
    level: i32,
    min_size: i32,
    window_bits_out: i32,
    window_bits_in: i32,
    max_ratio: i32,
}

impl Compression {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// Ws\_compression.flags: context takeover (RFC 7692 7.1.1). A message may refer to those before it, and
    /// gets smaller by that; it takes memory of the window's size for each connection and direction, 64 KiB
    /// with windows of 15 bits. That counts in memory\_budget: while it is short, what OUT remembers is
    /// dropped and nobody new gets takeover, and over it the connection with the most memory ends with close
    /// code 1013. The peer may refuse.
    pub fn takeover_out(mut self) -> Self {
        self.flags |= sys::WS_TAKEOVER_OUT;
        self
    }
    /// Ws\_compression.flags: context takeover (RFC 7692 7.1.1). A message may refer to those before it, and
    /// gets smaller by that; it takes memory of the window's size for each connection and direction, 64 KiB
    /// with windows of 15 bits. That counts in memory\_budget: while it is short, what OUT remembers is
    /// dropped and nobody new gets takeover, and over it the connection with the most memory ends with close
    /// code 1013. The peer may refuse.
    pub fn takeover_in(mut self) -> Self {
        self.flags |= sys::WS_TAKEOVER_IN;
        self
    }
    /// 1 (fast) to 9 (small) with a window of 15 bits, others have one level; 0: 1.
    pub fn level(mut self, value: i32) -> Self {
        self.level = value;
        self
    }
    /// Smaller messages, but not pieces, go uncompressed: 1..2^30 bytes; 0: 256.
    pub fn min_size(mut self, value: i32) -> Self {
        self.min_size = value;
        self
    }
    /// How far back a message may refer, as a power of two: 8..15; 0: 15. The peer may want less.
    pub fn window_bits_out(mut self, value: i32) -> Self {
        self.window_bits_out = value;
        self
    }
    /// Likewise; a peer that cannot keep to less than 15 is asked for no takeover instead.
    pub fn window_bits_in(mut self, value: i32) -> Self {
        self.window_bits_in = value;
        self
    }
    /// A received message that inflates to more than 64 KiB and so many times its compressed size ends its
    /// connection with close code 1009: 1..2^20; -1: any, up to max\_message\_size; 0: 500, which counts
    /// from 4 MiB on and is met by what has hardly any information, as zeros (1000 times), never by text
    /// (the same line again and again: up to 420).
    pub fn max_ratio(mut self, value: i32) -> Self {
        self.max_ratio = value;
        self
    }
}

impl Field for Compression {
    type Raw = sys::ws_compression;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_compression {
        let mut raw = sys::ws_compression::default();
        raw.flags = self.flags;
        raw.level = self.level;
        raw.min_size = self.min_size;
        raw.window_bits_out = self.window_bits_out;
        raw.window_bits_in = self.window_bits_in;
        raw.max_ratio = self.max_ratio;
        raw
    }
}

/// Ws\_connect\_options.reconnect: a client that connects again by itself. Each loss gives error (unless
/// the peer said a Close frame), close with will\_reconnect 1, then reconnecting before the wait for
/// each try, and open when one succeeds. A try that fails gives error. The completion of ws\_connect
/// comes once: at the first open, or when the client gives up, which is an error of stage
/// WS\_STAGE\_RECONNECT: after max\_tries, at an HTTP answer that would be the same next time (every
/// status but 408, 421, 425, 429 and those from 500 on, of which 501, 505 and 511 are final, too), or at
/// a certificate that one end does not take; at the first try this is the only error. Retry-After of 429
/// and 503, seconds or a date, is the shortest wait, of one hour at the most; with jitter the random
/// wait follows it, since all clients of a server may get the same value. ws\_close ends it.
#[derive(Clone, Debug, Default)]
pub struct ReconnectOptions {
    flags: u32,
    first_delay_ms: i32,
    max_delay_ms: i32,
    factor_percent: i32,
    max_tries: i32,
    exact: bool,
    final_code_count: i32,
    final_codes: Vec<i32>,
    stable_ms: i32,
    answer_timeout_ms: i32,
}

impl ReconnectOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// Messages of which no byte has left are sent by the next connection. One of which the kernel has some
    /// bytes, but not all, fails. One that the kernel had taken completes with WS\_OK, and is lost without a
    /// word when the connection is before its bytes were there: WS\_ACKNOWLEDGED\_SENDS of
    /// ws\_connect\_options.flags keeps these as well. When the connection ends because it holds the most of
    /// a memory budget that is used up, all fail.
    pub fn keep_sends(mut self) -> Self {
        self.flags |= sys::WS_KEEP_SENDS;
        self
    }
    /// A certificate that is not taken, the server's or the client's, does not end it: for one that will be
    /// replaced, and for a clock that will be set.
    pub fn retry_certificate(mut self) -> Self {
        self.flags |= sys::WS_RETRY_CERTIFICATE;
        self
    }
    /// Before each try, when its wait is over, comes WS\_EVENT\_BEFORE\_RECONNECT, and the try begins with
    /// the answer, ws\_reconnect\_with: for tokens that expire. Without an answer within answer\_timeout\_ms
    /// the try has failed (WS\_ERR\_TIMEOUT, WS\_STAGE\_TIMEOUT) and the next wait begins: with what it had
    /// the server might refuse it for good. That time also runs while the client is paused, or nobody
    /// dispatches its queue. The HTTP answers 401 and 407, and close code 3000, are final only when they
    /// follow another of them: then new credentials were not good, either.
    pub fn ask_before_reconnect(mut self) -> Self {
        self.flags |= sys::WS_ASK_BEFORE_RECONNECT;
        self
    }
    /// Longest wait before the first try: 1..3600000; 0: 500.
    pub fn first_delay_ms(mut self, value: i32) -> Self {
        self.first_delay_ms = value;
        self
    }
    /// Longest wait at all: first\_delay\_ms..3600000; 0: 30000, or first\_delay\_ms if that is longer.
    pub fn max_delay_ms(mut self, value: i32) -> Self {
        self.max_delay_ms = value;
        self
    }
    /// Each wait may be so much longer than the one before: 100..10000; 0: 200.
    pub fn factor_percent(mut self, value: i32) -> Self {
        self.factor_percent = value;
        self
    }
    /// Tries in a row that may fail, not counting that of ws\_connect, before it gives up; 0: any number.
    pub fn max_tries(mut self, value: i32) -> Self {
        self.max_tries = value;
        self
    }
    /// 1: waits are the longest allowed ones; 0: random ones up to that (full jitter).
    pub fn exact(mut self, value: bool) -> Self {
        self.exact = value;
        self
    }
    /// Of final\_codes: 0..1000.
    pub fn final_code_count(mut self, value: i32) -> Self {
        self.final_code_count = value;
        self
    }
    /// Close codes of the peer that end it, 1000..4999, beside 1000, 1002, 1003, 1007..1010, 3000 and 3003;
    /// NULL when there are none.
    pub fn final_codes(mut self, value: impl Into<Vec<i32>>) -> Self {
        self.final_codes = value.into();
        self
    }
    /// Time that a connection has to last before the waits begin anew with first\_delay\_ms; behind a
    /// shorter one they go on growing: 1..3600000; 0: the last wait, at least 10000; -1: none. Tries are
    /// counted anew at each open all the same.
    pub fn stable_ms(mut self, value: i32) -> Self {
        self.stable_ms = value;
        self
    }
    /// With WS\_ASK\_BEFORE\_RECONNECT: for the answer: 1..3600000; 0: 30000; -1: for ever.
    pub fn answer_timeout_ms(mut self, value: i32) -> Self {
        self.answer_timeout_ms = value;
        self
    }
}

impl Field for ReconnectOptions {
    type Raw = sys::ws_reconnect_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_reconnect_options {
        let mut raw = sys::ws_reconnect_options::default();
        raw.flags = self.flags;
        raw.first_delay_ms = self.first_delay_ms;
        raw.max_delay_ms = self.max_delay_ms;
        raw.factor_percent = self.factor_percent;
        raw.max_tries = self.max_tries;
        raw.exact = self.exact as i32;
        raw.final_code_count = self.final_code_count;
        (raw.final_codes, raw.final_code_count) = (scratch.slice(self.final_codes.clone()), self.final_codes.len() as i32);
        raw.stable_ms = self.stable_ms;
        raw.answer_timeout_ms = self.answer_timeout_ms;
        raw
    }
}

/// Ws\_init: the whole library. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct InitOptions {
    loops: i32,
    engine: Engine,
    log_level: Option<LogLevel>,
    memory_budget: i64,
    log_lines_per_second: i32,
}

impl InitOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// Event loops, one thread each: 1..64; 0: 1.
    pub fn loops(mut self, value: i32) -> Self {
        self.loops = value;
        self
    }
    /// WS\_ENGINE\_.
    pub fn engine(mut self, value: Engine) -> Self {
        self.engine = value;
        self
    }
    /// Highest WS\_LOG\_ level that is reported; 0: WS\_LOG\_WARN.
    pub fn log_level(mut self, value: LogLevel) -> Self {
        self.log_level = Some(value);
        self
    }
    /// Bytes for all receive, send and queue buffers together; 0: a quarter of the memory this process may
    /// use; at least 1 MiB; -1: no ceiling. Near it connections that use memory are not read; over it sends
    /// are refused (WS\_ERR\_MEMORY), and connections that use the most are ended (close code 1013).
    pub fn memory_budget(mut self, value: i64) -> Self {
        self.memory_budget = value;
        self
    }
    /// Of each level; more are left out and counted, and one line says so a second later: 1..1000000; 0:
    /// 100; -1: no limit.
    pub fn log_lines_per_second(mut self, value: i32) -> Self {
        self.log_lines_per_second = value;
        self
    }
}

impl Field for InitOptions {
    type Raw = sys::ws_init_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_init_options {
        let mut raw = sys::ws_init_options::default();
        raw.loops = self.loops;
        raw.engine = self.engine.as_raw();
        raw.log_level = self.log_level.map_or(0, LogLevel::as_raw);
        raw.memory_budget = self.memory_budget;
        raw.log_lines_per_second = self.log_lines_per_second;
        raw
    }
}

/// Ws\_create: a client. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct CreateOptions {
    flags: u32,
    max_message_size: i64,
    max_send_size: i64,
    max_buffered: i64,
    high_water_mark: i64,
    low_water_mark: i64,
    full_policy: FullPolicy,
    correlation_id: Text,
    max_send_frame: i64,
}

impl CreateOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// Clients: ws\_send fails with WS\_ERR\_STATE until open, instead of keeping messages until then.
    pub fn refuse_early(mut self) -> Self {
        self.flags |= sys::WS_REFUSE_EARLY;
        self
    }
    /// A message is delivered in pieces as they come (ws\_event.part), so that it never is in memory whole.
    pub fn receive_parts(mut self) -> Self {
        self.flags |= sys::WS_RECEIVE_PARTS;
        self
    }
    /// Ping and pong are events although nobody has called ws\_on for them: for ws\_queue\_poll.
    pub fn ping_events(mut self) -> Self {
        self.flags |= sys::WS_PING_EVENTS;
        self
    }
    /// A message over max\_message\_size does not end its connection: what comes of it is dropped as it
    /// comes, control frames between its frames have their way, and at its end WS\_EVENT\_SKIPPED tells how
    /// large it was. A compressed one is inflated all the same, and max\_ratio ends its connection as ever.
    /// Not with WS\_RECEIVE\_PARTS.
    pub fn skip_large(mut self) -> Self {
        self.flags |= sys::WS_SKIP_LARGE;
        self
    }
    /// Pings of the peer are not answered, but events, as with WS\_PING\_EVENTS: the host answers by
    /// ws\_pong, with what the ping carried (RFC 6455 5.5.3); of several the last one is enough. A peer
    /// whose pings stay unanswered may end the connection; one that floods is ended by max\_control\_frames
    /// as ever, and waits while a queue is full.
    pub fn manual_pong(mut self) -> Self {
        self.flags |= sys::WS_MANUAL_PONG;
        self
    }
    /// Largest message received or sent: 1..2^46 bytes; 0: 64 MiB; -1: no limit (2^46). On systems of 32
    /// bits no limit of a size is above 1 GiB.
    pub fn max_message_size(mut self, value: i64) -> Self {
        self.max_message_size = value;
        self
    }
    /// Largest message sent, if that is to be less: 1..max\_message\_size; 0: max\_message\_size. The
    /// module's is 5242864.
    pub fn max_send_size(mut self, value: i64) -> Self {
        self.max_send_size = value;
        self
    }
    /// Bytes that may wait in the output queue: 1..2^46; 0: 16 MiB. One message always fits an empty queue.
    pub fn max_buffered(mut self, value: i64) -> Self {
        self.max_buffered = value;
        self
    }
    /// Drain follows when more than this was buffered; 1..max\_buffered; 0: max\_buffered.
    pub fn high_water_mark(mut self, value: i64) -> Self {
        self.high_water_mark = value;
        self
    }
    /// Buffered bytes at which drain comes; 1..high\_water\_mark - 1; 0: a quarter of it.
    pub fn low_water_mark(mut self, value: i64) -> Self {
        self.low_water_mark = value;
        self
    }
    /// WS\_FULL\_.
    pub fn full_policy(mut self, value: FullPolicy) -> Self {
        self.full_policy = value;
        self
    }
    /// As of ws\_set\_correlation\_id; NULL or "": none.
    pub fn correlation_id(mut self, value: impl Into<String>) -> Self {
        self.correlation_id.set(value.into());
        self
    }
    /// Largest payload of a frame that is sent, in bytes: 1024..2^30; 0: any. A larger message, or piece of
    /// one, leaves in several frames (RFC 6455 5.4), which each peer puts together: for gateways that end
    /// connections with larger ones. Since 0.1.
    pub fn max_send_frame(mut self, value: i64) -> Self {
        self.max_send_frame = value;
        self
    }
}

impl Field for CreateOptions {
    type Raw = sys::ws_create_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_create_options {
        let mut raw = sys::ws_create_options::default();
        raw.flags = self.flags;
        raw.max_message_size = self.max_message_size;
        raw.max_send_size = self.max_send_size;
        raw.max_buffered = self.max_buffered;
        raw.high_water_mark = self.high_water_mark;
        raw.low_water_mark = self.low_water_mark;
        raw.full_policy = self.full_policy.as_raw();
        raw.correlation_id = self.correlation_id.raw("correlation_id", scratch);
        raw.max_send_frame = self.max_send_frame;
        raw
    }
}

/// Ws\_connect: one connection of a client (the module's WebSocketRequestOptions). Texts are
/// NUL-terminated. A member "X" of X\_size bytes and a member "X\_path" give the same, PEM of at most 16
/// MiB from memory or from a file, which is read during the call; not both, and X\_size 0 is none. What
/// is for TLS is used for wss only. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct ConnectOptions {
    flags: u32,
    headers: Fields,
    protocol: Text,
    origin: Text,
    max_redirects: i32,
    handshake_timeout_ms: i32,
    connect_timeout_ms: i32,
    tls_timeout_ms: i32,
    upgrade_timeout_ms: i32,
    ping_interval_ms: i32,
    pong_timeout_ms: i32,
    idle_timeout_ms: i32,
    write_timeout_ms: i32,
    skip_server_cert_verification: bool,
    min_support_tls_protocol: TlsVersion,
    max_support_tls_protocol: TlsVersion,
    ca_path: Text,
    ca: Bytes,
    client_cert_path: Text,
    client_cert: Bytes,
    client_key_path: Text,
    client_key: Bytes,
    client_key_password: Text,
    server_name: Text,
    pins: Text,
    cipher_suites: Text,
    key_log_path: Text,
    proxy: Proxy,
    proxy_port: i32,
    proxy_host: Text,
    proxy_username: Text,
    proxy_password: Text,
    proxy_exclusion_list: Text,
    reconnect: Option<ReconnectOptions>,
    compression: Option<Compression>,
    host: Text,
    connect_address: Text,
    local_address: Text,
    local_interface: Text,
    address_family: AddressFamily,
    tcp_keepalive_ms: i32,
    tcp_user_timeout_ms: i32,
    connected_descriptor: Option<Arc<OwnedFd>>,
    max_answer_head: i32,
    proxy_ca_path: Text,
    proxy_ca: Bytes,
    key_exchange_groups: Text,
    alpn: Text,
}

impl ConnectOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// An Origin field is made of the URL, "`http://host`" or "`https://host`".
    pub fn origin_of_url(mut self) -> Self {
        self.flags |= sys::WS_ORIGIN_OF_URL;
        self
    }
    /// As WS\_ORIGIN\_OF\_URL, with the port of the URL, unless it is that of the scheme.
    pub fn support_origin_port(mut self) -> Self {
        self.flags |= sys::WS_SUPPORT_ORIGIN_PORT;
        self
    }
    /// Heartbeat: only a pong is a sign of life, no other bytes.
    pub fn strict_pong(mut self) -> Self {
        self.flags |= sys::WS_STRICT_PONG;
        self
    }
    /// Wss: no session of an earlier connection is resumed, none is kept.
    pub fn no_resumption(mut self) -> Self {
        self.flags |= sys::WS_NO_RESUMPTION;
        self
    }
    /// The completion of a message comes when the peer's TCP has acknowledged all of it, which is asked for
    /// every 50 ms, not when the kernel has it. When the connection is lost before, the message is sent
    /// again by the next one, in its place, with WS\_KEEP\_SENDS; otherwise it fails. It may have arrived
    /// all the same, so that the peer gets it twice: at least once. (That the peer's TCP has it does not say
    /// that its program has read it.) Messages are copied until then, in memory\_budget, leave by the loop,
    /// and go uncompressed. Linux; elsewhere WS\_ERR\_UNSUPPORTED. Since 0.1.
    pub fn acknowledged_sends(mut self) -> Self {
        self.flags |= sys::WS_ACKNOWLEDGED_SENDS;
        self
    }
    /// Set-Cookie fields of the server's answers, also of those that redirect or refuse, are kept as long as
    /// the client and sent to whom they are meant for (RFC 6265; not for a public suffix as "co.uk"), over
    /// redirects, reconnects and each ws\_connect with this flag. host of the options counts as the server's
    /// name. Cookies of a Cookie field in headers stay first, and win over those of the same name. At most
    /// 100 of 4096 bytes each; the one that was set first makes room. Since 0.1.
    pub fn keep_cookies(mut self) -> Self {
        self.flags |= sys::WS_KEEP_COOKIES;
        self
    }
    /// For ws\_connect\_options.flags and ws\_server\_config.flags: WS\_EVENT\_VERIFY asks the host about
    /// each peer's certificate. The library has checked it before, and tells what it thinks; what the host
    /// says counts. Of a server: clients have to show one (with WS\_CLIENT\_CERT\_OPTIONAL they may), also
    /// without client\_ca; then nothing is checked before. Whether a certificate was revoked the library
    /// does not look up: a list or the stapled OCSP response of the event tells the host. Since 0.1.
    pub fn verify_events(mut self) -> Self {
        self.flags |= sys::WS_VERIFY_EVENTS;
        self
    }
    /// For the flags of ws\_connect\_options, ws\_server\_config and ws\_certificate: the certificate is
    /// given without a key, and WS\_EVENT\_SIGN asks the host for each signature. Keys of RSA, ECDSA and
    /// Ed25519. Since 0.1.
    pub fn sign_events(mut self) -> Self {
        self.flags |= sys::WS_SIGN_EVENTS;
        self
    }
    /// Wss: with TLS 1.2 and older the server may renegotiate once before it answers the request, as old
    /// ones do that ask for the client's certificate only for some paths (RFC 5746 has to be known to both).
    /// Later it may not: a connection that is open is not renegotiated. Since 0.1.
    pub fn renegotiate_once(mut self) -> Self {
        self.flags |= sys::WS_RENEGOTIATE_ONCE;
        self
    }
    /// Extra fields, in this order; a name may come twice. Those of the upgrade itself and of a single hop
    /// are refused. One more, behind those that are there.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(name.into(), value.into());
        self
    }
    /// Subprotocols offered, separated by commas, the preferred one first; NULL: none.
    pub fn protocol(mut self, value: impl Into<String>) -> Self {
        self.protocol.set(value.into());
        self
    }
    /// Origin field (RFC 6455 4.1); NULL: none, unless a flag asks for one: servers may refuse what is not
    /// their own.
    pub fn origin(mut self, value: impl Into<String>) -> Self {
        self.origin.set(value.into());
        self
    }
    /// Answers 301, 302, 303, 307, 308 that are followed: 0..20; 0: none. Never from wss to ws.
    /// Authorization, Cookie, the user part of the URL and the client certificate go to no other host and
    /// port; all other options apply there, too.
    pub fn max_redirects(mut self, value: i32) -> Self {
        self.max_redirects = value;
        self
    }
    /// Resolve, connect, TLS and upgrade together: 1..3600000; 0: 15000; -1: no deadline.
    pub fn handshake_timeout_ms(mut self, value: i32) -> Self {
        self.handshake_timeout_ms = value;
        self
    }
    /// Resolve, connect and proxy by themselves: 1..3600000; 0 or -1: only the whole is bounded.
    pub fn connect_timeout_ms(mut self, value: i32) -> Self {
        self.connect_timeout_ms = value;
        self
    }
    /// The TLS handshake by itself; likewise.
    pub fn tls_timeout_ms(mut self, value: i32) -> Self {
        self.tls_timeout_ms = value;
        self
    }
    /// The upgrade by itself; likewise.
    pub fn upgrade_timeout_ms(mut self, value: i32) -> Self {
        self.upgrade_timeout_ms = value;
        self
    }
    /// Silence of the peer before a ping asks for a sign of life: 1..30000000; 0: 30000; -1: no heartbeat.
    pub fn ping_interval_ms(mut self, value: i32) -> Self {
        self.ping_interval_ms = value;
        self
    }
    /// Then time for the sign, else error and close 1006: 1..30000000; 0: 30000; -1: as long as
    /// ping\_interval\_ms, which it never exceeds.
    pub fn pong_timeout_ms(mut self, value: i32) -> Self {
        self.pong_timeout_ms = value;
        self
    }
    /// Time without a message in either direction, then close 1001: 1..30000000; 0 or -1: for ever.
    pub fn idle_timeout_ms(mut self, value: i32) -> Self {
        self.idle_timeout_ms = value;
        self
    }
    /// Time in which the kernel takes nothing of what waits to be sent, then error and close 1006:
    /// 1..30000000; 0 or -1: for ever.
    pub fn write_timeout_ms(mut self, value: i32) -> Self {
        self.write_timeout_ms = value;
        self
    }
    /// 1 takes any certificate, which protects from nobody who can change the traffic; 0: chain, dates and
    /// host name are checked.
    pub fn skip_server_cert_verification(mut self, value: bool) -> Self {
        self.skip_server_cert_verification = value;
        self
    }
    /// WS\_TLS\_; default: WS\_TLS\_1\_2, or the greatest if that is less.
    pub fn min_support_tls_protocol(mut self, value: TlsVersion) -> Self {
        self.min_support_tls_protocol = value;
        self
    }
    /// WS\_TLS\_, not less than min\_support\_tls\_protocol; default: the newest.
    pub fn max_support_tls_protocol(mut self, value: TlsVersion) -> Self {
        self.max_support_tls_protocol = value;
        self
    }
    /// The authorities to trust, and no others; NULL: /etc/ssl/certs/cacert.pem of OpenHarmony if it is
    /// there, else the system's.
    pub fn ca_path(mut self, value: impl Into<String>) -> Self {
        self.ca_path.set(value.into());
        self
    }
    /// As ca\_path, but PEM from memory.
    pub fn ca(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.ca.set(value.into());
        self
    }
    /// Certificate that the client shows when asked, with its chain.
    pub fn client_cert_path(mut self, value: impl Into<String>) -> Self {
        self.client_cert_path.set(value.into());
        self
    }
    /// As client\_cert\_path, but PEM from memory.
    pub fn client_cert(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.client_cert.set(value.into());
        self
    }
    /// Its private key, PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password.
    pub fn client_key_path(mut self, value: impl Into<String>) -> Self {
        self.client_key_path.set(value.into());
        self
    }
    /// As client\_key\_path, but PEM from memory.
    pub fn client_key(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.client_key.set(value.into());
        self
    }
    /// NULL: the key is not encrypted.
    pub fn client_key_password(mut self, value: impl Into<String>) -> Self {
        self.client_key_password.set(value.into());
        self
    }
    /// Name to ask for (SNI) and to check instead of the URL's host; an address is checked only; NULL: the
    /// URL's host.
    pub fn server_name(mut self, value: impl Into<String>) -> Self {
        self.server_name.set(value.into());
        self
    }
    /// SHA-256 of public keys, base64 or hexadecimal, "sha256/" before it or not, separated by commas; one
    /// must be in the server's chain. When verification is skipped it must be the server's own key. NULL:
    /// none.
    pub fn pins(mut self, value: impl Into<String>) -> Self {
        self.pins.set(value.into());
        self
    }
    /// Names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones.
    pub fn cipher_suites(mut self, value: impl Into<String>) -> Self {
        self.cipher_suites.set(value.into());
        self
    }
    /// Secrets of the connection are appended to this file, for Wireshark; NULL: none.
    pub fn key_log_path(mut self, value: impl Into<String>) -> Self {
        self.key_log_path.set(value.into());
        self
    }
    /// WS\_PROXY\_.
    pub fn proxy(mut self, value: Proxy) -> Self {
        self.proxy = value;
        self
    }
    /// 1..65535; 0: 80 for HTTP, 443 for HTTPS, 1080 for SOCKS5.
    pub fn proxy_port(mut self, value: i32) -> Self {
        self.proxy_port = value;
        self
    }
    /// Name or address, without scheme and port; needed by WS\_PROXY\_HTTP, \_HTTPS and \_SOCKS5, not looked
    /// at otherwise, like the three below.
    pub fn proxy_host(mut self, value: impl Into<String>) -> Self {
        self.proxy_host.set(value.into());
        self
    }
    /// Sent as Basic (RFC 7617; Digest, NTLM and Negotiate are not there), or by RFC 1929: then at most 255
    /// bytes; NULL or "": none.
    pub fn proxy_username(mut self, value: impl Into<String>) -> Self {
        self.proxy_username.set(value.into());
        self
    }
    /// Likewise; may be ""; NULL exactly when proxy\_username is.
    pub fn proxy_password(mut self, value: impl Into<String>) -> Self {
        self.proxy_password.set(value.into());
        self
    }
    /// Hosts without the proxy, separated by commas: a name means also the names below it, an address
    /// itself, \* is any run of characters; each may end with :port.
    pub fn proxy_exclusion_list(mut self, value: impl Into<String>) -> Self {
        self.proxy_exclusion_list.set(value.into());
        self
    }
    /// NULL: a lost connection stays lost.
    pub fn reconnect(mut self, value: ReconnectOptions) -> Self {
        self.reconnect = Some(value);
        self
    }
    /// What to offer; NULL: no compression.
    pub fn compression(mut self, value: Compression) -> Self {
        self.compression = Some(value);
        self
    }
    /// Host field of the request, a name or an address, with a port or not; NULL: that of the URL. TLS has
    /// server\_name. Not for where a redirect leads to.
    pub fn host(mut self, value: impl Into<String>) -> Self {
        self.host.set(value.into());
        self
    }
    /// Addresses, IPv4 or IPv6 without brackets, separated by commas, at most 32: one of them is connected
    /// to, in this order (RFC 8305), and nobody is asked for the URL's host. Host, SNI, the check of the
    /// certificate and proxy\_exclusion\_list stay with the URL; a proxy is asked for the first one. Not for
    /// where a redirect leads to, unless to the same host and port. NULL: what the name resolves to.
    pub fn connect_address(mut self, value: impl Into<String>) -> Self {
        self.connect_address.set(value.into());
        self
    }
    /// Address of this host that the connection comes from; NULL: as the routes say.
    pub fn local_address(mut self, value: impl Into<String>) -> Self {
        self.local_address.set(value.into());
        self
    }
    /// Interface that all its packets go by, "wlan0" (SO\_BINDTODEVICE; Linux, elsewhere
    /// WS\_ERR\_UNSUPPORTED); NULL: as the routes say.
    pub fn local_interface(mut self, value: impl Into<String>) -> Self {
        self.local_interface.set(value.into());
        self
    }
    /// WS\_FAMILY\_; of the proxy, if there is one.
    pub fn address_family(mut self, value: AddressFamily) -> Self {
        self.address_family = value;
        self
    }
    /// Silence before the kernel asks the peer's for a sign of life, and between two such questions, of
    /// which nine unanswered ones end the connection; in whole seconds: 1..32767000; 0: 15000; -1: it never
    /// asks.
    pub fn tcp_keepalive_ms(mut self, value: i32) -> Self {
        self.tcp_keepalive_ms = value;
        self
    }
    /// Time that what was sent may stay unacknowledged before the kernel ends the connection (RFC 5482):
    /// 1..30000000; 0: as the system has it. Linux.
    pub fn tcp_user_timeout_ms(mut self, value: i32) -> Self {
        self.tcp_user_timeout_ms = value;
        self
    }
    /// With WS\_CONNECTED\_DESCRIPTOR: a stream socket, TCP or Unix, that is connected to the server, by a
    /// tunnel or a proxy of the host's own. It is the library's from WS\_OK on. The URL gives everything but
    /// the way; no reconnect, redirects, proxy or addresses with it. Otherwise 0. The options keep it open;
    /// the library gets a duplicate.
    pub fn connected_descriptor(mut self, value: OwnedFd) -> Self {
        self.flags |= sys::WS_CONNECTED_DESCRIPTOR;
        self.connected_descriptor = Some(Arc::new(value));
        self
    }
    /// Bytes of the head of the server's answer: 1024..1048576; 0: 16384.
    pub fn max_answer_head(mut self, value: i32) -> Self {
        self.max_answer_head = value;
        self
    }
    /// The authorities of a WS\_PROXY\_HTTPS, and no others; NULL: the system's. ca is for the server.
    pub fn proxy_ca_path(mut self, value: impl Into<String>) -> Self {
        self.proxy_ca_path.set(value.into());
        self
    }
    /// As proxy\_ca\_path, but PEM from memory.
    pub fn proxy_ca(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.proxy_ca.set(value.into());
        self
    }
    /// For TLS, separated by commas: X25519MLKEM768, X25519, secp256r1, secp384r1, secp521r1; NULL: all, a
    /// hybrid one first, with which the first flight has more than one segment: some old middleboxes take
    /// "X25519,secp256r1" only. (For revoked certificates see WS\_VERIFY\_EVENTS).
    pub fn key_exchange_groups(mut self, value: impl Into<String>) -> Self {
        self.key_exchange_groups.set(value.into());
        self
    }
    /// Protocols offered in the TLS handshake (RFC 7301), separated by commas; "": none; NULL: http/1.1.
    pub fn alpn(mut self, value: impl Into<String>) -> Self {
        self.alpn.set(value.into());
        self
    }
}

impl Field for ConnectOptions {
    type Raw = sys::ws_connect_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_connect_options {
        let mut raw = sys::ws_connect_options::default();
        raw.flags = self.flags;
        (raw.headers, raw.header_count) = self.headers.raw(scratch);
        raw.protocol = self.protocol.raw("protocol", scratch);
        raw.origin = self.origin.raw("origin", scratch);
        raw.max_redirects = self.max_redirects;
        raw.handshake_timeout_ms = self.handshake_timeout_ms;
        raw.connect_timeout_ms = self.connect_timeout_ms;
        raw.tls_timeout_ms = self.tls_timeout_ms;
        raw.upgrade_timeout_ms = self.upgrade_timeout_ms;
        raw.ping_interval_ms = self.ping_interval_ms;
        raw.pong_timeout_ms = self.pong_timeout_ms;
        raw.idle_timeout_ms = self.idle_timeout_ms;
        raw.write_timeout_ms = self.write_timeout_ms;
        raw.skip_server_cert_verification = self.skip_server_cert_verification as i32;
        raw.min_support_tls_protocol = self.min_support_tls_protocol.as_raw();
        raw.max_support_tls_protocol = self.max_support_tls_protocol.as_raw();
        raw.ca_path = self.ca_path.raw("ca_path", scratch);
        (raw.ca, raw.ca_size) = self.ca.raw();
        raw.client_cert_path = self.client_cert_path.raw("client_cert_path", scratch);
        (raw.client_cert, raw.client_cert_size) = self.client_cert.raw();
        raw.client_key_path = self.client_key_path.raw("client_key_path", scratch);
        (raw.client_key, raw.client_key_size) = self.client_key.raw();
        raw.client_key_password = self.client_key_password.raw("client_key_password", scratch);
        raw.server_name = self.server_name.raw("server_name", scratch);
        raw.pins = self.pins.raw("pins", scratch);
        raw.cipher_suites = self.cipher_suites.raw("cipher_suites", scratch);
        raw.key_log_path = self.key_log_path.raw("key_log_path", scratch);
        raw.proxy = self.proxy.as_raw();
        raw.proxy_port = self.proxy_port;
        raw.proxy_host = self.proxy_host.raw("proxy_host", scratch);
        raw.proxy_username = self.proxy_username.raw("proxy_username", scratch);
        raw.proxy_password = self.proxy_password.raw("proxy_password", scratch);
        raw.proxy_exclusion_list = self.proxy_exclusion_list.raw("proxy_exclusion_list", scratch);
        if let Some(inner) = &self.reconnect {
            let inner = inner.raw(scratch);
            raw.reconnect = scratch.one(inner);
        }
        if let Some(inner) = &self.compression {
            let inner = inner.raw(scratch);
            raw.compression = scratch.one(inner);
        }
        raw.host = self.host.raw("host", scratch);
        raw.connect_address = self.connect_address.raw("connect_address", scratch);
        raw.local_address = self.local_address.raw("local_address", scratch);
        raw.local_interface = self.local_interface.raw("local_interface", scratch);
        raw.address_family = self.address_family.as_raw();
        raw.tcp_keepalive_ms = self.tcp_keepalive_ms;
        raw.tcp_user_timeout_ms = self.tcp_user_timeout_ms;
        if let Some(fd) = &self.connected_descriptor {
            raw.connected_descriptor = scratch.duplicate(fd);
        }
        raw.max_answer_head = self.max_answer_head;
        raw.proxy_ca_path = self.proxy_ca_path.raw("proxy_ca_path", scratch);
        (raw.proxy_ca, raw.proxy_ca_size) = self.proxy_ca.raw();
        raw.key_exchange_groups = self.key_exchange_groups.raw("key_exchange_groups", scratch);
        raw.alpn = self.alpn.raw("alpn", scratch);
        raw
    }
}

/// Ws\_reconnect\_with: what is different from this try on, for all that follow. What is NULL stays as
/// it was. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct ReconnectChanges {
    flags: u32,
    url: Text,
    headers: Fields,
    protocol: Text,
    connect_address: Text,
    proxy_username: Text,
    proxy_password: Text,
    client_cert_path: Text,
    client_cert: Bytes,
    client_key_path: Text,
    client_key: Bytes,
    client_key_password: Text,
}

impl ReconnectChanges {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// As of ws\_connect; its user part is the new one, or none. With another host or port host and
    /// connect\_address of the options no longer hold, all else does.
    pub fn url(mut self, value: impl Into<String>) -> Self {
        self.url.set(value.into());
        self
    }
    /// All extra fields from now on; with header\_count 0: none. One more, behind those that are there.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(name.into(), value.into());
        self
    }
    /// Subprotocols offered; "": none.
    pub fn protocol(mut self, value: impl Into<String>) -> Self {
        self.protocol.set(value.into());
        self
    }
    /// Addresses to connect to; "": what the name resolves to.
    pub fn connect_address(mut self, value: impl Into<String>) -> Self {
        self.connect_address.set(value.into());
        self
    }
    /// For the proxy of the options, as there; both or none.
    pub fn proxy_username(mut self, value: impl Into<String>) -> Self {
        self.proxy_username.set(value.into());
        self
    }
    /// Likewise; may be "".
    pub fn proxy_password(mut self, value: impl Into<String>) -> Self {
        self.proxy_password.set(value.into());
        self
    }
    /// The client's certificate and its key, both as in ws\_connect\_options. Who gives one gives all: those
    /// before are forgotten, with the password. With WS\_SIGN\_EVENTS there is no key.
    pub fn client_cert_path(mut self, value: impl Into<String>) -> Self {
        self.client_cert_path.set(value.into());
        self
    }
    /// As client\_cert\_path, but PEM from memory.
    pub fn client_cert(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.client_cert.set(value.into());
        self
    }
    /// Its private key.
    pub fn client_key_path(mut self, value: impl Into<String>) -> Self {
        self.client_key_path.set(value.into());
        self
    }
    /// As client\_key\_path, but PEM from memory.
    pub fn client_key(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.client_key.set(value.into());
        self
    }
    /// Of an encrypted key; NULL: it is not encrypted.
    pub fn client_key_password(mut self, value: impl Into<String>) -> Self {
        self.client_key_password.set(value.into());
        self
    }
}

impl Field for ReconnectChanges {
    type Raw = sys::ws_reconnect_changes;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_reconnect_changes {
        let mut raw = sys::ws_reconnect_changes::default();
        raw.flags = self.flags;
        raw.url = self.url.raw("url", scratch);
        (raw.headers, raw.header_count) = self.headers.raw(scratch);
        raw.protocol = self.protocol.raw("protocol", scratch);
        raw.connect_address = self.connect_address.raw("connect_address", scratch);
        raw.proxy_username = self.proxy_username.raw("proxy_username", scratch);
        raw.proxy_password = self.proxy_password.raw("proxy_password", scratch);
        raw.client_cert_path = self.client_cert_path.raw("client_cert_path", scratch);
        (raw.client_cert, raw.client_cert_size) = self.client_cert.raw();
        raw.client_key_path = self.client_key_path.raw("client_key_path", scratch);
        (raw.client_key, raw.client_key_size) = self.client_key.raw();
        raw.client_key_password = self.client_key_password.raw("client_key_password", scratch);
        raw
    }
}

/// Ws\_close and ws\_server\_stop: what the Close frame says. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct CloseOptions {
    flags: u32,
    code: i32,
    reason: Text,
    timeout_ms: i32,
}

impl CloseOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// A longer reason is cut at the end of a character, instead of being refused.
    pub fn cut_reason(mut self) -> Self {
        self.flags |= sys::WS_CUT_REASON;
        self
    }
    /// The Close frame says nothing, and the peer has 1005 (RFC 6455 7.1.5), as when a page calls close()
    /// without arguments. code is 0 then, and reason NULL. Since 0.1.
    pub fn no_code(mut self) -> Self {
        self.flags |= sys::WS_NO_CODE;
        self
    }
    /// 1000..1003, 1007..1014, 3000..4999 (RFC 6455 7.4); 0: 1000, of a server 1001.
    pub fn code(mut self, value: i32) -> Self {
        self.code = value;
        self
    }
    /// UTF-8, at most 123 bytes, NUL-terminated; NULL: "CLOSE\_NORMAL", of a server "server is going away";
    /// "" is kept.
    pub fn reason(mut self, value: impl Into<String>) -> Self {
        self.reason.set(value.into());
        self
    }
    /// For the peer's answer, then the connection is cut off: 1..3600000; 0: 5000.
    pub fn timeout_ms(mut self, value: i32) -> Self {
        self.timeout_ms = value;
        self
    }
}

impl Field for CloseOptions {
    type Raw = sys::ws_close_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_close_options {
        let mut raw = sys::ws_close_options::default();
        raw.flags = self.flags;
        raw.code = self.code;
        raw.reason = self.reason.raw("reason", scratch);
        raw.timeout_ms = self.timeout_ms;
        raw
    }
}

/// Ws\_send\_with, ws\_publish\_with and ws\_server\_broadcast\_with, which say what it does. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct SendOptions {
    priority: i32,
    key: u64,
}

impl SendOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// 0..7: a message goes before those with a lower one that wait; 0: as by ws\_send.
    pub fn priority(mut self, value: i32) -> Self {
        self.priority = value;
        self
    }
    /// A message replaces the one with its key that waits for the same connection; 0: none.
    pub fn key(mut self, value: u64) -> Self {
        self.key = value;
        self
    }
}

impl Field for SendOptions {
    type Raw = sys::ws_send_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_send_options {
        let mut raw = sys::ws_send_options::default();
        raw.priority = self.priority;
        raw.key = self.key;
        raw
    }
}

/// Ws\_queue\_create. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct QueueOptions {
    flags: u32,
    max_bytes: i64,
}

impl QueueOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// A thread of the library dispatches the queue, for hosts that block in callbacks.
    pub fn queue_thread(mut self) -> Self {
        self.flags |= sys::WS_QUEUE_THREAD;
        self
    }
    /// What a thread sends between two ws\_queue\_poll leaves together, at the second one or at
    /// ws\_queue\_flush; without a meaning for ws\_queue\_dispatch, whose callbacks always gather.
    pub fn queue_gather(mut self) -> Self {
        self.flags |= sys::WS_QUEUE_GATHER;
        self
    }
    /// Of messages and requests that wait, 64 bytes more than each, and of pings and pongs that are events,
    /// 256 bytes more; one connection may fill an eighth; over it connections are not read, so that their
    /// peers have to wait; one message of each always fits; 1..2^46; 0: 16 MiB.
    pub fn max_bytes(mut self, value: i64) -> Self {
        self.max_bytes = value;
        self
    }
}

impl Field for QueueOptions {
    type Raw = sys::ws_queue_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_queue_options {
        let mut raw = sys::ws_queue_options::default();
        raw.flags = self.flags;
        raw.max_bytes = self.max_bytes;
        raw
    }
}

/// Ws\_server\_create: a server. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct ServerOptions {
    flags: u32,
    max_message_size: i64,
    max_send_size: i64,
    max_buffered: i64,
    high_water_mark: i64,
    low_water_mark: i64,
    max_fragments: i32,
    max_control_frames: i32,
    full_policy: FullPolicy,
    max_subscriptions: i32,
    max_send_frame: i64,
}

impl ServerOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// A message is delivered in pieces as they come (ws\_event.part), so that it never is in memory whole.
    pub fn receive_parts(mut self) -> Self {
        self.flags |= sys::WS_RECEIVE_PARTS;
        self
    }
    /// Ping and pong are events although nobody has called ws\_on for them: for ws\_queue\_poll.
    pub fn ping_events(mut self) -> Self {
        self.flags |= sys::WS_PING_EVENTS;
        self
    }
    /// Servers: upgrades are events although nobody has called ws\_server\_on for them.
    pub fn upgrade_events(mut self) -> Self {
        self.flags |= sys::WS_UPGRADE_EVENTS;
        self
    }
    /// Servers: other requests are events although nobody has called ws\_server\_on for them.
    pub fn request_events(mut self) -> Self {
        self.flags |= sys::WS_REQUEST_EVENTS;
        self
    }
    /// Servers: connections remember their target and request header for ws\_connection\_text.
    pub fn keep_request(mut self) -> Self {
        self.flags |= sys::WS_KEEP_REQUEST;
        self
    }
    /// Servers: topics that begin and end are events although nobody has called ws\_server\_on for them.
    pub fn topic_events(mut self) -> Self {
        self.flags |= sys::WS_TOPIC_EVENTS;
        self
    }
    /// A message over max\_message\_size does not end its connection: what comes of it is dropped as it
    /// comes, control frames between its frames have their way, and at its end WS\_EVENT\_SKIPPED tells how
    /// large it was. A compressed one is inflated all the same, and max\_ratio ends its connection as ever.
    /// Not with WS\_RECEIVE\_PARTS.
    pub fn skip_large(mut self) -> Self {
        self.flags |= sys::WS_SKIP_LARGE;
        self
    }
    /// Pings of the peer are not answered, but events, as with WS\_PING\_EVENTS: the host answers by
    /// ws\_pong, with what the ping carried (RFC 6455 5.5.3); of several the last one is enough. A peer
    /// whose pings stay unanswered may end the connection; one that floods is ended by max\_control\_frames
    /// as ever, and waits while a queue is full.
    pub fn manual_pong(mut self) -> Self {
        self.flags |= sys::WS_MANUAL_PONG;
        self
    }
    /// As in ws\_create\_options, for every accepted connection.
    pub fn max_message_size(mut self, value: i64) -> Self {
        self.max_message_size = value;
        self
    }
    /// As in ws\_create\_options, for every accepted connection.
    pub fn max_send_size(mut self, value: i64) -> Self {
        self.max_send_size = value;
        self
    }
    /// As in ws\_create\_options, for every accepted connection.
    pub fn max_buffered(mut self, value: i64) -> Self {
        self.max_buffered = value;
        self
    }
    /// As in ws\_create\_options.
    pub fn high_water_mark(mut self, value: i64) -> Self {
        self.high_water_mark = value;
        self
    }
    /// As in ws\_create\_options.
    pub fn low_water_mark(mut self, value: i64) -> Self {
        self.low_water_mark = value;
        self
    }
    /// Frames of one message; 0: no limit.
    pub fn max_fragments(mut self, value: i32) -> Self {
        self.max_fragments = value;
        self
    }
    /// Pings and pongs of a peer that are read in one second: 1..65535; 0: 1000; -1: no limit. What came
    /// during a pause is read at once.
    pub fn max_control_frames(mut self, value: i32) -> Self {
        self.max_control_frames = value;
        self
    }
    /// WS\_FULL\_, for every accepted connection.
    pub fn full_policy(mut self, value: FullPolicy) -> Self {
        self.full_policy = value;
        self
    }
    /// Topics and patterns to which one connection may subscribe; 0: 1024; -1: no limit.
    pub fn max_subscriptions(mut self, value: i32) -> Self {
        self.max_subscriptions = value;
        self
    }
    /// As in ws\_create\_options, for every accepted connection and what is published.
    pub fn max_send_frame(mut self, value: i64) -> Self {
        self.max_send_frame = value;
        self
    }
}

impl Field for ServerOptions {
    type Raw = sys::ws_server_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_server_options {
        let mut raw = sys::ws_server_options::default();
        raw.flags = self.flags;
        raw.max_message_size = self.max_message_size;
        raw.max_send_size = self.max_send_size;
        raw.max_buffered = self.max_buffered;
        raw.high_water_mark = self.high_water_mark;
        raw.low_water_mark = self.low_water_mark;
        raw.max_fragments = self.max_fragments;
        raw.max_control_frames = self.max_control_frames;
        raw.full_policy = self.full_policy.as_raw();
        raw.max_subscriptions = self.max_subscriptions;
        raw.max_send_frame = self.max_send_frame;
        raw
    }
}

/// A certificate with its private key, PEM, each from a file or from memory, not both. Of an array all
/// have the same struct\_size. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct Certificate {
    flags: u32,
    cert_path: Text,
    cert: Bytes,
    key_path: Text,
    key: Bytes,
    key_password: Text,
}

impl Certificate {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// For the flags of ws\_connect\_options, ws\_server\_config and ws\_certificate: the certificate is
    /// given without a key, and WS\_EVENT\_SIGN asks the host for each signature. Keys of RSA, ECDSA and
    /// Ed25519. Since 0.1.
    pub fn sign_events(mut self) -> Self {
        self.flags |= sys::WS_SIGN_EVENTS;
        self
    }
    /// The certificate first, then the chain.
    pub fn cert_path(mut self, value: impl Into<String>) -> Self {
        self.cert_path.set(value.into());
        self
    }
    /// As cert\_path, but PEM from memory.
    pub fn cert(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.cert.set(value.into());
        self
    }
    /// PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password.
    pub fn key_path(mut self, value: impl Into<String>) -> Self {
        self.key_path.set(value.into());
        self
    }
    /// As key\_path, but PEM from memory.
    pub fn key(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.key.set(value.into());
        self
    }
    /// Of an encrypted key; NULL: it is not encrypted.
    pub fn key_password(mut self, value: impl Into<String>) -> Self {
        self.key_password.set(value.into());
        self
    }
}

impl Field for Certificate {
    type Raw = sys::ws_certificate;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_certificate {
        let mut raw = sys::ws_certificate::default();
        raw.flags = self.flags;
        raw.cert_path = self.cert_path.raw("cert_path", scratch);
        (raw.cert, raw.cert_size) = self.cert.raw();
        raw.key_path = self.key_path.raw("key_path", scratch);
        (raw.key, raw.key_size) = self.key.raw();
        raw.key_password = self.key_password.raw("key_password", scratch);
        raw
    }
}

/// One more place where a server listens: an address and port, the path of a Unix socket, or a socket
/// that listens already. Of an array all have the same struct\_size. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct Listener {
    flags: u32,
    ip: Text,
    path: Text,
    port: i32,
    mode: i32,
    descriptor: Option<Arc<OwnedFd>>,
    backlog: i32,
    first_loop: i32,
    loops: i32,
}

impl Listener {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// Ip "::" takes clients of IPv6 only (IPV6\_V6ONLY), so that "0.0.0.0" and "::" can share a port; other
    /// addresses of IPv6 always do.
    pub fn ipv6_only(mut self) -> Self {
        self.flags |= sys::WS_LISTEN_IPV6_ONLY;
        self
    }
    /// Others of this user may listen there, too (SO\_REUSEPORT), and with several loops each has a socket
    /// of its own; on Linux the kernel spreads the clients. Not on Windows.
    pub fn reuse_port(mut self) -> Self {
        self.flags |= sys::WS_LISTEN_REUSE_PORT;
        self
    }
    /// No TLS, although the server has certificates.
    pub fn plain(mut self) -> Self {
        self.flags |= sys::WS_LISTEN_PLAIN;
        self
    }
    /// As server\_ip.
    pub fn ip(mut self, value: impl Into<String>) -> Self {
        self.ip.set(value.into());
        self
    }
    /// Of a Unix socket instead, at most 103 bytes; not on Windows. A socket file at which nobody listens is
    /// replaced, no other file is. Of several processes that find such a file exactly one gets its place;
    /// they lock the directory meanwhile (flock), which programs without this library do not heed. It is
    /// removed when the server stops listening, unless ws\_server\_descriptor has handed it over. "@name" is
    /// an abstract one (Linux), without a file or mode: every local user may connect.
    pub fn path(mut self, value: impl Into<String>) -> Self {
        self.path.set(value.into());
        self
    }
    /// As server\_port.
    pub fn port(mut self, value: i32) -> Self {
        self.port = value;
        self
    }
    /// Permissions of the file at path, 0..0777; 0: 0600.
    pub fn mode(mut self, value: i32) -> Self {
        self.mode = value;
        self
    }
    /// With WS\_LISTEN\_DESCRIPTOR: a stream socket, TCP or Unix, that listens. It is duplicated and stays
    /// the host's, who may close it after the call. It becomes non-blocking. The options keep it open; the
    /// library gets a duplicate.
    pub fn descriptor(mut self, value: OwnedFd) -> Self {
        self.flags |= sys::WS_LISTEN_DESCRIPTOR;
        self.descriptor = Some(Arc::new(value));
        self
    }
    /// As in ws\_server\_config; 0 for a descriptor.
    pub fn backlog(mut self, value: i32) -> Self {
        self.backlog = value;
        self
    }
    /// Its connections go to these loops in turn: the first one, from 0.
    pub fn first_loop(mut self, value: i32) -> Self {
        self.first_loop = value;
        self
    }
    /// And how many; 0: all from first\_loop on.
    pub fn loops(mut self, value: i32) -> Self {
        self.loops = value;
        self
    }
}

impl Field for Listener {
    type Raw = sys::ws_listener;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_listener {
        let mut raw = sys::ws_listener::default();
        raw.flags = self.flags;
        raw.ip = self.ip.raw("ip", scratch);
        raw.path = self.path.raw("path", scratch);
        raw.port = self.port;
        raw.mode = self.mode;
        if let Some(fd) = &self.descriptor {
            raw.descriptor = fd.as_raw_fd();
        }
        raw.backlog = self.backlog;
        raw.first_loop = self.first_loop;
        raw.loops = self.loops;
        raw
    }
}

/// Ws\_server\_start: where to listen (the module's WebSocketServerConfig). Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct ServerConfig {
    flags: u32,
    server_port: i32,
    server_ip: Text,
    handshake_timeout_ms: i32,
    backlog: i32,
    cert_path: Text,
    key_path: Text,
    min_support_tls_protocol: TlsVersion,
    max_support_tls_protocol: TlsVersion,
    cert: Bytes,
    key: Bytes,
    key_password: Text,
    certificates: Vec<Certificate>,
    client_ca_path: Text,
    client_ca: Bytes,
    cipher_suites: Text,
    protocol: Text,
    origins: Text,
    decision_timeout_ms: i32,
    keep_alive_timeout_ms: i32,
    max_head_size: i32,
    max_body_size: i32,
    max_connections: i32,
    max_concurrent_clients_number: i32,
    max_connections_for_one_client: i32,
    max_upgrades_per_minute: i32,
    ping_interval_ms: i32,
    pong_timeout_ms: i32,
    idle_timeout_ms: i32,
    write_timeout_ms: i32,
    trusted_proxies: Text,
    client_address: ClientAddress,
    tcp_keep_alive_ms: i32,
    listeners: Vec<Listener>,
    compression: Option<Compression>,
    hosts: Text,
    health_path: Text,
}

impl ServerConfig {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// 0 for the two limits of clients is 10, as in the module.
    pub fn module_limits(mut self) -> Self {
        self.flags |= sys::WS_MODULE_LIMITS;
        self
    }
    /// Heartbeat: only a pong is a sign of life, no other bytes.
    pub fn strict_pong(mut self) -> Self {
        self.flags |= sys::WS_STRICT_PONG;
        self
    }
    /// A client may come without a certificate; one that it shows must be good.
    pub fn client_cert_optional(mut self) -> Self {
        self.flags |= sys::WS_CLIENT_CERT_OPTIONAL;
        self
    }
    /// Server\_ip, server\_port and backlog are not used, only listeners.
    pub fn listeners_only(mut self) -> Self {
        self.flags |= sys::WS_LISTENERS_ONLY;
        self
    }
    /// As WS\_LISTEN\_REUSE\_PORT, for server\_port.
    pub fn reuse_port(mut self) -> Self {
        self.flags |= sys::WS_REUSE_PORT;
        self
    }
    /// With origins NULL, and TLS: also pages of http of the same host may connect. Such a page may have
    /// been changed on its way, so else it gets 403.
    pub fn http_origins(mut self) -> Self {
        self.flags |= sys::WS_HTTP_ORIGINS;
        self
    }
    /// The server has to speak one of the subprotocols of protocol: else the client fails with an error of
    /// stage WS\_STAGE\_UPGRADE. Of ws\_server\_config, too: a client that offers none of protocol gets 400,
    /// also when the host listens for upgrades.
    pub fn require_protocol(mut self) -> Self {
        self.flags |= sys::WS_REQUIRE_PROTOCOL;
        self
    }
    /// It listens nowhere: connections come by ws\_server\_adopt only. server\_ip, server\_port and
    /// listeners are not given then.
    pub fn no_listeners(mut self) -> Self {
        self.flags |= sys::WS_NO_LISTENERS;
        self
    }
    /// As WS\_LISTEN\_IPV6\_ONLY, for server\_ip.
    pub fn ipv6_only(mut self) -> Self {
        self.flags |= sys::WS_IPV6_ONLY;
        self
    }
    /// For ws\_connect\_options.flags and ws\_server\_config.flags: WS\_EVENT\_VERIFY asks the host about
    /// each peer's certificate. The library has checked it before, and tells what it thinks; what the host
    /// says counts. Of a server: clients have to show one (with WS\_CLIENT\_CERT\_OPTIONAL they may), also
    /// without client\_ca; then nothing is checked before. Whether a certificate was revoked the library
    /// does not look up: a list or the stapled OCSP response of the event tells the host. Since 0.1.
    pub fn verify_events(mut self) -> Self {
        self.flags |= sys::WS_VERIFY_EVENTS;
        self
    }
    /// For the flags of ws\_connect\_options, ws\_server\_config and ws\_certificate: the certificate is
    /// given without a key, and WS\_EVENT\_SIGN asks the host for each signature. Keys of RSA, ECDSA and
    /// Ed25519. Since 0.1.
    pub fn sign_events(mut self) -> Self {
        self.flags |= sys::WS_SIGN_EVENTS;
        self
    }
    /// 0..65535; 0: an ephemeral one, see ws\_server\_port().
    pub fn server_port(mut self, value: i32) -> Self {
        self.server_port = value;
        self
    }
    /// Literal IPv4 or IPv6 address of this host; a link-local one with its zone, by name or number,
    /// "fe80::1%eth0"; NULL: "0.0.0.0".
    pub fn server_ip(mut self, value: impl Into<String>) -> Self {
        self.server_ip.set(value.into());
        self
    }
    /// A client must have sent its upgrade request by then: 1..3600000; 0: 15000; -1: no deadline.
    pub fn handshake_timeout_ms(mut self, value: i32) -> Self {
        self.handshake_timeout_ms = value;
        self
    }
    /// Connections that may wait in the kernel until they are accepted: 1..65535; 0: 4096.
    pub fn backlog(mut self, value: i32) -> Self {
        self.backlog = value;
        self
    }
    /// PEM file with the certificate chain; with a certificate the server speaks wss only. One that has
    /// expired, is not valid yet or names no host is taken, with a line of WS\_LOG\_WARN.
    pub fn cert_path(mut self, value: impl Into<String>) -> Self {
        self.cert_path.set(value.into());
        self
    }
    /// PEM file with the private key of the certificate.
    pub fn key_path(mut self, value: impl Into<String>) -> Self {
        self.key_path.set(value.into());
        self
    }
    /// WS\_TLS\_.
    pub fn min_support_tls_protocol(mut self, value: TlsVersion) -> Self {
        self.min_support_tls_protocol = value;
        self
    }
    /// WS\_TLS\_.
    pub fn max_support_tls_protocol(mut self, value: TlsVersion) -> Self {
        self.max_support_tls_protocol = value;
        self
    }
    /// Instead of cert\_path.
    pub fn cert(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.cert.set(value.into());
        self
    }
    /// Instead of key\_path.
    pub fn key(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.key.set(value.into());
        self
    }
    /// For an encrypted key.
    pub fn key_password(mut self, value: impl Into<String>) -> Self {
        self.key_password.set(value.into());
        self
    }
    /// Others, at most 10000: a client gets the one for the name it asks for (SNI), and the first of all
    /// when there is none. One more, behind those that are there.
    pub fn certificate(mut self, value: Certificate) -> Self {
        self.certificates.push(value);
        self
    }
    /// PEM file with authorities: clients have to show a certificate of one of them (mutual TLS); NULL: none
    /// is asked for.
    pub fn client_ca_path(mut self, value: impl Into<String>) -> Self {
        self.client_ca_path.set(value.into());
        self
    }
    /// Instead of client\_ca\_path.
    pub fn client_ca(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.client_ca.set(value.into());
        self
    }
    /// Names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones.
    pub fn cipher_suites(mut self, value: impl Into<String>) -> Self {
        self.cipher_suites.set(value.into());
        self
    }
    /// Subprotocols the server speaks, separated by commas, the preferred one first; the first that a client
    /// offers is chosen, else none (RFC 6455 4.2.2; see WS\_REQUIRE\_PROTOCOL). Browsers end a connection
    /// that gets none of those they offer, so a line of WS\_LOG\_INFO says so.
    pub fn protocol(mut self, value: impl Into<String>) -> Self {
        self.protocol.set(value.into());
        self
    }
    /// Whose pages may connect (RFC 6455 10.2), "`https://example.com`", separated by commas. A host that
    /// begins with "\*." means all names below it, the port "\*" any; "\*" alone: any origin; NULL: those of
    /// the host they connect to (see WS\_HTTP\_ORIGINS). Others get 403, and a line of WS\_LOG\_INFO names
    /// them. Clients that send no Origin are no browsers, and may. What no browser ever sends, as an origin
    /// with a path, is refused by ws\_server\_start.
    pub fn origins(mut self, value: impl Into<String>) -> Self {
        self.origins.set(value.into());
        self
    }
    /// For the answer to an upgrade or request event, then 503: 1..3600000; 0: 15000; -1: none.
    pub fn decision_timeout_ms(mut self, value: i32) -> Self {
        self.decision_timeout_ms = value;
        self
    }
    /// For the next request after an answer of ws\_respond: 1..3600000; 0: 5000; -1: each answer ends its
    /// connection.
    pub fn keep_alive_timeout_ms(mut self, value: i32) -> Self {
        self.keep_alive_timeout_ms = value;
        self
    }
    /// Bytes of a request line and its fields, then 414 or 431: 1024..1048576; 0: 16384. Of a body in chunks
    /// (RFC 9112 7.1) it also bounds the trailers, then 431, and what extensions of chunks take beyond 16
    /// bytes and twice the data of each chunk, then 413.
    pub fn max_head_size(mut self, value: i32) -> Self {
        self.max_head_size = value;
        self
    }
    /// Bytes of the body of a request, however it comes, then 413: 1..16777216; 0: 65536; -1: none is taken.
    pub fn max_body_size(mut self, value: i32) -> Self {
        self.max_body_size = value;
        self
    }
    /// Open and opening ones at once; 0: only ws\_stats.connection\_limit.
    pub fn max_connections(mut self, value: i32) -> Self {
        self.max_connections = value;
        self
    }
    /// Distinct addresses that are connected; 0: no limit.
    pub fn max_concurrent_clients_number(mut self, value: i32) -> Self {
        self.max_concurrent_clients_number = value;
        self
    }
    /// Connections of one address at once; 0: no limit.
    pub fn max_connections_for_one_client(mut self, value: i32) -> Self {
        self.max_connections_for_one_client = value;
        self
    }
    /// Upgrade requests of one address, as many at once, then evenly; 0: no limit.
    pub fn max_upgrades_per_minute(mut self, value: i32) -> Self {
        self.max_upgrades_per_minute = value;
        self
    }
    /// Silence of the peer before a ping asks for a sign of life: 1..30000000; 0: 30000; -1: no heartbeat.
    pub fn ping_interval_ms(mut self, value: i32) -> Self {
        self.ping_interval_ms = value;
        self
    }
    /// Then time for the sign, else error and close 1006; 0: 30000; never more than ping\_interval\_ms. It
    /// counts anew while the kernel takes what waits before the ping.
    pub fn pong_timeout_ms(mut self, value: i32) -> Self {
        self.pong_timeout_ms = value;
        self
    }
    /// Time without a message in either direction, then close 1001; 0: for ever.
    pub fn idle_timeout_ms(mut self, value: i32) -> Self {
        self.idle_timeout_ms = value;
        self
    }
    /// Time in which the kernel takes nothing of what waits to be sent, then error and close 1006; 0: 60000;
    /// -1: for ever.
    pub fn write_timeout_ms(mut self, value: i32) -> Self {
        self.write_timeout_ms = value;
        self
    }
    /// Their networks and addresses, at most 1024, separated by commas, "10.0.0.0/8, ::1"; a link-local
    /// address may have a zone, and is then meant behind that interface only; "unix": the peers of Unix
    /// sockets; NULL: nobody is believed.
    pub fn trusted_proxies(mut self, value: impl Into<String>) -> Self {
        self.trusted_proxies.set(value.into());
        self
    }
    /// WS\_ADDRESS\_: how they say who the client is.
    pub fn client_address(mut self, value: ClientAddress) -> Self {
        self.client_address = value;
        self
    }
    /// Silence of a peer before TCP itself probes it, in whole seconds, rounded up: 1..32400000; 0: no
    /// probes. It finds peers that are gone also during a handshake.
    pub fn tcp_keep_alive_ms(mut self, value: i32) -> Self {
        self.tcp_keep_alive_ms = value;
        self
    }
    /// More places to listen at, or all with WS\_LISTENERS\_ONLY. For limits of one address all peers of
    /// Unix sockets are one. One more, behind those that are there.
    pub fn listener(mut self, value: Listener) -> Self {
        self.listeners.push(value);
        self
    }
    /// For clients that offer it; NULL: none.
    pub fn compression(mut self, value: Compression) -> Self {
        self.compression = Some(value);
        self
    }
    /// For which hosts requests are answered, by their Host, whatever its port: names, "\*.example.com" for
    /// those below one, addresses; separated by commas; "\*": any. Others get 421 (RFC 9110 7.4). Listeners
    /// on loopback answer for localhost, names below it and addresses of loopback as well. NULL: these only
    /// at listeners on loopback, and any at others: a page of another name cannot reach a server of this
    /// host then (DNS rebinding). Of Unix sockets no Host is looked at.
    pub fn hosts(mut self, value: impl Into<String>) -> Self {
        self.hosts.set(value.into());
        self
    }
    /// GET and HEAD requests for it, "/healthz", are answered by 200 and "ok", with or without a listener
    /// for WS\_EVENT\_REQUEST, which does not get them, and for any Host; NULL: they are requests like
    /// others. Who is refused for a limit gets 503 there, too.
    pub fn health_path(mut self, value: impl Into<String>) -> Self {
        self.health_path.set(value.into());
        self
    }
}

impl Field for ServerConfig {
    type Raw = sys::ws_server_config;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_server_config {
        let mut raw = sys::ws_server_config::default();
        raw.flags = self.flags;
        raw.server_port = self.server_port;
        raw.server_ip = self.server_ip.raw("server_ip", scratch);
        raw.handshake_timeout_ms = self.handshake_timeout_ms;
        raw.backlog = self.backlog;
        raw.cert_path = self.cert_path.raw("cert_path", scratch);
        raw.key_path = self.key_path.raw("key_path", scratch);
        raw.min_support_tls_protocol = self.min_support_tls_protocol.as_raw();
        raw.max_support_tls_protocol = self.max_support_tls_protocol.as_raw();
        (raw.cert, raw.cert_size) = self.cert.raw();
        (raw.key, raw.key_size) = self.key.raw();
        raw.key_password = self.key_password.raw("key_password", scratch);
        let all: Vec<_> = self.certificates.iter().map(|one| one.raw(scratch)).collect();
        (raw.certificates, raw.certificate_count) = (scratch.slice(all), self.certificates.len());
        raw.client_ca_path = self.client_ca_path.raw("client_ca_path", scratch);
        (raw.client_ca, raw.client_ca_size) = self.client_ca.raw();
        raw.cipher_suites = self.cipher_suites.raw("cipher_suites", scratch);
        raw.protocol = self.protocol.raw("protocol", scratch);
        raw.origins = self.origins.raw("origins", scratch);
        raw.decision_timeout_ms = self.decision_timeout_ms;
        raw.keep_alive_timeout_ms = self.keep_alive_timeout_ms;
        raw.max_head_size = self.max_head_size;
        raw.max_body_size = self.max_body_size;
        raw.max_connections = self.max_connections;
        raw.max_concurrent_clients_number = self.max_concurrent_clients_number;
        raw.max_connections_for_one_client = self.max_connections_for_one_client;
        raw.max_upgrades_per_minute = self.max_upgrades_per_minute;
        raw.ping_interval_ms = self.ping_interval_ms;
        raw.pong_timeout_ms = self.pong_timeout_ms;
        raw.idle_timeout_ms = self.idle_timeout_ms;
        raw.write_timeout_ms = self.write_timeout_ms;
        raw.trusted_proxies = self.trusted_proxies.raw("trusted_proxies", scratch);
        raw.client_address = self.client_address.as_raw();
        raw.tcp_keep_alive_ms = self.tcp_keep_alive_ms;
        let all: Vec<_> = self.listeners.iter().map(|one| one.raw(scratch)).collect();
        (raw.listeners, raw.listener_count) = (scratch.slice(all), self.listeners.len());
        if let Some(inner) = &self.compression {
            let inner = inner.raw(scratch);
            raw.compression = scratch.one(inner);
        }
        raw.hosts = self.hosts.raw("hosts", scratch);
        raw.health_path = self.health_path.raw("health_path", scratch);
        raw
    }
}

/// Ws\_accept: how to agree to an upgrade. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct AcceptOptions {
    flags: u32,
    protocol: Text,
    headers: Fields,
    correlation_id: Text,
    max_message_size: i64,
    max_send_size: i64,
    max_buffered: i64,
    high_water_mark: i64,
    low_water_mark: i64,
    ping_interval_ms: i32,
    pong_timeout_ms: i32,
    idle_timeout_ms: i32,
    write_timeout_ms: i32,
}

impl AcceptOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// This connection does not compress, whatever ws\_server\_config and the client say.
    pub fn no_compression(mut self) -> Self {
        self.flags |= sys::WS_NO_COMPRESSION;
        self
    }
    /// The subprotocol, one of those offered, or "" for none; NULL: what ws\_server\_config says.
    pub fn protocol(mut self, value: impl Into<String>) -> Self {
        self.protocol.set(value.into());
        self
    }
    /// Extra fields of the answer, in this order; those of the answer itself are refused. One more, behind
    /// those that are there.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(name.into(), value.into());
        self
    }
    /// As of ws\_set\_correlation\_id; "": none; NULL: as it is.
    pub fn correlation_id(mut self, value: impl Into<String>) -> Self {
        self.correlation_id.set(value.into());
        self
    }
    /// 1..2^46; -1: no limit.
    pub fn max_message_size(mut self, value: i64) -> Self {
        self.max_message_size = value;
        self
    }
    /// 1..max\_message\_size.
    pub fn max_send_size(mut self, value: i64) -> Self {
        self.max_send_size = value;
        self
    }
    /// 1..2^46; the marks are then those that follow from it, or the two below.
    pub fn max_buffered(mut self, value: i64) -> Self {
        self.max_buffered = value;
        self
    }
    /// 1..max\_buffered.
    pub fn high_water_mark(mut self, value: i64) -> Self {
        self.high_water_mark = value;
        self
    }
    /// 1..high\_water\_mark - 1.
    pub fn low_water_mark(mut self, value: i64) -> Self {
        self.low_water_mark = value;
        self
    }
    /// Silence of the peer before a ping asks for a sign of life.
    pub fn ping_interval_ms(mut self, value: i32) -> Self {
        self.ping_interval_ms = value;
        self
    }
    /// Then time for the sign.
    pub fn pong_timeout_ms(mut self, value: i32) -> Self {
        self.pong_timeout_ms = value;
        self
    }
    /// Time without a message in either direction.
    pub fn idle_timeout_ms(mut self, value: i32) -> Self {
        self.idle_timeout_ms = value;
        self
    }
    /// Time in which the kernel takes nothing of what waits to be sent.
    pub fn write_timeout_ms(mut self, value: i32) -> Self {
        self.write_timeout_ms = value;
        self
    }
}

impl Field for AcceptOptions {
    type Raw = sys::ws_accept_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_accept_options {
        let mut raw = sys::ws_accept_options::default();
        raw.flags = self.flags;
        raw.protocol = self.protocol.raw("protocol", scratch);
        (raw.headers, raw.header_count) = self.headers.raw(scratch);
        raw.correlation_id = self.correlation_id.raw("correlation_id", scratch);
        raw.max_message_size = self.max_message_size;
        raw.max_send_size = self.max_send_size;
        raw.max_buffered = self.max_buffered;
        raw.high_water_mark = self.high_water_mark;
        raw.low_water_mark = self.low_water_mark;
        raw.ping_interval_ms = self.ping_interval_ms;
        raw.pong_timeout_ms = self.pong_timeout_ms;
        raw.idle_timeout_ms = self.idle_timeout_ms;
        raw.write_timeout_ms = self.write_timeout_ms;
        raw
    }
}

/// Ws\_server\_adopt: a connection that the host has accepted. Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct AdoptOptions {
    flags: u32,
    descriptor: Option<Arc<OwnedFd>>,
    client_port: i32,
    client_ip: Text,
    data: Bytes,
    target: Text,
    protocol: Text,
}

impl AdoptOptions {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// The host has answered the request by 101, without extensions.
    pub fn adopt_upgraded(mut self) -> Self {
        self.flags |= sys::WS_ADOPT_UPGRADED;
        self
    }
    /// A stream socket that is connected to the client, TCP or Unix. It becomes non-blocking, and is closed
    /// by exec. The options keep it open; the library gets a duplicate.
    pub fn descriptor(mut self, value: OwnedFd) -> Self {
        self.descriptor = Some(Arc::new(value));
        self
    }
    /// 0..65535; of client\_ip.
    pub fn client_port(mut self, value: i32) -> Self {
        self.client_port = value;
        self
    }
    /// Literal address of the client, for limits and ws\_connection\_info, where the socket is that of a
    /// tunnel; NULL: the peer of the socket, or whom trusted\_proxies name.
    pub fn client_ip(mut self, value: impl Into<String>) -> Self {
        self.client_ip.set(value.into());
        self
    }
    /// What the host has read: the request from its first byte on; with WS\_ADOPT\_UPGRADED the frames that
    /// came behind it. Without a PROXY header.
    pub fn data(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.data.set(value.into());
        self
    }
    /// With WS\_ADOPT\_UPGRADED: path and query of the request, for the connect event; NULL: "/".
    pub fn target(mut self, value: impl Into<String>) -> Self {
        self.target.set(value.into());
        self
    }
    /// With WS\_ADOPT\_UPGRADED: the subprotocol of the host's answer; NULL: none.
    pub fn protocol(mut self, value: impl Into<String>) -> Self {
        self.protocol.set(value.into());
        self
    }
}

impl Field for AdoptOptions {
    type Raw = sys::ws_adopt_options;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_adopt_options {
        let mut raw = sys::ws_adopt_options::default();
        raw.flags = self.flags;
        if let Some(fd) = &self.descriptor {
            raw.descriptor = scratch.duplicate(fd);
        }
        raw.client_port = self.client_port;
        raw.client_ip = self.client_ip.raw("client_ip", scratch);
        (raw.data, raw.size) = self.data.raw();
        raw.target = self.target.raw("target", scratch);
        raw.protocol = self.protocol.raw("protocol", scratch);
        raw
    }
}

/// Ws\_respond: an answer to a request (RFC 9110). Since 0.1.
#[derive(Clone, Debug, Default)]
pub struct Response {
    flags: u32,
    status: i32,
    headers: Fields,
    body: Bytes,
}

impl Response {
    /// All members are as the library has them by default.
    pub fn new() -> Self {
        Self::default()
    }
    /// The connection ends behind it.
    pub fn last_response(mut self) -> Self {
        self.flags |= sys::WS_LAST_RESPONSE;
        self
    }
    /// 200..599; 0: 200.
    pub fn status(mut self, value: i32) -> Self {
        self.status = value;
        self
    }
    /// Fields, in this order. Date, Content-Length and Connection come by themselves. One more, behind those
    /// that are there.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(name.into(), value.into());
        self
    }
    /// Copied; at most max\_buffered bytes. Not sent to HEAD.
    pub fn body(mut self, value: impl Into<Vec<u8>>) -> Self {
        self.body.set(value.into());
        self
    }
}

impl Field for Response {
    type Raw = sys::ws_response;
    #[allow(unused_variables, clippy::field_reassign_with_default)]
    fn raw(&self, scratch: &mut Scratch) -> sys::ws_response {
        let mut raw = sys::ws_response::default();
        raw.flags = self.flags;
        raw.status = self.status;
        (raw.headers, raw.header_count) = self.headers.raw(scratch);
        (raw.body, raw.body_size) = self.body.raw();
        raw
    }
}
