// SPDX-License-Identifier: Apache-2.0
//! fastwebsockets as the other end, in both roles, plain and over TLS, by futures on both sides.
use bytes::Bytes;
use fastwebsockets::{FragmentCollector, Frame, OpCode, Payload, upgrade};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::{Request, Response, service::service_fn};
use hyper_util::rt::TokioIo;
use libws::aio::{Hub, Owned};
use libws::{ConnectOptions, ServerConfig, ServerOptions};
use peers::{acceptor, connector, in_certs};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

const PATIENCE: Duration = Duration::from_secs(60);
const SIZES: [usize; 8] = [0, 1, 125, 126, 65535, 65536, 100_000, 1 << 20];

async fn in_time<F: Future>(what: F) -> F::Output {
    tokio::time::timeout(PATIENCE, what).await.expect("in time")
}

/// A socket, with TLS or without.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

#[tokio::test]
async fn fastwebsockets_is_the_client() {
    is_the_client(false).await;
}

#[tokio::test]
async fn fastwebsockets_is_the_client_over_tls() {
    is_the_client(true).await;
}

async fn is_the_client(tls: bool) {
    let hub = Hub::gathering().unwrap();
    let mut config = ServerConfig::new().server_ip("127.0.0.1");
    if tls {
        config = config.cert_path(in_certs("good-cert.pem")).key_path(in_certs("good-key.pem"));
    }
    let mut server = hub.serve(&ServerOptions::new(), &config).unwrap();
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
    let stream: Box<dyn Stream> = if tls {
        Box::new(in_time(tokio_native_tls::TlsConnector::from(connector()).connect("localhost", stream)).await.unwrap())
    } else {
        Box::new(stream)
    };
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
    is_the_server(false).await;
}

#[tokio::test]
async fn fastwebsockets_is_the_server_over_tls() {
    is_the_server(true).await;
}

async fn is_the_server(tls: bool) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("{}://{}/", if tls { "wss" } else { "ws" }, listener.local_addr().unwrap());
    tokio::spawn(async move {
        let stream = listener.accept().await.unwrap().0;
        let stream: Box<dyn Stream> =
            if tls { Box::new(tokio_native_tls::TlsAcceptor::from(acceptor()).accept(stream).await.unwrap()) } else { Box::new(stream) };
        let serving = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(upgraded));
        serving.with_upgrades().await.unwrap();
    });
    let hub = Hub::gathering().unwrap();
    let mut options = ConnectOptions::new();
    if tls {
        options = options.ca_path(in_certs("ca.pem"));
    }
    let mut client = in_time(hub.connect(&url, &options)).await.unwrap();
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
