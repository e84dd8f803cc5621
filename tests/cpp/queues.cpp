/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue that this thread dispatches: its lambdas run here, also inside the destructors of its
 * clients and servers. Its own destructor delivers the end of those that were detached, and leaves a
 * queue that is still used to the library.
 */
#include <vector>

#include "kit.hpp"

static const std::thread::id me = std::this_thread::get_id();

template <class Condition> static void dispatch_until(const ws::queue &queue, Condition so) {
    const auto end = std::chrono::steady_clock::now() + kit::deadline();
    while (!so()) {
        CHECK(std::chrono::steady_clock::now() < end);
        OK(queue.dispatch(0, 100));
    }
}

static void everything_comes_here() {
    ws::queue queue;
    CHECK(queue && *queue.fd() >= 0);
    ws::server server(ws::server_options().queue(queue.handle()));
    int echoed = 0, ended = 0;
    OK(server.on_message_receive([&](const ws::event &e) {
        CHECK(std::this_thread::get_id() == me);
        OK(e.connection().send(e.message()));
    }));
    OK(server.on_destroyed([&] { ended += std::this_thread::get_id() == me; }));
    OK(server.start(ws::server_config().server_ip("127.0.0.1")));
    {
        ws::client client(ws::create_options().queue(queue.handle()));
        OK(client.on_message([&] { echoed += std::this_thread::get_id() == me; }));
        OK(client.on_destroyed([&] { ended += std::this_thread::get_id() == me; }));
        OK(client.connect_wait(kit::url(server))); /* dispatches meanwhile */
        OK(client.send("x"));
        dispatch_until(queue, [&] { return echoed == 1; });
    } /* and so does this */
    CHECK(ended == 1);
    CHECK(queue.destroy().code() == WS_ERR_BUSY);
    int posted = 0;
    OK(queue.post([&] { posted++; }));
    dispatch_until(queue, [&] { return posted == 1; });
    OK(queue.flush());
    OK(queue.wake());
    while (*queue.dispatch(0, -1)) {} /* the end of the connection may come first */
    server = ws::server(nullptr);
    CHECK(ended == 2);
    OK(queue.destroy());
    CHECK(!queue);
}

/* Clients that end with their queue, in any order. */
static void the_end_of_a_queue() {
    int ended = 0;
    {
        ws::queue queue;
        ws::client client(ws::create_options().queue(queue.handle()), ws::at_end::detach);
        OK(client.on_destroyed([&] { ended++; }));
        ws::queue other = std::move(queue);
        CHECK(!queue && other);
        ws::client gone = std::move(client);
        gone.detach();
        dispatch_until(other, [&] { return ended == 1; });
    }
    ws_handle left;
    {
        ws::queue queue;
        left = queue.handle();
        ws::client client(ws::create_options().queue(left));
        OK(client.on_destroyed([&] { ended++; }));
        { ws::queue early = std::move(queue); } /* cannot end: the library keeps it, and the client goes on */
        CHECK(ws_queue_destroy(left) == WS_ERR_BUSY);
    }
    CHECK(ended == 2 && ws_queue_destroy(left) == WS_OK);
}

static void polled() {
    ws::queue queue;
    ws_event events[16];
    ws::server server(ws::server_options().queue(queue.handle()));
    ws::client client(ws::create_options().queue(queue.handle()));
    OK(server.start(ws::server_config().server_ip("127.0.0.1")));
    OK(client.connect(kit::url(server)));
    OK(client.send("hello"));
    const auto end = std::chrono::steady_clock::now() + kit::deadline();
    for (bool heard = false; !heard;) {
        CHECK(std::chrono::steady_clock::now() < end);
        ws::result<std::size_t> n = queue.poll(events, 16, 100);
        OK(n);
        for (std::size_t i = 0; i < *n; i++) {
            ws::event e(&events[i]);
            heard = heard || (e.type() == WS_EVENT_MESSAGE_RECEIVE && e.message() == "hello");
        }
    }
    CHECK(queue.poll(events, 0).code() == WS_ERR_PARAMETER);
}

int main() {
    everything_comes_here();
    the_end_of_a_queue();
    polled();
    return kit::done();
}
