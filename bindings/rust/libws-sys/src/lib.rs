// SPDX-License-Identifier: Apache-2.0
//! The C interface of libws: every struct, constant and function of `libws/ws.h`, with its manual.
//!
//! Nothing here is safe by itself; the crate `libws` is. All of it is generated from the declarations that
//! the C compiler was compared with, so sizes and offsets are those of the library.
//!
//! The build script finds the library in the directory that `LIBWS_DIR` names, or by pkg-config. A program that
//! was linked by `LIBWS_DIR` finds it when it runs by the usual ways of the system: an installed library,
//! `LD_LIBRARY_PATH`, or an rpath.
#![no_std]
#![warn(missing_docs)]
#![allow(non_camel_case_types)]

#[rustfmt::skip]
mod raw;
pub use raw::*;
