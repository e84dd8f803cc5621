// SPDX-License-Identifier: Apache-2.0
//! tungstenite as the other end over TLS, in both roles; without TLS it is in the tests of libws.
use libws::{Client, CloseOptions, ConnectOptions, Server, ServerConfig};
use peers::{acceptor, connector, in_certs};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;
use tungstenite::Message;

const PATIENCE: Duration = Duration::from_secs(60);
const SIZES: [usize; 8] = [0, 1, 125, 126, 65535, 65536, 100_000, 1 << 20];

#[test]
fn tungstenite_is_the_client_over_tls() {
    let server = Server::new().unwrap();
    server.on_message_receive(|event| event.connection().send(event.data()).unwrap()).unwrap();
    let config = ServerConfig::new().server_ip("127.0.0.1").cert_path(in_certs("good-cert.pem")).key_path(in_certs("good-key.pem"));
    server.start(&config).unwrap();
    let address = format!("127.0.0.1:{}", server.port().unwrap());
    let stream = TcpStream::connect(&address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let stream = connector().connect("localhost", stream).unwrap();
    let (mut peer, answer) = tungstenite::client(format!("wss://{address}/"), stream).unwrap();
    assert_eq!(answer.status(), 101);
    for size in SIZES {
        let bytes = vec![size as u8; size];
        peer.send(Message::binary(bytes.clone())).unwrap();
        assert_eq!(peer.read().unwrap(), Message::binary(bytes));
    }
    peer.close(None).unwrap();
    assert!(matches!(peer.read().unwrap(), Message::Close(_)));
}

#[test]
fn tungstenite_is_the_server_over_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("wss://{}/", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let stream = acceptor().accept(listener.accept().unwrap().0).unwrap();
        let mut peer = tungstenite::accept(stream).unwrap();
        loop {
            match peer.read().unwrap() {
                message @ (Message::Text(_) | Message::Binary(_)) => peer.send(message).unwrap(),
                Message::Close(said) => {
                    while peer.flush().is_ok() && peer.read().is_ok() {}
                    return said.map(|frame| u16::from(frame.code));
                }
                _ => {}
            }
        }
    });
    let (tell, told) = mpsc::channel();
    let client = Client::new().unwrap();
    client.on_message(move |event| tell.send(event.data().to_vec()).unwrap()).unwrap();
    client.connect_wait(&url, &ConnectOptions::new().ca_path(in_certs("ca.pem")), Some(PATIENCE)).unwrap();
    for size in SIZES {
        let bytes = vec![size as u8; size];
        client.send(&bytes).unwrap();
        assert_eq!(told.recv_timeout(PATIENCE).unwrap(), bytes);
    }
    client.close_wait(&CloseOptions::new(), Some(PATIENCE)).unwrap();
    assert_eq!(server.join().unwrap(), Some(1000));
}
