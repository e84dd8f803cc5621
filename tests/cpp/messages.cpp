/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes through ws.hpp comes out as it was: text, bytes, pieces, pings, topics, requests, fields,
 * options, figures, and the reason of what was refused.
 */
#include <array>
#include <atomic>
#include <vector>

#include "kit.hpp"

/* Lines that callbacks write and the test reads. */
class lines {
public:
    void add(std::string line) {
        {
            std::lock_guard held(lock_);
            lines_.push_back(std::move(line));
        }
        count_.add();
    }
    std::string at(int i) {
        count_.wait(i + 1);
        std::lock_guard held(lock_);
        return lines_[static_cast<std::size_t>(i)];
    }

private:
    std::mutex lock_;
    std::vector<std::string> lines_; /* guarded by lock_ */
    kit::counter count_;
};

static void text_and_bytes(const kit::way &way) {
    ws::server server = kit::echo(way);
    lines heard;
    ws::client client(way.client());
    OK(client.on_message([&](const ws::event &e) {
        CHECK(e.data().size() == e.message().size() && e.raw().data == e.data().data());
        CHECK(!static_cast<const char *>(e.raw().data)[e.raw().size]);
        heard.add((e.message_type() == WS_TEXT ? "text " : "bytes ") + std::string(e.message()));
    }));
    OK(client.connect(kit::url(server)));
    const std::string owned = "Grüße";
    const std::vector<std::uint8_t> vector{'a', 0, 'b'};
    const std::array<std::byte, 2> array{std::byte{'c'}, std::byte{'d'}};
    const unsigned char plain[] = {'e'};
    OK(client.send("literal"));
    OK(client.send(owned));
    OK(client.send(std::string_view(owned).substr(0, 2)));
    OK(client.send(std::string("with \0 inside", 13)));
    OK(client.send(vector));
    OK(client.send(array));
    OK(client.send(plain));
    OK(client.send(ws::bytes("text as bytes")));
    OK(client.send(ws::bytes()));
    const std::string wanted[] = {"text literal", "text Grüße", "text Gr", std::string("text with \0 inside", 18), std::string("bytes a\0b", 9),
                                  "bytes cd", "bytes e", "bytes text as bytes", "bytes "};
    for (int i = 0; i < 9; i++) CHECK(heard.at(i) == wanted[i]);
    OK(client.send_part(ws::bytes("Gr\xc3"), WS_TEXT, false));
    OK(client.send_part(ws::bytes("\xbc\xc3\x9f"
                                  "e"),
                        WS_TEXT, true));
    CHECK(heard.at(9) == "text Grüße");
    CHECK(client.send(std::string_view("\xff")).code() == WS_ERR_PARAMETER);
    CHECK(client.send(std::string_view("\xff")).text().find("data") != std::string_view::npos);
}

static void pings_and_figures(const kit::way &way) {
    ws::server server = kit::echo(way);
    lines heard;
    ws::client client(way.client().user_data(&heard));
    OK(client.on_pong([&](const ws::event &e) {
        CHECK(e.round_trip_us() >= 0 && e.user_data() == &heard);
        heard.add(std::string(e.message()));
    }));
    OK(client.set_correlation_id("me"));
    OK(client.connect_wait(kit::url(server)));
    OK(client.ping(ws::bytes("ping")));
    CHECK(heard.at(0) == "ping");
    OK(client.pong(ws::bytes("a sign of life")));
    CHECK(*client.state() == WS_STATE_OPEN && client.state().value_or(9) == WS_STATE_OPEN);
    CHECK(client.info()->client_port == *server.port());
    CHECK(client.stats()->pings_sent == 1);
    CHECK(*client.user_data() == &heard);
    CHECK(*client.text(WS_TEXT_URL) == kit::url(server) && client.text(WS_TEXT_TLS_VERSION)->empty());
    CHECK(client.text(9999).code() == WS_ERR_PARAMETER);
    CHECK(server.connections()->size() == 1 && server.stats()->connections == 1 && ws::stats()->connections == 2);
    CHECK(server.metrics()->find("ws_") != std::string::npos && !ws::metrics()->empty());
    CHECK(server.listener_info(0)->port == *server.port() && server.listener_info(1).code() == WS_ERR_PARAMETER);
    OK(client.close_wait(-1, ws::close_options().code(3001).reason("enough")));
    OK(server.stop_wait());
    CHECK(server.port().code() == WS_ERR_STATE && *server.port() == 0);
}

/* More connections than the first room for them. */
static void many_connections(const kit::way &way) {
    ws::server server = kit::echo(way);
    std::vector<ws::client> clients;
    for (int i = 0; i < 70; i++) {
        clients.emplace_back(way.client());
        OK(clients.back().connect_wait(kit::url(server)));
    }
    CHECK(server.connections()->size() == 70);
    for (ws::connection c : *server.connections()) CHECK(c.info()->server == server.handle());
}

static void topics(const kit::way &way) {
    ws::server server(way.server());
    kit::counter connected;
    OK(server.on_connect([&](const ws::event &e) {
        OK(e.connection().subscribe(e.target().substr(1)));
        connected.add();
    }));
    OK(server.start(ws::server_config().server_ip("127.0.0.1")));
    lines reds, blues;
    ws::client red(way.client()), blue(way.client());
    OK(red.on_message([&](const ws::event &e) { reds.add(std::string(e.message())); }));
    OK(blue.on_message([&](const ws::event &e) { blues.add(std::string(e.message())); }));
    OK(red.connect(kit::url(server) + "red"));
    OK(blue.connect(kit::url(server) + "blue"));
    connected.wait(2);
    CHECK(*server.publish("red", "for red") == 1);
    CHECK(*server.publish("green", "for nobody") == 0);
    CHECK(*server.broadcast("for all") == 2);
    CHECK(*server.publish_with("red", ws::bytes("newest"), WS_TEXT, ws::send_options().key(1)) == 1);
    CHECK(*server.broadcast_with(ws::bytes("urgent"), WS_TEXT, ws::send_options().priority(7), server.subscribers("blue")->at(0)) == 1);
    CHECK(reds.at(2) == "newest" && reds.at(3) == "urgent");
    OK(server.subscribers("red")->at(0).send_with("mine", ws::send_options().key(1).priority(1)));
    CHECK(reds.at(4) == "mine");
    CHECK(red.send_with("bad", ws::send_options().priority(8)).code() == WS_ERR_PARAMETER);
    CHECK(*server.broadcast(ws::bytes("for most"), WS_BINARY, server.connections()->front()) == 1);
    CHECK(reds.at(0) == "for red" && reds.at(1) == "for all" && blues.at(0) == "for all");
    CHECK(server.publish("", "x").code() == WS_ERR_PARAMETER);
    ws::connection one = server.subscribers("red")->at(0);
    OK(one.subscribe_pattern("room/+"));
    CHECK(*one.is_subscribed("room/7") == WS_BY_PATTERN && *one.is_subscribed("red") == WS_BY_TOPIC);
    const std::vector<ws::subscription> both = *one.subscriptions();
    CHECK(both.size() == 2 && both[0].pattern && both[0].name == "room/+" && !both[1].pattern && both[1].name == "red");
    OK(one.unsubscribe_pattern("room/+"));
    OK(one.unsubscribe("red"));
    CHECK(one.subscriptions()->empty() && server.subscribers("red")->empty());
    CHECK(red.subscriptions().code() == WS_ERR_HANDLE);
}

/* Options inside options are copied, so that they may be made on the way. */
static ws::connect_options patient() {
    const ws_header fields[] = {{"X-Answer", "42"}, {"X-Other", "43"}};
    static std::vector<ws_header> kept(std::begin(fields), std::end(fields));
    return ws::connect_options().headers(kept).protocol("chat").reconnect(ws::reconnect_options().max_tries(3).first_delay_ms(1));
}

static void requests_and_options(const kit::way &way) {
    ws::server server(way.server());
    OK(server.on_upgrade([](const ws::event &e) {
        std::string answer;
        e.each_header([&](std::string_view name, std::string_view value) {
            if (name == "X-Answer") answer = value;
        });
        const bool welcome = answer == "42" && e.protocol() == "chat" && e.target() == "/room";
        const ws_header fields[] = {{"X-Why", "wrong"}};
        if (welcome) OK(e.connection().accept(ws::accept_options().protocol("chat")));
        else OK(e.connection().respond(ws::response().status(403).headers(fields).body(ws::bytes("no"))));
    }));
    OK(server.start(ws::server_config().server_ip("127.0.0.1").compression(ws::compression().min_size(1))));
    ws::connect_options options = patient(), copied = options;
    CHECK(copied.raw().reconnect->max_tries == 3 && copied.raw().reconnect != options.raw().reconnect);
    CHECK(copied.raw().header_count == 2 && copied.raw().struct_size == sizeof(ws_connect_options) && copied.raw().max_redirects == 0);
    ws::client client(way.client());
    lines opened, refused;
    OK(client.on_open_info([&](const ws::event &e) { opened.add(std::string(e.protocol())); }));
    OK(client.connect(kit::url(server) + "room", copied));
    CHECK(opened.at(0) == "chat");
    ws::client other(way.client());
    OK(other.on_error([&](const ws::event &e) {
        std::string why;
        e.each_header([&](std::string_view name, std::string_view value) {
            if (name == "X-Why") why = value;
        });
        refused.add(std::to_string(e.status()) + why + std::string(e.body().text()));
    }));
    OK(other.connect(kit::url(server)));
    CHECK(refused.at(0) == "403wrongno");
    CHECK(client.connect(kit::url(server), ws::connect_options().ping_interval_ms(-5)).code() != WS_OK);
    ws::status bad = other.connect("ws://127.0.0.1:1/", ws::connect_options().ping_interval_ms(-5));
    CHECK(bad.code() == WS_ERR_PARAMETER && bad.text().find("ping_interval_ms") != std::string_view::npos);
    CHECK(ws::create_options().max_buffered(-7).raw().max_buffered == -7);
    ws::client none(ws::create_options().max_buffered(-7));
    CHECK(!none && std::string_view(ws_last_error()).find("max_buffered") != std::string_view::npos);
    CHECK(server.adopt(ws::adopt_options().descriptor(-1).data(ws::bytes("GET"))).code() == WS_ERR_PARAMETER);
    CHECK(client.verify_answer(1, true).code() == WS_ERR_STATE && server.sign_answer(1, {}).code() == WS_ERR_STATE);
    CHECK(client.reconnect_with(ws::reconnect_changes().protocol("")).code() == WS_ERR_STATE);
    ws_relay relay{};
    relay.struct_size = sizeof relay;
    CHECK(server.set_relay(relay).code() == WS_ERR_PARAMETER); /* without on_message */
    CHECK(server.no_relay());
    ws_relay_message message{};
    message.struct_size = sizeof message;
    CHECK(server.relay_deliver(message).code() == WS_ERR_PARAMETER);
    CHECK(!server.set_certificates({})); /* it has none to replace */
}

/* A completion is called once, with its event; a function of C as it is. */
static void completions(const kit::way &way) {
    ws::server server = kit::echo(way);
    kit::counter opened, sent, raw;
    ws::client client(way.client());
    OK(client.connect(kit::url(server), [&](const ws::event &e) { opened.add(e.operation() == WS_OP_CONNECT && e.error() == WS_OK); }));
    OK(client.send("x", [&] { sent.add(); }));
    OK(client.send("x", {[](const ws_event *, void *counter) { static_cast<kit::counter *>(counter)->add(); }, &raw}));
    opened.wait();
    sent.wait();
    raw.wait();
    kit::counter posted;
    OK(client.post([&] { posted.add(); }));
    ws::posted never = client.post([] { std::_Exit(1); }, 1000000);
    OK(never.cancel());
    CHECK(never.cancel().code() == WS_ERR_STATE);
    posted.wait();
    OK(client.close(ws::close_options().code(1000), [&] { posted.add(); }));
    posted.wait(2);
}

int main() {
    {
        OK(ws::init(ws::init_options().log_level(WS_LOG_ERROR)));
        kit::way way;
        text_and_bytes(way);
        pings_and_figures(way);
        many_connections(way);
        topics(way);
        requests_and_options(way);
        completions(way);
    }
    return kit::done();
}
