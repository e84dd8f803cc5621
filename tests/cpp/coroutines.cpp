/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server and a client of coroutines: messages come in order, also those that wait because nobody
 * receives; the end gives nothing; what fails says why.
 */
#include <atomic>
#include <vector>

#include <libws/ws_coroutines.hpp>

#include "kit.hpp"

static std::atomic<int> sessions;

/* Waits for each message, and answers it. */
static ws::task session(ws::stream peer) {
    sessions++;
    while (auto m = co_await peer.receive()) {
        if (m->data == "please end") co_await peer.close(ws::close_options().code(4000));
        else if (!co_await peer.send(m->data)) break;
    }
    sessions--;
}

static ws::task talk(const kit::way &way, std::string url, kit::counter &passed) {
    ws::stream peer(way.client());
    ws::outcome opened = co_await peer.connect(url);
    CHECK(opened && opened.text().empty());
    for (int i = 0; i < 100; i++) {
        std::string text = "message " + std::to_string(i);
        CHECK(co_await peer.send(text));
        auto m = co_await peer.receive();
        CHECK(m && m->type == WS_TEXT && m->data == text);
    }
    CHECK(co_await peer.send("please end"));
    CHECK(!co_await peer.receive() && !co_await peer.receive());
    CHECK(peer.close_code() == 4000);
    CHECK((co_await peer.send("x")).code() == WS_ERR_STATE);
    CHECK(co_await peer.connect(url)); /* the same client again */
    CHECK(co_await peer.close());
    passed.add();
}

/* Many more than may wait: the connection is paused, and all come in order. */
static ws::task opens(ws::stream &peer, std::string url) {
    ws::outcome opened = co_await peer.connect(url); /* g++ 12 miscompiles a body without a variable */
    CHECK(opened);
}

static ws::task reads(ws::stream &peer, kit::counter &passed) {
    for (int i = 0; i < 1000; i++) {
        auto m = co_await peer.receive();
        CHECK(m && m->data == std::to_string(i) + std::string(100, '.'));
    }
    passed.add();
}

static void slowly(const kit::way &way, const std::string &url, kit::counter &passed) {
    ws::stream peer(way.client(), 4096);
    kit::counter arrived;
    OK(peer.link().on_message([&] { arrived.add(); }));
    opens(peer, url).wait();
    for (int i = 0; i < 1000; i++) OK(peer.link().send(std::to_string(i) + std::string(100, '.')));
    arrived.wait(20);
    CHECK(arrived.count() < 50);
    reads(peer, passed).wait();
    arrived.wait(1000);
}

static ws::task fails(const kit::way &way, kit::counter &passed) {
    ws::stream peer(way.client());
    ws::outcome bad = co_await peer.connect("http://x");
    CHECK(bad.code() == WS_ERR_URL && bad.text().find("url") != std::string::npos);
    ws::outcome refused = co_await peer.connect("ws://127.0.0.1:1/");
    CHECK(refused.code() == WS_ERR_CONNECT_FAILED && refused.text().find("refused") != std::string::npos);
    CHECK(!co_await peer.receive());
    passed.add();
}

/* The stream ends while somebody waits. */
static ws::task waits(ws::stream &peer, std::string url, kit::counter &waiting, kit::counter &passed) {
    ws::outcome opened = co_await peer.connect(url);
    CHECK(opened);
    waiting.add();
    CHECK(!co_await peer.receive());
    passed.add();
}

int main() {
    {
        kit::way way;
        ws::server server(way.server());
        OK(server.on_connect([](const ws::event &e) { session(ws::stream(e.connection())); }));
        OK(server.start(ws::server_config().server_ip("127.0.0.1")));
        const std::string url = kit::url(server);
        kit::counter passed;
        talk(way, url, passed).wait();
        passed.wait(1);
        fails(way, passed).wait();
        passed.wait(2);
        slowly(way, url, passed);
        passed.wait(3);
        std::optional<ws::stream> peer(std::in_place, way.client());
        kit::counter waiting;
        ws::task waiter = waits(*peer, url, waiting, passed);
        waiting.wait();
        peer.reset();
        waiter.wait();
        passed.wait(4);
        server = ws::server(nullptr);
        CHECK(sessions == 0);
    }
    return kit::done();
}
