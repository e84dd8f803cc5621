// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json and include/libws by bindings/rust/generate.py; do not edit.

//! What events bring.

use super::super::event::{Event, bytes, text};
use super::names::*;

impl<'a> Event<'a> {
    /// WS\_TEXT or WS\_BINARY.
    pub fn message_type(&self) -> i32 {
        self.raw.message_type
    }
    /// HTTP status: 101 at open, the answer of a server that refused, else 0.
    pub fn status(&self) -> i32 {
        self.raw.status
    }
    /// Close: the code received (RFC 6455 7.1.5; 1005 none given, 1006 connection lost); error: the close
    /// code sent to the peer, or 0.
    pub fn code(&self) -> i32 {
        self.raw.code
    }
    /// Close: 1 when Close frames went both ways.
    pub fn clean(&self) -> bool {
        self.raw.clean != 0
    }
    /// Close: the reason received, UTF-8, NUL-terminated.
    pub fn reason(&self) -> std::borrow::Cow<'a, str> {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { text(self.raw.reason) }
    }
    /// Open: HTTP status text; error and failed completion: what was tried, with what, why it failed.
    pub fn text(&self) -> std::borrow::Cow<'a, str> {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { text(self.raw.text) }
    }
    /// Error and completion: WS\_STAGE\_.
    pub fn stage(&self) -> Option<Stage> {
        Stage::from_raw(self.raw.stage)
    }
    /// Error, completion: errno of the system call that failed, else 0.
    pub fn os_error(&self) -> i32 {
        self.raw.os_error
    }
    /// Completion: WS\_OP\_.
    pub fn operation(&self) -> Option<Operation> {
        Operation::from_raw(self.raw.operation)
    }
    /// Open info and connect: the subprotocol in use, "" for none; upgrade: those offered.
    pub fn protocol(&self) -> std::borrow::Cow<'a, str> {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { text(self.raw.protocol) }
    }
    /// Pong: microseconds since the ping that it answers; -1: it answers none of ours.
    pub fn round_trip_us(&self) -> i64 {
        self.raw.round_trip_us
    }
    /// Reconnecting: milliseconds until the attempt begins.
    pub fn delay_ms(&self) -> i64 {
        self.raw.delay_ms
    }
    /// Reconnecting: number of the attempt since the connection was lost, from 1.
    pub fn attempt(&self) -> i32 {
        self.raw.attempt
    }
    /// Close: 1 when the client connects again by itself.
    pub fn will_reconnect(&self) -> bool {
        self.raw.will_reconnect != 0
    }
    /// Message: WS\_PART\_, when it is received in pieces.
    pub fn part(&self) -> i32 {
        self.raw.part
    }
    /// Topic begin and end: 1 when the name is that of a pattern (ws\_subscribe\_pattern).
    pub fn pattern(&self) -> bool {
        self.raw.pattern != 0
    }
    /// Upgrade and request: "GET".
    pub fn method(&self) -> std::borrow::Cow<'a, str> {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { text(self.raw.method) }
    }
    /// Upgrade, request and connect: path and query as sent, "/chat?room=1"; request: "\*" for OPTIONS of
    /// the whole server.
    pub fn target(&self) -> std::borrow::Cow<'a, str> {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { text(self.raw.target) }
    }
    /// Error: see WS\_EVENT\_ERROR; request: what followed the head, whole, without the coding when it came
    /// in chunks, and without trailers; one NUL byte follows it.
    pub fn body(&self) -> &'a [u8] {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { bytes(self.raw.body, self.raw.body_size) }
    }
    /// What the host has given to the connection: ws\_set\_correlation\_id; "" for none.
    pub fn correlation_id(&self) -> std::borrow::Cow<'a, str> {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { text(self.raw.correlation_id) }
    }
    /// Skipped: bytes of the message, inflated.
    pub fn message_size(&self) -> u64 {
        self.raw.message_size
    }
    /// Verify and sign: names the question for its answer; below 2^53.
    pub fn token(&self) -> u64 {
        self.raw.token
    }
    /// Sign: SignatureScheme of RFC 8446 4.2.3, such as 0x0804, rsa\_pss\_rsae\_sha256.
    pub fn scheme(&self) -> i32 {
        self.raw.scheme
    }
}

macro_rules! each_listener {
    ($add:ident) => {
        $add!(on_open, Open, "open");
        $add!(on_message, Message, "message");
        $add!(on_close, Close, "close");
        $add!(on_error, Error, "error");
        $add!(on_destroyed, Destroyed, "destroyed");
        $add!(on_connect, Connect, "connect");
        $add!(on_message_receive, MessageReceive, "message receive");
        $add!(on_drain, Drain, "drain");
        $add!(on_open_info, OpenInfo, "open info");
        $add!(on_header_receive, HeaderReceive, "header receive");
        $add!(on_data_end, DataEnd, "data end");
        $add!(on_ping, Ping, "ping");
        $add!(on_pong, Pong, "pong");
        $add!(on_reconnecting, Reconnecting, "reconnecting");
        $add!(on_upgrade, Upgrade, "upgrade");
        $add!(on_request, Request, "request");
        $add!(on_before_reconnect, BeforeReconnect, "before reconnect");
        $add!(on_verify, Verify, "verify");
        $add!(on_sign, Sign, "sign");
        $add!(on_topic_begin, TopicBegin, "topic begin");
        $add!(on_topic_end, TopicEnd, "topic end");
        $add!(on_skipped, Skipped, "skipped");
    };
}
pub(crate) use each_listener;
