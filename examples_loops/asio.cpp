/* SPDX-License-Identifier: Apache-2.0 */
/* asio.cpp - a server and a client in an io_context of asio, by ws.hpp. */
#include <iostream>
#include <optional>
#include <thread>

#include "../examples_c/help.h"
#include "ws_asio.hpp"

static const char help[] =
    "usage: asio\n"
    "\n"
    "A server and a client in an io_context of asio, by ws.hpp: 1000 echoes, all on its\n"
    "thread.\n";

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    ws_asio::asio::io_context io;
    ws::queue queue;
    ws_asio::watch watch(io, queue);
    const std::thread::id here = std::this_thread::get_id();
    int echoes = 0;
    bool elsewhere = false;
    std::optional<ws::client> client; /* behind queue and watch: destroyed before */
    ws::server server(ws::server_options().queue(queue.handle()));
    server.on_message_receive([&](const ws::event &e) {
        elsewhere = elsewhere || std::this_thread::get_id() != here;
        e.connection().send(e.message());
    });
    if (!server.start(ws::server_config().server_ip("127.0.0.1"))) return 1;
    ws_asio::asio::post(io, [&] { /* the loop's own work goes on beside */
        client.emplace(ws::create_options().queue(queue.handle()));
        client->on_open([](const ws::event &e) {
            for (int i = 0; i < 1000; i++) e.connection().send(std::to_string(i));
        });
        client->on_message([&](const ws::event &e) {
            elsewhere = elsewhere || e.message() != std::to_string(echoes);
            if (++echoes == 1000) e.connection().close();
        });
        client->on_close([&] { watch.stop(); }); /* then io has nothing left to do */
        client->on_error([](const ws::event &e) { std::cerr << e.text() << '\n'; });
        client->connect("ws://127.0.0.1:" + std::to_string(*server.port()) + "/");
    });
    io.run();
    std::cout << echoes << " echoes\n";
    return echoes == 1000 && !elsewhere ? 0 : 1;
}
