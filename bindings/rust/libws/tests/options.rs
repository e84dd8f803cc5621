// SPDX-License-Identifier: Apache-2.0
//! Options arrive, errors say where and why, and what calls ask comes back.
mod kit;
use kit::{PATIENCE, connect, echo, next, started};
use libws::*;
use std::sync::mpsc;

#[test]
fn a_text_with_a_nul_is_refused_by_the_name_of_its_member() {
    let client = Client::new().unwrap();
    let refused = client.connect("ws://127.0.0.1:1/", &ConnectOptions::new().protocol("a\0b")).unwrap_err();
    assert_eq!((refused.kind(), refused.stage()), (ErrorKind::Parameter, Stage::None));
    assert!(refused.text().contains("protocol"), "{refused}");
    let refused = client.connect("ws://127.0.0.1:1/", &ConnectOptions::new().header("A", "b\0")).unwrap_err();
    assert!(refused.text().contains("headers"), "{refused}");
    assert_eq!(client.connect("ws://\0", &ConnectOptions::new()).unwrap_err().kind(), ErrorKind::Parameter);
}

#[test]
fn a_value_out_of_range_is_refused_by_the_library_by_name() {
    let refused = Client::with(&CreateOptions::new().max_message_size(-5)).unwrap_err();
    // What makes a handle has no status in C, only a text.
    assert_eq!(refused.kind(), ErrorKind::Unknown);
    assert!(refused.text().contains("max_message_size"), "{refused}");
    let client = Client::new().unwrap();
    let refused = client.connect("ws://127.0.0.1:1/", &ConnectOptions::new().max_redirects(21)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Parameter);
    assert!(refused.text().contains("max_redirects"), "{refused}");
}

#[test]
fn an_attempt_that_fails_says_where_and_why() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    client.on_error(move |event| tell.send(event.error()).unwrap()).unwrap();
    client.connect(&format!("ws://{free}/"), &ConnectOptions::new()).unwrap();
    let failed = next(&told).expect("an error event has an error");
    assert_eq!((failed.kind(), failed.stage()), (ErrorKind::ConnectFailed, Stage::Connect));
    assert_eq!(failed.os_error().unwrap().kind(), std::io::ErrorKind::ConnectionRefused);
    assert!(failed.text().contains("127.0.0.1"), "{failed}");
}

#[test]
fn options_arrive_at_the_other_end() {
    let server = Server::with(&ServerOptions::new().keep_request()).unwrap();
    let (tell, told) = mpsc::channel();
    let tell = std::sync::Mutex::new(tell);
    server
        .on_upgrade(move |event| {
            let fields: Vec<_> = event.headers().map(|(n, v)| format!("{n}: {v}")).collect();
            tell.lock().unwrap().send((event.target().into_owned(), event.protocol().into_owned(), fields)).unwrap();
            event.connection().accept(&AcceptOptions::new().protocol("chat").header("X-Answer", "yes")).unwrap();
        })
        .unwrap();
    server.start(&ServerConfig::new().server_ip("127.0.0.1").compression(Compression::new().takeover_out())).unwrap();
    let url = format!("ws://127.0.0.1:{}/room?id=1", server.port().unwrap());
    let client = Client::new().unwrap();
    let (answer, answered) = mpsc::channel();
    client
        .on_header_receive(move |event| {
            answer.send(event.headers().any(|(n, v)| n.eq_ignore_ascii_case("x-answer") && v == "yes")).unwrap()
        })
        .unwrap();
    let options = ConnectOptions::new()
        .header("X-First", "1")
        .header("X-Second", "2")
        .protocol("other, chat")
        .compression(Compression::new())
        .reconnect(ReconnectOptions::new().keep_sends().max_tries(3).final_codes([4001]))
        .proxy(Proxy::None);
    client.connect_wait(&url, &options, Some(PATIENCE)).unwrap();
    let (target, protocol, fields) = next(&told);
    assert_eq!((target.as_str(), protocol.as_str()), ("/room?id=1", "other, chat"));
    assert!(fields.iter().any(|f| f == "X-First: 1") && fields.iter().any(|f| f == "X-Second: 2"), "{fields:?}");
    assert!(next(&answered));
    assert_eq!(client.text(Text::Protocol).unwrap(), "chat");
    assert!(client.text(Text::Extensions).unwrap().contains("permessage-deflate"));
    assert_eq!(client.state().unwrap(), State::Open);
    let accepted = server.connections().unwrap()[0];
    assert_eq!(accepted.text(Text::Target).unwrap(), "/room?id=1");
    assert_eq!(accepted.peer().unwrap().0, "127.0.0.1");
    assert!(client.stats().unwrap().frames_received <= 100 && libws::stats().unwrap().connections >= 2);
    assert!(metrics(Some(&server)).unwrap().contains("libws_"));
}

#[test]
fn a_descriptor_in_options_stays_the_hosts_until_it_works() {
    let (_server, url) = echo();
    let port: u16 = url.trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
    let socket = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let client = Client::new().unwrap();
    let options = ConnectOptions::new().connected_descriptor(socket.into());
    // Refused first, for its URL: the descriptor is still good afterwards.
    assert_eq!(client.connect("http://x/", &options).unwrap_err().kind(), ErrorKind::Url);
    client.connect_wait(&url, &options, Some(PATIENCE)).unwrap();
    let (tell, told) = mpsc::channel();
    client.on_message(move |event| tell.send(event.data().to_vec()).unwrap()).unwrap();
    client.send("by a socket of mine").unwrap();
    assert_eq!(next(&told), b"by a socket of mine");
}

#[test]
fn topics_reach_who_has_subscribed() {
    let server = Server::new().unwrap();
    server
        .on_connect(|event| {
            let c = event.connection();
            c.subscribe("news").unwrap();
            c.subscribe_pattern("room/+").unwrap();
            c.send("ready").unwrap();
        })
        .unwrap();
    let url = started(&server);
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    client.on_message(move |event| tell.send(event.message().as_text().unwrap().to_string()).unwrap()).unwrap();
    connect(&client, &url);
    assert_eq!(next(&told), "ready");
    assert_eq!(server.publish("room/7", "hello", None).unwrap(), 1);
    assert_eq!(next(&told), "hello");
    let who = server.subscribers("news").unwrap();
    assert_eq!(who, server.connections().unwrap());
    assert!(who[0].is_subscribed("room/9").unwrap() && !who[0].is_subscribed("other").unwrap());
    let mut names: Vec<_> = who[0].subscriptions().unwrap().into_iter().map(|s| (String::from_utf8(s.name).unwrap(), s.pattern)).collect();
    names.sort();
    assert_eq!(names, [("news".to_string(), false), ("room/+".to_string(), true)]);
    assert_eq!(server.broadcast("all", Some(who[0])).unwrap(), 0);
}

#[test]
fn a_key_replaces_what_waits_for_a_peer_that_does_not_read() {
    let server = Server::with(&ServerOptions::new().max_buffered(64 << 20)).unwrap();
    let url = started(&server);
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    client.on_message(move |event| event.message().as_text().map_or((), |text| tell.send(text.to_string()).unwrap())).unwrap();
    connect(&client, &url);
    client.pause().unwrap();
    let peer = server.connections().unwrap()[0];
    peer.subscribe("prices").unwrap();
    for _ in 0..32 {
        peer.send(&vec![0u8; 1 << 20]).unwrap(); // MiB, more than the system takes, so the rest waits
    }
    let (first, second) = (SendOptions::new().key(1).priority(2), SendOptions::new().key(u64::MAX));
    let (done, ended) = mpsc::channel();
    peer.send_with_then("sent", &first, move |sent| done.send(sent.map_err(|why| why.kind())).unwrap()).unwrap();
    peer.send_with("text", &second).unwrap();
    assert_eq!(server.publish_with("prices", "published", None, &first).unwrap(), 1);
    assert_eq!(server.broadcast_with("broadcast", None, &first).unwrap(), 1);
    peer.send_with("newest", &second).unwrap();
    assert_eq!(next(&ended), Err(ErrorKind::Replaced));
    assert_eq!((peer.stats().unwrap().messages_replaced, server.stats().unwrap().replaced), (3, 3));
    client.resume().unwrap();
    assert_eq!((next(&told), next(&told)), ("broadcast".into(), "newest".into()));
    let refused = peer.send_with("x", &SendOptions::new().priority(8)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Parameter);
    assert!(refused.text().contains("priority"), "{refused}");
}

#[test]
fn a_polled_queue_hands_out_events_and_gathers() {
    let mut queue = PolledQueue::with(&QueueOptions::new().queue_gather(), 16).unwrap();
    let server = Server::on_queue(&ServerOptions::new(), &queue).unwrap();
    let url = started(&server);
    let client = Client::on_queue(&CreateOptions::new(), &queue).unwrap();
    client.connect(&url, &ConnectOptions::new()).unwrap();
    let (mut got, end) = (Vec::new(), std::time::Instant::now() + PATIENCE);
    while got.len() < 10 {
        assert!(std::time::Instant::now() < end, "{got:?}");
        let look = |event: &Event<'_>| match event.kind() {
            Some(EventKind::Open) => (0..10).for_each(|n| event.connection().send(&n.to_string()).unwrap()),
            Some(EventKind::MessageReceive) => event.connection().send(event.message()).unwrap(),
            Some(EventKind::Message) => got.push(event.message().as_text().unwrap().to_string()),
            _ => {}
        };
        queue.poll(Some(std::time::Duration::from_secs(1)), look).unwrap();
    }
    assert_eq!(got.concat(), "0123456789");
    drop(client);
    drop(server);
}

/// What waits dispatches its queue, and that frees what was polled: under the address sanitizer this would be seen.
#[test]
fn what_was_polled_stays_while_it_is_looked_at() {
    let mut queue = PolledQueue::new().unwrap();
    let (server, url) = echo();
    let (mut client, mut other) = (None, None);
    for place in [&mut client, &mut other] {
        *place = Some(Client::on_queue(&CreateOptions::new(), &queue).unwrap());
        place.as_ref().unwrap().connect(&url, &ConnectOptions::new()).unwrap();
        assert_eq!(place.as_ref().unwrap().connect_wait(&url, &ConnectOptions::new(), None).unwrap_err().kind(), ErrorKind::State);
    }
    let (mut seen, mut ended) = (Vec::new(), 0);
    let end = std::time::Instant::now() + PATIENCE;
    while ended < 1 || seen.len() < 40 {
        assert!(std::time::Instant::now() < end, "{ended} ended, {} messages", seen.len());
        let look = |event: &Event<'_>| match event.kind() {
            Some(EventKind::Open) => (0..40).for_each(|n| event.connection().send(&format!("a message of some length, {n}")).unwrap()),
            Some(EventKind::Message) => {
                let kind = |failed: Result<()>| failed.unwrap_err().kind();
                assert_eq!(kind(event.connection().destroy_wait(None)), ErrorKind::InCallback);
                assert_eq!(kind(event.connection().close_wait(&CloseOptions::new(), None)), ErrorKind::InCallback);
                assert_eq!(kind(shutdown_wait(None)), ErrorKind::InCallback);
                drop(client.take()); // does not wait either
                if other.as_ref().is_some_and(|other| event.connection() == **other) {
                    seen.push(event.message().as_text().unwrap().to_string());
                }
            }
            Some(EventKind::Destroyed) => ended += 1,
            _ => {}
        };
        queue.poll(Some(std::time::Duration::from_secs(1)), look).unwrap();
    }
    let all: Vec<_> = (0..40).map(|n| format!("a message of some length, {n}")).collect();
    assert_eq!(seen, all); // the end of one has taken nothing of the other
    drop((other, server, queue));
}

#[test]
fn bytes_and_arrays_of_options_arrive() {
    let server = Server::new().unwrap();
    let refused = server.start(&ServerConfig::new().server_ip("127.0.0.1").cert(*b"no PEM").key(*b"no PEM either")).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Parameter);
    assert!(refused.text().contains("cert"), "{refused}");
    let path = std::env::temp_dir().join(format!("libws-rust-{}", std::process::id()));
    let places = ServerConfig::new()
        .listeners_only()
        .listener(Listener::new().ip("127.0.0.1"))
        .listener(Listener::new().path(path.to_str().unwrap()).mode(0o600));
    server.start(&places).unwrap();
    assert_eq!(server.listener(0).unwrap().count, 2);
    assert!(server.listener(2).is_err());
    let (tell, told) = mpsc::channel();
    let tell = std::sync::Mutex::new(tell);
    server.on_message_receive(move |event| tell.lock().unwrap().send(event.data().to_vec()).unwrap()).unwrap();
    for url in [format!("ws://127.0.0.1:{}/", server.port().unwrap()), format!("ws+unix:{}", path.display())] {
        let client = Client::new().unwrap();
        connect(&client, &url);
        client.send(&url).unwrap();
        assert_eq!(next(&told), url.as_bytes());
    }
    let refused = server.set_certificates(&[Certificate::new().cert(*b"x").key(*b"y")]).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::State); // it speaks no TLS
    server.stop_wait(&CloseOptions::new(), Some(PATIENCE)).unwrap();
    assert!(!path.exists());
}
