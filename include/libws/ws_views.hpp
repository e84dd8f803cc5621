/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_views.hpp - what calls take: views of bytes, of arrays and of NUL-terminated text. A view
 * owns nothing; what it looks at has to live until the call that gets it has returned.
 */
#ifndef LIBWS_VIEWS_HPP
#define LIBWS_VIEWS_HPP

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>

#include "ws_status.hpp"

LIBWS_BEGIN

/* Elements one behind the other: a C array, std::array, std::vector, std::span. */
template <class T> class array {
public:
    /* Of nothing. */
    constexpr array() noexcept = default;
    /* size elements from data on. */
    constexpr array(const T *data, std::size_t size) noexcept : data_(data), size_(size) {}
    /* All of a container. */
    template <class Container, class = std::enable_if_t<std::is_convertible_v<
                                   decltype(std::data(std::declval<const Container &>())), const T *>>>
    constexpr array(const Container &c) noexcept : data_(std::data(c)), size_(std::size(c)) {}
    /* The first element. */
    constexpr const T *data() const noexcept { return data_; }
    /* How many. */
    constexpr std::size_t size() const noexcept { return size_; }
    /* Whether there is none. */
    constexpr bool empty() const noexcept { return !size_; }
    /* For loops: the first element. */
    constexpr const T *begin() const noexcept { return data_; }
    /* For loops: behind the last element. */
    constexpr const T *end() const noexcept { return data_ + size_; }
    /* Element i, unchecked. */
    constexpr const T &operator[](std::size_t i) const noexcept { return data_[i]; }

private:
    const T *data_ = nullptr;
    std::size_t size_ = 0;
};

/* Bytes of any kind. Containers of std::byte and unsigned char (std::uint8_t) become one by
 * themselves; text only by bytes(text), so that send(text) sends text. */
class bytes : public array<std::byte> {
    template <class Container>
    using element = std::remove_cv_t<std::remove_pointer_t<decltype(std::data(std::declval<const Container &>()))>>;
    static const std::byte *at(const void *data) noexcept { return static_cast<const std::byte *>(data); }

public:
    /* Of nothing. */
    constexpr bytes() noexcept = default;
    /* size bytes from data on. */
    bytes(const void *data, std::size_t size) noexcept : array(at(data), size) {}
    /* The bytes of a text. */
    explicit bytes(std::string_view text) noexcept : array(at(text.data()), text.size()) {}
    /* All of a container of bytes. */
    template <class Container,
              class = std::enable_if_t<std::is_same_v<element<Container>, std::byte> ||
                                       std::is_same_v<element<Container>, unsigned char>>>
    bytes(const Container &c) noexcept : array(at(std::data(c)), std::size(c)) {}
    /* The same bytes as text. */
    std::string_view text() const noexcept { return {static_cast<const char *>(static_cast<const void *>(data())), size()}; }
};

/* NUL-terminated text: a literal or a std::string, which is not copied. */
class c_text {
public:
    /* text: with a NUL at its end; nullptr for none. */
    constexpr c_text(const char *text) noexcept : text_(text) {}
    c_text(const std::string &text) noexcept : text_(text.c_str()) {}
    /* As C has it. */
    constexpr const char *c_str() const noexcept { return text_; }

private:
    const char *text_;
};

LIBWS_END

#endif
