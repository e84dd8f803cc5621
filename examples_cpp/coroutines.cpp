/* SPDX-License-Identifier: Apache-2.0 */
/* coroutines.cpp - a server and a client in one program, with co_await (C++20). */
#include <iostream>

#include <libws/ws_coroutines.hpp>

#include "../examples_c/help.h"

static const char help[] =
    "usage: coroutines\n"
    "\n"
    "A server and a client in one program, with co_await (C++20): the client says two\n"
    "things, and the server answers each.\n";

/* One for each client of the server. */
static ws::task session(ws::stream peer) {
    while (auto message = co_await peer.receive()) {
        ws::outcome sent = co_await peer.send("you said: " + message->data);
        if (!sent) break;
    }
}

static ws::task talk(std::string url) {
    ws::stream peer;
    ws::outcome opened = co_await peer.connect(url);
    if (!opened) {
        std::cerr << opened.text() << '\n';
        co_return;
    }
    for (const char *text : {"one", "two"}) {
        ws::outcome sent = co_await peer.send(std::string_view(text));
        auto answer = co_await peer.receive();
        if (sent && answer) std::cout << answer->data << '\n';
    }
    ws::outcome closed = co_await peer.close();
    std::cout << "closed: " << (closed ? "politely" : closed.text()) << '\n';
}

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    ws::server server;
    server.on_connect([](const ws::event &e) { session(ws::stream(e.connection())); });
    if (ws::status s = server.start(ws::server_config().server_ip("127.0.0.1")); !s) {
        std::cerr << s.text() << '\n';
        return 1;
    }
    talk("ws://127.0.0.1:" + std::to_string(*server.port()) + "/").wait();
}
