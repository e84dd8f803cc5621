/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hello.cpp - a whole conversation: a server and a client in one program.
 *
 * Calls that fail throw. All lambdas run on one thread of the library, so they need no locks among
 * themselves; only main, which waits, is another thread.
 */
#define LIBWS_EXCEPTIONS
#include <future>
#include <iostream>

#include <libws/ws.hpp>

#include "../examples_c/help.h"

static const char help[] =
    "usage: hello\n"
    "\n"
    "A whole conversation: a server and a client in one program. The client says\n"
    "\"Hello, server!\", the server answers \"bye\", the client closes.\n";

static void talk() {
    std::promise<void> over; /* before what uses it: it is destroyed last */

    ws::server server;
    server.on_message_receive([](const ws::event &e) {
        std::cout << "server: on messageReceive, data:" << e.message() << '\n';
        e.connection().send("bye");
    });
    server.start(ws::server_config().server_ip("127.0.0.1")); /* server_port 0: any free port */

    ws::client client;
    client.on_open([](const ws::event &e) {
        std::cout << "on open, status:" << e.status() << ", message:" << e.text() << '\n';
        e.connection().send("Hello, server!", [](const ws::event &sent) {
            if (sent.error() == WS_OK) std::cout << "send success\n";
            else std::cout << "send fail, err:" << sent.text() << '\n';
        });
    });
    client.on_message([](const ws::event &e) {
        std::cout << "on message, message:" << e.message() << '\n';
        if (e.message() == "bye") e.connection().close({}, [] { std::cout << "close success\n"; });
    });
    client.on_close([&](const ws::event &e) {
        std::cout << "on close, code is " << e.code() << ", reason is " << e.reason() << '\n';
        over.set_value();
    });
    client.on_error([](const ws::event &e) { std::cout << "on error, error:" << e.error() << ", " << e.text() << '\n'; });
    client.connect_wait("ws://127.0.0.1:" + std::to_string(*server.port()) + "/");
    over.get_future().wait();
} /* the client and the server end here, and nothing of them is called afterwards */

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    try {
        talk();
        ws::shutdown_wait(5000);
    } catch (const std::exception &e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
