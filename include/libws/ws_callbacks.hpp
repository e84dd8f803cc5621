/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_callbacks.hpp - lambdas as listeners and completions: who owns them, and what happens to an
 * exception that leaves one.
 */
#ifndef LIBWS_CALLBACKS_HPP
#define LIBWS_CALLBACKS_HPP

#include <atomic>
#include <memory>
#if defined(__GLIBCXX__) && defined(__cpp_exceptions)
#include <cxxabi.h>
#endif

#include "ws_events.hpp"

LIBWS_BEGIN

/* Called for an exception that has left a lambda of the host; it runs where the lambda ran. */
using exception_handler = void (*)(std::exception_ptr);

namespace detail {
inline std::atomic<exception_handler> handler{nullptr};

#if defined(__cpp_exceptions)
inline void caught() noexcept {
    exception_handler h = handler.load(std::memory_order_acquire);
    if (!h) std::terminate();
    h(std::current_exception());
}
#endif
} // namespace detail

/* An exception never passes through the library, which is not C++. Without a handler it ends in
 * std::terminate, as one that leaves a thread does; with one the event counts as handled. What the
 * handler itself throws is std::terminate. Set it before the first lambda runs; nullptr: none. */
inline void set_exception_handler(exception_handler h) noexcept { detail::handler.store(h, std::memory_order_release); }

namespace detail {
/* A lambda takes the event, or nothing. */
template <class F> void apply(F &f, const ws_event *e) {
    if constexpr (std::is_invocable_v<F &, const event &>) {
        f(event(e));
    } else {
        static_assert(std::is_invocable_v<F &>, "a listener takes (const ws::event &) or nothing");
        (void)e;
        f();
    }
}

template <class F> void run(F &f, const ws_event *e) {
#if defined(__cpp_exceptions)
    try {
        apply(f, e);
    }
#if defined(__GLIBCXX__)
    catch (abi::__forced_unwind &) { /* pthread_cancel and pthread_exit are no exceptions */
        throw;
    }
#endif
    catch (...) {
        caught();
    }
#else
    apply(f, e);
#endif
}

/* A lambda on the heap. */
template <class F> class kept {
public:
    template <class G> explicit kept(G &&f) : f_(std::forward<G>(f)) {}
    static void WS_CALL call(const ws_event *e, void *self) { run(static_cast<kept *>(self)->f_, e); }
    static void WS_CALL drop(const ws_event *, void *self) { delete static_cast<kept *>(self); }
    static void WS_CALL once(const ws_event *e, void *self) {
        std::unique_ptr<kept> own(static_cast<kept *>(self));
        run(own->f_, e);
    }
    static void erase(void *self) { delete static_cast<kept *>(self); }

private:
    F f_;
};
} // namespace detail

namespace detail {
/* Adds a lambda by ws_on or ws_server_on. It is freed at the destroyed event of the handle, which is
 * the last one, so that no call of it can come later. */
template <class F>
registration listen(int32_t(WS_CALL *on)(ws_handle, int32_t, ws_callback, void *), ws_handle h, int32_t event, F &&f) {
    using node_type = kept<std::decay_t<F>>;
    auto node = std::make_unique<node_type>(std::forward<F>(f));
    const bool last = event == WS_EVENT_DESTROYED;
    int32_t code = on(h, WS_EVENT_DESTROYED, last ? node_type::once : node_type::drop, node.get());
    if (code != WS_OK) return {check(code), event, nullptr, nullptr};
    node_type *own = node.release(); /* the destroyed event may come, and free it, from here on */
    if (!last) code = on(h, event, node_type::call, own);
    return {check(code), event, node_type::call, own};
}
} // namespace detail

/* A completion: a lambda that is called once, then freed; or nothing; or a function as in C. When
 * the call that takes it fails it is freed without being called. */
class completion {
public:
    /* Nothing is called. */
    completion() noexcept = default;
    completion(std::nullptr_t) noexcept {}
    /* A function as in C. */
    completion(ws_callback function, void *user_data) noexcept : call_(function), node_(user_data) {}
    /* A lambda that takes (const ws::event &) or nothing. It is copied or moved to the heap. */
    template <class F, class = std::enable_if_t<std::is_invocable_v<std::decay_t<F> &, const event &> ||
                                                std::is_invocable_v<std::decay_t<F> &>>>
    completion(F &&f)
        : call_(detail::kept<std::decay_t<F>>::once), node_(new detail::kept<std::decay_t<F>>(std::forward<F>(f))),
          erase_(detail::kept<std::decay_t<F>>::erase) {}
    completion(const completion &) = delete;
    completion &operator=(const completion &) = delete;
    /* Frees what no call has taken. */
    ~completion() {
        if (erase_) erase_(node_);
    }
    /* For the calls of this library: what C gets, and what came of it. */
    ws_callback call() const noexcept { return call_; }
    /* Its user_data. */
    void *node() const noexcept { return node_; }
    /* What frees it; nullptr: nothing has to. */
    void (*erase() const noexcept)(void *) { return erase_; }
    /* Takes the status of the call that it was given to. */
    int32_t given(int32_t code) {
        if (code == WS_OK) erase_ = nullptr; /* the library's until it was called, which may be over already */
        return detail::check(code);
    }

private:
    ws_callback call_ = nullptr;
    void *node_ = nullptr;
    void (*erase_)(void *) = nullptr;
};

/* A posted function (post), to be taken back. */
class posted : public status {
public:
    /* For post(). */
    posted(int32_t code, ws_handle target, uint64_t id, void *node, void (*erase)(void *)) noexcept
        : status(code), target_(target), id_(id), node_(node), erase_(erase) {}
    /* ws_post_cancel. WS_OK: it never runs, and is freed. WS_ERR_STATE: it has run, or will at once. */
    status cancel() const {
        int32_t code = ws_post_cancel(target_, id_);
        if (code == WS_OK && erase_) erase_(node_);
        return detail::check(code);
    }

private:
    ws_handle target_;
    uint64_t id_;
    void *node_;
    void (*erase_)(void *);
};

namespace detail {
inline posted post(ws_handle target, int64_t delay_ms, completion &f) {
    uint64_t id = 0;
    void *node = f.node();
    auto erase = f.erase();
    int32_t code = f.given(ws_post(target, delay_ms, f.call(), node, &id));
    return {code, target, id, node, erase};
}
} // namespace detail

LIBWS_END

#endif
