/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_glib.h - libws in a main loop of GLib (GTK, GStreamer). Copy it into your project.
 *
 *     GSource *source = ws_glib_source_new(queue);
 *     g_source_attach(source, NULL);             callbacks run where the context's loop runs
 *     ...
 *     g_source_destroy(source);
 *     g_source_unref(source);
 *
 * Destroy the source before ws_queue_destroy. Its priority is G_PRIORITY_DEFAULT; below
 * G_PRIORITY_DEFAULT_IDLE it would starve while a window draws.
 */
#ifndef WS_GLIB_H
#define WS_GLIB_H

#include <glib-unix.h>

#include <libws/ws.h>

typedef struct ws_glib {
    GSource source; /* first: GSource * is ws_glib * */
    ws_handle queue;
    size_t max_events; /* of one turn of the loop; the others have the next */
} ws_glib;

static inline gboolean ws_glib_dispatch(GSource *source, GSourceFunc function, gpointer user_data)
{
    ws_glib *a = (ws_glib *)source;
    size_t count;
    (void)function, (void)user_data;
    ws_queue_dispatch(a->queue, a->max_events, 0, &count);
    return G_SOURCE_CONTINUE;
}

/* NULL: no queue that can be watched, see ws_last_error(). */
static inline GSource *ws_glib_source_new(ws_handle queue)
{
    /* Without prepare and check GLib looks at the descriptor alone. */
    static GSourceFuncs functions = {.dispatch = ws_glib_dispatch};
    int32_t fd;
    if (ws_queue_fd(queue, &fd) != WS_OK) return NULL;
    GSource *source = g_source_new(&functions, sizeof(ws_glib));
    ((ws_glib *)source)->queue = queue;
    ((ws_glib *)source)->max_events = 64;
    g_source_add_unix_fd(source, fd, G_IO_IN);
    g_source_set_name(source, "libws");
    return source;
}

#endif
