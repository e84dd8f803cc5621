// SPDX-License-Identifier: Apache-2.0
//! WebSocket clients and servers over libws, a shared library with a plain C ABI.
//!
//! ```
//! use libws::{Client, CloseOptions, ConnectOptions, Server, ServerConfig};
//!
//! let server = Server::new()?;
//! server.on_message_receive(|event| event.connection().send(event.message()).unwrap())?;
//! server.start(&ServerConfig::new().server_ip("127.0.0.1"))?;
//!
//! let client = Client::new()?;
//! let (tell, told) = std::sync::mpsc::channel();
//! client.on_message(move |event| tell.send(event.message().as_text().unwrap().to_string()).unwrap())?;
//! client.connect_wait(&format!("ws://127.0.0.1:{}/", server.port()?), &ConnectOptions::new(), None)?;
//! client.send("hello")?;
//! assert_eq!(told.recv().unwrap(), "hello");
//! client.close_wait(&CloseOptions::new(), None)?;
//! # Ok::<(), libws::Error>(())
//! ```
//!
//! Everything that happens is an event, for which closures listen. They run on a thread of the library, or where a
//! [`Queue`] is dispatched, or events are polled from a [`PolledQueue`]; with the feature `tokio`, `aio` has futures. A closure
//! must not block, unless it comes by a queue. What each call and option does in detail is said in `libws/ws.h`, and in the docs of
//! [`sys`], which repeat it; how threads and lifetimes go together, in the docs of [`Client`].
#![warn(missing_docs)]
#![warn(unsafe_op_in_unsafe_fn)]

#[cfg(not(unix))]
compile_error!("libws for Rust is for Unix so far: it has descriptors of queues and sockets in its interface");

#[cfg(feature = "tokio")]
pub mod aio;
mod client;
mod closures;
mod connection;
mod error;
mod event;
mod fields;
mod generated;
mod library;
mod queue;
mod server;

pub use client::Client;
pub use closures::{PanicHandler, Registration, set_panic_handler};
pub use connection::{Connection, Posted, Subscription};
pub use error::{Error, Result};
pub use event::{Event, Headers, Message};
pub use generated::names::*;
pub use generated::options::*;
pub use library::{
    Log, UrlFilter, close_code_name, has_feature, init, metrics, network_changed, set_log_level, set_url_filter, shutdown_wait, stats,
    version,
};
/// The C interface, for what is not here: [`Connection::as_raw`] and the like give handles.
pub use libws_sys as sys;
pub use queue::{PolledQueue, Queue};
pub use server::Server;
