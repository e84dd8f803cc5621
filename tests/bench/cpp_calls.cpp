/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpp_calls.cpp - what ws.hpp costs beside ws.h: nanoseconds of a send, of one with a completion, and of
 * an event, by each, in turn, so that what else the machine does hits both alike. Medians of batches.
 *
 * The events are told by calling what was registered, without the library, which is the same for both.
 */
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include <libws/ws.hpp>

using clock_type = std::chrono::steady_clock;

static constexpr int BATCHES = 400, CALLS = 200, EVENTS = 100000;

template <class Call> static double nanoseconds(int calls, Call call) {
    const auto begin = clock_type::now();
    for (int i = 0; i < calls; i++) call();
    return std::chrono::duration<double, std::nano>(clock_type::now() - begin).count() / calls;
}

static double median(std::vector<double> &v) {
    std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
    return v[v.size() / 2];
}

template <class C, class Cpp, class Between> static void compare(const char *what, int calls, C c, Cpp cpp, Between between) {
    std::vector<double> by_c, by_cpp;
    for (int i = 0; i < BATCHES; i++) {
        by_c.push_back(nanoseconds(calls, c));
        between();
        by_cpp.push_back(nanoseconds(calls, cpp));
        between();
    }
    const double first = median(by_c), second = median(by_cpp);
    std::printf("%-22s C %8.1f ns   C++ %8.1f ns   difference %+6.1f ns\n", what, first, second, second - first);
}

static volatile std::size_t heard;

static void WS_CALL hear(const ws_event *e, void *) { heard = heard + e->size; }
static void WS_CALL complete(const ws_event *, void *) {}

int main() {
    ws::server server;
    server.on_message_receive([] {});
    server.start(ws::server_config().server_ip("127.0.0.1"));
    ws::client client;
    if (!client.connect_wait("ws://127.0.0.1:" + std::to_string(*server.port()) + "/")) return 1;
    const char text[] = "a message of some bytes";
    const ws_handle h = client.handle();
    auto drained = [&] {
        while (*client.buffered_amount()) {}
    };
    compare("send", CALLS, [&] { ws_send(h, text, sizeof text - 1, WS_TEXT, nullptr, nullptr); },
            [&] { client.send(std::string_view(text, sizeof text - 1)); }, drained);
    compare("send with completion", CALLS, [&] { ws_send(h, text, sizeof text - 1, WS_TEXT, complete, nullptr); },
            [&] { client.send(std::string_view(text, sizeof text - 1), [] {}); }, drained);
    ws_event event{};
    event.data = text;
    event.size = sizeof text - 1;
    ws::registration lambda = client.on_message([](const ws::event &e) { heard = heard + e.message().size(); });
    ws_callback volatile by_c = hear, by_cpp = lambda.call();
    compare("event", EVENTS, [&] { by_c(&event, nullptr); }, [&] { by_cpp(&event, lambda.node()); }, [] {});
    return 0;
}
