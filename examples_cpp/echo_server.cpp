/* SPDX-License-Identifier: Apache-2.0 */
/* echo_server.cpp - sends back every message, and does it right when a client sends faster than it reads. */
#include <iostream>
#include <memory>

#include <libws/ws.hpp>

#include "../examples_c/help.h"
#include "server.hpp"

static const char help[] =
    "usage: echo_server [--port PORT] [--host ADDRESS]\n"
    "\n"
    "Sends back every message, and does it right when a client sends faster than it reads.\n"
    "Prints \"listening on ws://HOST:PORT\" when it is ready.\n"
    "\n"
    "  --port PORT     where to listen; 8080 unless given, 0 takes any free port\n"
    "  --host ADDRESS  127.0.0.1 unless given\n"
    "\n"
    "SIGINT and SIGTERM end it politely: every client gets a Close frame.\n";

/* A message that found the output queue full, of one connection. */
struct waiting {
    std::string data;
    int32_t type = 0;
};

/* The lambdas of a connection share what they need; it goes with the last of them. When the queue is
 * full, the connection is not read until there is room again: the client feels it through TCP, and
 * nothing is lost. */
static void echo_to(ws::connection peer) {
    auto w = std::make_shared<waiting>();
    peer.on_message([w](const ws::event &e) {
        ws::completion none;
        ws::status s = e.connection().send(e.data(), e.message_type(), none);
        if (s.code() == WS_ERR_FULL) {
            *w = {std::string(e.message()), e.message_type()};
            e.connection().pause();
        } else if (s.code() == WS_ERR_MEMORY) {
            e.connection().destroy(); /* the memory budget is used up: others need it, too */
        }
    });
    peer.on_drain([w](const ws::event &e) {
        ws::completion none;
        if (!w->type || e.connection().send(ws::bytes(w->data), w->type, none).code() == WS_ERR_FULL) return;
        *w = {};
        e.connection().resume();
    });
}

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    auto option = options(argc, argv, help, {{"--port", "8080"}, {"--host", "127.0.0.1"}});
    sigset_t signals = block_signals();
    ws::server server;
    server.on_connect([](const ws::event &e) { echo_to(e.connection()); });
    ws::status s = server.start(ws::server_config().server_ip(option["--host"]).server_port(std::stoi(option["--port"])));
    if (!s) {
        std::cerr << s.text() << '\n';
        return 1;
    }
    std::cout << "listening on ws://" << option["--host"] << ':' << *server.port() << std::endl;
    wait_for_signal(signals);
    server.stop_wait();
}
