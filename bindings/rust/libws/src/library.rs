// SPDX-License-Identifier: Apache-2.0
//! The library as a whole.
use crate::connection::read_text;
use crate::fields::{milliseconds, with};
use crate::{Error, ErrorKind, InitOptions, LogLevel, Result, Server};
use libws_sys as sys;
use std::ffi::{CStr, CString, c_char, c_void};
use std::panic::catch_unwind;
use std::ptr::null_mut;
use std::sync::OnceLock;
use std::time::Duration;

/// Receives a line of the log; any thread, several at once. It must not call libws.
pub type Log = fn(LogLevel, &str);

/// Decides where clients may connect. It must not call libws.
pub type UrlFilter = fn(&str) -> bool;

/// Whether the library that was loaded is one for these declarations: asked once, before the first handle is made.
pub(crate) fn fits() -> Result<()> {
    static FITS: OnceLock<bool> = OnceLock::new();
    // SAFETY: the calls take nothing and return numbers.
    let fits = *FITS.get_or_init(|| unsafe { sys::ws_abi_version() == sys::WS_ABI_VERSION });
    if fits {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Unsupported,
        format!("libws {} has another ABI than this crate was made for; build it with the library that it runs with", version()),
    ))
}

unsafe extern "C" fn log_line(level: i32, line: *const c_char, user_data: *mut c_void) {
    // SAFETY: user_data is a function of this type, given below; the line is valid during the call.
    let (log, line) = unsafe { (std::mem::transmute::<*mut c_void, Log>(user_data), CStr::from_ptr(line).to_string_lossy()) };
    let level = LogLevel::from_raw(level).unwrap_or(LogLevel::Debug);
    if let Err(payload) = catch_unwind(|| log(level, &line)) {
        std::mem::forget(payload); // a log that panics must not end more
    }
}

/// Starts the library with options; not needed for the defaults, and only once, before the first client, server or queue.
pub fn init(options: &InitOptions, log: Option<Log>) -> Result<()> {
    fits()?;
    with(options, |raw| {
        // SAFETY: the struct is the caller's, good during the call.
        let mut own = unsafe { *raw };
        if let Some(log) = log {
            own.log = Some(log_line);
            own.log_user_data = log as *mut c_void;
        }
        // SAFETY: as above.
        unsafe { sys::ws_init(&own) }
    })
}

/// Ends the library: aborts every connection, tells what that causes, and waits for that; `None`: for ever. It cannot be
/// started again. A program that just ends needs none.
pub fn shutdown_wait(timeout: Option<Duration>) -> Result<()> {
    crate::queue::may_wait()?;
    // SAFETY: nothing is pointed to.
    Error::check(unsafe { sys::ws_shutdown_wait(milliseconds(timeout)) })
}

/// The version of the library, "0.1.0".
pub fn version() -> &'static str {
    // SAFETY: the text is static.
    unsafe { CStr::from_ptr(sys::ws_version_string()) }.to_str().unwrap_or("")
}

/// Whether the library has a feature, such as "tls" or "queue"; ws.h lists them.
pub fn has_feature(name: &str) -> bool {
    // SAFETY: the text is good during the call.
    CString::new(name).is_ok_and(|name| unsafe { sys::ws_has_feature(name.as_ptr()) } != 0)
}

/// Figures of the whole library.
pub fn stats() -> Result<sys::ws_stats> {
    let mut stats = sys::ws_stats::default();
    // SAFETY: the out-parameter is good during the call.
    Error::check(unsafe { sys::ws_stats_get(&mut stats) })?;
    Ok(stats)
}

/// Figures of the library, and of a server, as text for Prometheus.
pub fn metrics(server: Option<&Server>) -> Result<String> {
    let server = server.map_or(0, Server::as_raw);
    // SAFETY: the buffer has as many bytes as are said.
    read_text(|buffer, capacity, size| unsafe { sys::ws_metrics(server, buffer, capacity, size) })
}

/// Changes the level of the log while the library runs.
pub fn set_log_level(level: LogLevel) -> Result<()> {
    // SAFETY: nothing is pointed to, as below.
    Error::check(unsafe { sys::ws_set_log_level(level.as_raw()) })
}

/// Tells that the network has changed: clients that wait to connect again try at once.
pub fn network_changed() -> Result<()> {
    // SAFETY: see set_log_level.
    Error::check(unsafe { sys::ws_network_changed() })
}

unsafe extern "C" fn filter_url(url: *const c_char, user_data: *mut c_void) -> i32 {
    // SAFETY: user_data is a function of this type, given below; the text is valid during the call.
    let (filter, url) = unsafe { (std::mem::transmute::<*mut c_void, UrlFilter>(user_data), CStr::from_ptr(url).to_string_lossy()) };
    match catch_unwind(|| filter(&url)) {
        Ok(allowed) => allowed as i32,
        Err(payload) => {
            std::mem::forget(payload);
            0 // a filter that cannot say yes says no
        }
    }
}

/// Sets the function that decides where clients may connect; `None`: everywhere.
pub fn set_url_filter(filter: Option<UrlFilter>) -> Result<()> {
    let call: sys::ws_url_filter = filter.map(|_| filter_url as unsafe extern "C" fn(*const c_char, *mut c_void) -> i32);
    // SAFETY: functions live as long as the program.
    Error::check(unsafe { sys::ws_set_url_filter(call, filter.map_or(null_mut(), |f| f as *mut c_void)) })
}

/// What a close code is called in the registry of RFC 6455 11.7; "" for one that is not registered.
pub fn close_code_name(code: i32) -> &'static str {
    // SAFETY: the text is static.
    unsafe { CStr::from_ptr(sys::ws_close_code_name(code)) }.to_str().unwrap_or("")
}
