/* SPDX-License-Identifier: Apache-2.0 */
/*
 * topics.cpp - rooms to talk in. The server keeps no lists of who is where: a room is a topic, and one
 * message to a thousand listeners is one call.
 */
#include <iostream>
#include <set>

#include <libws/ws.hpp>

#include "../examples_c/help.h"
#include "server.hpp"

static const char help[] =
    "usage: topics [--port PORT] [--host ADDRESS]\n"
    "\n"
    "Rooms to talk in. A client that says \"join NAME\" is in that room until it says\n"
    "\"leave NAME\" or goes; anything else that it says reaches all others in its rooms.\n"
    "\"all TEXT\" reaches everybody.\n"
    "\n"
    "  --port PORT     where to listen; 8080 unless given, 0 takes any free port\n"
    "  --host ADDRESS  127.0.0.1 unless given\n"
    "\n"
    "Who reads too slowly misses messages instead of holding up the others; a counter\n"
    "tells how many.\n";

/* One client, and the rooms that it talks to. */
class guest {
public:
    guest(ws::server &server, ws::connection self) : server_(server), self_(self) {}

    void take(std::string_view text) {
        if (text.substr(0, 5) == "join ") join(std::string(text.substr(5)));
        else if (text.substr(0, 6) == "leave ") leave(std::string(text.substr(6)));
        else if (text.substr(0, 4) == "all ") (void)server_.broadcast(text.substr(4), self_);
        else say(text);
    }

private:
    void join(const std::string &name) {
        if (!self_.subscribe(name)) return answer("you cannot join this room");
        rooms_.insert(name);
        answer("you are in " + name);
    }
    void leave(const std::string &name) {
        if (!rooms_.erase(name)) return answer("you are not in this room");
        self_.unsubscribe(name);
        answer("you have left " + name);
    }
    /* Who shares several rooms with him gets it in each. */
    void say(std::string_view text) {
        for (const std::string &name : rooms_) (void)server_.publish(name, name + ": " + std::string(text), self_);
    }
    void answer(const std::string &line) { self_.send("* " + line); }

    ws::server &server_;
    ws::connection self_;
    std::set<std::string> rooms_; /* the subscriptions go by themselves */
};

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    auto option = options(argc, argv, help, {{"--port", "8080"}, {"--host", "127.0.0.1"}});
    sigset_t signals = block_signals();
    {
        ws::server server(ws::server_options().max_message_size(4096).max_buffered(64 << 10).max_subscriptions(8));
        server.on_connect([&](const ws::event &e) {
            e.connection().on_message([g = guest(server, e.connection())](const ws::event &m) mutable {
                if (m.message_type() == WS_TEXT) g.take(m.message());
            });
        });
        ws::status s = server.start(ws::server_config().server_ip(option["--host"]).server_port(std::stoi(option["--port"])));
        if (!s) {
            std::cerr << s.text() << '\n';
            return 1;
        }
        std::cout << "listening on ws://" << option["--host"] << ':' << *server.port() << std::endl;
        wait_for_signal(signals);
        server.stop_wait();
    }
    std::cout << ws::stats()->dropped << " messages found no room\n";
}
