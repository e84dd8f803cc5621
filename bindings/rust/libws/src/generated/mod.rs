// SPDX-License-Identifier: Apache-2.0
//! What repeats declarations of C.
#[rustfmt::skip]
pub(crate) mod events;
#[rustfmt::skip]
pub(crate) mod names;
#[rustfmt::skip]
pub(crate) mod options;
