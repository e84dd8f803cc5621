// SPDX-License-Identifier: Apache-2.0
//! The same conversation as hello.rs, by futures on one thread.
use libws::aio::{Hub, Owned};
use libws::{ConnectOptions, ServerConfig, ServerOptions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> libws::Result<()> {
    let hub = Hub::new()?;
    let mut server = hub.serve(&ServerOptions::new(), &ServerConfig::new().server_ip("127.0.0.1"))?;
    let url = format!("ws://127.0.0.1:{}/", server.port());
    tokio::spawn(async move {
        let mut peer = server.accept().await?;
        while let Some(Owned::Text(text)) = peer.recv().await? {
            println!("server: on messageReceive, data:{text}");
            peer.send("bye").await?;
        }
        libws::Result::Ok(())
    });

    let mut client = hub.connect(&url, &ConnectOptions::new()).await?;
    client.send("Hello, server!").await?;
    while let Some(message) = client.recv().await? {
        println!("on message, message:{}", String::from_utf8_lossy(message.as_bytes()));
        if message.as_bytes() == b"bye" {
            client.close().await?;
        }
    }
    let (code, reason) = client.closed().unwrap_or_default();
    println!("on close, code is {code}, reason is {reason}");
    Ok(())
}
