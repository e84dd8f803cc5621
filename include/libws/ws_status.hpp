/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_status.hpp - how calls of ws.hpp fail.
 *
 * Without LIBWS_EXCEPTIONS nothing throws: a call returns a status, or a result that has a
 * value or the error. With LIBWS_EXCEPTIONS defined before the header is included, a call that
 * fails throws ws::failure, and what it returns is good. The two have different names for the
 * linker, so a program may have files of both kinds, but cannot mix them by mistake.
 */
#ifndef LIBWS_STATUS_HPP
#define LIBWS_STATUS_HPP

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "ws.h"

#if defined(LIBWS_EXCEPTIONS)
#if !defined(__cpp_exceptions)
#error "LIBWS_EXCEPTIONS wants a compiler that has exceptions switched on"
#endif
#define LIBWS_BEGIN namespace ws { inline namespace throwing {
#else
#define LIBWS_BEGIN namespace ws { inline namespace returning {
#endif
#define LIBWS_END } }

LIBWS_BEGIN

#if defined(__cpp_exceptions)
/* What a failed call throws, by LIBWS_EXCEPTIONS or or_throw(). what() is ws_last_error(). */
class failure : public std::runtime_error {
public:
    /* code: WS_ERR_; text is copied. */
    failure(int32_t code, const char *text) : std::runtime_error(text), code_(code) {}
    /* WS_ERR_. */
    int32_t code() const noexcept { return code_; }

private:
    int32_t code_;
};
#endif

namespace detail {
/* The text of the call that has just failed with code on this thread. */
inline const char *reason(int32_t code) noexcept {
    const char *text = ws_last_error();
    return *text ? text : ws_strerror(code);
}

/* Every call that may fail goes through here. */
inline int32_t check(int32_t code) {
#if defined(LIBWS_EXCEPTIONS)
    if (code != WS_OK) throw failure(code, reason(code));
#endif
    return code;
}
} // namespace detail

/* WS_OK or WS_ERR_. It is an integer and no more: text() asks the library for the reason of the
 * last call of this thread, so ask before the next call. */
class status {
public:
    /* Of a call of C: its status. */
    constexpr status(int32_t code = WS_OK) noexcept : code_(code) {}
    /* Whether the call has done what it says. */
    constexpr explicit operator bool() const noexcept { return code_ == WS_OK; }
    /* WS_OK or WS_ERR_. */
    constexpr int32_t code() const noexcept { return code_; }
    /* ws_last_error of this thread, empty for WS_OK; valid until its next call. */
    std::string_view text() const noexcept { return code_ == WS_OK ? "" : detail::reason(code_); }
#if defined(__cpp_exceptions)
    /* Throws ws::failure when the call has failed, without LIBWS_EXCEPTIONS. */
    void or_throw() const {
        if (code_ != WS_OK) throw failure(code_, detail::reason(code_));
    }
#endif

private:
    int32_t code_;
};

/* The value that a call has given, or the error. */
template <class T> class [[nodiscard]] result : public status {
public:
    /* Both, as the call gave them. */
    result(int32_t code, T value) : status(code), value_(std::move(value)) {}
    /* Of a call that has failed it is T(). */
    const T &operator*() const & noexcept { return value_; }
    T &operator*() & noexcept { return value_; }
    T operator*() && { return std::move(value_); } /* by value: it outlives the result in a range-for */
    /* A member of the value. */
    const T *operator->() const noexcept { return &value_; }
    T *operator->() noexcept { return &value_; }
    /* The value, or other when the call has failed. */
    T value_or(T other) const & { return *this ? value_ : other; }
#if defined(__cpp_exceptions)
    /* The value; throws ws::failure when the call has failed. */
    const T &value() const & { or_throw(); return value_; }
    T value() && { or_throw(); return std::move(value_); }
#endif

private:
    T value_;
};

LIBWS_END

#endif
