/* SPDX-License-Identifier: Apache-2.0 */
/* An echo of libsoup 3 on a free port of 127.0.0.1, which prints its URL and ends with stdin. */
#include <libsoup/soup.h>
#include <stdio.h>

static void on_message(SoupWebsocketConnection *c, SoupWebsocketDataType type, GBytes *data, gpointer unused)
{
    (void)unused;
    soup_websocket_connection_send_message(c, type, data);
}

static void on_closed(SoupWebsocketConnection *c, gpointer unused)
{
    (void)unused;
    g_object_unref(c);
}

static void on_connection(SoupServer *server, SoupServerMessage *m, const char *path, SoupWebsocketConnection *c, gpointer unused)
{
    (void)server, (void)m, (void)path, (void)unused;
    g_object_ref(c);
    soup_websocket_connection_set_max_incoming_payload_size(c, 1 << 22);
    g_signal_connect(c, "message", G_CALLBACK(on_message), NULL);
    g_signal_connect(c, "closed", G_CALLBACK(on_closed), NULL);
}

static gboolean on_stdin(GIOChannel *in, GIOCondition condition, gpointer loop)
{
    (void)in, (void)condition;
    g_main_loop_quit(loop);
    return FALSE;
}

int main(void)
{
    SoupServer *server = soup_server_new(NULL, NULL);
    soup_server_add_websocket_handler(server, "/echo", NULL, NULL, on_connection, NULL, NULL);
    if (!soup_server_listen_local(server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL)) return 1;
    GSList *uris = soup_server_get_uris(server);
    printf("ws://127.0.0.1:%d/echo\n", g_uri_get_port(uris->data));
    fflush(stdout);
    g_slist_free_full(uris, (GDestroyNotify)g_uri_unref);
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_io_add_watch(g_io_channel_unix_new(0), G_IO_IN | G_IO_HUP, on_stdin, loop);
    g_main_loop_run(loop);
    return 0;
}
