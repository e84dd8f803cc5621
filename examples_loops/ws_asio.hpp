/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_asio.hpp - libws in an io_context of asio, alone or of Boost (define WS_ASIO_BOOST). Copy it into
 * your project.
 *
 *     ws::queue queue;
 *     ws_asio::watch watch(io, queue);     callbacks run in io.run(), one at a time
 *
 * Of several threads in io.run() one dispatches at a time, so callbacks need no strand among
 * themselves. watch ends before the queue: declare it behind. It keeps io.run() from returning until
 * stop().
 */
#ifndef WS_ASIO_HPP
#define WS_ASIO_HPP

#if defined(WS_ASIO_BOOST)
#include <boost/asio.hpp>
#else
#include <asio.hpp>
#endif
#include <libws/ws.hpp>

namespace ws_asio {

#if defined(WS_ASIO_BOOST)
namespace asio = boost::asio;
using error_code = boost::system::error_code;
#else
namespace asio = ::asio;
using error_code = std::error_code;
#endif

class watch {
public:
    /* A queue that cannot be watched (WS_QUEUE_THREAD) throws what assign throws for -1. */
    watch(asio::io_context &io, const ws::queue &queue, std::size_t max_events = 64)
        : shared_(std::make_shared<shared>(io, queue.handle(), max_events)) {
        shared_->fd.assign(queue.fd().value_or(-1));
        wait(shared_);
    }
    watch(const watch &) = delete;
    watch &operator=(const watch &) = delete;
    ~watch() { stop(); }

    /* On the thread of io.run(), or when that has returned. */
    void stop() {
        if (!shared_->fd.is_open()) return;
        shared_->fd.release(); /* cancels the wait; the descriptor is the queue's and stays open */
    }

private:
    /* What a wait that was cancelled late still needs. */
    struct shared {
        shared(asio::io_context &io, ws_handle q, std::size_t max) : fd(io), queue(q), max_events(max) {}
        asio::posix::stream_descriptor fd;
        ws_handle queue;
        std::size_t max_events;
    };

    static void wait(const std::shared_ptr<shared> &s) {
        s->fd.async_wait(asio::posix::stream_descriptor::wait_read, [s](error_code error) {
            std::size_t count;
            if (error || !s->fd.is_open()) return;
            ws_queue_dispatch(s->queue, s->max_events, 0, &count);
            if (s->fd.is_open()) wait(s); /* a callback may have stopped it */
        });
    }

    std::shared_ptr<shared> shared_;
};

} // namespace ws_asio

#endif
