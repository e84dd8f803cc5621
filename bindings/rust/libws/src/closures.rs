// SPDX-License-Identifier: Apache-2.0
//! Closures as listeners and completions: who owns them, and what becomes of a panic.
//!
//! A closure is on the heap. The handle owns it: a second listener, of the destroyed event, which is the
//! last event of a handle, frees it. A completion is freed by its one call.
use crate::{Error, Event, EventKind, Result};
use libws_sys as sys;
use std::any::Any;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::RwLock;

/// Gets what a closure has panicked with; it runs where the closure ran.
pub type PanicHandler = fn(Box<dyn Any + Send>);

static HANDLER: RwLock<Option<PanicHandler>> = RwLock::new(None);

/// Sets what is called when a closure has panicked. A panic never passes through the library, which is not Rust:
/// the event counts as handled, the connection is ended at once (close code 1006), and a listener that has
/// panicked is not called again, because what it captured may be half changed; one of a server, which may be
/// running on several threads, is. The hook of [`std::panic::set_hook`] has printed the message before.
pub fn set_panic_handler(handler: Option<PanicHandler>) {
    *HANDLER.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = handler;
}

/// Runs `call`; whether it returned without a panic.
fn guarded(event: Option<&sys::ws_event>, call: impl FnOnce()) -> bool {
    let Err(payload) = catch_unwind(AssertUnwindSafe(call)) else { return true };
    let handler = *HANDLER.read().unwrap_or_else(|poisoned| poisoned.into_inner());
    let told = catch_unwind(AssertUnwindSafe(|| match handler {
        Some(handler) => handler(payload),
        None => drop(payload),
    }));
    if let Err(second) = told {
        std::mem::forget(second); // a payload whose drop panics, too
    }
    if let Some(event) = event {
        // SAFETY: any number may be given; one that is no connection is refused.
        unsafe { sys::ws_abort(event.handle) };
    }
    false
}

/// How a closure is called: `FnMut` of one connection, or `Fn` of a server.
pub(crate) trait Listener: Send + 'static {
    /// # Safety
    /// `node` is a [`Node`] of this type, and no other call that wants it for itself is running.
    unsafe fn call(node: *mut c_void, event: &Event<'_>) -> bool;
}

/// Of one connection, whose callbacks never overlap and never recurse (ws_types.h, contract 3).
pub(crate) struct Alone<F>(Option<F>);

impl<F: FnMut(&Event<'_>) + Send + 'static> Listener for Alone<F> {
    unsafe fn call(node: *mut c_void, event: &Event<'_>) -> bool {
        // SAFETY: as the trait says.
        let own = unsafe { &mut *node.cast::<Self>() };
        let Some(f) = &mut own.0 else { return true };
        let went_well = guarded(Some(event.raw), || f(event));
        if !went_well {
            let f = own.0.take();
            guarded(None, || drop(f));
        }
        went_well
    }
}

/// Of a server: several loops may call it at once.
pub(crate) struct Shared<F>(F);

impl<F: Fn(&Event<'_>) + Send + Sync + 'static> Listener for Shared<F> {
    unsafe fn call(node: *mut c_void, event: &Event<'_>) -> bool {
        // SAFETY: as the trait says; it is only read.
        let own = unsafe { &*node.cast::<Self>() };
        guarded(Some(event.raw), || (own.0)(event))
    }
}

pub(crate) fn alone<F: FnMut(&Event<'_>) + Send + 'static>(f: F) -> Alone<F> {
    Alone(Some(f))
}

pub(crate) fn shared<F: Fn(&Event<'_>) + Send + Sync + 'static>(f: F) -> Shared<F> {
    Shared(f)
}

unsafe extern "C" fn tell<L: Listener>(event: *const sys::ws_event, node: *mut c_void) {
    // SAFETY: the library calls this with an event and what `listen` gave it, which lives until the destroyed event.
    unsafe { L::call(node, &Event { raw: &*event }) };
}

unsafe extern "C" fn free<L: Listener>(_: *const sys::ws_event, node: *mut c_void) {
    // SAFETY: this is the destroyed event: nothing else of the handle is called any more.
    let own = unsafe { Box::from_raw(node.cast::<L>()) };
    guarded(None, || drop(own));
}

unsafe extern "C" fn tell_last<L: Listener>(event: *const sys::ws_event, node: *mut c_void) {
    // SAFETY: as in `tell`, then as in `free`.
    unsafe {
        tell::<L>(event, node);
        free::<L>(event, node);
    }
}

/// `ws_on` or `ws_server_on`.
pub(crate) type Adder = unsafe extern "C" fn(u64, i32, sys::ws_callback, *mut c_void) -> i32;

/// A listener that was added, for `off`. It owns nothing: the closure belongs to the handle until its destroyed
/// event, also after `off`.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    pub(crate) event: i32,
    pub(crate) call: sys::ws_callback,
    pub(crate) node: *mut c_void,
}

// SAFETY: the pointer is compared by the library, never followed from here.
unsafe impl Send for Registration {}
// SAFETY: as above.
unsafe impl Sync for Registration {}

pub(crate) fn listen<L: Listener>(add: Adder, handle: u64, event: EventKind, listener: L) -> Result<Registration> {
    let node: *mut c_void = Box::into_raw(Box::new(listener)).cast();
    let last = event == EventKind::Destroyed;
    let end: sys::ws_callback = Some(if last { tell_last::<L> } else { free::<L> });
    let call: sys::ws_callback = Some(tell::<L>);
    // SAFETY: the functions fit the node, which lives until the destroyed event.
    unsafe {
        let added = add(handle, sys::WS_EVENT_DESTROYED, end, node);
        if added != sys::WS_OK {
            let failed = Error::check(added);
            drop(Box::from_raw(node.cast::<L>()));
            return Err(failed.unwrap_err());
        }
        // From here on the destroyed event may come and free the node, but then this handle is stale.
        if !last {
            Error::check(add(handle, event.as_raw(), call, node))?;
        }
    }
    Ok(Registration { event: event.as_raw(), call: if last { end } else { call }, node })
}

/// A closure that is called once, for a completion or a posted function.
type Once = Box<dyn FnOnce(&Event<'_>) + Send>;

unsafe extern "C" fn tell_once(event: *const sys::ws_event, node: *mut c_void) {
    // SAFETY: a completion comes exactly once, with what `completing` gave.
    let (own, event) = unsafe { (Box::from_raw(node.cast::<Once>()), &*event) };
    guarded(Some(event), || own(&Event { raw: event }));
}

/// Makes a call that takes a completion: `make(function, user_data)`. When it fails the closure is freed uncalled.
pub(crate) fn completing(
    f: impl FnOnce(&Event<'_>) + Send + 'static,
    make: impl FnOnce(sys::ws_callback, *mut c_void) -> Result<()>,
) -> Result<*mut c_void> {
    let node: *mut c_void = Box::into_raw(Box::new(Box::new(f) as Once)).cast();
    let made = make(Some(tell_once), node);
    if made.is_err() {
        // SAFETY: a call that failed calls nobody.
        unsafe { forget_once(node) };
    }
    made.map(|()| node)
}

/// # Safety
/// `node` is of `completing`, and never called.
pub(crate) unsafe fn forget_once(node: *mut c_void) {
    // SAFETY: as above.
    drop(unsafe { Box::from_raw(node.cast::<Once>()) });
}
