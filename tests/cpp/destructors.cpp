/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When a client or server is gone, no lambda of it runs or comes any more, and what they own is
 * freed; also under traffic. Inside a callback a destructor returns at once, and no listener is
 * called afterwards. One that is detached is told of its end. Handles are moved, not copied.
 */
#include <atomic>
#include <functional>
#include <memory>

#include "kit.hpp"

static_assert(!std::is_copy_constructible_v<ws::client> && std::is_nothrow_move_constructible_v<ws::client>);
static_assert(!std::is_copy_constructible_v<ws::server> && std::is_nothrow_move_assignable_v<ws::server>);
static_assert(!std::is_copy_constructible_v<ws::queue>);

static std::atomic<int> alive;

/* What a lambda owns. */
struct thing {
    thing() { alive++; }
    thing(const thing &) { alive++; }
    thing(thing &&) noexcept { alive++; }
    ~thing() { alive--; }
};

static void under_traffic(const kit::way &way) {
    ws::server server = kit::echo(way);
    for (int i = 0; i < 40; i++) {
        auto heard = std::make_unique<std::atomic<int>>(0), completed = std::make_unique<std::atomic<int>>(0);
        int sent = 0;
        kit::counter begun;
        {
            ws::client client(way.client());
            OK(client.on_message([h = heard.get(), &begun, t = thing()] { (*h)++, begun.add(); }));
            OK(client.on_close([h = heard.get(), t = thing()] { (*h)++; }));
            OK(client.connect(kit::url(server), [c = completed.get(), t = thing()] { (*c)++; }));
            for (int n = 0; n < 30; n++)
                if (client.send("x", [c = completed.get(), t = thing()] { (*c)++; })) sent++;
            if (i % 3) begun.wait(i % 7);
        }
        CHECK(alive == 0); /* all lambdas are freed */
        CHECK(*completed == sent + 1);
    }
}

/* A session that ends itself, as hosts do it: its members are gone when delete returns. */
struct session {
    explicit session(const kit::way &way) : client(way.client()) {}
    ws::client client;
    std::string name = "one of those that end themselves";
};

static void inside_its_callback(const kit::way &way) {
    ws::server server = kit::echo(way);
    kit::counter destroyed, cancelled;
    std::atomic<int> later{0};
    auto *s = new session(way);
    std::atomic<bool> gone{false};
    OK(s->client.on_close([&, t = thing()] { later++; }));
    OK(s->client.on_error([&] { later++; }));
    OK(s->client.on_destroyed([&, t = thing()] { destroyed.add(); }));
    OK(s->client.on_message([&, s, t = thing()] {
        if (gone) return (void)later++;
        s->client.connection::post([&](const ws::event &e) { cancelled.add(e.error() == WS_ERR_CANCELLED); }, 1000000);
        delete s;
        gone = true;
    }));
    OK(s->client.on_message([&] { later++; })); /* behind the one that destroys */
    OK(s->client.connect(kit::url(server), [s] {
        for (int i = 0; i < 20; i++) s->client.send("x");
    }));
    destroyed.wait();
    cancelled.wait();
    CHECK(later == 0);
    server = ws::server(nullptr); /* ends it: with it the last lambda has gone */
    for (auto end = std::chrono::steady_clock::now() + kit::deadline(); alive && std::chrono::steady_clock::now() < end;)
        std::this_thread::yield(); /* the lambda of destroyed is freed when it has returned */
    CHECK(alive == 0);
}

/* In the callback of another connection of the same queue, or loop. */
static void inside_another_callback(const kit::way &way) {
    ws::server server(way.server());
    kit::counter connected, over;
    std::optional<ws::client> other(std::in_place, way.client());
    OK(server.on_connect([&] { connected.add(); }));
    OK(server.start(ws::server_config().server_ip("127.0.0.1")));
    ws::client client(way.client());
    OK(other->on_close([] { std::_Exit(1); }));
    OK(other->on_destroyed([&] { over.add(); }));
    OK(other->connect(kit::url(server)));
    connected.wait();
    OK(client.on_open([&] { other.reset(); }));
    OK(client.connect(kit::url(server)));
    over.wait();
}

static void a_server_inside_its_callback(const kit::way &way) {
    kit::counter over;
    std::atomic<int> later{0};
    std::optional<ws::server> server(std::in_place, way.server());
    OK(server->on_message_receive([&, t = thing()] { server.reset(); }));
    OK(server->on_close([&] { later++; }));
    OK(server->on_destroyed([&] { over.add(); }));
    OK(server->start(ws::server_config().server_ip("127.0.0.1")));
    ws::client client(way.client());
    OK(client.connect(kit::url(*server)));
    OK(client.send("end"));
    over.wait();
    CHECK(later == 0);
}

static void detached(const kit::way &way) {
    ws::server server = kit::echo(way);
    auto closed = std::make_shared<kit::counter>(), over = std::make_shared<kit::counter>();
    kit::counter opened;
    {
        ws::client client(way.client(), ws::at_end::detach);
        OK(client.on_close([closed] { closed->add(); }));
        OK(client.on_destroyed([over] { over->add(); }));
        OK(client.on_open([&] { opened.add(); }));
        OK(client.connect(kit::url(server)));
        opened.wait();
        ws::client other(way.client());
        OK(other.on_destroyed([over] { over->add(); }));
        other.detach();
        CHECK(!other && other.send("x").code() == WS_ERR_HANDLE);
    }
    over->wait(2);
    CHECK(closed->count() == 1);
}

static void moved(const kit::way &way) {
    ws::server server = kit::echo(way);
    kit::counter heard;
    ws::client first(way.client());
    OK(first.on_message([&] { heard.add(); }));
    OK(first.connect_wait(kit::url(server)));
    ws::client second = std::move(first);
    CHECK(!first && second);
    OK(second.send("x"));
    heard.wait();
    const ws_handle old = second.handle();
    second = ws::client(way.client()); /* ends the old one */
    int32_t state;
    CHECK(ws_state(old, &state) == WS_ERR_HANDLE);
    ws_handle raw = second.release();
    CHECK(!second && ws_destroy_wait(raw, -1) == WS_OK);
}

/* Of a listener that was removed nothing is called, and it is freed at the end. */
static void removed(const kit::way &way) {
    ws::server server = kit::echo(way);
    kit::counter heard;
    {
        ws::client client(way.client());
        ws::registration first = client.on_message([t = thing()] { std::_Exit(1); });
        OK(first);
        OK(client.on_message([&] { heard.add(); }));
        OK(client.off_wait(first));
        OK(client.connect(kit::url(server)));
        OK(client.send("x"));
        heard.wait();
        CHECK(alive == 1);
    }
    CHECK(alive == 0);
}

/* What the library refuses is freed, too. */
static void refused() {
    ws::client client;
    CHECK(client.on(9999, [t = thing()] {}).code() == WS_ERR_PARAMETER);
    CHECK(client.ping({}).code() == WS_ERR_STATE);
    CHECK(client.connect("http://x", [t = thing()] {}).code() == WS_ERR_URL);
    CHECK(alive == 1);
    client = ws::client(nullptr);
    CHECK(alive == 0 && !client && client.send("x").code() == WS_ERR_HANDLE);
}

int main() {
    {
        kit::way way;
        under_traffic(way);
        inside_its_callback(way);
        inside_another_callback(way);
        a_server_inside_its_callback(way);
        detached(way);
        moved(way);
        removed(way);
        refused();
    }
    return kit::done();
}
