// SPDX-License-Identifier: Apache-2.0
//! Connections and servers as futures of tokio (feature `tokio`).
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap().block_on(async {
//! use libws::{ConnectOptions, ServerConfig, ServerOptions, aio::Hub};
//!
//! let hub = Hub::new()?;
//! let mut server = hub.serve(&ServerOptions::new(), &ServerConfig::new().server_ip("127.0.0.1"))?;
//! let url = format!("ws://127.0.0.1:{}/", server.port());
//! let mut client = hub.connect(&url, &ConnectOptions::new()).await?;
//! let mut accepted = server.accept().await?;
//! client.send("hello").await?;
//! assert_eq!(accepted.recv().await?, Some(libws::aio::Owned::Text("hello".into())));
//! client.close().await?;
//! assert_eq!(accepted.recv().await?, None);
//! # Ok::<(), libws::Error>(()) }).unwrap();
//! ```
//!
//! A [`Hub`] is a queue of the library and a task that polls it when tokio finds its descriptor readable. No other thread is
//! there, and none of the library's ever runs code of yours.
//!
//! **Back-pressure.** What came and was not received yet is kept up to [`Peer::set_most_waiting`], 1 MiB at first; then the
//! connection is paused, so that its peer feels it. [`Peer::send`] waits while the output queue is full (`max_buffered`).
//!
//! **Gathering.** With [`Hub::gathering`] messages of up to 1 KiB that tasks send in answer to one batch of events leave together, in one
//! system call for each connection. It is for a runtime of one thread that is inside `block_on` all the time.
//!
//! **Not here**: what a server asks its host (upgrade, request, verify and sign events): use [`crate::Server`] for those.
//!
//! **Ends.** A [`Peer`] or [`Server`] that is dropped ends at once and never blocks: its last events are nobody's. A runtime that is dropped
//! ends all that is left, and waits for it up to a few seconds, because the library needs somebody who polls.
mod driver;
mod hub;
mod peer;
mod state;

pub use hub::{Hub, Server};
pub use peer::{Owned, Peer};
