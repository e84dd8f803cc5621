// SPDX-License-Identifier: Apache-2.0
//! Servers.
use crate::closures::{Registration, completing, listen, shared};
use crate::connection::outcome;
use crate::fields::{Field, Scratch, making, milliseconds, with};
use crate::generated::events::each_listener;
use crate::queue::{Place, Queue, may_wait};
use crate::{
    AdoptOptions, Certificate, CloseOptions, Connection, Error, ErrorKind, Event, EventKind, Message, Result, SendOptions, ServerConfig,
    ServerOptions,
};
use libws_sys as sys;
use std::os::fd::{FromRawFd, OwnedFd};
use std::ptr::null_mut;
use std::sync::Arc;
use std::time::Duration;

/// A server. Each connection that it accepts is a [`Connection`], which comes with the connect event.
///
/// Dropping it ends the server and its connections at once, as dropping a [`Client`](crate::Client) does
/// ([`stop_wait`](Server::stop_wait) before for a polite end). Inside a callback of any loop, or of its queue, the drop does
/// not wait.
///
/// Its closures may run on several threads at once, for different connections, so they are `Fn` and `Sync`:
///
/// ```compile_fail,E0594
/// let mut count = 0;
/// libws::Server::new()?.on_connect(move |_| count += 1)?;
/// # Ok::<(), libws::Error>(())
/// ```
/// ```compile_fail,E0277
/// let count = std::cell::Cell::new(0);
/// libws::Server::new()?.on_connect(move |_| count.set(count.get() + 1))?;
/// # Ok::<(), libws::Error>(())
/// ```
/// ```
/// let count = std::sync::atomic::AtomicU64::new(0);
/// libws::Server::new()?.on_connect(move |_| { count.fetch_add(1, std::sync::atomic::Ordering::Relaxed); })?;
/// # Ok::<(), libws::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    handle: u64,
    place: Option<Arc<Place>>,
}

macro_rules! add_listener {
    ($name:ident, $kind:ident, $text:literal) => {
        #[doc = concat!("Adds a listener for \"", $text, "\" of its connections, or of the server itself: [`EventKind::", stringify!($kind), "`].")]
        pub fn $name(&self, f: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Result<Registration> {
            self.on(EventKind::$kind, f)
        }
    };
}

impl Server {
    /// A server with default options, whose closures run on threads of the library.
    pub fn new() -> Result<Self> {
        Self::with(&ServerOptions::new())
    }
    /// A server whose closures run on threads of the library.
    pub fn with(options: &ServerOptions) -> Result<Self> {
        Self::make(options, None)
    }
    /// A server whose events, and those of its connections, come by a queue.
    pub fn on_queue(options: &ServerOptions, queue: &impl AsRef<Queue>) -> Result<Self> {
        Self::make(options, Some(queue.as_ref().place.clone()))
    }
    fn make(options: &ServerOptions, place: Option<Arc<Place>>) -> Result<Self> {
        crate::library::fits()?;
        let handle = making(options, |raw| {
            // SAFETY: the struct is the caller's, good during the call.
            let mut own = unsafe { *raw };
            own.queue = place.as_ref().map_or(0, |place| place.handle);
            // SAFETY: as above.
            unsafe { sys::ws_server_create(&own) }
        })?;
        Ok(Self { handle, place })
    }
    /// Its number in C.
    pub fn as_raw(&self) -> u64 {
        self.handle
    }

    /// Adds a listener, which the server owns and frees at its destroyed event.
    pub fn on(&self, event: EventKind, f: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Result<Registration> {
        listen(sys::ws_server_on, self.handle, event, shared(f))
    }
    each_listener!(add_listener);
    /// Removes a listener; the rules of [`Connection::off`].
    pub fn off(&self, listener: &Registration) -> Result<()> {
        // SAFETY: the node is compared only, as below.
        Error::check(unsafe { sys::ws_server_off(self.handle, listener.event, listener.call, listener.node) })
    }
    /// As `off`, then waits until no callback of the server or its connections is running; `None`: for ever.
    pub fn off_wait(&self, listener: &Registration, timeout: Option<Duration>) -> Result<()> {
        // SAFETY: see off.
        Error::check(unsafe { sys::ws_server_off_wait(self.handle, listener.event, listener.call, listener.node, milliseconds(timeout)) })
    }

    /// Listens; the port is bound when the call returns.
    pub fn start(&self, config: &ServerConfig) -> Result<()> {
        // SAFETY: what the options point to is read during the call, as below.
        with(config, |raw| unsafe { sys::ws_server_start(self.handle, raw, None, null_mut()) })
    }
    /// Stops accepting and closes every connection; `done` is called when the last one is gone and the port is free.
    pub fn stop_then(&self, options: &CloseOptions, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        // SAFETY: see start; the closure is the library's when it succeeds.
        completing(outcome(done), |call, node| with(options, |raw| unsafe { sys::ws_server_stop(self.handle, raw, call, node) })).map(drop)
    }
    /// As `stop_then`, but waits; `None`: for ever.
    pub fn stop_wait(&self, options: &CloseOptions, timeout: Option<Duration>) -> Result<()> {
        may_wait()?;
        if self.place.as_ref().is_some_and(|place| place.polled) {
            return Err(Error::new(
                ErrorKind::State,
                "the server is on a PolledQueue, where waiting would take events of others: poll".into(),
            ));
        }
        // SAFETY: see start.
        with(options, |raw| unsafe { sys::ws_server_stop_wait(self.handle, raw, milliseconds(timeout)) })
    }
    /// Closes the listening sockets; connections live on. `done` is called when no connection is in its handshake any more.
    pub fn stop_listening_then(&self, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        // SAFETY: the closure is the library's when it succeeds.
        completing(outcome(done), |call, node| Error::check(unsafe { sys::ws_server_stop_listening(self.handle, call, node) })).map(drop)
    }
    /// Replaces all certificates.
    pub fn set_certificates(&self, certificates: &[Certificate]) -> Result<()> {
        struct All<'a>(&'a [Certificate]);
        impl Field for All<'_> {
            type Raw = Vec<sys::ws_certificate>;
            fn raw(&self, scratch: &mut Scratch) -> Self::Raw {
                self.0.iter().map(|one| one.raw(scratch)).collect()
            }
        }
        // SAFETY: the vector is good during the call.
        with(&All(certificates), |all| unsafe { sys::ws_server_set_certificates(self.handle, (*all).as_ptr(), (*all).len()) })
    }
    /// Makes a connection of a socket that the host has accepted, of which it gets a duplicate.
    pub fn adopt(&self, options: &AdoptOptions) -> Result<Connection> {
        let mut connection = 0;
        // SAFETY: see start.
        with(options, |raw| unsafe { sys::ws_server_adopt(self.handle, raw, &mut connection) })?;
        Ok(Connection::from_raw(connection))
    }

    /// The port that it listens on.
    pub fn port(&self) -> Result<u16> {
        let mut port = 0;
        // SAFETY: out-parameters are good during the call, as below.
        Error::check(unsafe { sys::ws_server_port(self.handle, &mut port) })?;
        Ok(port as u16)
    }
    /// A socket that it listens on.
    pub fn listener(&self, index: usize) -> Result<sys::ws_listener_info> {
        let mut info = sys::ws_listener_info::default();
        // SAFETY: see port.
        Error::check(unsafe { sys::ws_server_listener(self.handle, index, &mut info) })?;
        Ok(info)
    }
    /// A duplicate of a listening socket, to hand it over.
    pub fn descriptor(&self, index: usize) -> Result<OwnedFd> {
        let mut fd = -1;
        // SAFETY: see port; the duplicate is the caller's.
        unsafe {
            Error::check(sys::ws_server_descriptor(self.handle, index, &mut fd))?;
            Ok(OwnedFd::from_raw_fd(fd))
        }
    }
    /// The connections that are open or closing, oldest first.
    pub fn connections(&self) -> Result<Vec<Connection>> {
        // SAFETY: the array has as many places as are said.
        handles(|at, capacity, count| unsafe { sys::ws_server_connections(self.handle, at, capacity, count) })
    }
    /// Figures of the server.
    pub fn stats(&self) -> Result<sys::ws_server_stats> {
        let mut stats = sys::ws_server_stats::default();
        // SAFETY: see port.
        Error::check(unsafe { sys::ws_server_stats_get(self.handle, &mut stats) })?;
        Ok(stats)
    }

    /// Sends a message to all that have subscribed to a topic, but one; gives how many took it.
    pub fn publish<'a>(&self, topic: impl AsRef<[u8]>, message: impl Into<Message<'a>>, except: Option<Connection>) -> Result<usize> {
        let (topic, message, mut took) = (topic.as_ref(), message.into(), 0);
        let (bytes, except) = (message.as_bytes(), except.map_or(0, Connection::as_raw));
        // SAFETY: bytes are read during the call, as below.
        Error::check(unsafe {
            sys::ws_publish(
                self.handle,
                topic.as_ptr().cast(),
                topic.len(),
                bytes.as_ptr().cast(),
                bytes.len(),
                message.number(),
                except,
                &mut took,
            )
        })?;
        Ok(took)
    }
    /// As `publish`, with a key, a priority or both: each recipient gets it as by [`Connection::send_with`].
    pub fn publish_with<'a>(
        &self,
        topic: impl AsRef<[u8]>,
        message: impl Into<Message<'a>>,
        except: Option<Connection>,
        options: &SendOptions,
    ) -> Result<usize> {
        let (topic, message, mut took) = (topic.as_ref(), message.into(), 0);
        let (bytes, except) = (message.as_bytes(), except.map_or(0, Connection::as_raw));
        // SAFETY: see publish; so are the options.
        with(options, |raw| unsafe {
            sys::ws_publish_with(
                self.handle,
                topic.as_ptr().cast(),
                topic.len(),
                bytes.as_ptr().cast(),
                bytes.len(),
                message.number(),
                except,
                raw,
                &mut took,
            )
        })?;
        Ok(took)
    }
    /// Sends a message to every connection, but one; gives how many took it.
    pub fn broadcast<'a>(&self, message: impl Into<Message<'a>>, except: Option<Connection>) -> Result<usize> {
        let (message, mut took) = (message.into(), 0);
        let (bytes, except) = (message.as_bytes(), except.map_or(0, Connection::as_raw));
        // SAFETY: see publish.
        Error::check(unsafe {
            sys::ws_server_broadcast(self.handle, bytes.as_ptr().cast(), bytes.len(), message.number(), except, &mut took)
        })?;
        Ok(took)
    }
    /// As `broadcast`, with a key, a priority or both.
    pub fn broadcast_with<'a>(&self, message: impl Into<Message<'a>>, except: Option<Connection>, options: &SendOptions) -> Result<usize> {
        let (message, mut took) = (message.into(), 0);
        let (bytes, except) = (message.as_bytes(), except.map_or(0, Connection::as_raw));
        // SAFETY: see publish_with.
        with(options, |raw| unsafe {
            sys::ws_server_broadcast_with(self.handle, bytes.as_ptr().cast(), bytes.len(), message.number(), except, raw, &mut took)
        })?;
        Ok(took)
    }
    /// The connections that get what is published to a topic now.
    pub fn subscribers(&self, topic: impl AsRef<[u8]>) -> Result<Vec<Connection>> {
        let topic = topic.as_ref();
        // SAFETY: the array has as many places as are said.
        handles(|at, capacity, count| unsafe {
            sys::ws_topic_subscribers(self.handle, topic.as_ptr().cast(), topic.len(), at, capacity, count)
        })
    }
    /// Answers "verify" of the server, whose event has the token.
    pub fn verify_answer(&self, token: u64, accept: bool) -> Result<()> {
        Connection::from_raw(self.handle).verify_answer(token, accept)
    }
    /// Answers "sign" of the server, whose event has the token.
    pub fn sign_answer(&self, token: u64, signature: &[u8]) -> Result<()> {
        Connection::from_raw(self.handle).sign_answer(token, signature)
    }

    /// Ends the server as a drop would, without waiting: everything is still told.
    pub fn detach(self) {
        let mut own = std::mem::ManuallyDrop::new(self);
        // SAFETY: any number may be given.
        unsafe { sys::ws_server_destroy(own.handle) };
        own.place = None;
    }
}

fn handles(mut list: impl FnMut(*mut u64, usize, *mut usize) -> i32) -> Result<Vec<Connection>> {
    let (mut all, mut count) = (vec![0; 16], 0);
    loop {
        match list(all.as_mut_ptr(), all.len(), &mut count) {
            sys::WS_ERR_BUFFER => all.resize(count + count / 8 + 1, 0),
            status => {
                Error::check(status)?;
                return Ok(all[..count].iter().copied().map(Connection::from_raw).collect());
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SAFETY: any number may be given.
        unsafe {
            if self.place.as_ref().is_some_and(|place| place.polled) {
                sys::ws_server_destroy(self.handle);
                return;
            }
            if may_wait().is_ok() && sys::ws_server_destroy_wait(self.handle, -1) != sys::WS_ERR_IN_CALLBACK {
                return;
            }
            for event in 1..64 {
                if EventKind::from_raw(event).is_some() && event != sys::WS_EVENT_DESTROYED {
                    sys::ws_server_off(self.handle, event, None, null_mut());
                }
            }
            sys::ws_server_destroy(self.handle);
        }
    }
}
