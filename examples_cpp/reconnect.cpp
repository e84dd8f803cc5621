/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconnect.cpp - a client that stays connected: it connects again when the connection is lost, and
 * finds out by pings that it is.
 */
#include <atomic>
#include <future>
#include <iostream>
#include <vector>

#include <libws/ws.hpp>

#include "../examples_c/help.h"
#include "server.hpp"

static const char help[] =
    "usage: reconnect URL [--ping MS] [--delay MS] [--tries N]\n"
    "\n"
    "A client that stays connected: it connects again when the connection is lost, and\n"
    "finds out by pings that it is. Each line of stdin is sent; what is typed while there\n"
    "is no connection is sent by the next one. Prints what happens. At the end of stdin\n"
    "it closes when all was sent.\n"
    "\n"
    "  --ping MS       silence before a ping, and time for its answer\n"
    "  --delay MS      longest wait before the first try\n"
    "  --tries N       tries in a row that may fail; 0: any number\n"
    "\n"
    "Status 0, or 1 when it gave up.\n";

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    if (argc < 2) return wrong_usage(help);
    auto option = options(argc - 1, argv + 1, help, {{"--ping", "0"}, {"--delay", "0"}, {"--tries", "0"}});
    const int ping = std::stoi(option["--ping"]);
    std::atomic<int> result{0};
    ws::client client;
    client.on_open([](const ws::event &e) {
        std::cout << "open, connected again " << e.connection().stats()->reconnects << " times" << std::endl;
    });
    client.on_message([](const ws::event &e) { std::cout << "message " << e.message() << std::endl; });
    client.on_reconnecting([](const ws::event &e) {
        std::cout << "try " << e.attempt() << " begins in " << e.delay_ms() << " ms" << std::endl;
    });
    client.on_error([&](const ws::event &e) { /* each try that fails; only the last one is the end */
        std::cout << "error " << e.text() << std::endl;
        if (e.stage() == WS_STAGE_RECONNECT) result = 1;
    });
    client.on_close([](const ws::event &e) {
        std::cout << "close " << e.code() << (e.will_reconnect() ? ", not for long" : "") << std::endl;
    });
    auto again = ws::reconnect_options().flags(WS_KEEP_SENDS).first_delay_ms(std::stoi(option["--delay"])).max_tries(std::stoi(option["--tries"]));
    ws::status s = client.connect(argv[1], ws::connect_options().ping_interval_ms(ping).pong_timeout_ms(ping).reconnect(again));
    if (!s) {
        std::cerr << "reconnect: " << s.text() << '\n';
        return 2;
    }
    std::vector<std::future<void>> waiting;
    for (std::string line; std::getline(std::cin, line);) {
        std::promise<void> sent; /* of a message that has left, or never will */
        waiting.push_back(sent.get_future());
        s = client.send(line, [sent = std::move(sent)](const ws::event &e) mutable {
            if (e.error()) std::cout << "not sent: " << e.text() << std::endl;
            sent.set_value();
        });
        if (!s) std::cout << "not sent: " << s.text() << std::endl;
    }
    for (std::future<void> &sent : waiting) sent.wait();
    client.close_wait(); /* fails when the server has closed for good, or the client gave up: as well */
    return result;
}
