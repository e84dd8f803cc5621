/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echo_client.cpp - the shortest useful client: sends one line, prints the answer.
 *
 *     echo_client ws://127.0.0.1:8080/ "Hello"
 */
#include <future>
#include <iostream>

#include <libws/ws.hpp>

int main(int argc, char **argv) {
    if (argc < 2) {
        std::cerr << "usage: echo_client ws://HOST:PORT/PATH [TEXT]\n";
        return 2;
    }
    const std::string text = argc > 2 ? argv[2] : "Hello";
    int result = 1;
    std::promise<void> over;
    ws::client client;
    client.on_open([&](const ws::event &e) { e.connection().send(text); });
    client.on_message([&](const ws::event &e) {
        std::cout << e.message() << '\n';
        result = 0;
        e.connection().close();
    });
    /* The end of a connection, and of an attempt that failed. */
    client.on_close([&] { over.set_value(); });
    if (ws::status s = client.connect_wait(argv[1]); !s) {
        std::cerr << s.text() << '\n';
        return 2;
    }
    over.get_future().wait();
    return result;
}
