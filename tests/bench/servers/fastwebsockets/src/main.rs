// SPDX-License-Identifier: Apache-2.0
//! An echo server with fastwebsockets on tokio, one thread: fastwebsockets_echo PORT
use bytes::Bytes;
use fastwebsockets::{FragmentCollector, OpCode, WebSocketError, upgrade};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::{Request, Response, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

async fn echo(pending: upgrade::UpgradeFut) -> Result<(), WebSocketError> {
    let mut peer = pending.await?;
    peer.set_auto_close(true);
    let mut peer = FragmentCollector::new(peer);
    loop {
        let frame = peer.read_frame().await?;
        match frame.opcode {
            OpCode::Close => return Ok(()),
            OpCode::Text | OpCode::Binary => peer.write_frame(frame).await?,
            _ => {}
        }
    }
}

async fn upgraded(mut request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, WebSocketError> {
    let (response, pending) = upgrade::upgrade(&mut request)?;
    tokio::spawn(echo(pending)); // its end is that of the peer
    Ok(response)
}

async fn serve(port: u16) -> std::io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(upgraded)).with_upgrades());
    }
}

fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|word| word.parse().ok()).expect("usage: fastwebsockets_echo PORT");
    tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(serve(port))
}
