/* SPDX-License-Identifier: Apache-2.0 */
/* qt.cpp - a server and a client in the event loop of Qt. */
#include "talk.h"
#include "ws_qt.hpp"

#include <QtCore/QCoreApplication>
#include <QtCore/QEventLoop>
#include <QtCore/QTimer>

static const char help[] =
    "usage: qt\n"
    "\n"
    "A server and a client in the event loop of Qt: 1100 echoes, all on its thread, and a\n"
    "loop inside a callback, during which no other callback begins.\n";

static ws_qt::watch *watching;
static int nested_loops;

/* Inside a callback: nothing may touch the loop for the adapter any more. */
static void stop(void *) {
    delete watching;
    QCoreApplication::quit();
}

/* What a dialog does that a callback opens with exec(). */
static void dialog(const ws_event *, void *user_data) {
    const talk *t = static_cast<const talk *>(user_data);
    const int echoes = t->echoes;
    QEventLoop loop;
    QTimer::singleShot(20, &loop, &QEventLoop::quit);
    loop.exec();
    if (t->echoes == echoes) nested_loops++;
}

int main(int argc, char **argv) {
    help_if_asked(argc, argv, help);
    QCoreApplication application(argc, argv);
    talk t;
    talk_make(&t, stop, nullptr);
    watching = new ws_qt::watch(t.queue, &application);
    if (!watching->isEnabled()) return 1;
    QTimer::singleShot(1, &application, [&] {
        talk_begin(&t);
        talk_must("post", ws_post(t.queue, 0, dialog, &t, nullptr));
    });
    QCoreApplication::exec();
    const int status = talk_end(&t);
    return nested_loops == 1 ? status : 1;
}
