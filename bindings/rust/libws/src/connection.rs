// SPDX-License-Identifier: Apache-2.0
//! What clients and accepted connections have in common.
use crate::closures::{Registration, alone, completing, forget_once, listen};
use crate::fields::{c_text, milliseconds, with};
use crate::generated::events::each_listener;
use crate::queue::may_wait;
use crate::{
    AcceptOptions, CloseOptions, Error, ErrorKind, Event, EventKind, Message, ReconnectChanges, Response, Result, SendOptions, State, Text,
};
use libws_sys as sys;
use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};
use std::time::Duration;

/// An accepted connection, or that of a client: a number to call, which owns nothing and is copied freely. One that
/// has ended gives an error, never harm. All calls are for any thread, also inside closures.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Connection(u64);

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Connection({})", self.0)
    }
}

/// What a connection has subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The topic or pattern.
    pub name: Vec<u8>,
    /// Whether it is a pattern.
    pub pattern: bool,
}

/// A function that was posted, to be taken back.
#[derive(Debug)]
pub struct Posted {
    target: u64,
    id: u64,
    node: *mut c_void,
}

// SAFETY: the closure is Send, and it is freed only when the library says that it never runs.
unsafe impl Send for Posted {}
// SAFETY: nothing is done by reference.
unsafe impl Sync for Posted {}

impl Posted {
    /// Takes it back: it never runs. [`ErrorKind::State`]: it has run, or will at once.
    pub fn cancel(self) -> Result<()> {
        // SAFETY: WS_OK says that nobody else has the closure any more.
        unsafe {
            Error::check(sys::ws_post_cancel(self.target, self.id))?;
            forget_once(self.node);
        }
        Ok(())
    }
}

pub(crate) fn post(target: u64, delay: Duration, f: impl FnOnce(Result<()>) + Send + 'static) -> Result<Posted> {
    let mut id = 0;
    let told = |event: &Event<'_>| f(event.error().map_or(Ok(()), Err));
    // SAFETY: pointers are good during the call; the closure belongs to the library when it succeeds.
    let node =
        completing(told, |call, node| Error::check(unsafe { sys::ws_post(target, milliseconds(Some(delay)), call, node, &mut id) }))?;
    Ok(Posted { target, id, node })
}

/// Text of a size that is not known: `read(buffer, capacity, &mut size)`.
pub(crate) fn read_text(mut read: impl FnMut(*mut c_char, usize, *mut usize) -> i32) -> Result<String> {
    let mut buffer = Vec::<u8>::new();
    loop {
        let mut size = 0;
        let at = if buffer.is_empty() { null_mut() } else { buffer.as_mut_ptr().cast() };
        match read(at, buffer.len(), &mut size) {
            sys::WS_OK if size < buffer.len() => {
                buffer.truncate(size);
                return Ok(String::from_utf8_lossy(&buffer).into_owned());
            }
            sys::WS_OK | sys::WS_ERR_BUFFER => buffer.resize(size + 1 + size / 8, 0),
            failed => Error::check(failed)?,
        }
    }
}

macro_rules! add_listener {
    ($name:ident, $kind:ident, $text:literal) => {
        #[doc = concat!("Adds a listener for \"", $text, "\": [`EventKind::", stringify!($kind), "`].")]
        pub fn $name(&self, f: impl FnMut(&Event<'_>) + Send + 'static) -> Result<Registration> {
            self.on(EventKind::$kind, f)
        }
    };
}

impl Connection {
    /// By its number in C.
    pub fn from_raw(handle: u64) -> Self {
        Self(handle)
    }
    /// Its number in C.
    pub fn as_raw(self) -> u64 {
        self.0
    }

    /// Adds a listener. Listeners of one connection never overlap and never recurse, so the closure may change what it
    /// has captured; it runs on a thread of the library, or where its queue is dispatched. The connection owns it and
    /// frees it at its destroyed event.
    pub fn on(&self, event: EventKind, f: impl FnMut(&Event<'_>) + Send + 'static) -> Result<Registration> {
        listen(sys::ws_on, self.0, event, alone(f))
    }
    each_listener!(add_listener);
    /// Removes a listener: inside a callback of this connection it is not called again; from another thread a call that
    /// is running may still end later.
    pub fn off(&self, listener: &Registration) -> Result<()> {
        // SAFETY: the node is compared only.
        Error::check(unsafe { sys::ws_off(self.0, listener.event, listener.call, listener.node) })
    }
    /// As `off`, then waits until no callback of the connection is running; `None`: for ever.
    pub fn off_wait(&self, listener: &Registration, timeout: Option<Duration>) -> Result<()> {
        // SAFETY: the node is compared only.
        Error::check(unsafe { sys::ws_off_wait(self.0, listener.event, listener.call, listener.node, milliseconds(timeout)) })
    }

    /// Sends a message, whole or not at all: text or bytes. [`ErrorKind::Full`]: a drain event follows when there is room.
    pub fn send<'a>(&self, message: impl Into<Message<'a>>) -> Result<()> {
        let (message, bytes) = parts(message);
        // SAFETY: the bytes are read during the call.
        Error::check(unsafe { sys::ws_send(self.0, bytes.as_ptr().cast(), bytes.len(), message.number(), None, null_mut()) })
    }
    /// As `send`; `done` is called when the kernel has the whole message, or with the reason why it never will.
    pub fn send_then<'a>(&self, message: impl Into<Message<'a>>, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        let (message, bytes) = parts(message);
        // SAFETY: the bytes are read during the call; the closure is the library's when it succeeds.
        completing(outcome(done), |call, node| {
            Error::check(unsafe { sys::ws_send(self.0, bytes.as_ptr().cast(), bytes.len(), message.number(), call, node) })
        })
        .map(drop)
    }
    /// Sends a message with a key, a priority or both: it replaces the one with its key that still waits, so that a peer that
    /// reads slowly gets the newest of each key, and goes before those with a lower priority.
    pub fn send_with<'a>(&self, message: impl Into<Message<'a>>, options: &SendOptions) -> Result<()> {
        let (message, bytes) = parts(message);
        // SAFETY: bytes and options are read during the call.
        with(options, |raw| unsafe {
            sys::ws_send_with(self.0, bytes.as_ptr().cast(), bytes.len(), message.number(), raw, None, null_mut())
        })
    }
    /// As `send_with` and `send_then`; [`ErrorKind::Replaced`]: a newer message with its key came while it waited.
    pub fn send_with_then<'a>(
        &self,
        message: impl Into<Message<'a>>,
        options: &SendOptions,
        done: impl FnOnce(Result<()>) + Send + 'static,
    ) -> Result<()> {
        let (message, bytes) = parts(message);
        // SAFETY: bytes and options are read during the call; the closure is the library's when it succeeds.
        completing(outcome(done), |call, node| {
            with(options, |raw| unsafe { sys::ws_send_with(self.0, bytes.as_ptr().cast(), bytes.len(), message.number(), raw, call, node) })
        })
        .map(drop)
    }
    /// Sends a piece of a message (RFC 6455 5.4), of which `ends` says that it is the last one. Of a text a piece may end
    /// inside a character: `text` says what kind it is.
    pub fn send_part(&self, data: &[u8], text: bool, ends: bool) -> Result<()> {
        let kind = if text { sys::WS_TEXT } else { sys::WS_BINARY };
        // SAFETY: the bytes are read during the call.
        Error::check(unsafe { sys::ws_send_part(self.0, data.as_ptr().cast(), data.len(), kind, ends as i32, None, null_mut()) })
    }
    /// Sends a ping of at most 125 bytes.
    pub fn ping(&self, data: &[u8]) -> Result<()> {
        // SAFETY: the bytes are read during the call.
        Error::check(unsafe { sys::ws_ping(self.0, data.as_ptr().cast(), data.len()) })
    }
    /// Sends a pong of at most 125 bytes.
    pub fn pong(&self, data: &[u8]) -> Result<()> {
        // SAFETY: the bytes are read during the call.
        Error::check(unsafe { sys::ws_pong(self.0, data.as_ptr().cast(), data.len()) })
    }

    /// Starts the closing handshake; the close event is the end.
    pub fn close(&self, options: &CloseOptions) -> Result<()> {
        // SAFETY: what the options point to is read during the call.
        with(options, |raw| unsafe { sys::ws_close(self.0, raw, None, null_mut()) })
    }
    /// As `close`; `done` is called when the handshake is over.
    pub fn close_then(&self, options: &CloseOptions, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        // SAFETY: as in `close`; the closure is the library's when it succeeds.
        completing(outcome(done), |call, node| with(options, |raw| unsafe { sys::ws_close(self.0, raw, call, node) })).map(drop)
    }
    /// As `close`, then waits until the close event was told; `None`: for ever. Not for a connection on a
    /// [`PolledQueue`](crate::PolledQueue): the wait would take events of others from it.
    pub fn close_wait(&self, options: &CloseOptions, timeout: Option<Duration>) -> Result<()> {
        may_wait()?;
        // SAFETY: what the options point to is read during the call.
        with(options, |raw| unsafe { sys::ws_close_wait(self.0, raw, milliseconds(timeout)) })
    }
    /// Ends the connection at once, without a handshake; close comes with code 1006.
    pub fn abort(&self) -> Result<()> {
        // SAFETY: any number may be given, as in all calls below.
        Error::check(unsafe { sys::ws_abort(self.0) })
    }
    /// Ends it at once and frees its handle, which is stale afterwards. (A [`Client`](crate::Client) does it when it is dropped.)
    pub fn destroy(&self) -> Result<()> {
        // SAFETY: see abort.
        Error::check(unsafe { sys::ws_destroy(self.0) })
    }
    /// As `destroy`, then waits until nothing of it runs or comes any more; `None`: for ever. Not for one on a polled queue,
    /// as `close_wait`.
    pub fn destroy_wait(&self, timeout: Option<Duration>) -> Result<()> {
        may_wait()?;
        // SAFETY: see abort.
        Error::check(unsafe { sys::ws_destroy_wait(self.0, milliseconds(timeout)) })
    }
    /// Stops reading: the peer feels it through TCP. No message, close or error comes before `resume`.
    pub fn pause(&self) -> Result<()> {
        // SAFETY: see abort.
        Error::check(unsafe { sys::ws_pause(self.0) })
    }
    /// Delivers what waited since `pause`, and reads again.
    pub fn resume(&self) -> Result<()> {
        // SAFETY: see abort.
        Error::check(unsafe { sys::ws_resume(self.0) })
    }

    /// Its state, which may have changed when the call returns.
    pub fn state(&self) -> Result<State> {
        let mut state = 0;
        // SAFETY: the out-parameter is good during the call, as in all calls below.
        Error::check(unsafe { sys::ws_state(self.0, &mut state) })?;
        State::from_raw(state).ok_or_else(|| Error::new(ErrorKind::Unsupported, format!("state {state} is not known here")))
    }
    /// Bytes of frames that were accepted and are not yet in the hands of the kernel.
    pub fn buffered_amount(&self) -> Result<u64> {
        let mut bytes = 0;
        // SAFETY: see state.
        Error::check(unsafe { sys::ws_buffered_amount(self.0, &mut bytes) })?;
        Ok(bytes)
    }
    /// Who is at the other end.
    pub fn info(&self) -> Result<sys::ws_connection> {
        let mut info = sys::ws_connection::default();
        // SAFETY: see state.
        Error::check(unsafe { sys::ws_connection_info(self.0, &mut info) })?;
        Ok(info)
    }
    /// The address of the peer, as text, and its port.
    pub fn peer(&self) -> Result<(String, u16)> {
        let info = self.info()?;
        // SAFETY: the library ends the text with a NUL inside the array.
        let ip = unsafe { CStr::from_ptr(info.client_ip.as_ptr()) }.to_string_lossy().into_owned();
        Ok((ip, info.client_port as u16))
    }
    /// Figures of the connection.
    pub fn stats(&self) -> Result<sys::ws_connection_stats> {
        let mut stats = sys::ws_connection_stats::default();
        // SAFETY: see state.
        Error::check(unsafe { sys::ws_connection_stats_get(self.0, &mut stats) })?;
        Ok(stats)
    }
    /// Something about the connection as text, such as [`Text::Url`].
    pub fn text(&self, which: Text) -> Result<String> {
        // SAFETY: the buffer has as many bytes as are said.
        read_text(|buffer, capacity, size| unsafe { sys::ws_connection_text(self.0, which.as_raw(), buffer, capacity, size) })
    }
    /// Gives it an id of the host's own, which comes back in its events and in the log.
    pub fn set_correlation_id(&self, id: &str) -> Result<()> {
        let id = c_text("id", id)?;
        // SAFETY: the text is copied during the call.
        Error::check(unsafe { sys::ws_set_correlation_id(self.0, id.as_ptr()) })
    }

    /// Accepted ones: what is published to the topic comes from now on.
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<()> {
        let topic = topic.as_ref();
        // SAFETY: the bytes are read during the call, as in the three below.
        Error::check(unsafe { sys::ws_subscribe(self.0, topic.as_ptr().cast(), topic.len()) })
    }
    /// Ends a subscription.
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<()> {
        let topic = topic.as_ref();
        // SAFETY: see subscribe.
        Error::check(unsafe { sys::ws_unsubscribe(self.0, topic.as_ptr().cast(), topic.len()) })
    }
    /// Accepted ones: what is published to a topic that the pattern fits comes from now on.
    pub fn subscribe_pattern(&self, pattern: impl AsRef<[u8]>) -> Result<()> {
        let pattern = pattern.as_ref();
        // SAFETY: see subscribe.
        Error::check(unsafe { sys::ws_subscribe_pattern(self.0, pattern.as_ptr().cast(), pattern.len()) })
    }
    /// Ends a subscription to a pattern.
    pub fn unsubscribe_pattern(&self, pattern: impl AsRef<[u8]>) -> Result<()> {
        let pattern = pattern.as_ref();
        // SAFETY: see subscribe.
        Error::check(unsafe { sys::ws_unsubscribe_pattern(self.0, pattern.as_ptr().cast(), pattern.len()) })
    }
    /// Whether it gets what is published to the topic now.
    pub fn is_subscribed(&self, topic: impl AsRef<[u8]>) -> Result<bool> {
        let (topic, mut how) = (topic.as_ref(), 0);
        // SAFETY: see subscribe and state.
        Error::check(unsafe { sys::ws_is_subscribed(self.0, topic.as_ptr().cast(), topic.len(), &mut how) })?;
        Ok(how != 0)
    }
    /// What it has subscribed to, newest first.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>> {
        let (mut list, mut size) = (Vec::<u8>::new(), 0);
        loop {
            let at = if list.is_empty() { null_mut() } else { list.as_mut_ptr().cast() };
            // SAFETY: the buffer has as many bytes as are said.
            match unsafe { sys::ws_subscriptions(self.0, at, list.len(), &mut size) } {
                sys::WS_OK if size <= list.len() => break,
                sys::WS_OK | sys::WS_ERR_BUFFER => list.resize(size + size / 8, 0),
                failed => Error::check(failed)?,
            }
        }
        let (mut all, mut at, mut name, mut length, mut pattern) = (Vec::new(), 0, null(), 0, 0);
        // SAFETY: the list is of the call above; names are parts of it.
        unsafe {
            while sys::ws_subscription_next(list.as_ptr().cast(), size, &mut at, &mut name, &mut length, &mut pattern) != 0 {
                all.push(Subscription { name: crate::event::bytes(name, length).to_vec(), pattern: pattern != 0 });
            }
        }
        Ok(all)
    }

    /// Agrees to an upgrade; the connect event follows.
    pub fn accept(&self, options: &AcceptOptions) -> Result<()> {
        // SAFETY: what the options point to is read during the call, as in the two below.
        with(options, |raw| unsafe { sys::ws_accept(self.0, raw) })
    }
    /// Answers a request, or refuses an upgrade.
    pub fn respond(&self, response: &Response) -> Result<()> {
        // SAFETY: see accept.
        with(response, |raw| unsafe { sys::ws_respond(self.0, raw) })
    }
    /// Answers "before reconnect": the try begins, with these changes.
    pub fn reconnect_with(&self, changes: &ReconnectChanges) -> Result<()> {
        // SAFETY: see accept.
        with(changes, |raw| unsafe { sys::ws_reconnect_with(self.0, raw) })
    }
    /// Answers "verify", whose event has the token: whether the certificate is good.
    pub fn verify_answer(&self, token: u64, accept: bool) -> Result<()> {
        // SAFETY: see abort.
        Error::check(unsafe { sys::ws_verify_answer(self.0, token, accept as i32) })
    }
    /// Answers "sign", whose event has the token; no bytes: nobody signs.
    pub fn sign_answer(&self, token: u64, signature: &[u8]) -> Result<()> {
        let at = if signature.is_empty() { null() } else { signature.as_ptr().cast() };
        // SAFETY: the bytes are copied during the call.
        Error::check(unsafe { sys::ws_sign_answer(self.0, token, at, signature.len()) })
    }
    /// Calls `f` once, where the callbacks of the connection run; with an error when it ends before.
    pub fn post(&self, delay: Duration, f: impl FnOnce(Result<()>) + Send + 'static) -> Result<Posted> {
        post(self.0, delay, f)
    }
}

fn parts<'a>(message: impl Into<Message<'a>>) -> (Message<'a>, &'a [u8]) {
    let message = message.into();
    (message, message.as_bytes())
}

/// A completion that only wants to know whether it went well.
pub(crate) fn outcome(done: impl FnOnce(Result<()>) + Send + 'static) -> impl FnOnce(&Event<'_>) + Send + 'static {
    |event| done(event.error().map_or(Ok(()), Err))
}
