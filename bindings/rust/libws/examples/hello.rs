// SPDX-License-Identifier: Apache-2.0
//! A whole conversation: a server and a client in one program.
use libws::{Client, CloseOptions, ConnectOptions, Server, ServerConfig};
use std::sync::mpsc;

fn main() -> libws::Result<()> {
    let server = Server::new()?;
    server.on_message_receive(|event| {
        println!("server: on messageReceive, data:{}", event.message().as_text().unwrap_or_default());
        event.connection().send("bye").expect("the connection is open");
    })?;
    server.start(&ServerConfig::new().server_ip("127.0.0.1"))?; // server_port 0: any free port

    let (over, is_over) = mpsc::channel();
    let client = Client::new()?;
    client.on_open(|event| {
        println!("on open, status:{}, message:{}", event.status(), event.text());
        let sent = event.connection().send_then("Hello, server!", |sent| match sent {
            Ok(()) => println!("send success"),
            Err(why) => println!("send fail, err:{why}"),
        });
        sent.expect("the connection is open");
    })?;
    client.on_message(|event| {
        println!("on message, message:{}", event.message().as_text().unwrap_or_default());
        if event.data() == b"bye" {
            let closing = event.connection().close_then(&CloseOptions::new(), |_| println!("close success"));
            closing.expect("the connection is open");
        }
    })?;
    client.on_close(move |event| {
        println!("on close, code is {}, reason is {}", event.code(), event.reason());
        over.send(()).expect("main waits");
    })?;
    let url = format!("ws://127.0.0.1:{}/", server.port()?);
    client.connect_wait(&url, &ConnectOptions::new(), None)?;
    is_over.recv().expect("the client has one close event");
    Ok(())
} // client and server end here: nothing of them is called afterwards
