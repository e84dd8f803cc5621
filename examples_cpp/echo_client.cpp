/* SPDX-License-Identifier: Apache-2.0 */
/* echo_client.cpp - the shortest useful client. */
#include <future>
#include <iostream>

#include <libws/ws.hpp>

#include "../examples_c/help.h"

static const char help[] =
    "usage: echo_client URL [TEXT]\n"
    "\n"
    "The shortest useful client: sends TEXT, \"Hello\" unless given, and prints the answer.\n"
    "\n"
    "    echo_client ws://127.0.0.1:8080/ \"Hello\"\n"
    "\n"
    "Status 0: it was answered; 1: it was not; 2: connecting failed.\n";

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    if (argc < 2) return wrong_usage(help);
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
