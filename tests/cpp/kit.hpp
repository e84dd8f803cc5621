/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit.hpp - for the tests of ws.hpp. A test is a program that returns 0; a check that fails, or a
 * wait that takes longer than a minute (more on a busy machine), ends it with status 1.
 *
 * WS_TEST_RECEIVE says how callbacks come: inline (on the loop), queue (a thread of the test
 * dispatches), thread (WS_QUEUE_THREAD).
 */
#ifndef KIT_HPP
#define KIT_HPP

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <libws/ws.hpp>

#define CHECK(condition) \
    do { \
        if (!(condition)) kit::fail(__FILE__, __LINE__, #condition); \
    } while (0)

/* A call that has to succeed. */
#define OK(call) kit::ok(__FILE__, __LINE__, #call, (call))

namespace kit {

[[noreturn]] inline void fail(const char *file, int line, const char *what) {
    std::fprintf(stderr, "%s:%d: FAILED: %s\n", file, line, what);
    std::_Exit(1);
}

inline void ok(const char *file, int line, const char *call, const ws::status &s) {
    if (!s) fail(file, line, (std::string(call) + ": " + std::string(s.text())).c_str());
}

inline std::chrono::milliseconds deadline() {
    double load = 0;
    getloadavg(&load, 1);
    const double busy = load / std::max(1u, std::thread::hardware_concurrency());
    return std::chrono::milliseconds(static_cast<long>(60000 * std::min(10.0, std::max(1.0, busy))));
}

/* A number that callbacks count up and the test waits for. */
class counter {
public:
    void add(int n = 1) {
        std::lock_guard held(lock_);
        count_ += n;
        changed_.notify_all();
    }
    int count() const {
        std::lock_guard held(lock_);
        return count_;
    }
    void wait(int wanted = 1) const {
        std::unique_lock held(lock_);
        if (!changed_.wait_for(held, deadline(), [&] { return count_ >= wanted; })) fail(__FILE__, __LINE__, "an event did not come");
    }

private:
    mutable std::mutex lock_;
    mutable std::condition_variable changed_;
    int count_ = 0; /* guarded by lock_ */
};

/* How callbacks come in this run. Declare it before clients and servers. */
class way {
public:
    way() {
        const char *receive = std::getenv("WS_TEST_RECEIVE");
        const std::string how = receive ? receive : "inline";
        if (how == "inline") return;
        queue_.emplace(ws::queue_options().flags(how == "thread" ? WS_QUEUE_THREAD : 0));
        CHECK(*queue_);
        if (how == "queue")
            dispatcher_ = std::thread([h = queue_->handle()] {
                std::size_t count;
                while (ws_queue_dispatch(h, 0, -1, &count) == WS_OK) {}
            });
    }
    ~way() {
        if (!queue_) return;
        const ws_handle h = queue_->release(); /* by C: destroy() may be one that throws */
        while (ws_queue_destroy(h) == WS_ERR_BUSY) std::this_thread::yield(); /* the last callback returns */
        if (dispatcher_.joinable()) dispatcher_.join();
    }
    ws_handle queue() const { return queue_ ? queue_->handle() : 0; }
    ws::create_options client() const { return ws::create_options().queue(queue()); }
    ws::server_options server() const { return ws::server_options().queue(queue()); }

private:
    std::optional<ws::queue> queue_;
    std::thread dispatcher_;
};

/* Sends back what comes. */
inline ws::server echo(const way &w) {
    ws::server s(w.server());
    OK(s.on_message_receive([](const ws::event &e) {
        ws::completion none;
        e.connection().send(e.data(), e.message_type(), none);
    }));
    OK(s.start(ws::server_config().server_ip("127.0.0.1")));
    return s;
}

inline std::string url(const ws::server &s) { return "ws://127.0.0.1:" + std::to_string(*s.port()) + "/"; }

inline int done() {
    OK(ws::shutdown_wait(deadline().count()));
    return 0;
}

} // namespace kit

#endif
