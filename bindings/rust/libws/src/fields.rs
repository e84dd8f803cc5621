// SPDX-License-Identifier: Apache-2.0
//! What builders keep for C: texts with their NUL, bytes, arrays, descriptors; and the memory that a
//! call borrows.
use crate::{Error, ErrorKind};
use libws_sys as sys;
use std::any::Any;
use std::ffi::{CString, c_char, c_void};
use std::os::fd::{AsRawFd, IntoRawFd, OwnedFd};
use std::ptr::null;

/// A builder as the C struct, whose pointers are good as long as the builder and the scratch.
pub(crate) trait Field {
    type Raw;
    fn raw(&self, scratch: &mut Scratch) -> Self::Raw;
}

/// A member that is a text; unset it is NULL.
#[derive(Clone, Debug, Default)]
pub(crate) enum Text {
    #[default]
    Unset,
    Good(CString),
    HasNul,
}

impl Text {
    pub(crate) fn set(&mut self, value: String) {
        *self = CString::new(value).map_or(Text::HasNul, Text::Good);
    }
    pub(crate) fn raw(&self, name: &'static str, scratch: &mut Scratch) -> *const c_char {
        match self {
            Text::Unset => null(),
            Text::Good(text) => text.as_ptr(),
            Text::HasNul => {
                scratch.wrong.get_or_insert(name);
                null()
            }
        }
    }
}

/// A member that is bytes with their size.
#[derive(Clone, Default)]
pub(crate) struct Bytes(Option<Vec<u8>>);

impl std::fmt::Debug for Bytes {
    /// Keys and certificates are not for logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.as_ref().map_or(0, Vec::len))
    }
}

impl Bytes {
    pub(crate) fn set(&mut self, value: Vec<u8>) {
        self.0 = Some(value);
    }
    pub(crate) fn raw(&self) -> (*const c_void, usize) {
        self.0.as_ref().map_or((null(), 0), |bytes| (bytes.as_ptr().cast(), bytes.len()))
    }
}

/// A member that is an array of header fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(Text, Text)>);

impl Fields {
    pub(crate) fn push(&mut self, name: String, value: String) {
        let mut field = (Text::Unset, Text::Unset);
        field.0.set(name);
        field.1.set(value);
        self.0.push(field);
    }
    pub(crate) fn raw(&self, scratch: &mut Scratch) -> (*const sys::ws_header, usize) {
        let all: Vec<_> = self
            .0
            .iter()
            .map(|(name, value)| sys::ws_header { name: name.raw("headers", scratch), value: value.raw("headers", scratch) })
            .collect();
        (scratch.slice(all), self.0.len())
    }
}

/// What lives until the call that takes the options has returned.
#[derive(Default)]
pub(crate) struct Scratch {
    kept: Vec<Box<dyn Any>>,
    duplicates: Vec<OwnedFd>,
    wrong: Option<&'static str>,
    refused: Option<std::io::Error>,
}

impl Scratch {
    pub(crate) fn slice<T: 'static>(&mut self, values: Vec<T>) -> *const T {
        if values.is_empty() {
            return null();
        }
        let at = values.as_ptr(); // of the heap: the vector itself may move
        self.kept.push(Box::new(values));
        at
    }
    pub(crate) fn one<T: 'static>(&mut self, value: T) -> *const T {
        self.slice(vec![value])
    }
    /// A descriptor that the library owns when the call succeeds.
    pub(crate) fn duplicate(&mut self, fd: &OwnedFd) -> i32 {
        match fd.try_clone() {
            Ok(copy) => {
                let number = copy.as_raw_fd();
                self.duplicates.push(copy);
                number
            }
            Err(why) => {
                self.refused = Some(why);
                -1
            }
        }
    }
}

/// Calls `call` with the C struct of `options`, unless a text of theirs cannot be one of C.
pub(crate) fn with<F: Field>(options: &F, call: impl FnOnce(*const F::Raw) -> i32) -> Result<(), Error> {
    let mut scratch = Scratch::default();
    let raw = options.raw(&mut scratch);
    if let Some(member) = scratch.wrong {
        return Err(Error::new(ErrorKind::Parameter, format!("{member} has a NUL byte in it")));
    }
    if let Some(why) = scratch.refused {
        return Err(Error::new(ErrorKind::Unknown, format!("duplicating a descriptor: {why}")));
    }
    Error::check(call(&raw))?;
    for fd in scratch.duplicates {
        let _ = fd.into_raw_fd(); // it is the library's
    }
    Ok(())
}

/// As `with`, for calls that give a handle, or 0.
pub(crate) fn making<F: Field>(options: &F, call: impl FnOnce(*const F::Raw) -> u64) -> Result<u64, Error> {
    let mut handle = 0;
    let failed = with(options, |raw| {
        handle = call(raw);
        if handle == 0 { sys::WS_ERR_UNKNOWN } else { sys::WS_OK }
    });
    failed.map(|()| handle)
}

/// A text for C that is an argument.
pub(crate) fn c_text(name: &str, text: &str) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::new(ErrorKind::Parameter, format!("{name} has a NUL byte in it")))
}

/// Milliseconds of C; `None` is for ever.
pub(crate) fn milliseconds(time: Option<std::time::Duration>) -> i64 {
    time.map_or(-1, |t| i64::try_from(t.as_millis()).unwrap_or(i64::MAX))
}
