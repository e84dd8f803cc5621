// SPDX-License-Identifier: Apache-2.0
//! Queues: events come where the host wants them.
use crate::connection::{Posted, post};
use crate::fields::making;
use crate::{Error, ErrorKind, Event, QueueOptions, Result};
use libws_sys as sys;
use std::cell::Cell;
use std::marker::PhantomData;
use std::os::fd::RawFd;
use std::sync::Arc;
use std::time::Duration;

thread_local! {
    /// How many batches of polled events this thread is going through.
    static LOOKING: Cell<usize> = const { Cell::new(0) };
}

/// While this lives, nothing on this thread may wait: what waits dispatches its queue, which frees what was polled.
pub(crate) struct Looking(PhantomData<*const ()>);

impl Looking {
    pub(crate) fn begins() -> Self {
        LOOKING.set(LOOKING.get() + 1);
        Self(PhantomData)
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        LOOKING.set(LOOKING.get() - 1);
    }
}

/// For all that waits.
pub(crate) fn may_wait() -> Result<()> {
    if LOOKING.get() == 0 {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InCallback, "inside a poll, as inside a callback, nothing may wait; do it when poll has returned".into()))
}

/// The queue itself, which everyone who uses it shares: it ends with the last one.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) handle: u64,
    /// Events are handed out, so no closure ever runs, and a call that waits would take events of others.
    pub(crate) polled: bool,
}

/// How often a queue asks for the ends of handles that did not wait for them themselves, of 20 ms each.
const TRIES: usize = 100;

impl Drop for Place {
    fn drop(&mut self) {
        let mut count = 0;
        // SAFETY: any number may be given. What detached handles still have to tell is told here.
        unsafe {
            for _ in 0..TRIES {
                if sys::ws_queue_destroy(self.handle) != sys::WS_ERR_BUSY
                    || sys::ws_queue_dispatch(self.handle, 0, 20, &mut count) != sys::WS_OK
                {
                    break; // it is gone; or somebody else dispatches it, or this is a callback: the library ends it at shutdown
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
        Self::make(options, false)
    }
    fn make(options: &QueueOptions, polled: bool) -> Result<Self> {
        crate::library::fits()?;
        // SAFETY: what the options point to is read during the call.
        let handle = making(options, |raw| unsafe { sys::ws_queue_create(raw) })?;
        Ok(Self { place: Arc::new(Place { handle, polled }) })
    }
    /// Its number in C.
    pub fn as_raw(&self) -> u64 {
        self.place.handle
    }
    /// Calls closures of events that wait, on this thread; waits so long for the first one, `None`: for ever. Gives how many
    /// events were delivered; `max` 0: as many as wait. [`ErrorKind::Busy`](crate::ErrorKind::Busy) while another thread does it.
    pub fn dispatch(&self, max: usize, timeout: Option<Duration>) -> Result<usize> {
        may_wait()?;
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
/// ever called. Do not give them any; it would only take memory until their end. Completions are told as events.
///
/// Inside [`poll`](PolledQueue::poll) the rules of callbacks hold: nothing may wait ([`ErrorKind::InCallback`]). A client or server on it never
/// waits when it is dropped, since no closure of it can run; its last events still come.
///
/// What an event points to is valid inside the closure only:
///
/// ```compile_fail,E0521
/// let (mut queue, mut kept) = (libws::PolledQueue::new()?, Vec::new());
/// queue.poll(Some(std::time::Duration::ZERO), |event| kept.push(event.data()))?;
/// # Ok::<(), libws::Error>(())
/// ```
/// ```
/// let (mut queue, mut kept) = (libws::PolledQueue::new()?, Vec::new());
/// queue.poll(Some(std::time::Duration::ZERO), |event| kept.push(event.data().to_vec()))?;
/// # Ok::<(), libws::Error>(())
/// ```
#[derive(Debug)]
pub struct PolledQueue {
    queue: Queue,
    room: Room,
}

struct Room(Vec<sys::ws_event>);

// SAFETY: the pointers in there are looked at inside poll only, and Event is not Send.
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
        Ok(Self { queue: Queue::make(options, true)?, room: Room(vec![sys::ws_event::default(); batch.max(1)]) })
    }
    /// Calls `look` with each event that waits, but for those beyond a batch, on this thread; waits so long for the first one,
    /// `None`: for ever. Gives how many there were.
    pub fn poll(&mut self, timeout: Option<Duration>, mut look: impl FnMut(&Event<'_>)) -> Result<usize> {
        may_wait()?;
        let mut count = 0;
        let room = &mut self.room.0;
        room[0].struct_size = size_of::<sys::ws_event>() as u32;
        // SAFETY: there is room for as many events as are said.
        Error::check(unsafe { sys::ws_queue_poll(self.queue.as_raw(), room.as_mut_ptr(), room.len(), limited(timeout), &mut count) })?;
        let _looking = Looking::begins();
        room[..count].iter().for_each(|raw| look(&Event { raw }));
        Ok(count)
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
