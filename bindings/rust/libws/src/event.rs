// SPDX-License-Identifier: Apache-2.0
//! Events, and the messages that they bring and that calls send.
use crate::{Connection, Error, EventKind};
use libws_sys as sys;
use std::borrow::Cow;
use std::ffi::{CStr, c_char, c_void};
use std::ptr::null;

/// A message, as it came or to be sent. Calls take what can be made one: `&str`, `&[u8]`, `&Vec<u8>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// Text, UTF-8 (RFC 6455 5.6).
    Text(&'a str),
    /// Any bytes.
    Binary(&'a [u8]),
}

impl<'a> Message<'a> {
    /// The payload.
    pub fn as_bytes(&self) -> &'a [u8] {
        match self {
            Message::Text(text) => text.as_bytes(),
            Message::Binary(bytes) => bytes,
        }
    }
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&'a str> {
        match self {
            Message::Text(text) => Some(text),
            Message::Binary(_) => None,
        }
    }
    pub(crate) fn number(&self) -> i32 {
        match self {
            Message::Text(_) => sys::WS_TEXT,
            Message::Binary(_) => sys::WS_BINARY,
        }
    }
}

impl<'a> From<&'a str> for Message<'a> {
    fn from(text: &'a str) -> Self {
        Message::Text(text)
    }
}
impl<'a> From<&'a String> for Message<'a> {
    fn from(text: &'a String) -> Self {
        Message::Text(text)
    }
}
impl<'a> From<&'a [u8]> for Message<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Message::Binary(bytes)
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Message<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Message::Binary(bytes)
    }
}
impl<'a> From<&'a Vec<u8>> for Message<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Message::Binary(bytes)
    }
}

/// What happened, as a listener gets it: valid while the listener runs, or until the next poll.
/// Members that a kind of event does not have are 0 or "".
#[derive(Clone, Copy)]
pub struct Event<'a> {
    pub(crate) raw: &'a sys::ws_event,
}

impl<'a> Event<'a> {
    /// The C struct.
    pub fn raw(&self) -> &'a sys::ws_event {
        self.raw
    }
    /// What happened; `None` for a kind that this version does not know.
    pub fn kind(&self) -> Option<EventKind> {
        EventKind::from_raw(self.raw.r#type)
    }
    /// The connection that it is about, on which all calls may be made. Of a server's own events its handle.
    pub fn connection(&self) -> Connection {
        Connection::from_raw(self.raw.handle)
    }
    /// The server of an accepted connection, or 0.
    pub fn server(&self) -> u64 {
        self.raw.server
    }
    /// Messages: the payload. A piece of a text (`receive_parts`) that ends inside a character is `Binary`.
    pub fn message(&self) -> Message<'a> {
        let data = self.data();
        if self.raw.message_type == sys::WS_TEXT
            && let Ok(text) = std::str::from_utf8(data)
        {
            return Message::Text(text);
        }
        Message::Binary(data)
    }
    /// Messages, pings and pongs: the payload; verify and sign: what the question is about.
    pub fn data(&self) -> &'a [u8] {
        // SAFETY: the library keeps what an event points to as long as the event.
        unsafe { bytes(self.raw.data, self.raw.size) }
    }
    /// Error and completion: what went wrong; `None` for a call that has completed.
    pub fn error(&self) -> Option<Error> {
        Error::of(self.raw)
    }
    /// The fields of a header that came (header receive, upgrade, request, and error of a server that refused).
    pub fn headers(&self) -> Headers<'a> {
        Headers { data: self.data(), at: 0 }
    }
}

impl std::fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} of {:?}", self.kind(), self.connection())
    }
}

/// Name and value of each field of a header, in the order in which they came.
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Headers<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);
    fn next(&mut self) -> Option<Self::Item> {
        let (mut name, mut value) = (null(), null());
        // SAFETY: data is what an event of the library has brought; the texts are parts of it.
        unsafe {
            if sys::ws_header_next(self.data.as_ptr().cast(), self.data.len(), &mut self.at, &mut name, &mut value) == 0 {
                return None;
            }
            Some((text(name), text(value)))
        }
    }
}

/// # Safety
/// `size` bytes are at `data` for all of `'a`.
pub(crate) unsafe fn bytes<'a>(data: *const c_void, size: usize) -> &'a [u8] {
    if data.is_null() || size == 0 {
        return &[];
    }
    // SAFETY: as above.
    unsafe { std::slice::from_raw_parts(data.cast(), size) }
}

/// # Safety
/// A text of C is at `text` for all of `'a`, or it is NULL.
pub(crate) unsafe fn text<'a>(text: *const c_char) -> Cow<'a, str> {
    if text.is_null() {
        return Cow::Borrowed("");
    }
    // SAFETY: as above.
    unsafe { CStr::from_ptr(text) }.to_string_lossy()
}
