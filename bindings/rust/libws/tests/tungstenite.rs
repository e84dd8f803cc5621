// SPDX-License-Identifier: Apache-2.0
//! tungstenite as the other end, in both roles.
mod kit;
use kit::{PATIENCE, echo, next};
use libws::{Client, CloseOptions, ConnectOptions};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

fn sizes() -> [usize; 8] {
    [0, 1, 125, 126, 65535, 65536, 100_000, 1 << 20]
}

#[test]
fn tungstenite_is_the_client() {
    let (_server, url) = echo();
    let stream = TcpStream::connect(url.trim_start_matches("ws://").trim_end_matches('/')).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut peer, answer) = tungstenite::client(&url, stream).unwrap();
    assert_eq!(answer.status(), 101);
    for size in sizes() {
        let text = "é".repeat(size / 2);
        peer.send(Message::text(text.clone())).unwrap();
        assert_eq!(peer.read().unwrap(), Message::text(text));
        let bytes = vec![size as u8; size];
        peer.send(Message::binary(bytes.clone())).unwrap();
        assert_eq!(peer.read().unwrap(), Message::binary(bytes));
    }
    peer.send(Message::Ping("are you there".into())).unwrap();
    assert_eq!(peer.read().unwrap(), Message::Pong("are you there".into()));
    peer.close(Some(tungstenite::protocol::CloseFrame { code: CloseCode::Iana(3500), reason: "done".into() })).unwrap();
    let Message::Close(Some(answer)) = peer.read().unwrap() else { panic!("no answer to the Close frame") };
    assert_eq!(answer.code, CloseCode::Iana(3500));
}

#[test]
fn tungstenite_is_the_server() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let mut peer = tungstenite::accept(listener.accept().unwrap().0).unwrap();
        loop {
            match peer.read() {
                Ok(message @ (Message::Text(_) | Message::Binary(_))) => peer.send(message).unwrap(),
                Ok(Message::Close(said)) => {
                    while peer.flush().is_ok() && peer.read().is_ok() {}
                    return said.map(|frame| (u16::from(frame.code), frame.reason.to_string()));
                }
                Ok(_) => {}
                Err(why) => panic!("{why}"),
            }
        }
    });
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    let said = tell.clone();
    client.on_message(move |event| said.send(event.data().to_vec()).unwrap()).unwrap();
    client.on_pong(move |event| tell.send(event.data().to_vec()).unwrap()).unwrap();
    client.connect_wait(&url, &ConnectOptions::new(), Some(PATIENCE)).unwrap();
    for size in sizes() {
        let text = "é".repeat(size / 2);
        client.send(&text).unwrap();
        assert_eq!(next(&told), text.as_bytes());
        let bytes = vec![size as u8; size];
        client.send(&bytes).unwrap();
        assert_eq!(next(&told), bytes);
    }
    client.send_part("in ".as_bytes(), true, false).unwrap();
    client.send_part("pieces".as_bytes(), true, true).unwrap();
    assert_eq!(next(&told), b"in pieces");
    client.ping(b"there?").unwrap();
    assert_eq!(next(&told), b"there?");
    client.close_wait(&CloseOptions::new().code(4000).reason("bye"), Some(PATIENCE)).unwrap();
    assert_eq!(server.join().unwrap(), Some((4000, "bye".to_string())));
}
