/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from tests/ffi/declarations.json by tests/cpp/generate.py; do not edit. */
/*
 * ws_events.hpp - an event with views instead of pointers, and the names of its listeners.
 * ws_types.h says which members an event has, and ws.h which handle has which events.
 */
#ifndef LIBWS_EVENTS_HPP
#define LIBWS_EVENTS_HPP

#include <utility>

#include "ws_status.hpp"
#include "ws_views.hpp"

LIBWS_BEGIN

class connection;

/* What a listener gets. It points to the event of C: valid during the callback only, and so is
 * what its views look at. */
class event {
public:
    explicit event(const ws_event *e) noexcept : e_(e) {}
    const ws_event &raw() const noexcept { return *e_; }
    /* The connection that it is about, on which all calls may be made. */
    ws::connection connection() const noexcept;
    /* Messages, pings and pongs: the payload, as text and as bytes. A NUL byte follows. */
    std::string_view message() const noexcept { return {static_cast<const char *>(e_->data), e_->size}; }
    bytes data() const noexcept { return {e_->data, e_->size}; }
    /* Calls f(name, value) for each field of a header that came (header receive, upgrade,
     * request, and the error of a server that refused). */
    template <class F> void each_header(F f) const {
        std::size_t at = 0;
        const char *name, *value;
        while (ws_header_next(e_->data, e_->size, &at, &name, &value))
            f(std::string_view(name), std::string_view(value));
    }

    int32_t type() const noexcept { return e_->type; }
    ws_handle handle() const noexcept { return e_->handle; }
    ws_handle server() const noexcept { return e_->server; }
    int32_t message_type() const noexcept { return e_->message_type; }
    int32_t status() const noexcept { return e_->status; }
    int32_t code() const noexcept { return e_->code; }
    int32_t clean() const noexcept { return e_->clean; }
    std::string_view reason() const noexcept { return {e_->reason, e_->reason_size}; }
    std::string_view text() const noexcept { return e_->text; }
    int32_t error() const noexcept { return e_->error; }
    int32_t stage() const noexcept { return e_->stage; }
    int32_t os_error() const noexcept { return e_->os_error; }
    int32_t operation() const noexcept { return e_->operation; }
    void *user_data() const noexcept { return e_->user_data; }
    std::string_view protocol() const noexcept { return e_->protocol; }
    int64_t round_trip_us() const noexcept { return e_->round_trip_us; }
    int64_t delay_ms() const noexcept { return e_->delay_ms; }
    int32_t attempt() const noexcept { return e_->attempt; }
    int32_t will_reconnect() const noexcept { return e_->will_reconnect; }
    int32_t part() const noexcept { return e_->part; }
    int32_t pattern() const noexcept { return e_->pattern; }
    std::string_view method() const noexcept { return e_->method; }
    std::string_view target() const noexcept { return e_->target; }
    bytes body() const noexcept { return {e_->body, e_->body_size}; }
    std::string_view correlation_id() const noexcept { return e_->correlation_id; }
    uint64_t message_size() const noexcept { return e_->message_size; }
    uint64_t token() const noexcept { return e_->token; }
    int32_t scheme() const noexcept { return e_->scheme; }

private:
    const ws_event *e_;
};

/* What on() gives: whether it worked, and what off() wants. It owns nothing: the lambda belongs to
 * the handle until its destroyed event, also after off(). */
class registration : public status {
public:
    registration(int32_t code, int32_t type, ws_callback function, void *place) noexcept
        : status(code), event_(type), call_(function), node_(place) {}
    int32_t event() const noexcept { return event_; }
    ws_callback call() const noexcept { return call_; }
    void *node() const noexcept { return node_; }

private:
    int32_t event_;
    ws_callback call_;
    void *node_;
};

namespace detail {
inline constexpr int32_t last_event = 23;

/* Of each type that has events: self is the class with on(). */
template <class Self> class named_listeners {
public:
    template <class F> registration on_open(F &&f) const { return self().on(WS_EVENT_OPEN, std::forward<F>(f)); }
    template <class F> registration on_message(F &&f) const { return self().on(WS_EVENT_MESSAGE, std::forward<F>(f)); }
    template <class F> registration on_close(F &&f) const { return self().on(WS_EVENT_CLOSE, std::forward<F>(f)); }
    template <class F> registration on_error(F &&f) const { return self().on(WS_EVENT_ERROR, std::forward<F>(f)); }
    template <class F> registration on_destroyed(F &&f) const { return self().on(WS_EVENT_DESTROYED, std::forward<F>(f)); }
    template <class F> registration on_connect(F &&f) const { return self().on(WS_EVENT_CONNECT, std::forward<F>(f)); }
    template <class F> registration on_message_receive(F &&f) const { return self().on(WS_EVENT_MESSAGE_RECEIVE, std::forward<F>(f)); }
    template <class F> registration on_drain(F &&f) const { return self().on(WS_EVENT_DRAIN, std::forward<F>(f)); }
    template <class F> registration on_open_info(F &&f) const { return self().on(WS_EVENT_OPEN_INFO, std::forward<F>(f)); }
    template <class F> registration on_header_receive(F &&f) const { return self().on(WS_EVENT_HEADER_RECEIVE, std::forward<F>(f)); }
    template <class F> registration on_data_end(F &&f) const { return self().on(WS_EVENT_DATA_END, std::forward<F>(f)); }
    template <class F> registration on_ping(F &&f) const { return self().on(WS_EVENT_PING, std::forward<F>(f)); }
    template <class F> registration on_pong(F &&f) const { return self().on(WS_EVENT_PONG, std::forward<F>(f)); }
    template <class F> registration on_reconnecting(F &&f) const { return self().on(WS_EVENT_RECONNECTING, std::forward<F>(f)); }
    template <class F> registration on_upgrade(F &&f) const { return self().on(WS_EVENT_UPGRADE, std::forward<F>(f)); }
    template <class F> registration on_request(F &&f) const { return self().on(WS_EVENT_REQUEST, std::forward<F>(f)); }
    template <class F> registration on_before_reconnect(F &&f) const { return self().on(WS_EVENT_BEFORE_RECONNECT, std::forward<F>(f)); }
    template <class F> registration on_verify(F &&f) const { return self().on(WS_EVENT_VERIFY, std::forward<F>(f)); }
    template <class F> registration on_sign(F &&f) const { return self().on(WS_EVENT_SIGN, std::forward<F>(f)); }
    template <class F> registration on_topic_begin(F &&f) const { return self().on(WS_EVENT_TOPIC_BEGIN, std::forward<F>(f)); }
    template <class F> registration on_topic_end(F &&f) const { return self().on(WS_EVENT_TOPIC_END, std::forward<F>(f)); }
    template <class F> registration on_skipped(F &&f) const { return self().on(WS_EVENT_SKIPPED, std::forward<F>(f)); }

private:
    const Self &self() const noexcept { return static_cast<const Self &>(*this); }
};
} // namespace detail

LIBWS_END

#endif
