// SPDX-License-Identifier: Apache-2.0
//! Queues: events come where the host wants them.
use crate::connection::{Posted, post};
use crate::fields::making;
use crate::{Error, Event, QueueOptions, Result};
use libws_sys as sys;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::time::Duration;

/// The queue itself, which everyone who uses it shares: it ends with the last one.
#[derive(Debug)]
pub(crate) struct Place(pub(crate) u64);

impl Drop for Place {
    fn drop(&mut self) {
        let mut count = 0;
        // SAFETY: any number may be given. What detached handles still have to tell is told here.
        unsafe {
            while sys::ws_queue_destroy(self.0) == sys::WS_ERR_BUSY {
                if sys::ws_queue_dispatch(self.0, 0, 0, &mut count) != sys::WS_OK || count == 0 {
                    break; // somebody else dispatches, or it still comes: the library ends it at shutdown
                }
            }
        }
    }
}

/// A queue: closures of its clients and servers run inside [`dispatch`](Queue::dispatch), on the thread that calls it.
/// It ends when it and all that use it were dropped.
#[derive(Debug)]
pub struct Queue {
    pub(crate) place: Arc<Place>,
}

fn limited(timeout: Option<Duration>) -> i32 {
    timeout.map_or(-1, |t| i32::try_from(t.as_millis()).unwrap_or(i32::MAX))
}

impl Queue {
    /// A queue with default options.
    pub fn new() -> Result<Self> {
        Self::with(&QueueOptions::new())
    }
    /// A queue; with `queue_thread` a thread of the library dispatches it, and closures may block.
    pub fn with(options: &QueueOptions) -> Result<Self> {
        crate::library::fits()?;
        // SAFETY: what the options point to is read during the call.
        let handle = making(options, |raw| unsafe { sys::ws_queue_create(raw) })?;
        Ok(Self { place: Arc::new(Place(handle)) })
    }
    /// Its number in C.
    pub fn as_raw(&self) -> u64 {
        self.place.0
    }
    /// Calls closures of events that wait, on this thread; waits so long for the first one, `None`: for ever. Gives how many
    /// events were delivered; `max` 0: as many as wait. [`ErrorKind::Busy`](crate::ErrorKind::Busy) while another thread does it.
    pub fn dispatch(&self, max: usize, timeout: Option<Duration>) -> Result<usize> {
        let mut count = 0;
        // SAFETY: the out-parameter is good during the call.
        Error::check(unsafe { sys::ws_queue_dispatch(self.as_raw(), max, limited(timeout), &mut count) })?;
        Ok(count)
    }
    /// A descriptor that is readable while events wait, for poll and the like. It is the queue's: only to be watched.
    pub fn fd(&self) -> Result<RawFd> {
        let mut fd = -1;
        // SAFETY: the out-parameter is good during the call.
        Error::check(unsafe { sys::ws_queue_fd(self.as_raw(), &mut fd) })?;
        Ok(fd)
    }
    /// Sends at once what this thread has gathered.
    pub fn flush(&self) -> Result<()> {
        // SAFETY: any number may be given, as below.
        Error::check(unsafe { sys::ws_queue_flush(self.as_raw()) })
    }
    /// Ends the wait of the thread that dispatches or polls, or the next wait.
    pub fn wake(&self) -> Result<()> {
        // SAFETY: see flush.
        Error::check(unsafe { sys::ws_queue_wake(self.as_raw()) })
    }
    /// Calls `f` once where the queue is dispatched.
    pub fn post(&self, delay: Duration, f: impl FnOnce(Result<()>) + Send + 'static) -> Result<Posted> {
        post(self.as_raw(), delay, f)
    }
}

impl AsRef<Queue> for Queue {
    fn as_ref(&self) -> &Queue {
        self
    }
}

/// A queue whose events are handed out in batches instead of calling closures: of its clients and servers no listener is
/// ever called. Do not give them any; it would only take memory until their end.
///
/// What it has handed out is borrowed until the next poll:
///
/// ```compile_fail,E0499
/// let mut queue = libws::PolledQueue::new()?;
/// let first = queue.poll(Some(std::time::Duration::ZERO))?;
/// queue.poll(Some(std::time::Duration::ZERO))?;
/// println!("{}", first.count());
/// # Ok::<(), libws::Error>(())
/// ```
/// ```
/// let mut queue = libws::PolledQueue::new()?;
/// let first = queue.poll(Some(std::time::Duration::ZERO))?;
/// println!("{}", first.count());
/// queue.poll(Some(std::time::Duration::ZERO))?;
/// # Ok::<(), libws::Error>(())
/// ```
#[derive(Debug)]
pub struct PolledQueue {
    queue: Queue,
    room: Room,
}

struct Room(Vec<sys::ws_event>);

// SAFETY: the pointers in there are looked at through a borrow of the queue only, and Event is not Send.
unsafe impl Send for Room {}
// SAFETY: by reference nothing can be looked at.
unsafe impl Sync for Room {}

impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} events", self.0.len())
    }
}

impl PolledQueue {
    /// A queue with default options, of batches of 64 events.
    pub fn new() -> Result<Self> {
        Self::with(&QueueOptions::new(), 64)
    }
    /// A queue with batches of at most so many events. With `queue_gather` what this thread sends between two polls leaves
    /// together.
    pub fn with(options: &QueueOptions, batch: usize) -> Result<Self> {
        Ok(Self { queue: Queue::with(options)?, room: Room(vec![sys::ws_event::default(); batch.max(1)]) })
    }
    /// Events that wait; waits so long for the first one, `None`: for ever.
    pub fn poll(&mut self, timeout: Option<Duration>) -> Result<Events<'_>> {
        let mut count = 0;
        let room = &mut self.room.0;
        room[0].struct_size = size_of::<sys::ws_event>() as u32;
        // SAFETY: there is room for as many events as are said.
        Error::check(unsafe { sys::ws_queue_poll(self.queue.as_raw(), room.as_mut_ptr(), room.len(), limited(timeout), &mut count) })?;
        Ok(Events(room[..count].iter()))
    }
    /// Its descriptor: see [`Queue::fd`].
    pub fn fd(&self) -> Result<RawFd> {
        self.queue.fd()
    }
    /// Sends at once what this thread has gathered.
    pub fn flush(&self) -> Result<()> {
        self.queue.flush()
    }
    /// Ends the wait of the thread that polls, or the next wait.
    pub fn wake(&self) -> Result<()> {
        self.queue.wake()
    }
    /// Its number in C.
    pub fn as_raw(&self) -> u64 {
        self.queue.as_raw()
    }
}

/// For making clients and servers on it only: dispatching it as well would take its events.
impl AsRef<Queue> for PolledQueue {
    fn as_ref(&self) -> &Queue {
        &self.queue
    }
}

impl AsRawFd for PolledQueue {
    fn as_raw_fd(&self) -> RawFd {
        self.fd().unwrap_or(-1)
    }
}

/// A batch of events.
#[derive(Debug)]
pub struct Events<'a>(std::slice::Iter<'a, sys::ws_event>);

impl<'a> Iterator for Events<'a> {
    type Item = Event<'a>;
    fn next(&mut self) -> Option<Event<'a>> {
        self.0.next().map(|raw| Event { raw })
    }
}
