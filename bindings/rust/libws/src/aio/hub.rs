// SPDX-License-Identifier: Apache-2.0
//! Where connections and servers are made.
use super::driver::Driver;
use super::peer::{Peer, polled};
use super::state::{Accepting, Inner, Line, Listening, Table, User, leave, locked};
use crate::fields::{c_text, making, with};
use crate::{CloseOptions, ConnectOptions, CreateOptions, Error, ErrorKind, Message, Result, ServerConfig, ServerOptions};
use libws_sys as sys;
use std::collections::HashMap;
use std::future::poll_fn;
use std::ptr::null_mut;
use std::sync::{Arc, Mutex};
use std::task::Poll;

/// A queue that a task of the runtime polls. It lives as long as it, or a peer or server of it. A clone is the same one.
pub struct Hub {
    user: User,
}

impl Clone for Hub {
    fn clone(&self) -> Self {
        Self { user: User::new(&self.user.0) }
    }
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hub({})", self.user.0.queue)
    }
}

impl Hub {
    /// A hub on the runtime that this is called in, whose tasks may run anywhere. Each message leaves when it is sent.
    ///
    /// # Panics
    /// Outside of a runtime, or in one without I/O, as all of tokio does.
    pub fn new() -> Result<Self> {
        Self::make(false)
    }
    /// A hub whose tasks send together what one batch of events has made them send: for a runtime of one thread that is inside
    /// `block_on` as long as the hub is used. (Where `block_on` returns and comes back later, what is gathered would wait
    /// for that.) In a runtime of several threads it is [`Hub::new`].
    ///
    /// # Panics
    /// As [`Hub::new`].
    pub fn gathering() -> Result<Self> {
        Self::make(tokio::runtime::Handle::current().runtime_flavor() == tokio::runtime::RuntimeFlavor::CurrentThread)
    }
    fn make(gathers: bool) -> Result<Self> {
        let table = Table { lines: HashMap::new(), servers: HashMap::new(), users: 0, over: false, driver: None };
        let (driver, inner) = Driver::new(table, gathers)?;
        let user = User::new(&inner);
        tokio::spawn(driver.run());
        Ok(Self { user })
    }

    /// Connects; gives the connection when it is open. Dropping the future ends the attempt.
    pub async fn connect(&self, url: &str, options: &ConnectOptions) -> Result<Peer> {
        self.connect_with(url, options, &CreateOptions::new()).await
    }
    /// As [`connect`](Hub::connect), with limits and the like of the connection.
    pub async fn connect_with(&self, url: &str, options: &ConnectOptions, own: &CreateOptions) -> Result<Peer> {
        let url = c_text("url", url)?;
        let inner = &self.user.0;
        let peer = {
            let mut table = open(inner)?;
            let handle = making(own, |raw| {
                // SAFETY: the struct is the caller's, good during the call.
                let mut raw = unsafe { *raw };
                raw.queue = inner.queue;
                // SAFETY: as above.
                unsafe { sys::ws_create(&raw) }
            })?;
            let line = Line::new(handle);
            table.lines.insert(handle, line.clone());
            drop(table);
            Peer::new(User::new(inner), line)
        };
        // SAFETY: pointers are good during the call; the completion is polled.
        with(options, |raw| unsafe { sys::ws_connect(peer.as_raw(), url.as_ptr(), raw, polled(), null_mut()) })?;
        peer.until(|now| now.opened.clone()).await?;
        Ok(peer)
    }

    /// A server that listens.
    pub fn serve(&self, options: &ServerOptions, config: &ServerConfig) -> Result<Server> {
        let inner = &self.user.0;
        let mut table = open(inner)?;
        let handle = making(options, |raw| {
            // SAFETY: the struct is the caller's, good during the call.
            let mut raw = unsafe { *raw };
            raw.queue = inner.queue;
            // SAFETY: as above.
            unsafe { sys::ws_server_create(&raw) }
        })?;
        let listening = Arc::new(Listening { handle, now: Mutex::new(Accepting::default()) });
        table.servers.insert(handle, listening.clone());
        drop(table);
        let mut server = Server { user: User::new(inner), listening, port: 0 };
        // SAFETY: what the options point to is read during the call.
        with(config, |raw| unsafe { sys::ws_server_start(handle, raw, None, null_mut()) })?;
        // SAFETY: the out-parameter is good during the call; a server on Unix sockets only has no port.
        unsafe { sys::ws_server_port(handle, &mut server.port) };
        Ok(server)
    }
}

/// The table, unless the runtime has ended. It is locked while a handle is made, so that its events find it there.
fn open(inner: &Inner) -> Result<std::sync::MutexGuard<'_, Table>> {
    let table = locked(&inner.table);
    if table.over {
        return Err(Error::new(ErrorKind::Shutdown, "the runtime of this hub has ended".into()));
    }
    Ok(table)
}

/// A server. Dropping it ends it and its connections at once.
pub struct Server {
    user: User,
    listening: Arc<Listening>,
    port: i32,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({})", self.listening.handle)
    }
}

impl Server {
    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port as u16
    }
    /// Its number in C.
    pub fn as_raw(&self) -> u64 {
        self.listening.handle
    }
    /// The next connection. Until then its messages wait, as those of any other. [`ErrorKind::Shutdown`] when the server has ended.
    pub async fn accept(&mut self) -> Result<Peer> {
        let line = poll_fn(|context| {
            let mut now = locked(&self.listening.now);
            if let Some(line) = now.accepted.pop_front() {
                return Poll::Ready(Ok(line));
            }
            if now.ended {
                return Poll::Ready(Err(Error::new(ErrorKind::Shutdown, "the server has ended".into())));
            }
            leave(&mut now.wakers, context.waker());
            Poll::Pending
        })
        .await?;
        Ok(Peer::new(User::new(&self.user.0), line))
    }
    /// Sends a message to every connection; gives how many took it.
    pub fn broadcast<'a>(&self, message: impl Into<Message<'a>>) -> Result<usize> {
        let (message, mut took) = (message.into(), 0);
        let bytes = message.as_bytes();
        // SAFETY: bytes are read during the call.
        Error::check(unsafe {
            sys::ws_server_broadcast(self.as_raw(), bytes.as_ptr().cast(), bytes.len(), message.number(), 0, &mut took)
        })?;
        Ok(took)
    }
    /// Stops accepting and closes every connection politely; done when the last one is gone and the port is free.
    pub async fn stop(&mut self, options: &CloseOptions) -> Result<()> {
        locked(&self.listening.now).stopped = None;
        // SAFETY: what the options point to is read during the call; the completion is polled.
        with(options, |raw| unsafe { sys::ws_server_stop(self.as_raw(), raw, polled(), null_mut()) })?;
        poll_fn(|context| {
            let mut now = locked(&self.listening.now);
            if let Some(stopped) = now.stopped.take() {
                return Poll::Ready(stopped);
            }
            leave(&mut now.wakers, context.waker());
            Poll::Pending
        })
        .await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SAFETY: any number may be given.
        unsafe { sys::ws_server_destroy(self.as_raw()) };
    }
}
