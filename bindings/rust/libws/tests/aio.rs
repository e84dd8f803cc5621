// SPDX-License-Identifier: Apache-2.0
//! Futures: conversations, back-pressure in both directions, and ends of all kinds.
mod kit;
use kit::PATIENCE;
use libws::aio::{Hub, Owned, Peer, Server};
use libws::{CloseOptions, ConnectOptions, CreateOptions, ErrorKind, ServerConfig, ServerOptions, Stage};
use std::future::Future;
use tokio::runtime::{Builder, Runtime};

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn two_threads() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Runs it in each kind of runtime, gathering and not.
fn everywhere<F: Future<Output = ()>>(test: impl Fn(Hub) -> F) {
    for (runtime, gathers) in [(one_thread(), false), (one_thread(), true), (two_threads(), false), (two_threads(), true)] {
        runtime.block_on(async {
            let hub = if gathers { Hub::gathering() } else { Hub::new() }.unwrap();
            tokio::time::timeout(PATIENCE, test(hub)).await.expect("in time");
        });
    }
}

fn listening(hub: &Hub, options: &ServerOptions) -> (Server, String) {
    let server = hub.serve(options, &ServerConfig::new().server_ip("127.0.0.1")).unwrap();
    let url = format!("ws://127.0.0.1:{}/", server.port());
    (server, url)
}

async fn pair(hub: &Hub, server: &mut Server, url: &str) -> (Peer, Peer) {
    let client = hub.connect(url, &ConnectOptions::new()).await.unwrap();
    (client, server.accept().await.unwrap())
}

fn echo(mut server: Server) {
    tokio::spawn(async move {
        while let Ok(mut peer) = server.accept().await {
            tokio::spawn(async move {
                while let Ok(Some(message)) = peer.recv().await {
                    if peer.send(&message).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
}

#[test]
fn many_conversations_at_once_keep_their_order() {
    everywhere(|hub| async move {
        let (server, url) = listening(&hub, &ServerOptions::new());
        echo(server);
        let tasks: Vec<_> = (0..20)
            .map(|which| {
                let (hub, url) = (hub.clone(), url.clone());
                tokio::spawn(async move {
                    let mut client = hub.connect(&url, &ConnectOptions::new()).await.unwrap();
                    for n in 0..50 {
                        client.send(&format!("{which} {n}")).await.unwrap();
                    }
                    for n in 0..50 {
                        assert_eq!(client.recv().await.unwrap(), Some(Owned::Text(format!("{which} {n}"))));
                    }
                    client.close().await.unwrap();
                    assert_eq!(client.recv().await.unwrap(), None);
                    assert_eq!((client.closed().unwrap().0, client.closed_cleanly()), (1000, true));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn who_does_not_receive_is_not_sent_more() {
    everywhere(|hub| async move {
        let (mut server, url) = listening(&hub, &ServerOptions::new());
        let client = hub.connect_with(&url, &ConnectOptions::new(), &CreateOptions::new().max_buffered(1 << 20)).await.unwrap();
        let mut peer = server.accept().await.unwrap();
        peer.set_most_waiting(100_000);
        let (sent, total) = (std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0)), 600);
        let counted = sent.clone();
        let sending = tokio::spawn(async move {
            let message = vec![7u8; 65536];
            for _ in 0..total {
                client.send(&message).await.unwrap();
                counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
            client
        });
        // It comes to a stop: the same number again after all tasks had their turn, many times.
        let (mut before, mut same) = (usize::MAX, 0);
        while same < 20 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            let now = sent.load(std::sync::atomic::Ordering::SeqCst);
            same = if now == before { same + 1 } else { 0 };
            before = now;
        }
        assert!(before < total, "all {total} messages were taken although nobody receives");
        for _ in 0..total {
            assert_eq!(peer.recv().await.unwrap().unwrap().as_bytes().len(), 65536);
        }
        drop(sending.await.unwrap());
        assert_eq!(peer.recv().await.map_err(|e| e.kind()), Err(ErrorKind::ConnectFailed));
    });
}

#[test]
fn an_attempt_that_fails_is_an_error_with_its_stage() {
    everywhere(|hub| async move {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let failed = hub.connect(&format!("ws://{free}/"), &ConnectOptions::new()).await.unwrap_err();
        assert_eq!((failed.kind(), failed.stage()), (ErrorKind::ConnectFailed, Stage::Connect));
        assert_eq!(hub.connect("http://x/", &ConnectOptions::new()).await.unwrap_err().kind(), ErrorKind::Url);
    });
}

#[test]
fn a_future_of_an_attempt_may_be_dropped() {
    everywhere(|hub| async move {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let (url, options) = (format!("ws://{}/", silent.local_addr().unwrap()), ConnectOptions::new());
        let attempt = hub.connect(&url, &options);
        let over = tokio::time::timeout(std::time::Duration::from_millis(20), attempt).await;
        assert!(over.is_err(), "nobody answers there");
        let (mut server, url) = listening(&hub, &ServerOptions::new());
        let (client, mut peer) = pair(&hub, &mut server, &url).await;
        client.send("alive").await.unwrap();
        assert_eq!(peer.recv().await.unwrap(), Some(Owned::Text("alive".into())));
    });
}

#[test]
fn a_server_stops_politely() {
    everywhere(|hub| async move {
        let (mut server, url) = listening(&hub, &ServerOptions::new());
        let (mut client, _peer) = pair(&hub, &mut server, &url).await;
        assert_eq!(server.broadcast("to all").unwrap(), 1);
        assert_eq!(client.recv().await.unwrap(), Some(Owned::Text("to all".into())));
        server.stop(&CloseOptions::new().reason("closing time")).await.unwrap();
        assert_eq!(client.recv().await.unwrap(), None);
        assert_eq!(client.closed().unwrap(), (1001, "closing time".to_string()));
    });
}

#[test]
fn a_dropped_peer_ends_its_connection() {
    everywhere(|hub| async move {
        let (mut server, url) = listening(&hub, &ServerOptions::new());
        let (client, mut peer) = pair(&hub, &mut server, &url).await;
        client.send("last").await.unwrap();
        assert_eq!(peer.recv().await.unwrap(), Some(Owned::Text("last".into())));
        drop(client);
        assert!(peer.recv().await.is_err());
        assert_eq!(peer.closed().unwrap().0, 1006);
        assert_eq!(peer.recv().await.unwrap(), None);
    });
}

#[test]
fn a_dropped_runtime_ends_what_is_left() {
    for runtime in [one_thread(), two_threads()] {
        let (hub, client, server) = runtime.block_on(async {
            let hub = Hub::new().unwrap();
            let (mut server, url) = listening(&hub, &ServerOptions::new());
            let (client, peer) = pair(&hub, &mut server, &url).await;
            tokio::spawn(async move {
                let _peer = peer;
                std::future::pending::<()>().await
            });
            (hub, client, server)
        });
        drop(runtime);
        assert!(client.state().is_err(), "its handle is gone");
        drop((client, server));
        let refused = one_thread().block_on(async { hub.connect("ws://127.0.0.1:1/", &ConnectOptions::new()).await });
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Shutdown);
    }
}

/// In a process of its own, which runs this test alone: descriptors are those of the process.
#[test]
fn hubs_leave_no_descriptor() {
    if std::env::var_os("LIBWS_ALONE").is_none() {
        let mut own = std::process::Command::new(std::env::current_exe().unwrap());
        let done = own.args(["--exact", "hubs_leave_no_descriptor"]).env("LIBWS_ALONE", "1").output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
        return;
    }
    let open = || std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let mut before = 0;
    for round in 0..50 {
        one_thread().block_on(async {
            let hub = Hub::new().unwrap();
            let (mut server, url) = listening(&hub, &ServerOptions::new());
            let (mut client, _peer) = pair(&hub, &mut server, &url).await;
            client.close().await.unwrap();
        });
        if round == 10 {
            before = open();
        }
    }
    let end = std::time::Instant::now() + PATIENCE;
    while open() > before {
        assert!(std::time::Instant::now() < end, "{} descriptors instead of {before}", open());
        std::thread::yield_now();
    }
}
