/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws.hpp - libws for C++17, in headers alone.
 *
 *     ws::client client;
 *     client.on_open([](const ws::event &e) { e.connection().send("hello"); });
 *     client.on_message([](const ws::event &e) { std::cout << e.message() << '\n'; });
 *     if (auto s = client.connect("ws://127.0.0.1:8080/"); !s) std::cerr << s.text() << '\n';
 *
 * There is nothing here that is not in ws.h, whose manual counts; what is added:
 *
 * - ws::client, ws::server and ws::queue own a handle, are moved, and end it when they are
 *   destroyed (ws_connection.hpp says how, also inside callbacks). ws::connection is a handle
 *   that belongs to the library or to a client.
 * - Lambdas are listeners and completions (ws_callbacks.hpp). They run where callbacks of C run
 *   (ws_types.h, THE CONTRACT): on a thread of the library, or by a queue on yours. They are freed
 *   there, too: at the destroyed event of the handle, a completion when it was called.
 * - Calls return ws::status or ws::result, or throw, with LIBWS_EXCEPTIONS (ws_status.hpp). An
 *   exception that leaves a lambda never reaches C: std::terminate, or ws::set_exception_handler.
 *   Memory that cannot be had for a lambda is std::bad_alloc.
 * - Options are classes with setters (ws_options.hpp), data is std::string_view and ws::bytes.
 * - With C++20, co_await (ws_coroutines.hpp, which is included by its own name).
 *
 * A message costs what it costs in C: send is ws_send, and a lambda is called by a pointer to a
 * function that calls it.
 */
#ifndef LIBWS_HPP
#define LIBWS_HPP

#include "ws_server.hpp"

LIBWS_BEGIN

/* ws_init: loops, engine, log and memory budget, before the first other call. */
inline status init(const init_options &options = {}) {
    ws_init_options o = options.raw();
    return detail::check(ws_init(&o));
}
/* ws_shutdown_wait: ends all connections and servers, and waits for that. timeout_ms: -1 as long as it takes. */
inline status shutdown_wait(int64_t timeout_ms = -1) { return detail::check(ws_shutdown_wait(timeout_ms)); }
/* ws_stats_get: figures of the whole library. */
inline result<ws_stats> stats() { return detail::figures<ws_stats>(ws_stats_get); }
/* ws_metrics: the same as text for Prometheus. */
inline result<std::string> metrics() {
    return detail::text([](char *b, std::size_t n, std::size_t *size) { return ws_metrics(0, b, n, size); });
}

LIBWS_END

#endif
