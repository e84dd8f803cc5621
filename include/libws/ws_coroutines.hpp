/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_coroutines.hpp - libws with co_await, for C++20.
 *
 *     ws::task talk(std::string url)
 *     {
 *         ws::stream peer;
 *         if (!co_await peer.connect(url)) co_return;
 *         co_await peer.send("hello");
 *         while (auto message = co_await peer.receive()) std::cout << message->data << '\n';
 *     }
 *
 * A coroutine goes on where the callback of what it waits for runs: on a thread of the library, or
 * by a queue on the thread that dispatches it. There it must not block, as no callback may. One
 * coroutine at a time receives from a stream; others may send.
 */
#ifndef LIBWS_COROUTINES_HPP
#define LIBWS_COROUTINES_HPP

#include "ws.hpp"

#if !defined(__cpp_impl_coroutine)
#error "ws_coroutines.hpp wants the coroutines of C++20 (-std=c++20)"
#endif

#include <condition_variable>
#include <coroutine>
#include <deque>
#include <mutex>
#include <optional>

LIBWS_BEGIN

/* What has come of a call that was awaited: as status, with a text of its own. */
class outcome {
public:
    /* Both, as the event had them. */
    outcome(int32_t code, std::string text) : code_(code), text_(std::move(text)) {}
    /* Whether it went well. */
    explicit operator bool() const noexcept { return code_ == WS_OK; }
    /* WS_OK or WS_ERR_. */
    int32_t code() const noexcept { return code_; }
    /* Why not, in words. */
    const std::string &text() const noexcept { return text_; }

private:
    int32_t code_;
    std::string text_;
};

namespace detail {
/* co_await of a call with a completion; start(f) makes the call. */
template <class Start> class completed {
public:
    explicit completed(Start start) : start_(std::move(start)) {}
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> h) {
        /* The completion may come, and this object be gone, before the call returns. */
        Start start = std::move(start_);
        status s = start([this, h](const event &e) {
            code_ = e.error();
            text_ = e.text();
            h.resume();
        });
        if (s) return true;
        code_ = s.code();
        text_ = s.text();
        return false;
    }
    outcome await_resume() {
#if defined(LIBWS_EXCEPTIONS)
        if (code_ != WS_OK) throw failure(code_, text_.c_str());
#endif
        return {code_, std::move(text_)};
    }

private:
    Start start_;
    int32_t code_ = WS_OK;
    std::string text_;
};
} // namespace detail

/* A message that a coroutine owns. */
struct message {
    std::string data; /* as it came */
    int32_t type = 0; /* WS_TEXT or WS_BINARY */
};

/*
 * A client, or an accepted connection, for coroutines. Messages wait until somebody receives them;
 * when more than max_waiting bytes do, the connection is paused and the peer feels it. The
 * destructor ends the connection as that of ws::client does; a coroutine that still waits in
 * receive() goes on, and gets nothing. For clients that connect again by themselves use lambdas.
 */
class stream {
public:
    /* A client that is not connected yet. max_waiting: bytes. */
    explicit stream(const create_options &options = {}, std::size_t max_waiting = 1 << 20)
        : client_(options), connection_(client_), box_(std::make_shared<inbox>(connection_, max_waiting)) { listen(); }
    /* Inside the connect event of a server, so that nothing is missed. */
    explicit stream(connection accepted, std::size_t max_waiting = 1 << 20)
        : client_(nullptr), connection_(accepted), box_(std::make_shared<inbox>(connection_, max_waiting)) { listen(); box_->open = true; }
    /* The connection goes over; nobody may wait in receive() meanwhile. */
    stream(stream &&other) noexcept
        : client_(std::move(other.client_)), connection_(std::exchange(other.connection_, {})), box_(std::move(other.box_)) {}
    stream &operator=(stream &&) = delete;
    /* Ends it; see above. */
    ~stream() {
        if (connection_ && !client_) ws_destroy(connection_.handle());
    }
    /* The connection, for all other calls. */
    const connection &link() const noexcept { return connection_; }

    /* What these take by reference has to live until they go on, as temporaries of the same co_await do. */

    /* ws_connect, and goes on when it is open or has failed. */
    auto connect(c_text url) {
        return detail::completed([c = &client_, url](auto f) { return c->connect(url, std::move(f)); });
    }
    auto connect(c_text url, const connect_options &options) {
        return detail::completed([c = &client_, url, o = &options](auto f) { return c->connect(url, *o, std::move(f)); });
    }
    /* ws_send, and goes on when the kernel has the message. link().send() does not wait. */
    auto send(std::string_view text) {
        return detail::completed([c = connection_, text](auto f) { return c.send(text, std::move(f)); });
    }
    auto send(bytes data) {
        return detail::completed([c = connection_, data](auto f) { return c.send(data, std::move(f)); });
    }
    /* ws_close, and goes on when the connection has ended. */
    auto close() {
        return detail::completed([c = connection_](auto f) { return c.close({}, std::move(f)); });
    }
    auto close(const close_options &options) {
        return detail::completed([c = connection_, o = &options](auto f) { return c.close(*o, std::move(f)); });
    }

private:
    /* Shared with the lambdas, which may be called when the stream is gone. */
    struct inbox {
        inbox(connection c, std::size_t max) : link(c), max_waiting(max) {}
        const connection link;
        const std::size_t max_waiting;
        std::mutex lock; /* guards all that follows */
        std::deque<message> waiting;
        std::size_t size = 0;
        std::coroutine_handle<> waiter;
        std::optional<message> *place = nullptr; /* of the waiter */
        bool open = false, over = false, paused = false;
        int32_t code = 0;

        void arrive(const event &e) {
            message m{std::string(e.message()), e.message_type()};
            std::unique_lock held(lock);
            if (waiter) {
                *place = std::move(m);
                return go_on(held);
            }
            size += m.data.size() + sizeof m;
            waiting.push_back(std::move(m));
            if (size > max_waiting && !paused) paused = ws_pause(link.handle()) == WS_OK;
        }
        void end(int32_t c) {
            std::unique_lock held(lock);
            over = true;
            open = false;
            if (!code) code = c;
            if (waiter) go_on(held);
        }
        void go_on(std::unique_lock<std::mutex> &held) {
            std::coroutine_handle<> h = std::exchange(waiter, nullptr);
            held.unlock();
            h.resume();
        }
        /* Whether there is something for m already; else h waits for it. */
        bool take(std::optional<message> &m, std::coroutine_handle<> h) {
            std::unique_lock held(lock);
            if (waiting.empty()) {
                if (over) return true;
                waiter = h;
                place = &m;
                return false;
            }
            m = std::move(waiting.front());
            waiting.pop_front();
            size -= m->data.size() + sizeof *m;
            if (paused && size <= max_waiting / 2) {
                paused = false;
                ws_resume(link.handle());
            }
            return true;
        }
    };

    class received {
    public:
        explicit received(std::shared_ptr<inbox> box) : box_(std::move(box)) {}
        bool await_ready() const noexcept { return false; }
        bool await_suspend(std::coroutine_handle<> h) {
            std::shared_ptr<inbox> box = box_; /* this may be gone before take returns */
            return !box->take(message_, h);
        }
        std::optional<message> await_resume() { return std::move(message_); }

    private:
        std::shared_ptr<inbox> box_;
        std::optional<message> message_;
    };

    void listen() {
        std::shared_ptr<inbox> box = box_;
        connection_.on_destroyed([box] { box->end(1006); });
        connection_.on_message([box](const event &e) { box->arrive(e); });
        connection_.on_close([box](const event &e) { box->end(e.code()); });
        if (!client_) return;
        connection_.on_open([box] {
            std::lock_guard held(box->lock);
            box->open = true;
            box->over = false;
            box->code = 0;
        });
        connection_.on_error([box](const event &) {
            std::unique_lock held(box->lock);
            bool ended = !box->open; /* an attempt that failed; else close follows */
            held.unlock();
            if (ended) box->end(1006);
        });
    }

    client client_; /* none for an accepted connection */
    connection connection_;
    std::shared_ptr<inbox> box_;

public:
    /* The next message, or nothing when the connection has ended. */
    received receive() { return received(box_); }
    /* The code of the close event, when receive() has given nothing. */
    int32_t close_code() const {
        std::lock_guard held(box_->lock);
        return box_->code;
    }
};

/* A coroutine that starts at once, belongs to nobody and ends by itself. What leaves it by an
 * exception ends as what leaves a lambda. */
class task {
    struct ending {
        std::mutex lock;
        std::condition_variable changed;
        bool over = false; /* guarded by lock */
    };

public:
    /* For the compiler. */
    struct promise_type {
        std::shared_ptr<ending> end = std::make_shared<ending>();
        ~promise_type() {
            std::lock_guard held(end->lock);
            end->over = true;
            end->changed.notify_all();
        }
        task get_return_object() { return task(end); }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { detail::caught(); }
    };
    /* Waits until it is over; not where it would have to go on. */
    void wait() const {
        std::unique_lock held(end_->lock);
        end_->changed.wait(held, [this] { return end_->over; });
    }

private:
    explicit task(std::shared_ptr<ending> end) : end_(std::move(end)) {}
    std::shared_ptr<ending> end_;
};

LIBWS_END

#endif
