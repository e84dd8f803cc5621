// SPDX-License-Identifier: Apache-2.0
//! The task that polls the queue.
use super::state::{Inner, locked};
use crate::fields::making;
use crate::queue::Looking;
use crate::{Error, Event, QueueOptions, Result};
use libws_sys as sys;
use std::future::poll_fn;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::io::{Interest, unix::AsyncFd};

const BATCH: usize = 64;

/// How long a runtime that is dropped waits for the ends of what is left.
const PATIENCE: Duration = Duration::from_secs(5);

/// The descriptor of the queue, which is only watched, and belongs to the queue.
struct Watched(RawFd);

impl AsRawFd for Watched {
    fn as_raw_fd(&self) -> RawFd {
        self.0
    }
}

pub(super) struct Driver {
    inner: Arc<Inner>,
    /// Some until the driver ends, which is before the queue does.
    fd: Option<AsyncFd<Watched>>,
    room: Vec<sys::ws_event>,
    gathers: bool,
}

// SAFETY: the pointers in `room` are looked at inside `turn` only, between a poll and its return.
unsafe impl Send for Driver {}

impl Driver {
    pub(super) fn new(table: super::state::Table, gathers: bool) -> Result<(Self, Arc<Inner>)> {
        crate::library::fits()?;
        let options = if gathers { QueueOptions::new().queue_gather() } else { QueueOptions::new() };
        // SAFETY: what the options point to is read during the call.
        let queue = making(&options, |raw| unsafe { sys::ws_queue_create(raw) })?;
        let inner = Arc::new(Inner { queue, table: std::sync::Mutex::new(table) });
        let mut driver = Self { inner: inner.clone(), fd: None, room: vec![sys::ws_event::default(); BATCH], gathers };
        let mut fd = -1;
        // SAFETY: the out-parameter is good during the call. A failure drops the driver, and with it the queue.
        Error::check(unsafe { sys::ws_queue_fd(queue, &mut fd) })?;
        // SAFETY: the descriptor is open until the queue ends, which the drop of the driver does behind this.
        let watched = unsafe { AsyncFd::register_with_interest(Watched(fd), Interest::READABLE) }
            .map_err(|why| Error::new(crate::ErrorKind::Unknown, format!("tokio cannot watch the queue: {}", std::io::Error::from(why))))?;
        driver.fd = Some(watched);
        Ok((driver, inner))
    }

    /// Polls once, waiting so long, and hands out what came: how many events.
    fn turn(&mut self, timeout_ms: i32) -> usize {
        let mut count = 0;
        self.room[0].struct_size = size_of::<sys::ws_event>() as u32;
        // SAFETY: there is room for as many events as are said; they are good until the next poll.
        let status = unsafe { sys::ws_queue_poll(self.inner.queue, self.room.as_mut_ptr(), BATCH, timeout_ms, &mut count) };
        if status != sys::WS_OK {
            return 0;
        }
        let _looking = Looking::begins(); // wakers may run any code
        for raw in &self.room[..count] {
            self.inner.told(&Event { raw });
        }
        count
    }

    pub(super) async fn run(mut self) {
        loop {
            // The end wakes it, too; the waker is left first, so that none is missed.
            let fd = self.fd.as_ref().expect("it is there until the end");
            let inner = &self.inner;
            let readable = poll_fn(|context| {
                locked(&inner.table).driver = Some(context.waker().clone());
                if inner.is_over() {
                    return Poll::Ready(None);
                }
                fd.poll_read_ready(context).map(Some)
            });
            let Some(Ok(mut guard)) = readable.await else { return };
            // The library writes to the descriptor anew when the queue was empty: that may be seen after clear_ready only.
            guard.clear_ready();
            drop(guard);
            while self.turn(0) > 0 {
                if self.gathers {
                    tokio::task::yield_now().await; // those that were woken run, and send; the next poll sends it all
                } else {
                    tokio::task::consume_budget().await;
                }
            }
        }
    }
}

impl Drop for Driver {
    /// Nobody else polls: what is left ends here.
    fn drop(&mut self) {
        self.fd = None; // before the queue, whose descriptor it watches
        let (lines, servers) = {
            let mut table = locked(&self.inner.table);
            table.over = true;
            (table.lines.keys().copied().collect::<Vec<_>>(), table.servers.keys().copied().collect::<Vec<_>>())
        };
        let end = Instant::now() + PATIENCE;
        // SAFETY: any numbers may be given.
        unsafe {
            sys::ws_queue_flush(self.inner.queue);
            for line in lines {
                sys::ws_destroy(line);
            }
            for server in servers {
                sys::ws_server_destroy(server);
            }
            while sys::ws_queue_destroy(self.inner.queue) == sys::WS_ERR_BUSY && Instant::now() < end {
                self.turn(50);
            }
        }
    }
}
