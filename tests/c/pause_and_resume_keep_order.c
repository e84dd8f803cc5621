/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An echo server pauses its connection at every message, and another thread
 * resumes it at once. A client that sends thousands of messages and then closes
 * gets every answer, in order, before the Close frame: a close that came in while
 * the connection was paused waits for what is held.
 */
#include "t.h"

enum { MESSAGES = T_TIMES(1000), ROUNDS = 5 };

static int pipe_ends[2];

static void echo_and_pause(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL));
    OK(ws_pause(e->handle));
    CHECK_EQ(write(pipe_ends[1], &e->handle, sizeof e->handle), sizeof e->handle);
}

static void *resume(void *unused)
{
    ws_handle handle;
    while (read(pipe_ends[0], &handle, sizeof handle) == sizeof handle) ws_resume(handle);
    return unused;
}

int main(void)
{
    CHECK_EQ(pipe(pipe_ends), 0);
    pthread_t thread;
    t_thread(&thread, resume, NULL);
    ws_handle server = t_server(NULL, NULL);
    ws_close_options patient; /* the answers may take longer than 5 s on a busy machine */
    WS_INIT_STRUCT(&patient);
    patient.timeout_ms = T_DEADLINE_MS;
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo_and_pause, NULL));
    for (int round = 0; round < ROUNDS; round++) {
        t_log log = T_LOG;
        ws_handle client = t_open_client(server, &log);
        char text[16];
        for (int i = 0; i < MESSAGES; i++)
            OK(ws_send(client, text, (size_t)sprintf(text, "%d", i), WS_TEXT, NULL, NULL));
        OK(ws_close(client, &patient, NULL, NULL));
        CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->clean, 1);
        CHECK_EQ(t_seen(&log, WS_EVENT_MESSAGE), MESSAGES);
        for (int i = 0; i < MESSAGES; i++) CHECK_EQ(atoi((char *)log.events[i + 1]->data), i);
        t_destroy(client, &log);
        t_forget(&log);
    }
    close(pipe_ends[1]);
    t_join(thread);
    close(pipe_ends[0]);
    return t_done();
}
