/* SPDX-License-Identifier: Apache-2.0 */
/* glib.c - a server and a client in a main loop of GLib. */
#include "talk.h"
#include "ws_glib.h"

static const char help[] =
    "usage: glib\n"
    "\n"
    "A server and a client in a main loop of GLib: 1100 echoes, all on its thread.\n";

static void stop(void *loop) { g_main_loop_quit((GMainLoop *)loop); }

static gboolean begin(gpointer t)
{
    talk_begin((talk *)t);
    return G_SOURCE_REMOVE;
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    talk t;
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    talk_make(&t, stop, loop);
    if (ws_glib_source_new(0)) return 1;
    GSource *source = ws_glib_source_new(t.queue);
    g_source_attach(source, NULL);
    g_timeout_add(1, begin, &t);
    g_main_loop_run(loop);
    g_source_destroy(source);
    g_source_unref(source);
    g_main_loop_unref(loop);
    return talk_end(&t);
}
