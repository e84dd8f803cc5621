// SPDX-License-Identifier: Apache-2.0
//! Clients, which own their connection.
use crate::closures::completing;
use crate::connection::outcome;
use crate::fields::{c_text, making, milliseconds, with};
use crate::queue::{Place, Queue, may_wait};
use crate::{ConnectOptions, Connection, CreateOptions, Error, ErrorKind, EventKind, Result};
use libws_sys as sys;
use std::ops::Deref;
use std::ptr::null_mut;
use std::sync::Arc;
use std::time::Duration;

/// A client. It has one connection at a time, whose calls are those of [`Connection`].
///
/// Dropping it ends the connection at once ([`Connection::close_wait`] before for a polite end):
///
/// - It waits until the destroyed event was told: no closure of the client runs or comes any more, and all are freed. With
///   a queue the drop dispatches it, when its thread did so last, or nobody; else the thread that dispatches has to go on.
/// - On a [`PolledQueue`](crate::PolledQueue) it does not wait, since no closure can run.
/// - Inside a callback of its loop or queue it would wait for itself, and inside a poll it would free what is looked at. There it removes all listeners, destroys, and
///   returns: none is called again but those of "destroyed", and completions that are pending.
/// - [`detach`](Client::detach) never waits: everything is still told, maybe when it has returned. That is as safe, because
///   closures own what they use.
///
/// A drop that waits must not hold a lock that a closure wants. A closure that owns its client (by an [`Arc`]) keeps it for
/// ever: use [`Event::connection`](crate::Event::connection).
///
/// It is [`Send`] and [`Sync`]:
///
/// ```
/// fn both<T: Send + Sync>() {}
/// both::<libws::Client>();
/// both::<libws::Server>();
/// both::<libws::Connection>();
/// both::<libws::Queue>();
/// both::<libws::PolledQueue>();
/// both::<libws::Registration>();
/// both::<libws::Error>();
/// ```
///
/// Closures run on other threads, so they have to be `Send`, and own what they use:
///
/// ```compile_fail,E0277
/// let shared = std::rc::Rc::new(0);
/// libws::Client::new()?.on_open(move |_| println!("{shared}"))?;
/// # Ok::<(), libws::Error>(())
/// ```
/// ```compile_fail,E0373
/// let here = 0;
/// libws::Client::new()?.on_open(|_| println!("{here}"))?;
/// # Ok::<(), libws::Error>(())
/// ```
/// ```
/// let shared = std::sync::Arc::new(0);
/// libws::Client::new()?.on_open(move |_| println!("{shared}"))?;
/// # Ok::<(), libws::Error>(())
/// ```
///
/// An event is valid inside its closure only, and on its thread:
///
/// ```compile_fail,E0521
/// let mut kept = Vec::new();
/// libws::Client::new()?.on_message(move |event| kept.push(event.data()))?;
/// # Ok::<(), libws::Error>(())
/// ```
/// ```compile_fail,E0277
/// libws::Client::new()?.on_message(|event| { std::thread::scope(|s| { s.spawn(|| event.data()); }); })?;
/// # Ok::<(), libws::Error>(())
/// ```
/// ```
/// let mut kept = Vec::new();
/// libws::Client::new()?.on_message(move |event| kept.push(event.data().to_vec()))?;
/// # Ok::<(), libws::Error>(())
/// ```
#[derive(Debug)]
pub struct Client {
    connection: Connection,
    /// Of the client's callbacks; it cannot end before the client.
    place: Option<Arc<Place>>,
}

impl Client {
    /// A client with default options, whose closures run on a thread of the library.
    pub fn new() -> Result<Self> {
        Self::with(&CreateOptions::new())
    }
    /// A client whose closures run on a thread of the library.
    pub fn with(options: &CreateOptions) -> Result<Self> {
        Self::make(options, None)
    }
    /// A client whose events come by a queue: [`Queue`], or [`PolledQueue`](crate::PolledQueue), which calls no closures.
    pub fn on_queue(options: &CreateOptions, queue: &impl AsRef<Queue>) -> Result<Self> {
        Self::make(options, Some(queue.as_ref().place.clone()))
    }
    fn make(options: &CreateOptions, place: Option<Arc<Place>>) -> Result<Self> {
        crate::library::fits()?;
        let handle = making(options, |raw| {
            // SAFETY: the struct is the caller's, good during the call.
            let mut own = unsafe { *raw };
            own.queue = place.as_ref().map_or(0, |place| place.handle);
            // SAFETY: as above.
            unsafe { sys::ws_create(&own) }
        })?;
        Ok(Self { connection: Connection::from_raw(handle), place })
    }

    /// Begins to connect; open, or an error, follows.
    pub fn connect(&self, url: &str, options: &ConnectOptions) -> Result<()> {
        let url = c_text("url", url)?;
        // SAFETY: the pointers are good during the call.
        with(options, |raw| unsafe { sys::ws_connect(self.as_raw(), url.as_ptr(), raw, None, null_mut()) })
    }
    /// As `connect`; `done` is called when the connection is open, or why it is not.
    pub fn connect_then(&self, url: &str, options: &ConnectOptions, done: impl FnOnce(Result<()>) + Send + 'static) -> Result<()> {
        let url = c_text("url", url)?;
        // SAFETY: the pointers are good during the call; the closure is the library's when it succeeds.
        completing(outcome(done), |call, node| {
            with(options, |raw| unsafe { sys::ws_connect(self.as_raw(), url.as_ptr(), raw, call, node) })
        })
        .map(drop)
    }
    /// As `connect`, then waits until the connection is open, or has failed; `None`: for ever.
    pub fn connect_wait(&self, url: &str, options: &ConnectOptions, timeout: Option<Duration>) -> Result<()> {
        may_wait()?;
        if self.place.as_ref().is_some_and(|place| place.polled) {
            return Err(Error::new(
                ErrorKind::State,
                "the client is on a PolledQueue, where waiting would take events of others: poll".into(),
            ));
        }
        let url = c_text("url", url)?;
        // SAFETY: the pointers are good during the call.
        with(options, |raw| unsafe { sys::ws_connect_wait(self.as_raw(), url.as_ptr(), raw, milliseconds(timeout)) })
    }

    /// Ends the client as a drop would, without waiting: everything is still told.
    pub fn detach(self) {
        let mut own = std::mem::ManuallyDrop::new(self);
        let _ = own.connection.destroy();
        own.place = None;
    }
}

impl Deref for Client {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // SAFETY: any number may be given.
        unsafe {
            if self.place.as_ref().is_some_and(|place| place.polled) {
                sys::ws_destroy(self.as_raw());
                return;
            }
            if may_wait().is_ok() && sys::ws_destroy_wait(self.as_raw(), -1) != sys::WS_ERR_IN_CALLBACK {
                return;
            }
            for event in 1..64 {
                if EventKind::from_raw(event).is_some() && event != sys::WS_EVENT_DESTROYED {
                    sys::ws_off(self.as_raw(), event, None, null_mut());
                }
            }
            sys::ws_destroy(self.as_raw());
        }
    }
}
