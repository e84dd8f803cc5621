/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server.hpp - servers and queues.
 */
#ifndef LIBWS_SERVER_HPP
#define LIBWS_SERVER_HPP

#include "ws_connection.hpp"

LIBWS_BEGIN

/*
 * A queue, whose events wait for a thread of the host. Declare it before the clients and servers
 * that name it, so that it is destroyed after them.
 *
 * The destructor delivers what waits, such as the end of a client that was detached, and destroys.
 * While clients or servers still use the queue, or inside a callback of it, it cannot: the queue
 * then stays with the library until ws_shutdown_wait.
 *
 * A queue that is polled hands out events instead of calling lambdas: give its clients no lambdas,
 * which would be freed at ws_shutdown_wait only, and completion(WS_COMPLETION_POLL, user_data).
 */
class queue {
public:
    /* ws_queue_create. */
    explicit queue(const queue_options &options = {}) {
        ws_queue_options o = options.raw();
        h_ = ws_queue_create(&o);
        if (!h_) detail::check(WS_ERR_UNKNOWN);
    }
    /* None yet: one is moved here later. */
    explicit queue(std::nullptr_t) noexcept {}
    /* The queue goes over; other has none any more. */
    queue(queue &&other) noexcept : h_(std::exchange(other.h_, 0)) {}
    /* As the destructor for the queue that it had. */
    queue &operator=(queue &&other) noexcept {
        if (this != &other) {
            finish();
            h_ = std::exchange(other.h_, 0);
        }
        return *this;
    }
    /* Ends it; see above. */
    ~queue() { finish(); }
    /* The handle, for create_options and server_options. */
    ws_handle handle() const noexcept { return h_; }
    /* Whether there is a handle. */
    explicit operator bool() const noexcept { return h_ != 0; }

    /* ws_queue_fd: readable while events wait, for poll, select and event loops. It stays the library's. */
    result<ws_socket> fd() const {
        ws_socket fd = static_cast<ws_socket>(-1);
        int32_t code = detail::check(ws_queue_fd(h_, &fd));
        return {code, fd};
    }
    /* ws_queue_dispatch: calls the lambdas of events that wait; gives how many events were delivered. max_events: 0 for
     * all that wait. timeout_ms: for the first one; -1 for ever, 0 not at all. */
    result<std::size_t> dispatch(std::size_t max_events = 0, int32_t timeout_ms = 0) const {
        std::size_t count = 0;
        int32_t code = detail::check(ws_queue_dispatch(h_, max_events, timeout_ms, &count));
        return {code, count};
    }
    /* ws_queue_poll: events as structs, at most capacity; gives how many. timeout_ms: -1 for ever, 0 not at all. They are
     * valid until the next poll. */
    result<std::size_t> poll(ws_event *events, std::size_t capacity, int32_t timeout_ms = 0) const {
        std::size_t count = 0;
        if (capacity) events->struct_size = sizeof *events;
        int32_t code = detail::check(ws_queue_poll(h_, events, capacity, timeout_ms, &count));
        return {code, count};
    }
    /* ws_queue_flush: what sends have left together leaves now. */
    status flush() const { return detail::check(ws_queue_flush(h_)); }
    /* ws_queue_wake: ends a wait of poll or dispatch, with 0 events. Any thread, also in a signal handler. */
    status wake() const { return detail::check(ws_queue_wake(h_)); }
    /* ws_queue_destroy: WS_ERR_BUSY while clients or servers use it. */
    status destroy() {
        int32_t code = ws_queue_destroy(h_);
        if (code == WS_OK) h_ = 0;
        return detail::check(code);
    }
    /* Gives the handle to the caller, who destroys it. */
    ws_handle release() noexcept { return std::exchange(h_, 0); }
    /* ws_post: calls f once on the thread that dispatches, in delay_ms at the earliest. */
    posted post(completion f, int64_t delay_ms = 0) const { return detail::post(h_, delay_ms, f); }

private:
    void finish() noexcept {
        std::size_t count = 0;
        if (h_ && ws_queue_destroy(h_) == WS_ERR_BUSY) {
            while (ws_queue_dispatch(h_, 0, 0, &count) == WS_OK && count) {}
            ws_queue_destroy(h_);
        }
        h_ = 0;
    }

    ws_handle h_ = 0;
};

/*
 * A server. Its destructor is that of client: it ends the server and its connections at once
 * (stop_wait() first for a polite end) and waits until nothing of them runs or comes any more
 * (ws_server_destroy_wait). Inside a callback of any loop, or of the server's queue, it does not wait
 * but removes the listeners of the server and destroys it. With several loops a callback that runs on
 * another one may then still end later; and lambdas of accepted connections (connection::on) belong to
 * these, and are notified of their end: what both use must not end with the server, if it may be destroyed there.
 */
class server : public detail::named_listeners<server> {
public:
    /* ws_server_create: a server that does not listen yet. end: what its destructor does. */
    explicit server(const server_options &options = {}, at_end end = at_end::wait) : end_(end) {
        ws_server_options o = options.raw();
        h_ = ws_server_create(&o);
        if (!h_) detail::check(WS_ERR_UNKNOWN);
    }
    /* None yet: one is moved here later. */
    explicit server(std::nullptr_t) noexcept : end_(at_end::wait) {}
    /* The handle goes over; other has none any more. */
    server(server &&other) noexcept : h_(std::exchange(other.h_, 0)), end_(other.end_) {}
    /* As the destructor for the handle that it had. */
    server &operator=(server &&other) noexcept {
        if (this != &other) {
            finish();
            h_ = std::exchange(other.h_, 0);
            end_ = other.end_;
        }
        return *this;
    }
    /* Ends it; see above. */
    ~server() { finish(); }
    /* The handle, for calls of C; it stays the server's. */
    ws_handle handle() const noexcept { return h_; }
    /* Whether there is a handle. */
    explicit operator bool() const noexcept { return h_ != 0; }

    /* Listeners, as of a connection. With several loops one may run on several threads at once,
     * for different connections. */
    template <class F> registration on(int32_t event, F &&f) const {
        return detail::listen(ws_server_on, h_, event, std::forward<F>(f));
    }
    /* ws_server_off: no call of it begins once this has returned. */
    status off(const registration &l) const { return detail::check(ws_server_off(h_, l.event(), l.call(), l.node())); }
    /* ws_server_off_wait: off, and waits until calls that run have ended. timeout_ms: -1 for ever. */
    status off_wait(const registration &l, int64_t timeout_ms = -1) const {
        return detail::check(ws_server_off_wait(h_, l.event(), l.call(), l.node(), timeout_ms));
    }

    /* ws_server_start: listens. done: when it does, or why it does not. */
    status start(const server_config &config = {}, completion done = {}) const {
        ws_server_config c = config.raw();
        return done.given(ws_server_start(h_, &c, done.call(), done.node()));
    }
    /* ws_server_set_certificates: those of handshakes from now on. */
    status set_certificates(array<ws_certificate> certificates) const {
        return detail::check(ws_server_set_certificates(h_, certificates.data(), certificates.size()));
    }
    /* ws_server_stop: a Close frame for each connection, and their ends. What options do not say is as there: 1001, 5000 ms. */
    status stop(const close_options &options = {}, completion done = {}) const {
        ws_close_options o = options.raw();
        return done.given(ws_server_stop(h_, &o, done.call(), done.node()));
    }
    /* ws_server_stop_wait: stop, and waits for the end. */
    status stop_wait(int64_t timeout_ms = -1, const close_options &options = {}) const {
        ws_close_options o = options.raw();
        return detail::check(ws_server_stop_wait(h_, &o, timeout_ms));
    }
    /* ws_server_stop_listening: no new connections; the others stay. */
    status stop_listening(completion done = {}) const {
        return done.given(ws_server_stop_listening(h_, done.call(), done.node()));
    }
    /* ws_server_destroy_wait: ends it and its connections, and waits until nothing of them runs or comes any more. */
    status destroy_wait(int64_t timeout_ms = -1) const { return detail::check(ws_server_destroy_wait(h_, timeout_ms)); }

    /* ws_server_port: the port it listens at, also when the system chose it. */
    result<int32_t> port() const {
        int32_t port = 0;
        int32_t code = detail::check(ws_server_port(h_, &port));
        return {code, port};
    }
    /* ws_server_connections: all that are open now. */
    result<std::vector<connection>> connections() const {
        return listed([this](ws_handle *h, std::size_t n, std::size_t *count) { return ws_server_connections(h_, h, n, count); });
    }
    /* ws_topic_subscribers: who gets what is published to the topic now. */
    result<std::vector<connection>> subscribers(std::string_view topic) const {
        return listed([&](ws_handle *h, std::size_t n, std::size_t *count) {
            return ws_topic_subscribers(h_, topic.data(), topic.size(), h, n, count);
        });
    }
    /* ws_server_adopt: takes over a socket that the host has accepted; the descriptor is the library's when it worked. */
    result<connection> adopt(const adopt_options &options) const {
        ws_adopt_options o = options.raw();
        ws_handle h = 0;
        int32_t code = detail::check(ws_server_adopt(h_, &o, &h));
        return {code, connection(h)};
    }
    /* Answers to events of the server. */

    /* ws_verify_answer: whether the certificate of on_verify is good. token: that of the event. */
    status verify_answer(uint64_t token, bool accept) const { return detail::check(ws_verify_answer(h_, token, accept)); }
    /* ws_sign_answer: the signature that on_sign has asked for. */
    status sign_answer(uint64_t token, bytes signature) const {
        return detail::check(ws_sign_answer(h_, token, signature.data(), signature.size()));
    }
    /* ws_server_listener: address and port of listener number index, from 0 on. */
    result<ws_listener_info> listener_info(std::size_t index) const {
        return detail::figures<ws_listener_info>([&](ws_listener_info *i) { return ws_server_listener(h_, index, i); });
    }
    /* ws_server_descriptor: a duplicate of that listener's socket, which the caller closes. */
    result<ws_socket> descriptor(std::size_t index) const {
        ws_socket fd = static_cast<ws_socket>(-1);
        int32_t code = detail::check(ws_server_descriptor(h_, index, &fd));
        return {code, fd};
    }

    /* ws_server_set_relay: functions of C, called on a thread of the relay's own (ws_relay.h). */
    status set_relay(const ws_relay &relay) const { return status(detail::check(ws_server_set_relay(h_, &relay))); }
    /* Takes the relay off. */
    status no_relay() const { return status(detail::check(ws_server_set_relay(h_, nullptr))); }
    /* ws_relay_deliver: what another process has published, to the subscribers here. */
    status relay_deliver(const ws_relay_message &message) const {
        return status(detail::check(ws_relay_deliver(h_, &message)));
    }

    /* ws_publish: to all who have subscribed to the topic, but except; how many connections took it. */
    result<std::size_t> publish(std::string_view topic, std::string_view text, connection except = {}) const {
        return publish(topic, bytes(text), WS_TEXT, except);
    }
    result<std::size_t> publish(std::string_view topic, bytes data, int32_t type = WS_BINARY, connection except = {}) const {
        std::size_t n = 0;
        int32_t code = detail::check(ws_publish(h_, topic.data(), topic.size(), data.data(), data.size(), type, except.handle(), &n));
        return {code, n};
    }
    /* ws_publish_with: with a key, a priority or both; data once for all. */
    result<std::size_t> publish_with(std::string_view topic, bytes data, int32_t type, const send_options &options,
                                     connection except = {}) const {
        std::size_t n = 0;
        ws_send_options o = options.raw();
        int32_t code = detail::check(
            ws_publish_with(h_, topic.data(), topic.size(), data.data(), data.size(), type, except.handle(), &o, &n));
        return {code, n};
    }
    /* ws_server_broadcast_with: likewise, to all connections. */
    result<std::size_t> broadcast_with(bytes data, int32_t type, const send_options &options, connection except = {}) const {
        std::size_t n = 0;
        ws_send_options o = options.raw();
        int32_t code = detail::check(
            ws_server_broadcast_with(h_, data.data(), data.size(), type, except.handle(), &o, &n));
        return {code, n};
    }
    /* ws_server_broadcast: to all connections but except; how many took it. */
    result<std::size_t> broadcast(std::string_view text, connection except = {}) const {
        return broadcast(bytes(text), WS_TEXT, except);
    }
    result<std::size_t> broadcast(bytes data, int32_t type = WS_BINARY, connection except = {}) const {
        std::size_t n = 0;
        int32_t code = detail::check(ws_server_broadcast(h_, data.data(), data.size(), type, except.handle(), &n));
        return {code, n};
    }

    /* ws_server_stats_get: figures of the server since it was created. */
    result<ws_server_stats> stats() const {
        return detail::figures<ws_server_stats>([this](ws_server_stats *s) { return ws_server_stats_get(h_, s); });
    }
    /* ws_metrics: the same as text for Prometheus. */
    result<std::string> metrics() const {
        return detail::text([this](char *b, std::size_t n, std::size_t *size) { return ws_metrics(h_, b, n, size); });
    }
    /* ws_set_user_data: a pointer for the host. */
    status set_user_data(void *value) const { return detail::check(ws_set_user_data(h_, value)); }
    /* ws_user_data: what set_user_data or the options gave. */
    result<void *> user_data() const {
        void *value = nullptr;
        int32_t code = detail::check(ws_user_data(h_, &value));
        return {code, value};
    }

    /* Ends the server as its destructor would, without waiting. */
    void detach() noexcept { ws_server_destroy(std::exchange(h_, 0)); }
    /* Gives the handle to the caller, who destroys it. Lambdas stay with the handle. */
    ws_handle release() noexcept { return std::exchange(h_, 0); }

private:
    /* Handles of a number that is not known: read(handles, capacity, &count). */
    template <class Read> static result<std::vector<connection>> listed(Read read) {
        std::vector<ws_handle> handles(64);
        for (std::size_t count = 0;; handles.resize(count + 16)) {
            int32_t code = read(handles.data(), handles.size(), &count);
            if (code == WS_ERR_BUFFER) continue;
            handles.resize(detail::check(code) == WS_OK ? count : 0);
            return {code, std::vector<connection>(handles.begin(), handles.end())};
        }
    }
    void finish() noexcept {
        if (!h_) return;
        ws_handle h = std::exchange(h_, 0);
        if (end_ == at_end::wait) {
            if (ws_server_destroy_wait(h, -1) != WS_ERR_IN_CALLBACK) return;
            for (int32_t event = 1; event <= detail::last_event; event++)
                if (event != WS_EVENT_DESTROYED) ws_server_off(h, event, nullptr, nullptr);
        }
        ws_server_destroy(h);
    }

    ws_handle h_ = 0;
    at_end end_;
};

LIBWS_END

#endif
