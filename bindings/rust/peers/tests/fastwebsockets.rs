// SPDX-License-Identifier: Apache-2.0
//! fastwebsockets as the other end, in both roles, by futures on both sides.
use bytes::Bytes;
use fastwebsockets::{FragmentCollector, Frame, OpCode, Payload, upgrade};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::{Request, Response, service::service_fn};
use hyper_util::rt::TokioIo;
use libws::aio::{Hub, Owned};
use libws::{ConnectOptions, ServerConfig, ServerOptions};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

const PATIENCE: Duration = Duration::from_secs(60);
const SIZES: [usize; 8] = [0, 1, 125, 126, 65535, 65536, 100_000, 1 << 20];

async fn in_time<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(PATIENCE, what).await.expect("in time")
}

#[tokio::test]
async fn fastwebsockets_is_the_client() {
    let hub = Hub::gathering().unwrap();
    let mut server = hub.serve(&ServerOptions::new(), &ServerConfig::new().server_ip("127.0.0.1")).unwrap();
    let address = format!("127.0.0.1:{}", server.port());
    let echo = tokio::spawn(async move {
        let mut peer = server.accept().await.unwrap();
        while let Some(message) = peer.recv().await.unwrap() {
            peer.send(&message).await.unwrap();
        }
        peer.closed()
    });
    let request = Request::get(format!("http://{address}/"))
        .header("Host", &address)
        .header("Upgrade", "websocket")
        .header("Connection", "upgrade")
        .header("Sec-WebSocket-Key", fastwebsockets::handshake::generate_key())
        .header("Sec-WebSocket-Version", "13")
        .body(Empty::<Bytes>::new())
        .unwrap();
    let stream = TcpStream::connect(&address).await.unwrap();
    let executor = hyper_util::rt::TokioExecutor::new();
    let (peer, answer) = in_time(fastwebsockets::handshake::client(&executor, request, stream)).await.unwrap();
    assert_eq!(answer.status(), 101);
    let mut peer = FragmentCollector::new(peer);
    for size in SIZES {
        for (opcode, payload) in [(OpCode::Text, "é".repeat(size / 2).into_bytes()), (OpCode::Binary, vec![7; size])] {
            peer.write_frame(Frame::new(true, opcode, None, Payload::Owned(payload.clone()))).await.unwrap();
            let frame = in_time(peer.read_frame()).await.unwrap();
            assert_eq!((frame.opcode, frame.payload.to_vec()), (opcode, payload));
        }
    }
    peer.write_frame(Frame::close(3500, b"done")).await.unwrap();
    assert_eq!(in_time(peer.read_frame()).await.unwrap().opcode, OpCode::Close);
    assert_eq!(in_time(echo).await.unwrap(), Some((3500, "done".to_string())));
}

async fn upgraded(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, fastwebsockets::WebSocketError> {
    let (response, peer) = upgrade::upgrade(&mut request)?;
    tokio::spawn(async move {
        let mut peer = FragmentCollector::new(peer.await.unwrap());
        loop {
            let frame = peer.read_frame().await.unwrap();
            match frame.opcode {
                OpCode::Close => return,
                OpCode::Text | OpCode::Binary => peer.write_frame(frame).await.unwrap(),
                _ => {}
            }
        }
    });
    Ok(response)
}

#[tokio::test]
async fn fastwebsockets_is_the_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let stream = TokioIo::new(listener.accept().await.unwrap().0);
        hyper::server::conn::http1::Builder::new().serve_connection(stream, service_fn(upgraded)).with_upgrades().await.unwrap();
    });
    let hub = Hub::gathering().unwrap();
    let mut client = in_time(hub.connect(&url, &ConnectOptions::new())).await.unwrap();
    for size in SIZES {
        let text = "é".repeat(size / 2);
        client.send(&text).await.unwrap();
        assert_eq!(in_time(client.recv()).await.unwrap(), Some(Owned::Text(text)));
        let bytes = vec![7; size];
        client.send(&bytes).await.unwrap();
        assert_eq!(in_time(client.recv()).await.unwrap(), Some(Owned::Binary(bytes)));
    }
    client.send_part(b"in ", true, false).unwrap();
    client.send_part(b"pieces", true, true).unwrap();
    assert_eq!(in_time(client.recv()).await.unwrap(), Some(Owned::Text("in pieces".into())));
    in_time(client.close()).await.unwrap();
    assert_eq!(client.closed().map(|(code, _)| code), Some(1000));
}
