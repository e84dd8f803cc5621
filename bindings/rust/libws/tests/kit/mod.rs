// SPDX-License-Identifier: Apache-2.0
//! What the tests share. Waits end by a deadline that fails the test.
#![allow(dead_code)]
use libws::{Client, ConnectOptions, Server, ServerConfig};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

pub const PATIENCE: Duration = Duration::from_secs(60);

/// A server that sends back what comes, on loopback; and its address.
pub fn echo() -> (Server, String) {
    let server = Server::new().unwrap();
    server.on_message_receive(|event| drop(event.connection().send(event.message()))).unwrap();
    let url = started(&server);
    (server, url)
}

pub fn started(server: &Server) -> String {
    server.start(&ServerConfig::new().server_ip("127.0.0.1")).unwrap();
    format!("ws://127.0.0.1:{}/", server.port().unwrap())
}

pub fn connect(client: &Client, url: &str) {
    client.connect_wait(url, &ConnectOptions::new(), Some(PATIENCE)).unwrap();
}

pub fn next<T>(from: &mpsc::Receiver<T>) -> T {
    from.recv_timeout(PATIENCE).expect("nothing came in time")
}

/// Counts how many of it live, in a closure or elsewhere.
#[derive(Clone, Default)]
pub struct Alive(Arc<AtomicUsize>);

pub struct One(Arc<AtomicUsize>);

impl Alive {
    pub fn one(&self) -> One {
        self.0.fetch_add(1, Ordering::SeqCst);
        One(self.0.clone())
    }
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
    pub fn wait_for(&self, count: usize) {
        let end = std::time::Instant::now() + PATIENCE;
        while self.count() != count {
            assert!(std::time::Instant::now() < end, "{} live instead of {count}", self.count());
            std::thread::yield_now();
        }
    }
}

impl One {
    pub fn touch(&self) {
        assert!(self.0.load(Ordering::SeqCst) > 0);
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
