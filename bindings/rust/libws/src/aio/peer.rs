// SPDX-License-Identifier: Apache-2.0
//! One connection as futures.
use super::state::{Line, Now, User, leave, locked};
use crate::fields::with;
use crate::{CloseOptions, Connection, ErrorKind, Message, Result, SendOptions};
use libws_sys as sys;
use std::future::poll_fn;
use std::ops::Deref;
use std::ptr::null_mut;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A message that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owned {
    /// Text, UTF-8.
    Text(String),
    /// Any bytes.
    Binary(Vec<u8>),
}

impl Owned {
    /// The payload.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Owned::Text(text) => text.as_bytes(),
            Owned::Binary(bytes) => bytes,
        }
    }
}

impl From<Message<'_>> for Owned {
    fn from(message: Message<'_>) -> Self {
        match message {
            Message::Text(text) => Owned::Text(text.into()),
            Message::Binary(bytes) => Owned::Binary(bytes.into()),
        }
    }
}

impl<'a> From<&'a Owned> for Message<'a> {
    fn from(message: &'a Owned) -> Self {
        match message {
            Owned::Text(text) => Message::Text(text),
            Owned::Binary(bytes) => Message::Binary(bytes),
        }
    }
}

/// A completion that comes out of the queue: on a queue that is polled no function is called, so any will do.
/// (WS_COMPLETION_POLL is no function that Rust could name.)
pub(super) fn polled() -> sys::ws_callback {
    unsafe extern "C" fn nobody(_: *const sys::ws_event, _: *mut std::ffi::c_void) {}
    Some(nobody)
}

/// A connection, of a client or accepted. Dropping it ends the connection at once, without waiting
/// ([`close`](Peer::close) before for a polite end). Calls that do not wait are those of [`Connection`]; those
/// that do (`close_wait`, `destroy_wait`) are not for it, as for any on a queue that is polled.
///
/// It is `Send` and `Sync`, and so are its futures: one task may receive while others send.
///
/// ```
/// fn both<T: Send + Sync>() {}
/// both::<libws::aio::Peer>();
/// both::<libws::aio::Server>();
/// both::<libws::aio::Hub>();
/// fn send<T: Send>(_: T) {}
/// fn futures(peer: &mut libws::aio::Peer, hub: &libws::aio::Hub, options: &libws::ConnectOptions) {
///     send(peer.recv());
///     send(peer.send("x"));
///     send(hub.connect("ws://127.0.0.1/", options));
/// }
/// ```
pub struct Peer {
    connection: Connection,
    line: Arc<Line>,
    _user: User,
}

impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Peer({})", self.line.handle)
    }
}

impl Deref for Peer {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Peer {
    pub(super) fn new(user: User, line: Arc<Line>) -> Self {
        Self { connection: Connection::from_raw(line.handle), line, _user: user }
    }

    /// The next message; `None` behind the last one of a connection that has closed ([`closed`](Peer::closed) says how), an error when it
    /// was lost. A client that connects again by itself goes on. It may be dropped and asked for anew: nothing is lost.
    pub async fn recv(&mut self) -> Result<Option<Owned>> {
        poll_fn(|context| self.poll_recv(context)).await
    }
    /// As [`recv`](Peer::recv), for futures and streams of your own.
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Owned>>> {
        let mut now = locked(&self.line.now);
        if let Some(message) = now.messages.pop_front() {
            now.waiting -= message.as_bytes().len();
            if now.paused && now.waiting <= now.most / 2 {
                now.paused = false;
                // SAFETY: any number may be given.
                unsafe { sys::ws_resume(self.line.handle) };
            }
            return Poll::Ready(Ok(Some(message)));
        }
        if now.closed.is_some() {
            return Poll::Ready(now.failed.take().map_or(Ok(None), Err));
        }
        now.reader = Some(context.waker().clone());
        Poll::Pending
    }

    /// Sends a message, whole or not at all; waits while the output queue is full. It may be dropped: then nothing was sent.
    pub async fn send<'a>(&self, message: impl Into<Message<'a>>) -> Result<()> {
        let message = message.into();
        self.sending(|| self.connection.send(message)).await
    }
    /// As [`send`](Peer::send), with a key, a priority or both ([`Connection::send_with`]).
    pub async fn send_with<'a>(&self, message: impl Into<Message<'a>>, options: &SendOptions) -> Result<()> {
        let message = message.into();
        self.sending(|| self.connection.send_with(message, options)).await
    }
    async fn sending(&self, send: impl Fn() -> Result<()>) -> Result<()> {
        loop {
            let drains = locked(&self.line.now).drains;
            match send() {
                Err(why) if why.kind() == ErrorKind::Full => {}
                done => return done,
            }
            self.until(|now| (now.drains != drains || now.closed.is_some()).then_some(())).await;
        }
    }

    /// Closes politely, by 1000: done when the handshake is over. What came and was not received is dropped.
    pub async fn close(&mut self) -> Result<()> {
        self.close_with(&CloseOptions::new()).await
    }
    /// As [`close`](Peer::close), with a code and a reason.
    pub async fn close_with(&mut self, options: &CloseOptions) -> Result<()> {
        // SAFETY: pointers are good during the call; the completion is polled.
        with(options, |raw| unsafe { sys::ws_close(self.line.handle, raw, polled(), null_mut()) })?;
        {
            let mut now = locked(&self.line.now);
            now.deaf = true;
            now.messages.clear();
            now.waiting = 0;
            if std::mem::take(&mut now.paused) {
                // SAFETY: any number may be given. The close event of a paused connection would wait.
                unsafe { sys::ws_resume(self.line.handle) };
            }
        }
        self.until(|now| now.closing.clone()).await
    }

    /// Code and reason of the Close frame that came, when the connection has closed: 1006 when it was lost.
    pub fn closed(&self) -> Option<(u16, String)> {
        locked(&self.line.now).closed.as_ref().map(|end| (end.code, end.reason.clone()))
    }
    /// Whether Close frames went both ways.
    pub fn closed_cleanly(&self) -> bool {
        locked(&self.line.now).closed.as_ref().is_some_and(|end| end.clean)
    }
    /// Bytes of messages that may wait here before the connection is paused.
    pub fn set_most_waiting(&self, bytes: usize) {
        locked(&self.line.now).most = bytes;
    }

    /// Waits until something is so.
    pub(super) async fn until<T>(&self, mut what: impl FnMut(&mut Now) -> Option<T>) -> T {
        poll_fn(|context| {
            let mut now = locked(&self.line.now);
            match what(&mut now) {
                Some(value) => Poll::Ready(value),
                None => {
                    leave(&mut now.others, context.waker());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        locked(&self.line.now).deaf = true;
        // SAFETY: any number may be given.
        unsafe { sys::ws_destroy(self.line.handle) };
    }
}
