/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_qt.hpp - libws in the event loop of a thread of Qt 5 or 6. Copy it into your project.
 *
 *     ws_handle queue = ws_queue_create(NULL);
 *     auto *watch = new ws_qt::watch(queue, parent);     callbacks run where parent lives
 *
 * Delete it before ws_queue_destroy; a callback may do so, too. While a callback runs a loop of its own, as
 * QDialog::exec() does, no other callback begins: what comes meanwhile waits in the queue.
 */
#ifndef WS_QT_HPP
#define WS_QT_HPP

#include <QtCore/QEvent>
#include <QtCore/QPointer>
#include <QtCore/QSocketNotifier>

#include <libws/ws.h>

namespace ws_qt {

/* For the thread that makes it, which has to have an event loop. A queue that has no descriptor
 * (WS_QUEUE_THREAD) leaves it without one: isEnabled() is false then, and ws_last_error() says why. */
class watch final : public QSocketNotifier {
public:
    explicit watch(ws_handle queue, QObject *parent = nullptr, size_t max_events = 64)
        : QSocketNotifier(descriptor(queue), QSocketNotifier::Read, parent), queue_(queue), max_events_(max_events) {}

protected:
    /* The signal activated has other parameters in each version of Qt; its event has none. */
    bool event(QEvent *e) override {
        if (e->type() != QEvent::SockAct) return QSocketNotifier::event(e);
        QPointer<watch> here(this);
        size_t count;
        setEnabled(false); /* a loop inside a callback would find the descriptor readable again and again */
        ws_queue_dispatch(queue_, max_events_, 0, &count);
        if (here) setEnabled(true);
        return true;
    }

private:
    static ws_socket descriptor(ws_handle queue) {
        ws_socket fd = -1;
        ws_queue_fd(queue, &fd);
        return fd;
    }

    ws_handle queue_;
    size_t max_events_; /* of one turn of the loop; the others have the next */
};

} // namespace ws_qt

#endif
