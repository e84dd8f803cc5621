// SPDX-License-Identifier: Apache-2.0
//! Closures: when they run, when they are freed, and what becomes of a panic.
mod kit;
use kit::{Alive, PATIENCE, connect, echo, next, started};
use libws::{Client, CloseOptions, ConnectOptions, CreateOptions, ErrorKind, EventKind, Queue, Server};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

#[test]
fn a_dropped_client_has_freed_its_closures_and_calls_none() {
    let (_server, url) = echo();
    let (alive, calls) = (Alive::default(), Arc::new(AtomicUsize::new(0)));
    let client = Client::new().unwrap();
    for event in [EventKind::Open, EventKind::Message, EventKind::Close, EventKind::Destroyed] {
        let (one, calls) = (alive.one(), calls.clone());
        client
            .on(event, move |_| {
                one.touch();
                calls.fetch_add(1, Ordering::SeqCst);
            })
            .unwrap();
    }
    let (tell, told) = mpsc::channel();
    client
        .on_message(move |_| {
            let _ = tell.send(());
        })
        .unwrap();
    connect(&client, &url);
    for _ in 0..100 {
        client.send("some").unwrap();
    }
    next(&told); // one that ends before its open was told has no close
    drop(client);
    assert_eq!(alive.count(), 0);
    let called = calls.load(Ordering::SeqCst);
    assert!(called >= 4, "open, a message, close and destroyed were told, {called} calls");
    std::thread::yield_now();
    assert_eq!(calls.load(Ordering::SeqCst), called);
}

#[test]
fn a_removed_closure_is_not_called_and_freed_with_its_handle() {
    let (_server, url) = echo();
    let alive = Alive::default();
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    let one = alive.one();
    let removed = client.on_message(move |_| one.touch()).unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let second = client
        .on_message(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        })
        .unwrap();
    client.off(&second).unwrap();
    client.on_message(move |_| tell.send(()).unwrap()).unwrap();
    connect(&client, &url);
    client.send("one").unwrap();
    next(&told);
    client.off_wait(&removed, Some(PATIENCE)).unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    assert_eq!(alive.count(), 1);
    drop(client);
    assert_eq!(alive.count(), 0);
}

#[test]
fn a_client_may_be_dropped_inside_its_own_closure() {
    let (_server, url) = echo();
    let alive = Alive::default();
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    let place: Arc<Mutex<Option<Client>>> = Arc::default();
    let (mine, one) = (place.clone(), alive.one());
    let said = tell.clone();
    client
        .on_message(move |_| {
            drop(mine.lock().unwrap().take()); // ws_destroy_wait gives WS_ERR_IN_CALLBACK in there
            one.touch(); // the closure itself lives on until it has returned
            said.send("message").unwrap();
        })
        .unwrap();
    let said = tell.clone();
    client.on_close(move |_| said.send("close").unwrap()).unwrap();
    client.on_destroyed(move |_| tell.send("destroyed").unwrap()).unwrap();
    let c = client.as_raw();
    connect(&client, &url);
    *place.lock().unwrap() = Some(client);
    libws::Connection::from_raw(c).send("go").unwrap();
    assert_eq!(next(&told), "message");
    assert_eq!(next(&told), "destroyed"); // and no close: the client is gone
    alive.wait_for(0);
    assert!(told.recv().is_err(), "all closures are freed, and with them the senders");
}

#[test]
fn a_detached_client_tells_its_end() {
    let (_server, url) = echo();
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    let said = tell.clone();
    client.on_close(move |event| said.send(event.code()).unwrap()).unwrap();
    let said = tell.clone();
    client.on_open(move |event| said.send(event.status()).unwrap()).unwrap();
    client.on_destroyed(move |_| tell.send(0).unwrap()).unwrap();
    connect(&client, &url);
    assert_eq!(next(&told), 101);
    client.detach();
    assert_eq!(next(&told), 1006);
    assert_eq!(next(&told), 0);
    assert!(told.recv().is_err());
}

/// One test, because the handler is one for the process.
#[test]
fn a_panic_ends_the_connection_and_no_more() {
    static CAUGHT: Mutex<Vec<String>> = Mutex::new(Vec::new());
    std::panic::set_hook(Box::new(|_| {})); // its text would look like a failure
    libws::set_panic_handler(Some(|payload| {
        CAUGHT.lock().unwrap().push(payload.downcast_ref::<&str>().unwrap_or(&"?").to_string());
    }));
    let server = Server::new().unwrap();
    server
        .on_message_receive(|event| {
            if event.data() == b"server" {
                panic!("in the server");
            }
            drop(event.connection().send(event.message()));
        })
        .unwrap();
    let url = started(&server);
    for where_to in ["client", "server", "completion", "posted"] {
        let alive = Alive::default();
        let (tell, told) = mpsc::channel();
        let client = Client::new().unwrap();
        let one = alive.one();
        client
            .on_message(move |_| {
                one.touch();
                panic!("in the client")
            })
            .unwrap();
        let said = tell.clone();
        client.on_open(move |event| said.send(event.status()).unwrap()).unwrap();
        client.on_close(move |event| tell.send(event.code()).unwrap()).unwrap();
        connect(&client, &url);
        assert_eq!(next(&told), 101);
        match where_to {
            "completion" => client.send_then("server", |_| panic!("in a completion")).unwrap(),
            "posted" => drop(client.post(Duration::ZERO, |_| panic!("in a posted function")).unwrap()),
            other => client.send(other).unwrap(),
        }
        assert_eq!(next(&told), 1006, "{where_to}");
        if where_to == "client" {
            alive.wait_for(0); // what has panicked is not called again
        }
    }
    // The library and the server live on.
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    client.on_message(move |event| tell.send(event.data().to_vec()).unwrap()).unwrap();
    connect(&client, &url);
    client.send("still here").unwrap();
    assert_eq!(next(&told), b"still here");
    let mut caught = CAUGHT.lock().unwrap().clone();
    caught.sort();
    caught.dedup();
    assert_eq!(caught, ["in a completion", "in a posted function", "in the client", "in the server"]);
    libws::set_panic_handler(None);
    drop(std::panic::take_hook());
}

#[test]
fn a_completion_comes_once_and_one_of_a_failed_call_never() {
    let (_server, url) = echo();
    let alive = Alive::default();
    let client = Client::with(&CreateOptions::new().refuse_early()).unwrap();
    let one = alive.one();
    let refused = client.send_then("too early", move |_| one.touch()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::State);
    assert_eq!(alive.count(), 0);
    let (tell, told) = mpsc::channel();
    let (one, said) = (alive.one(), tell.clone());
    client
        .connect_then(&url, &ConnectOptions::new(), move |opened| {
            one.touch();
            said.send(("connect", opened.is_ok())).unwrap();
        })
        .unwrap();
    assert_eq!(next(&told), ("connect", true));
    let said = tell.clone();
    client.send_then("x", move |sent| said.send(("send", sent.is_ok())).unwrap()).unwrap();
    assert_eq!(next(&told), ("send", true));
    client
        .close_then(&CloseOptions::new().code(3001).reason("enough"), move |closed| tell.send(("close", closed.is_ok())).unwrap())
        .unwrap();
    assert_eq!(next(&told), ("close", true));
    alive.wait_for(0);
    assert!(told.recv().is_err());
}

#[test]
fn posted_closures_run_or_are_taken_back() {
    let (_server, url) = echo();
    let alive = Alive::default();
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    connect(&client, &url);
    client.post(Duration::ZERO, move |ran| tell.send(ran.is_ok()).unwrap()).unwrap();
    assert!(next(&told));
    let one = alive.one();
    let posted = client.post(Duration::from_secs(3600), move |_| one.touch()).unwrap();
    posted.cancel().unwrap();
    assert_eq!(alive.count(), 0);
    let (tell, told) = mpsc::channel();
    client.post(Duration::from_secs(3600), move |ran| tell.send(ran.unwrap_err().kind()).unwrap()).unwrap();
    drop(client);
    assert_eq!(next(&told), ErrorKind::Cancelled);
}

#[test]
fn closures_of_a_queue_run_where_it_is_dispatched() {
    let queue = Queue::new().unwrap();
    let (_server, url) = echo();
    let here = std::thread::current().id();
    let done = Arc::new(AtomicUsize::new(0));
    let client = Client::on_queue(&CreateOptions::new(), &queue).unwrap();
    client
        .on_open(move |event| {
            assert_eq!(std::thread::current().id(), here);
            event.connection().send(&[1u8, 2, 3]).unwrap();
        })
        .unwrap();
    let counted = done.clone();
    client
        .on_message(move |event| {
            assert_eq!(std::thread::current().id(), here);
            assert_eq!(event.message(), libws::Message::Binary(&[1, 2, 3]));
            counted.fetch_add(1, Ordering::SeqCst);
        })
        .unwrap();
    client.connect(&url, &ConnectOptions::new()).unwrap();
    let end = std::time::Instant::now() + PATIENCE;
    while done.load(Ordering::SeqCst) == 0 {
        queue.dispatch(0, Some(Duration::from_secs(1))).unwrap();
        assert!(std::time::Instant::now() < end);
    }
    let alive = Alive::default();
    let one = alive.one();
    client.on_close(move |_| one.touch()).unwrap();
    drop(queue); // the client keeps it
    drop(client); // and dispatches it
    assert_eq!(alive.count(), 0);
}

#[test]
fn ten_thousand_clients_leave_nothing() {
    let rounds = std::env::var("LIBWS_GROWTH").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    let (_server, url) = echo();
    let alive = Alive::default();
    let mut first = 0;
    for round in 0..rounds {
        let client = Client::new().unwrap();
        let (tell, told) = mpsc::channel();
        let one = alive.one();
        client
            .on_message(move |_| {
                one.touch();
                tell.send(()).unwrap();
            })
            .unwrap();
        connect(&client, &url);
        client.send("x").unwrap();
        next(&told);
        if round % 2 == 0 {
            client.close_wait(&CloseOptions::new(), Some(PATIENCE)).unwrap();
        }
        drop(client);
        if round == rounds / 2 {
            first = resident();
        }
    }
    assert_eq!(alive.count(), 0);
    let grown = resident().saturating_sub(first);
    println!("{rounds} clients, the second half of which grew the process by {grown} KiB");
    assert!(grown < 8192, "{grown} KiB");
}

fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find_map(|l| l.strip_prefix("VmRSS:")).and_then(|l| l.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

#[test]
fn a_server_may_be_dropped_inside_its_own_closure() {
    let alive = Alive::default();
    let (tell, told) = mpsc::channel();
    let tell = Mutex::new(tell);
    let place: Arc<Mutex<Option<Server>>> = Arc::default();
    let server = Server::new().unwrap();
    let (mine, one) = (place.clone(), alive.one());
    server
        .on_message_receive(move |_| {
            drop(mine.lock().unwrap().take());
            one.touch();
            tell.lock().unwrap().send(()).unwrap();
        })
        .unwrap();
    let url = started(&server);
    *place.lock().unwrap() = Some(server);
    let client = Client::new().unwrap();
    let (end, ended) = mpsc::channel();
    client.on_open(|event| event.connection().send("go").unwrap()).unwrap();
    client.on_close(move |event| end.send(event.code()).unwrap()).unwrap();
    connect(&client, &url);
    next(&told);
    assert_eq!(next(&ended), 1006);
    alive.wait_for(0);
    assert!(told.recv().is_err(), "the closures of the server are freed");
}
