// SPDX-License-Identifier: Apache-2.0
//! Errors of calls, completions and events.
use crate::generated::names::{ErrorKind, Stage};
use libws_sys as sys;
use std::ffi::CStr;

/// Why a call was refused, or why what it began has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    stage: Stage,
    text: String,
    http_status: i32,
    os_error: i32,
}

/// What calls give.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of a call, with stage [`Stage::None`].
    pub(crate) fn new(kind: ErrorKind, text: String) -> Self {
        Self { kind, stage: Stage::None, text, http_status: 0, os_error: 0 }
    }
    /// The status of a call that this thread has just made, with its reason.
    pub(crate) fn check(status: i32) -> Result<()> {
        if status == sys::WS_OK {
            return Ok(());
        }
        // SAFETY: the text is valid until the next call of this thread, and copied before.
        let text = unsafe { CStr::from_ptr(sys::ws_last_error()) }.to_string_lossy().into_owned();
        Err(Self::new(ErrorKind::from_raw(status).unwrap_or(ErrorKind::Unknown), text))
    }
    /// Of an error event, or a completion; `None` when it has succeeded.
    pub(crate) fn of(event: &sys::ws_event) -> Option<Self> {
        if event.error == sys::WS_OK {
            return None;
        }
        // SAFETY: texts of events are never NULL, and valid as long as the event.
        let text = unsafe { CStr::from_ptr(event.text) }.to_string_lossy().into_owned();
        Some(Self {
            kind: ErrorKind::from_raw(event.error).unwrap_or(ErrorKind::Unknown),
            stage: Stage::from_raw(event.stage).unwrap_or_default(),
            text,
            http_status: event.status,
            os_error: event.os_error,
        })
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
    /// Where it failed; [`Stage::None`] for a call that was refused.
    pub fn stage(&self) -> Stage {
        self.stage
    }
    /// What was tried, with what, and why it failed; names the argument of a call.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The HTTP status of a server that has refused the upgrade, else 0.
    pub fn http_status(&self) -> i32 {
        self.http_status
    }
    /// The system's error, if a call of the system has failed.
    pub fn os_error(&self) -> Option<std::io::Error> {
        (self.os_error != 0).then(|| std::io::Error::from_raw_os_error(self.os_error))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.text.is_empty() { write!(f, "{:?}", self.kind) } else { write!(f, "{}", self.text) }
    }
}

impl std::error::Error for Error {}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        std::io::Error::other(error)
    }
}
