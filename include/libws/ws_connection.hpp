/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_connection.hpp - connections, and clients, which own theirs.
 *
 * Each function is the call of ws.h of the same name, on any thread; that is where its rules stand.
 */
#ifndef LIBWS_CONNECTION_HPP
#define LIBWS_CONNECTION_HPP

#include <vector>

#include "ws_callbacks.hpp"
#include "ws_options.hpp"

LIBWS_BEGIN

/* What a destructor does: see client. */
enum class at_end { wait, detach };

namespace detail {
/* Text of a size that is not known: read(buffer, capacity, &size). behind: 1 when a NUL follows it. */
template <class Read> result<std::string> text(Read read, std::size_t behind = 1) {
    std::string text;
    for (std::size_t size = 0;;) {
        int32_t code = read(text.empty() ? nullptr : text.data(), text.empty() ? 0 : text.size() + behind, &size);
        if (code == WS_OK && size <= text.size()) {
            text.resize(size);
            return {WS_OK, std::move(text)};
        }
        if (code != WS_OK && code != WS_ERR_BUFFER) return {check(code), std::string()};
        text.assign(size, '\0');
    }
}

/* A struct of figures: read(&figures) with struct_size set. */
template <class Figures, class Read> result<Figures> figures(Read read) {
    Figures f{};
    f.struct_size = sizeof f;
    int32_t code = check(read(&f));
    return {code, f};
}
} // namespace detail

/* What a connection has subscribed to. */
struct subscription {
    std::string name;     /* the topic, or the pattern */
    bool pattern = false; /* by subscribe_pattern */
};

/* An accepted connection, or the connection of a client: a handle to call, which owns nothing and
 * may be copied. One that has ended gives WS_ERR_NO_CONNECTION or WS_ERR_HANDLE, never harm. */
class connection : public detail::named_listeners<connection> {
public:
    /* None: every call gives WS_ERR_HANDLE. */
    connection() noexcept = default;
    /* That of a handle of C. */
    explicit connection(ws_handle h) noexcept : h_(h) {}
    /* The handle, for calls of C; it stays whose it was. */
    ws_handle handle() const noexcept { return h_; }
    /* Whether there is a handle; it may have ended. */
    explicit operator bool() const noexcept { return h_ != 0; }

    /* Listeners. f takes (const ws::event &) or nothing, and is owned by the handle until its
     * destroyed event: what it captures by reference has to live as long. off() stops its calls by
     * the rules of ws_off; the listener of the destroyed event stays. on_NAME(f) of each event: see
     * ws_events.hpp. */
    template <class F> registration on(int32_t event, F &&f) const { return detail::listen(ws_on, h_, event, std::forward<F>(f)); }
    /* ws_off: no call of it begins once this has returned. */
    status off(const registration &l) const { return detail::check(ws_off(h_, l.event(), l.call(), l.node())); }
    /* ws_off_wait: off, and waits until a call that runs has ended. timeout_ms: -1 for ever. */
    status off_wait(const registration &l, int64_t timeout_ms = -1) const {
        return detail::check(ws_off_wait(h_, l.event(), l.call(), l.node(), timeout_ms));
    }

    /* ws_send: text as a text message, bytes as a binary one. done: when the system has taken it. */
    status send(std::string_view text, completion done = {}) const { return send(bytes(text), WS_TEXT, done); }
    status send(bytes data, completion done = {}) const { return send(data, WS_BINARY, done); }
    status send(bytes data, int32_t type, completion &done) const {
        return done.given(ws_send(h_, data.data(), data.size(), type, done.call(), done.node()));
    }
    /* ws_send_with: with a key, a priority or both: send_options().key(7).priority(1). */
    status send_with(std::string_view text, const send_options &options, completion done = {}) const {
        return send_with(bytes(text), WS_TEXT, options, done);
    }
    status send_with(bytes data, const send_options &options, completion done = {}) const {
        return send_with(data, WS_BINARY, options, done);
    }
    status send_with(bytes data, int32_t type, const send_options &options, completion &done) const {
        ws_send_options o = options.raw();
        return done.given(ws_send_with(h_, data.data(), data.size(), type, &o, done.call(), done.node()));
    }
    /* ws_send_part: a message in parts (RFC 6455 5.4), the last with ends. */
    status send_part(bytes data, int32_t type, bool ends, completion done = {}) const {
        return done.given(ws_send_part(h_, data.data(), data.size(), type, ends, done.call(), done.node()));
    }
    /* ws_ping: at most 125 bytes (RFC 6455 5.5). The answer is on_pong, with its round trip. */
    status ping(bytes data = {}) const { return detail::check(ws_ping(h_, data.data(), data.size())); }
    /* ws_pong: one that nobody asked for, or the answer under WS_MANUAL_PONG. */
    status pong(bytes data = {}) const { return detail::check(ws_pong(h_, data.data(), data.size())); }

    /* ws_close: the closing handshake (RFC 6455 7.1.2), behind what waits to be sent. done: when the connection has ended. */
    status close(const close_options &options = {}, completion done = {}) const {
        ws_close_options o = options.raw();
        return done.given(ws_close(h_, &o, done.call(), done.node()));
    }
    /* ws_close_wait: close, and waits for the end. timeout_ms: -1 as long as it takes. */
    status close_wait(int64_t timeout_ms = -1, const close_options &options = {}) const {
        ws_close_options o = options.raw();
        return detail::check(ws_close_wait(h_, &o, timeout_ms));
    }
    /* ws_abort: ends it at once, without a closing handshake; what waits is not sent. */
    status abort() const { return detail::check(ws_abort(h_)); }
    /* ws_destroy: ends it and its handle; the destroyed event is the last one. Of a client use its destructor. */
    status destroy() const { return detail::check(ws_destroy(h_)); }
    /* ws_destroy_wait: destroy, and waits until nothing of it runs or comes any more. */
    status destroy_wait(int64_t timeout_ms = -1) const { return detail::check(ws_destroy_wait(h_, timeout_ms)); }
    /* ws_pause: no message is received until resume(), so that the peer feels it. */
    status pause() const { return detail::check(ws_pause(h_)); }
    /* ws_resume: messages come again. */
    status resume() const { return detail::check(ws_resume(h_)); }

    /* ws_state: WS_STATE_CONNECTING, WS_STATE_OPEN and so on. */
    result<int32_t> state() const { return out<int32_t>(ws_state); }
    /* ws_buffered_amount: bytes that were accepted and the system has not taken yet. */
    result<uint64_t> buffered_amount() const { return out<uint64_t>(ws_buffered_amount); }
    /* ws_user_data: what set_user_data or the options gave; the library never looks at it. */
    result<void *> user_data() const { return out<void *>(ws_user_data); }
    /* ws_set_user_data: a pointer for the host. */
    status set_user_data(void *value) const { return detail::check(ws_set_user_data(h_, value)); }
    /* ws_set_correlation_id: a name for the lines of the log, and for events. */
    status set_correlation_id(c_text id) const { return detail::check(ws_set_correlation_id(h_, id.c_str())); }
    /* ws_connection_info: addresses, TLS, subprotocol, compression. */
    result<ws_connection> info() const {
        return detail::figures<ws_connection>([this](ws_connection *i) { return ws_connection_info(h_, i); });
    }
    /* ws_connection_stats_get: messages, bytes, round trips and what waits. */
    result<ws_connection_stats> stats() const {
        return detail::figures<ws_connection_stats>([this](ws_connection_stats *s) { return ws_connection_stats_get(h_, s); });
    }
    /* ws_connection_text: the text that WS_TEXT_URL and so on name. */
    result<std::string> text(int32_t which) const { /* WS_TEXT_URL and so on */
        return detail::text([&](char *b, std::size_t n, std::size_t *size) { return ws_connection_text(h_, which, b, n, size); });
    }

    /* Of servers. */

    /* ws_subscribe: from now on it gets what is published to the topic. */
    status subscribe(std::string_view topic) const { return detail::check(ws_subscribe(h_, topic.data(), topic.size())); }
    /* ws_unsubscribe: it does not any more. */
    status unsubscribe(std::string_view topic) const { return detail::check(ws_unsubscribe(h_, topic.data(), topic.size())); }
    /* ws_subscribe_pattern: all topics that the pattern matches, with + and # as in MQTT. */
    status subscribe_pattern(std::string_view pattern) const {
        return detail::check(ws_subscribe_pattern(h_, pattern.data(), pattern.size()));
    }
    /* ws_unsubscribe_pattern: takes one back. */
    status unsubscribe_pattern(std::string_view pattern) const {
        return detail::check(ws_unsubscribe_pattern(h_, pattern.data(), pattern.size()));
    }
    /* ws_is_subscribed: WS_BY_TOPIC, WS_BY_PATTERN, both or 0. */
    result<int32_t> is_subscribed(std::string_view topic) const { /* WS_BY_TOPIC, WS_BY_PATTERN */
        return out<int32_t>([topic](ws_handle h, int32_t *how) { return ws_is_subscribed(h, topic.data(), topic.size(), how); });
    }
    /* ws_subscriptions: all topics and patterns of the connection. */
    result<std::vector<subscription>> subscriptions() const;
    /* ws_accept: the answer yes to on_upgrade. */
    status accept(const accept_options &options = {}) const {
        ws_accept_options o = options.raw();
        return detail::check(ws_accept(h_, &o));
    }
    /* ws_respond: another HTTP answer to on_upgrade or on_request (RFC 9110). */
    status respond(const response &answer = {}) const {
        ws_response r = answer.raw();
        return detail::check(ws_respond(h_, &r));
    }

    /* Answers to events of clients; those of a server are answered by the server. */

    /* ws_verify_answer: whether the certificate of on_verify is good. token: that of the event. */
    status verify_answer(uint64_t token, bool accept) const { return detail::check(ws_verify_answer(h_, token, accept)); }
    /* ws_sign_answer: the signature that on_sign has asked for. */
    status sign_answer(uint64_t token, bytes signature) const {
        return detail::check(ws_sign_answer(h_, token, signature.data(), signature.size()));
    }
    /* ws_reconnect_with: the answer to on_before_reconnect, what to connect with. */
    status reconnect_with(const reconnect_changes &changes = {}) const {
        ws_reconnect_changes c = changes.raw();
        return detail::check(ws_reconnect_with(h_, &c));
    }

    /* ws_post: calls f once where the callbacks of the connection run, in delay_ms at the earliest. */
    posted post(completion f, int64_t delay_ms = 0) const { return detail::post(h_, delay_ms, f); }

protected:
    ws_handle h_ = 0;

private:
    template <class T, class Call> result<T> out(Call call) const {
        T value{};
        int32_t code = detail::check(call(h_, &value));
        return {code, value};
    }
};

inline result<std::vector<subscription>> connection::subscriptions() const {
    result<std::string> list =
        detail::text([this](char *b, std::size_t n, std::size_t *size) { return ws_subscriptions(h_, b, n, size); }, 0);
    std::vector<subscription> all;
    std::size_t at = 0, size;
    const void *name;
    int32_t pattern;
    while (ws_subscription_next(list->data(), list->size(), &at, &name, &size, &pattern))
        all.push_back({std::string(static_cast<const char *>(name), size), pattern != 0});
    return {list.code(), std::move(all)};
}

inline ws::connection event::connection() const noexcept { return ws::connection(e_->handle); }

/*
 * A client. It is moved, not copied, and its destructor ends the connection at once (as
 * ws_destroy; close() first for a polite end):
 *
 * - at_end::wait, the default: it waits until the destroyed event was delivered (ws_destroy_wait), so
 *   that no lambda of the client runs or comes any more when it has returned, completions included,
 *   and all of them are freed. With a queue the events have to come out of it: the destructor
 *   dispatches it itself, or the thread that dispatches has to go on.
 * - Inside a callback of the client's loop or queue it would wait for itself. There it does not
 *   wait: it removes all listeners, destroys, and returns. No listener is called again, not even
 *   for the close event; they are freed at the destroyed event, when the callback that is just
 *   running has long returned. on_destroyed is still delivered, and pending completions still come
 *   (WS_ERR_CANCELLED): these must not use by reference what ends with the client.
 * - at_end::detach, or detach(): it never waits. Everything is delivered as ws_destroy says, on its
 *   thread, maybe when the destructor has returned: lambdas have to own what they use.
 *
 * The wait is a point of cancellation, which C++ answers by std::terminate in a destructor: a host that
 * ends threads by pthread_cancel disables it there.
 *
 * Without LIBWS_EXCEPTIONS a client that could not be made is false, and ws_last_error() says why.
 */
class client : public connection {
public:
    /* ws_create: a client that is not connected yet. end: what its destructor does. */
    explicit client(const create_options &options = {}, at_end end = at_end::wait) : end_(end) {
        ws_create_options o = options.raw();
        h_ = ws_create(&o);
        if (!h_) detail::check(WS_ERR_UNKNOWN);
    }
    /* None yet: one is moved here later. */
    explicit client(std::nullptr_t) noexcept : end_(at_end::wait) {}
    /* The handle goes over; other has none any more. */
    client(client &&other) noexcept : connection(std::exchange(other.h_, 0)), end_(other.end_) {}
    /* As the destructor for the handle that it had. */
    client &operator=(client &&other) noexcept {
        if (this != &other) {
            finish();
            h_ = std::exchange(other.h_, 0);
            end_ = other.end_;
        }
        return *this;
    }
    /* Ends it; see above. */
    ~client() { finish(); }

    /* ws_connect: begins to connect; on_open or on_error tells the rest, and done. url: ws or wss. */
    status connect(c_text url, const connect_options &options, completion done = {}) const {
        ws_connect_options o = options.raw();
        return done.given(ws_connect(h_, url.c_str(), &o, done.call(), done.node()));
    }
    status connect(c_text url, completion done = {}) const {
        return done.given(ws_connect(h_, url.c_str(), nullptr, done.call(), done.node()));
    }
    /* ws_connect_wait: connect, and waits until it is open or has failed. */
    status connect_wait(c_text url, const connect_options &options = {}, int64_t timeout_ms = -1) const {
        ws_connect_options o = options.raw();
        return detail::check(ws_connect_wait(h_, url.c_str(), &o, timeout_ms));
    }

    /* Ends the client as its destructor would, without waiting. */
    void detach() noexcept { ws_destroy(std::exchange(h_, 0)); }
    /* Gives the handle to the caller, who destroys it. Lambdas stay with the handle. */
    ws_handle release() noexcept { return std::exchange(h_, 0); }

private:
    void finish() noexcept {
        if (!h_) return;
        ws_handle h = std::exchange(h_, 0);
        if (end_ == at_end::wait) {
            if (ws_destroy_wait(h, -1) != WS_ERR_IN_CALLBACK) return;
            for (int32_t event = 1; event <= detail::last_event; event++)
                if (event != WS_EVENT_DESTROYED) ws_off(h, event, nullptr, nullptr);
        }
        ws_destroy(h);
    }

    at_end end_;
};

LIBWS_END

#endif
