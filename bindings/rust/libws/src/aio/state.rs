// SPDX-License-Identifier: Apache-2.0
//! What the task that polls and the futures of the host share, each behind its own lock.
use super::peer::Owned;
use crate::{Error, Event, EventKind, Operation, Result};
use libws_sys as sys;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Waker;

/// No code of the host runs under these locks, so none is poisoned by a panic of it.
pub(super) fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Leaves a waker, once for each task.
pub(super) fn leave(wakers: &mut Vec<Waker>, waker: &Waker) {
    if !wakers.iter().any(|other| other.will_wake(waker)) {
        wakers.push(waker.clone());
    }
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Closed {
    pub(super) code: u16,
    pub(super) reason: String,
    pub(super) clean: bool,
}

/// One connection.
pub(super) struct Line {
    pub(super) handle: u64,
    pub(super) now: Mutex<Now>,
}

pub(super) struct Now {
    pub(super) messages: VecDeque<Owned>,
    /// Bytes of messages, and the most of them before the connection is paused.
    pub(super) waiting: usize,
    pub(super) most: usize,
    pub(super) paused: bool,
    /// Nobody receives any more: what comes is dropped.
    pub(super) deaf: bool,
    pub(super) opened: Option<Result<()>>,
    pub(super) closing: Option<Result<()>>,
    pub(super) failed: Option<Error>,
    pub(super) closed: Option<Closed>,
    /// Counts drain events.
    pub(super) drains: u64,
    pub(super) reader: Option<Waker>,
    pub(super) others: Vec<Waker>,
}

impl Line {
    pub(super) fn new(handle: u64) -> Arc<Self> {
        Arc::new(Self {
            handle,
            now: Mutex::new(Now {
                messages: VecDeque::new(),
                waiting: 0,
                most: 1 << 20,
                paused: false,
                deaf: false,
                opened: None,
                closing: None,
                failed: None,
                closed: None,
                drains: 0,
                reader: None,
                others: Vec::new(),
            }),
        })
    }

    /// Takes in an event. Who waits is woken when the lock is free again.
    pub(super) fn told(&self, event: &Event<'_>) {
        let mut now = locked(&self.now);
        match event.kind() {
            Some(EventKind::Message | EventKind::MessageReceive) if !now.deaf => {
                let message = Owned::from(event.message());
                now.waiting += message.as_bytes().len();
                now.messages.push_back(message);
                if now.waiting > now.most && !now.paused {
                    // SAFETY: any number may be given.
                    now.paused = unsafe { sys::ws_pause(self.handle) } == sys::WS_OK;
                }
            }
            Some(EventKind::Open) => now.failed = None, // of a try before
            Some(EventKind::Drain) => now.drains += 1,
            Some(EventKind::Error) => now.failed = event.error(),
            Some(EventKind::Close) if !event.will_reconnect() => {
                now.closed = Some(Closed { code: event.code() as u16, reason: event.reason().into_owned(), clean: event.clean() });
            }
            // A handle that is destroyed without having been open has no close event.
            Some(EventKind::Destroyed) => {
                now.closed.get_or_insert(Closed { code: 1006, reason: String::new(), clean: false });
            }
            Some(EventKind::Completion) => {
                let outcome = event.error().map_or(Ok(()), Err);
                match event.operation() {
                    Some(Operation::Connect) => now.opened = Some(outcome),
                    Some(Operation::Close) => now.closing = Some(outcome),
                    _ => return,
                }
            }
            _ => return,
        }
        let (reader, others) = (now.reader.take(), std::mem::take(&mut now.others));
        drop(now);
        reader.into_iter().chain(others).for_each(Waker::wake);
    }
}

/// One server.
pub(super) struct Listening {
    pub(super) handle: u64,
    pub(super) now: Mutex<Accepting>,
}

#[derive(Default)]
pub(super) struct Accepting {
    pub(super) accepted: VecDeque<Arc<Line>>,
    pub(super) stopped: Option<Result<()>>,
    pub(super) ended: bool,
    pub(super) wakers: Vec<Waker>,
}

impl Listening {
    pub(super) fn change(&self, how: impl FnOnce(&mut Accepting)) {
        let mut now = locked(&self.now);
        how(&mut now);
        let wakers = std::mem::take(&mut now.wakers);
        drop(now);
        wakers.into_iter().for_each(Waker::wake);
    }
}

/// All that is alive on one queue.
pub(super) struct Table {
    pub(super) lines: HashMap<u64, Arc<Line>>,
    pub(super) servers: HashMap<u64, Arc<Listening>>,
    /// Hubs, peers and servers of the host; with none of them, and no handle, the task ends.
    pub(super) users: usize,
    /// The task has ended: nothing can be made any more.
    pub(super) over: bool,
    pub(super) driver: Option<Waker>,
}

/// The queue, as everybody has it who uses it.
pub(super) struct Inner {
    pub(super) queue: u64,
    pub(super) table: Mutex<Table>,
}

impl Inner {
    /// An event of the queue, whoever it is for.
    pub(super) fn told(&self, event: &Event<'_>) {
        let (handle, kind) = (event.raw.handle, event.kind());
        let mut table = locked(&self.table);
        if let Some(server) = table.servers.get(&handle).cloned() {
            if kind == Some(EventKind::Destroyed) {
                table.servers.remove(&handle);
            }
            drop(table);
            match kind {
                Some(EventKind::Destroyed) => server.change(|now| now.ended = true),
                Some(EventKind::Completion) if event.operation() == Some(Operation::ServerStop) => {
                    let outcome = event.error().map_or(Ok(()), Err);
                    server.change(|now| now.stopped = Some(outcome));
                }
                _ => {}
            }
            return;
        }
        if kind == Some(EventKind::Connect) {
            let Some(server) = table.servers.get(&event.raw.server).cloned() else { return };
            let line = Line::new(handle);
            table.lines.insert(handle, line.clone());
            drop(table);
            server.change(|now| now.accepted.push_back(line));
            return;
        }
        let Some(line) = table.lines.get(&handle).cloned() else { return };
        // The close event is the last one of an accepted connection.
        if kind == Some(EventKind::Destroyed) || (kind == Some(EventKind::Close) && event.raw.server != 0) {
            table.lines.remove(&handle);
        }
        drop(table);
        line.told(event);
    }

    /// Whether nobody is left who could want something.
    pub(super) fn is_over(&self) -> bool {
        let table = locked(&self.table);
        table.users == 0 && table.lines.is_empty() && table.servers.is_empty()
    }
}

/// One of the users of a queue.
pub(super) struct User(pub(super) Arc<Inner>);

impl User {
    pub(super) fn new(inner: &Arc<Inner>) -> Self {
        locked(&inner.table).users += 1;
        Self(inner.clone())
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let mut table = locked(&self.0.table);
        table.users -= 1;
        let driver = if table.users == 0 { table.driver.take() } else { None };
        drop(table);
        driver.into_iter().for_each(Waker::wake);
    }
}
