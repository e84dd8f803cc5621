// SPDX-License-Identifier: Apache-2.0
//! Nothing: the tests of this crate are what it is for.
