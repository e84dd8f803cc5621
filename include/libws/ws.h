/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from capi/front_*.c by "go generate ./..."; do not edit. */
/*
 * libws - WebSocket client and server for native programs.
 *
 * One shared library, a plain C ABI, safe from any thread. Everything is a handle
 * and everything that happens is an event:
 *
 *     ws_handle client = ws_create(NULL);
 *     ws_on(client, WS_EVENT_OPEN, on_open, NULL);
 *     ws_on(client, WS_EVENT_MESSAGE, on_message, NULL);
 *     ws_on(client, WS_EVENT_CLOSE, on_close, NULL);
 *     ws_on(client, WS_EVENT_ERROR, on_error, NULL);
 *     if (ws_connect(client, "ws://127.0.0.1:8080/", NULL, NULL, NULL))
 *         fprintf(stderr, "%s\n", ws_last_error());
 *
 *     void on_open(const ws_event *e, void *user) { ws_send(e->handle, "hello", 5, WS_TEXT, NULL, NULL); }
 *     void on_message(const ws_event *e, void *user) { printf("%s\n", (const char *)e->data); }
 *     void on_close(const ws_event *e, void *user) { printf("closed with %d\n", (int)e->code); }
 *     void on_error(const ws_event *e, void *user) { fprintf(stderr, "%s\n", e->text); }
 *
 * Every open has a close; an attempt that fails has an error only, so a program that
 * waits for its client listens to both.
 *
 * A server is the same: ws_server_create, ws_server_on, ws_server_start. Each
 * connection that it accepts is a handle of its own, on which ws_send, ws_close,
 * ws_on, ws_off and ws_destroy work as on a client.
 *
 * Callbacks run on a thread of the library. A host that wants them on a thread of
 * its own, or blocks in them, makes a queue and names it in the options of its
 * clients and servers; see "Queues" below.
 *
 * ws_types.h states the contract on threads, lifetimes, errors and options, and
 * describes the events. Read it once; this file is the reference.
 *
 * Completions: connect, send, close, start and stop take an optional callback. A
 * call that returned 0 completes exactly once, never inside the call, as an event
 * of that handle of type WS_EVENT_COMPLETION, before its destroyed event. Without
 * a completion a send allocates nothing.
 */
#ifndef LIBWS_H
#define LIBWS_H

#include "ws_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The library -----------------------------------------------------------
 * Starting, stopping, versions and error texts. Nothing has to be started: the
 * first create call starts the event loops with defaults. Loading the library does
 * nothing: no thread, no signal handler, until ws_init, ws_create, ws_server_create,
 * ws_queue_create or ws_metrics is called. The first of them takes milliseconds. */

/*
 * Starts the library with options; optional, and only once, before the first
 * ws_create or ws_server_create. Starts one thread per loop. A host that cannot spare
 * the milliseconds of the start later calls it early; one that forks, such as a daemon,
 * calls it in the child.
 *
 * options: NULL for defaults. Members out of range are refused by name.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_UNSUPPORTED for an engine that this
 *   build does not have, and in a process whose libc is not that of the build; WS_ERR_STATE when the library has started already;
 *   WS_ERR_SHUTDOWN after ws_shutdown_wait; WS_ERR_MEMORY or WS_ERR_UNKNOWN when the
 *   system refuses memory, threads or descriptors: it may be called again.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_init(const ws_init_options *options);

/*
 * Ends the library: aborts every connection, stops every server, delivers what
 * that causes (completions, close, destroyed), and waits until the last
 * callback has returned. A ws_server_stop that has begun has its time first, and so
 * has a client's ws_close: until they are over, connections of other clients and
 * servers go on, but nothing new can be made. Call it before the host tears down what its callbacks
 * use. It cannot be started again in this process. A host that just calls
 * exit() needs no shutdown.
 *
 * Events that wait in queues have to be delivered, too. The call does it itself
 * for a queue that the calling thread has dispatched last, or nobody ever, or a
 * thread that has ended: its callbacks run inside this call. A queue that another
 * thread has dispatched last stays that thread's: it has to go on until its
 * handles are destroyed, else the call waits for it until the timeout. What a
 * host polled goes to listeners and completions here.
 *
 * timeout_ms: how long to wait; -1 for ever, 0 not at all.
 *
 * Returns: WS_OK, also when nothing had been started or it is called again;
 *   WS_ERR_TIMEOUT when a stop is not over, or callbacks are still running: the end goes
 *   on, and it may be called again (ws_server_destroy cuts a stop short);
 *   WS_ERR_IN_CALLBACK inside a callback.
 * Threads: any but the library's own. The wait is a point of cancellation, and so
 *   are callbacks that it runs; the shutdown goes on then.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_shutdown_wait(int64_t timeout_ms);

/*
 * Figures of the whole library: connections, limits, memory.
 *
 * stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At
 *   most that many bytes are written. All zero before the library has started.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER.
 * Threads: any. The figures are not of one moment.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_stats_get(ws_stats *stats);

/*
 * The version of the library as text, "0.1.0".
 *
 * Returns: a static string.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_version_string(void);

/*
 * The version of the library as a number, (major << 16) | (minor << 8) | patch.
 * Compare it with WS_VERSION_NUMBER to see whether header and library belong
 * together.
 *
 * Returns: the number.
 * Threads: any.
 * Since: 0.1
 */
WS_API uint32_t WS_CALL ws_version_number(void);

/*
 * The version of the ABI, (major << 16) | minor; WS_ABI_VERSION of the header
 * the library was built with. While major is 0 an incompatible change raises
 * minor; from 1.0 on the ABI only grows.
 *
 * Returns: the number.
 * Threads: any.
 * Since: 0.1
 */
WS_API uint32_t WS_CALL ws_abi_version(void);

/*
 * Tells whether this library has a feature, on this system and in this build. The
 * names so far:
 *
 *     client, server, tls, ipv6, unix     what connects, and where
 *     proxy, redirects, reconnect         clients
 *     acknowledged_sends                  WS_ACKNOWLEDGED_SENDS (Linux)
 *     requests, topics, limits            servers
 *     topic_patterns, topic_events        ws_subscribe_pattern, WS_EVENT_TOPIC_BEGIN
 *     listen_descriptor, reuse_port       handing over a listening socket
 *     adopt                               ws_server_adopt
 *     compression, pieces, ping, pause    messages
 *     skip                                WS_SKIP_LARGE
 *     send_with                           ws_send_with, ws_publish_with, ws_server_broadcast_with
 *     epoll, goroutine                    values of ws_init_options.engine
 *     queue, gather, wait, post           how a host receives, answers and waits
 *     metrics, log, correlation_id        what it sees
 *
 * name: NUL-terminated; NULL and unknown names give 0.
 *
 * Returns: 1 or 0.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_has_feature(const char *name);

/*
 * The general meaning of a status or error id. OpenHarmony's ids have the
 * module's messages.
 *
 * status: any number.
 *
 * Returns: a static string, never NULL.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_strerror(int32_t status);

/*
 * Why the last call of this thread failed, naming the argument. Every call
 * clears it at its start, so it is empty after a call that succeeded.
 *
 * Returns: the text, never NULL; valid until the thread's next call.
 * Threads: any; each has its own text.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_last_error(void);

/* ---- Events ----------------------------------------------------------------
 * A handle has any number of listeners per event; they are called in the order
 * in which they were added. A listener added during an event is called from the next one on. */

/*
 * Adds a listener to a client or an accepted connection. Called inside the
 * connect event of a server it misses nothing of that connection. Adding the
 * same pair twice calls it twice.
 *
 * handle: client or accepted connection.
 * event: WS_EVENT_MESSAGE, _DATA_END, _SKIPPED, _CLOSE, _ERROR, _DRAIN, _PING, _PONG or
 *   _DESTROYED; clients also _OPEN, _OPEN_INFO, _HEADER_RECEIVE, _RECONNECTING,
 *   _BEFORE_RECONNECT, _VERIFY, _SIGN.
 * callback: not NULL.
 * user_data: handed to callback; any value.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER; WS_ERR_MEMORY.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_on(ws_handle handle, int32_t event, ws_callback callback, void *user_data);

/*
 * Removes listeners. Inside a callback of this connection nothing removed is
 * called again. From another thread a call that is already running may still
 * end later; ws_off_wait waits for it.
 *
 * callback, user_data: both must match what ws_on got; callback NULL removes
 *   all listeners of the event. Removing what is not there is no error.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_off(ws_handle handle, int32_t event, ws_callback callback, void *user_data);

/*
 * Like ws_off, then waits until no callback of this connection is running: what
 * user_data points to may be freed afterwards.
 *
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: WS_OK; WS_ERR_TIMEOUT: the listener is removed, but a call is still
 *   running; WS_ERR_IN_CALLBACK inside a callback of this connection (use
 *   ws_off there), nothing is removed; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any. Two callbacks that wait for each other wait until the timeout. The
 *   wait is a point of cancellation.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_off_wait(ws_handle handle, int32_t event, ws_callback callback, void *user_data,
                                   int64_t timeout_ms);

/*
 * Sets the value that ws_user_data returns. libws never looks at it.
 *
 * handle: client, accepted connection or server.
 *
 * Returns: WS_OK; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_user_data(ws_handle handle, void *user_data);

/*
 * The value of ws_set_user_data, or of the options at creation; NULL at first.
 *
 * handle: client, accepted connection or server.
 * user_data: not NULL; receives the value.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_user_data(ws_handle handle, void **user_data);

/*
 * Gives a connection an id of the host's own, such as that of a request or a user:
 * it comes back as correlation_id of every event of the connection and in its lines of
 * the log. For clients and accepted connections there are options for it, too
 * (ws_create_options, ws_accept_options).
 *
 * handle: client or accepted connection; a client keeps it over reconnects.
 * id: at most 64 bytes of printable ASCII, copied; NULL or "": none. What it was stays
 *   in memory until the handle has ended.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_MEMORY; WS_ERR_HANDLE.
 * Threads: any. An event whose callback runs just now has the old one.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_correlation_id(ws_handle handle, const char *id);

/*
 * Reads the next field of the header that a WS_EVENT_HEADER_RECEIVE, _UPGRADE or
 * _REQUEST event brings, and the _ERROR of an answer that refused.
 *
 *     size_t at = 0;
 *     const char *name, *value;
 *     while (ws_header_next(e->data, e->size, &at, &name, &value)) puts(name);
 *
 * data, size: those of the event: names and values in turn, a NUL behind each, in
 *   the order in which they came; a field that came twice is there twice.
 * at: 0 at first; where the call goes on.
 * name, value: receive pointers into data; value is without surrounding blanks.
 *
 * Returns: 1, or 0 when there is no other field or an argument is NULL.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_header_next(const void *data, size_t size, size_t *at, const char **name, const char **value);

/* ---- Sending ---------------------------------------------------------------
 * Messages, pieces of messages and pings, on clients and accepted connections. */

/*
 * Sends one message, whole or not at all. The data is copied or sent before the
 * call returns; the caller may reuse it. Messages arrive in the order in which
 * the calls returned, whatever the threads. Inside a callback the bytes leave
 * when the callbacks of the batch have returned, or what ws_queue_dispatch delivers
 * was delivered: see there.
 *
 * handle: client or accepted connection that is open.
 * data: size bytes; may be NULL when size is 0. Text must be UTF-8 (RFC 6455 8.1). It may lie
 *   in memory whose faults the host handles: they come before anything is begun, and the
 *   handler may leave the call by siglongjmp. Memory that cannot be read is
 *   WS_ERR_PARAMETER when there is no handler, but inside callbacks.
 * type: WS_TEXT or WS_BINARY.
 * completion: NULL, or called once (operation WS_OP_SEND) when the kernel has the
 *   whole message, or why it never will. A completion costs an allocation.
 *
 * Returns: WS_OK: accepted; WS_ERR_FULL: more than max_buffered bytes would
 *   wait; WS_ERR_STATE: not open; WS_ERR_TOO_LARGE: over max_send_size;
 *   WS_ERR_MEMORY: the memory budget is used up; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE; WS_ERR_NO_CONNECTION: an accepted connection that has ended.
 * Threads: any; many threads may send on one handle at once.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send(ws_handle handle, const void *data, size_t size, int32_t type, ws_callback completion,
                               void *user_data);

/*
 * Sends one message with a key, a priority or both. A key is for latest values (positions, prices,
 * states): a peer that reads slowly gets the newest value of each key instead of all of them late.
 * A priority is for small messages that must not wait behind large ones.
 *
 * Both matter while a message waits whole, and so from the first call on whatever cannot leave the
 * connection at once does, also what ws_send and ws_publish send. What the kernel has (up to
 * 256 KiB beyond the window of the peer), and a message of which a byte has left, is neither
 * replaced nor passed. It costs what full_policy costs: what inline callbacks send is handed to the
 * kernel message by message.
 *
 * key: a message that waits with the same key is replaced. The new one takes its place in the
 *   queue, so that a key that changes often does not wait longer than others, or the last place
 *   of its priority when that is another one. The completion of the old one says WS_ERR_REPLACED;
 *   messages_replaced counts it.
 * priority: the message goes before all with a lower one that wait. As long as they come, those
 *   with a lower one wait.
 *
 * What the peer can rely on: messages come whole; the last one with a key comes, and so does each
 * without. Two with the same priority come in the order of the calls,
 * unless the later one took the place of one that was sent before the other; so those with one key
 * and one priority come in their order, and so do those without a key. Between priorities there is no order.
 *
 * A message in pieces (ws_send_part) has priority 0: it may be passed as a whole before its
 * first piece has left, and then nothing comes between. Before its last piece was sent, ws_send_with is
 * refused as ws_send is. Pings and pongs go before all that waits whole, a Close frame (ws_close, a
 * stop, ws_shutdown_wait) behind it. max_buffered counts what waits, so a key counts once, and
 * WS_ERR_FULL leaves the old message where it is; with WS_FULL_DROP_OLDEST the lowest priority is
 * dropped first. With max_send_frame a message still leaves as a whole. With compression (RFC 7692)
 * what waits whole leaves uncompressed, but for what was published. A client that keeps its sends over a
 * loss (WS_KEEP_SENDS) sorts and replaces them in the same way, also before it is open.
 *
 * handle, data, size, type, completion: as in ws_send.
 * options: NULL, or key and priority.
 *
 * Returns: as ws_send; WS_ERR_PARAMETER: also for the options; WS_ERR_STATE: also in the middle of a
 *   message in pieces.
 * Threads: any. What several threads send with one key replaces each other in the order in which
 *   the calls are served.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send_with(ws_handle handle, const void *data, size_t size, int32_t type,
                                    const ws_send_options *options, ws_callback completion, void *user_data);

/*
 * Sends a piece of a message whose size need not be known: a fragment (RFC 6455 5.4).
 * Pings and pongs may go out between the pieces, other messages are refused until the
 * last piece was sent.
 *
 * handle, data, completion: as in ws_send. Text must be UTF-8 as a whole; a piece may end
 *   inside a character.
 * type: WS_TEXT or WS_BINARY, the same for all pieces.
 * ends: 1 for the last piece, which may be empty; 0 for all others.
 *
 * With compression (ws_compression, RFC 7692) the first piece decides: the message goes
 * uncompressed when that piece has min_size bytes and does not get smaller. Otherwise each
 * piece is compressed and flushed, so that the peer can read all of it before the next one
 * comes; that takes 5 bytes a piece, so pieces should not be very small.
 *
 * Returns: as ws_send. A piece that was refused can be sent again, but not after
 *   WS_ERR_STATE: the connection has ended, and the message with it. A client that has
 *   connected again by itself meanwhile refuses one piece so, for the host to notice.
 * Threads: any, but the caller orders the pieces of a message.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_send_part(ws_handle handle, const void *data, size_t size, int32_t type, int32_t ends,
                                    ws_callback completion, void *user_data);

/*
 * Sends a ping (RFC 6455 5.5.2). The answer comes as WS_EVENT_PONG with the same
 * payload and the time it took.
 *
 * handle: client or accepted connection that is open.
 * data: size bytes, at most 125; may be NULL when size is 0.
 *
 * Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: too much waits to be sent;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_ping(ws_handle handle, const void *data, size_t size);

/*
 * Sends a pong (RFC 6455 5.5.3): the answer to a ping, for who has asked for
 * WS_MANUAL_PONG, or one that answers nothing, as a sign of life that wants no answer.
 *
 * handle: client or accepted connection that is open.
 * data: size bytes, at most 125; may be NULL when size is 0. The answer to a ping has what
 *   the ping had.
 *
 * Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: too much waits to be sent, so a peer
 *   that pings and does not read gets no more; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_pong(ws_handle handle, const void *data, size_t size);

/* ---- Connections -----------------------------------------------------------
 * What clients and accepted connections have in common. */

/*
 * Starts the closing handshake (RFC 6455 7.1.2). What was sent before goes out
 * first. A peer that does not answer within timeout_ms is cut off. While connecting it
 * cancels the attempt. The close event is the end.
 *
 * options: NULL for code 1000, reason "CLOSE_NORMAL".
 * completion: NULL, or called once when the handshake is over (operation
 *   WS_OP_CLOSE): WS_OK, or WS_ERR_TIMEOUT, or why the connection was lost.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER: a code that may not be sent, a reason over
 *   123 bytes or not UTF-8; WS_ERR_STATE: not connected, or closing already;
 *   WS_ERR_HANDLE; WS_ERR_NO_CONNECTION: an accepted connection that has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_close(ws_handle handle, const ws_close_options *options, ws_callback completion,
                                void *user_data);

/*
 * Like ws_close, then waits until the close event was delivered; of a connection that
 * is closing already it only waits.
 *
 * timeout_ms: how long to wait; -1 for ever. options->timeout_ms is the peer's time to answer.
 *
 * Returns: WS_OK; what ws_close returns; the error of the completion: the connection has
 *   ended, but not politely, for ws_state says WS_STATE_CLOSED (or the handle of an accepted one is
 *   stale); WS_ERR_TIMEOUT also when timeout_ms is over: the handshake goes on, and its events come,
 *   call it again to wait on; WS_ERR_IN_CALLBACK inside a callback that it would wait for, nothing is
 *   begun; WS_ERR_STATE: not connected, and no close event is to come. That of a
 *   paused connection waits for ws_resume, and so does this.
 * Threads: as ws_destroy_wait.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_close_wait(ws_handle handle, const ws_close_options *options, int64_t timeout_ms);

/*
 * Ends the connection at once, without a closing handshake: what was not sent is lost,
 * pending completions fail with WS_ERR_CANCELLED, and close comes with code 1006. While
 * connecting it cancels the attempt. A client's handle stays and may connect again.
 *
 * Returns: WS_OK; WS_ERR_STATE: not connected; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_abort(ws_handle handle);

/*
 * Ends a client or an accepted connection at once and frees its handle, which
 * is stale when the call returns. Pending completions fail with
 * WS_ERR_CANCELLED, a close event with code 1006 comes if open was delivered,
 * then the destroyed event, the last one.
 *
 * Returns: WS_OK; WS_ERR_HANDLE, or WS_ERR_NO_CONNECTION for an accepted connection, also
 *   at the second call.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_destroy(ws_handle handle);

/*
 * Like ws_destroy, then waits until the destroyed event was delivered: no callback of
 * the handle runs or comes any more, completions included, and what they use may be
 * freed. Of a handle that was destroyed already, or an accepted connection whose close
 * event was delivered, it only waits.
 *
 * With a queue the events have to come out of it. The call does that itself when the
 * calling thread has dispatched the queue last, or nobody ever, or a thread that has
 * ended: callbacks of that queue run inside the call. Else that other thread has to
 * go on dispatching or polling. What is polled counts as delivered when it is handed out.
 *
 * timeout_ms: how long to wait; -1 for ever, 0 not at all.
 *
 * Returns: WS_OK; WS_ERR_TIMEOUT: the handle is stale, as after ws_destroy, and its last
 *   events are still to come: call it again to wait on; WS_ERR_HANDLE, or WS_ERR_NO_CONNECTION for an
 *   accepted connection: stale, and nothing of it comes any more; WS_ERR_IN_CALLBACK inside a callback
 *   on the handle's loop or queue, which would wait for itself: nothing is destroyed, use ws_destroy
 *   there; WS_ERR_PARAMETER.
 * Threads: any. Callbacks of two loops that wait for each other wait until the timeout. The wait is a
 *   point of cancellation, and so are callbacks that it runs.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_destroy_wait(ws_handle handle, int64_t timeout_ms);

/*
 * Stops reading a connection: the peer feels it through TCP. No message, close
 * or error comes before ws_resume, also not from the batch that is being
 * delivered; nothing is lost. Completions and ws_destroy work as ever, and
 * deadlines of the peer's silence stand still.
 *
 * Returns: WS_OK, also when it is paused already; WS_ERR_HANDLE.
 * Threads: any. From another thread a callback that is already running may still end later.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_pause(ws_handle handle);

/*
 * Delivers what waited since ws_pause, in order, and reads again.
 *
 * Returns: WS_OK, also when it is not paused; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_resume(ws_handle handle);

/*
 * The state of a client or an accepted connection.
 *
 * state: not NULL; receives WS_STATE_.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any. It may have changed when the call returns.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_state(ws_handle handle, int32_t *state);

/*
 * How many bytes of frames (headers and payload) were accepted by ws_send and
 * are not yet in the hands of the kernel.
 *
 * bytes: not NULL; receives the number.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any. It may have changed when the call returns.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_buffered_amount(ws_handle handle, uint64_t *bytes);

/*
 * Who is at the other end of an open connection.
 *
 * info: not NULL; set info->struct_size before the call (WS_INIT_STRUCT). At
 *   most that many bytes are written.
 *
 * Returns: WS_OK; WS_ERR_STATE: never connected; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connection_info(ws_handle handle, ws_connection *info);

/*
 * Figures of one connection.
 *
 * stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At most that
 *   many bytes are written.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. The figures are not of one moment.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connection_stats_get(ws_handle handle, ws_connection_stats *stats);

/*
 * Tells something about the connection as text: the last one of a client, when it has
 * ended; an accepted one has its addresses and what TLS knows while it is open.
 *
 * which: WS_TEXT_URL ... WS_TEXT_PEER_ADDRESS.
 * buffer: capacity bytes that receive the text, NUL-terminated; NULL with capacity 0 asks
 *   for the size only.
 * size: NULL, or receives how many bytes the text has, without the NUL.
 *
 * Returns: WS_OK, also for a text that is empty because there is none, such as
 *   the TLS version of a plain connection; WS_ERR_BUFFER: buffer is too small, nothing is
 *   written but size; WS_ERR_STATE: never connected; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connection_text(ws_handle handle, int32_t which, char *buffer, size_t capacity, size_t *size);

/* ---- Clients ---------------------------------------------------------------
 * A client makes one connection at a time. After its close event, or after a
 * failed connect, it can connect again. */

/*
 * Makes a client (the module's createWebSocket). Starts the library with
 * defaults if need be, which takes milliseconds.
 *
 * options: NULL for defaults.
 *
 * Returns: the handle, or 0; then ws_last_error says why. Free it by ws_destroy.
 * Threads: any.
 * Since: 0.1
 */
WS_API ws_handle WS_CALL ws_create(const ws_create_options *options);

/*
 * Connects to url. The result comes as events: completion, headerReceive, open and
 * openInfo on success; completion and error on failure. What is sent before open
 * waits until then, in order.
 *
 * url: ws:// or wss://[user:password@]host[:port][/path][?query], NUL-terminated, at
 *   most 8196 bytes; host is a name, an IPv4 address or an IPv6 address in brackets,
 *   a link-local one with its zone by name or number, "ws://[fe80::1%25eth0]/".
 *   Or ws+unix:/path/of/socket[:/path[?query]].
 * options: NULL for defaults.
 * completion: NULL, or called once: whether the connection is open
 *   (operation WS_OP_CONNECT).
 *
 * Returns: WS_OK: the attempt has started; WS_ERR_URL; WS_ERR_PARAMETER;
 *   WS_ERR_CONNECTION_EXISTS while connecting, open or closing;
 *   WS_ERR_CERT_FILE: a file of a certificate or key does not exist; WS_ERR_DOMAIN:
 *   the filter of ws_set_url_filter does not want it; WS_ERR_MEMORY: too many
 *   connections; WS_ERR_HANDLE, also for accepted connections.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connect(ws_handle handle, const char *url, const ws_connect_options *options,
                                  ws_callback completion, void *user_data);

/*
 * Like ws_connect, then waits for its completion.
 *
 * timeout_ms: how long to wait; -1 for ever. The times of the attempt itself are in
 *   the options.
 *
 * Returns: WS_OK: the connection is open; what ws_connect returns; the error of the
 *   completion, such as WS_ERR_CONNECT_FAILED, whose text ws_last_error gives;
 *   WS_ERR_TIMEOUT also when timeout_ms is over: the attempt goes on (ws_state says
 *   WS_STATE_CONNECTING), and its events come; ws_abort ends it; WS_ERR_IN_CALLBACK
 *   inside a callback that it would wait for, nothing is begun.
 * Threads: as ws_destroy_wait. Callbacks of open may run before it returns, or later.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connect_wait(ws_handle handle, const char *url, const ws_connect_options *options,
                                       int64_t timeout_ms);

/*
 * Answers WS_EVENT_BEFORE_RECONNECT, inside the event or later: the try begins. What it
 * changes holds for all tries that follow. ws_close and ws_abort end connecting instead.
 *
 * client: the handle of the event.
 * changes: NULL: none, the try begins with what there was. What it points to is copied;
 *   files are read during the call.
 *
 * Returns: WS_OK; WS_ERR_STATE: nobody waits for an answer, also because
 *   answer_timeout_ms is over; WS_ERR_URL; WS_ERR_PARAMETER; WS_ERR_CERT_FILE: a file of
 *   a certificate or key does not exist; WS_ERR_DOMAIN: the filter of ws_set_url_filter
 *   does not want the URL; WS_ERR_HANDLE. What is refused may be answered anew.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_reconnect_with(ws_handle client, const ws_reconnect_changes *changes);

/*
 * Tells that the network has changed: clients that wait to connect again try at
 * once, attempts that are under way begin anew, with the whole of their time (unless they have
 * a connected_descriptor), and the peer of each open connection with a heartbeat is asked for a sign of
 * life, so that dead ones are found within pong_timeout_ms.
 *
 * Returns: WS_OK, also when there is no client.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_network_changed(void);

/*
 * Sets the function that decides where clients may connect (the module's error 2302998).
 *
 * filter: NULL: every URL is allowed, as at first.
 * user_data: handed to filter.
 *
 * Returns: WS_OK.
 * Threads: any. A call of the old filter may be running when it returns.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_url_filter(ws_url_filter filter, void *user_data);

/* ---- Servers ---------------------------------------------------------------
 * A server accepts connections; each is a handle that belongs to the library:
 * it comes with the connect event and turns stale after its last close listener
 * has returned. A message goes to the listeners of its connection, then to
 * those of the server; without any it is dropped. The server's close and error
 * events are those of its connections; handle says which. */

/*
 * Makes a server (the module's createWebSocketServer). Starts the library with
 * defaults if need be, which takes milliseconds.
 *
 * options: NULL for defaults.
 *
 * Returns: the handle, or 0; then ws_last_error says why. Free it by
 *   ws_server_destroy.
 * Threads: any.
 * Since: 0.1
 */
WS_API ws_handle WS_CALL ws_server_create(const ws_server_options *options);

/*
 * Listens and accepts connections. The port is bound when the call returns. Files of
 * certificates and keys are read during the call.
 *
 * config: NULL for an ephemeral port on all IPv4 addresses, or where to listen. If one
 *   of several places cannot be had, the server listens nowhere.
 * completion: NULL, or called once when the server accepts connections
 *   (operation WS_OP_SERVER_START).
 *
 * Returns: WS_OK; WS_ERR_LISTEN_IP: server_ip is no literal address, or not one
 *   of this host, or a path cannot be used; WS_ERR_LISTEN_PORT: server_port out of range
 *   or not allowed; WS_ERR_PORT_OCCUPIED, also for a path at which somebody listens;
 *   WS_ERR_UNSUPPORTED: not on this system; WS_ERR_STATE: started already, or still stopping;
 *   WS_ERR_CERT_FILE: a file of a certificate, key or authority does not exist;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE; WS_ERR_UNKNOWN.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_start(ws_handle server, const ws_server_config *config, ws_callback completion,
                                       void *user_data);

/*
 * Replaces all certificates of a server that speaks TLS, such as those that expire
 * soon: handshakes that begin afterwards show the new ones. Open connections stay,
 * and sessions of earlier ones can still be resumed. Files are read during the call.
 *
 * certificates: the first one is also for clients that ask for no name, or for one
 *   that no certificate has.
 * count: 1..10000.
 *
 * Returns: WS_OK. All others leave the old certificates: WS_ERR_CERT_FILE: a file
 *   does not exist; WS_ERR_PARAMETER: one cannot be used, ws_last_error says which;
 *   WS_ERR_STATE: not started, or without a certificate; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_set_certificates(ws_handle server, const ws_certificate *certificates, size_t count);

/*
 * Stops accepting, closes every connection (RFC 6455 7.1.2) after what was sent before,
 * and cuts what has not closed after timeout_ms. Requests that are not complete are
 * dropped. The server can be started again afterwards.
 *
 * options: NULL for code 1001, reason "server is going away" (RFC 6455 7.4.1) and 5000 ms.
 *   code 0 and reason NULL mean these, too.
 * completion: NULL, or called once when the last connection is gone and the port
 *   is free (operation WS_OP_SERVER_STOP).
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or stopping already; WS_ERR_PARAMETER: as
 *   from ws_close; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stop(ws_handle server, const ws_close_options *options, ws_callback completion,
                                      void *user_data);

/*
 * Like ws_server_stop, then waits until the last connection is gone and the port is
 * free; for a server that is stopping already it only waits.
 *
 * options: as of ws_server_stop.
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: WS_OK: the server is stopped, and all events of its connections were delivered;
 *   WS_ERR_TIMEOUT: the stop goes on, and cuts what has not closed in options->timeout_ms:
 *   call it again to wait on; WS_ERR_IN_CALLBACK inside a callback that it would wait
 *   for, nothing is stopped; WS_ERR_CANCELLED: the server was destroyed meanwhile;
 *   WS_ERR_STATE: not started; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: as ws_destroy_wait.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stop_wait(ws_handle server, const ws_close_options *options, int64_t timeout_ms);

/*
 * Adds a listener to a server. WS_EVENT_CLOSE and WS_EVENT_ERROR come for each
 * of its connections; an error of the server itself has handle == server.
 *
 * event: WS_EVENT_CONNECT, _MESSAGE_RECEIVE, _CLOSE, _ERROR, _DRAIN, _VERIFY, _SIGN or _DESTROYED;
 *   _UPGRADE or _REQUEST: from then on the host answers these, see ws_accept, until the last
 *   such listener is removed, unless WS_UPGRADE_EVENTS or WS_REQUEST_EVENTS was given.
 * callback: not NULL.
 * user_data: handed to callback; any value.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER; WS_ERR_MEMORY.
 * Threads: any. With several loops a listener of a server may run on several
 *   threads at once, for different connections.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_on(ws_handle server, int32_t event, ws_callback callback, void *user_data);

/*
 * Removes listeners of a server; the rules of ws_off.
 *
 * callback, user_data: both must match what ws_server_on got; callback NULL
 *   removes all listeners of the event.
 *
 * Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_off(ws_handle server, int32_t event, ws_callback callback, void *user_data);

/*
 * Like ws_server_off, then waits until no callback of the server and none of its
 * connections is running: what user_data points to may be freed afterwards.
 *
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: WS_OK; WS_ERR_TIMEOUT: the listener is removed, but a call is still
 *   running; WS_ERR_IN_CALLBACK inside a callback of the server or one of its
 *   connections, nothing is removed; WS_ERR_HANDLE; WS_ERR_PARAMETER.
 * Threads: as ws_off_wait. It looks at every connection of the process.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_off_wait(ws_handle server, int32_t event, ws_callback callback, void *user_data,
                                          int64_t timeout_ms);

/*
 * The port a started server listens on, the first one if there are several; the one
 * chosen when server_port was 0.
 *
 * port: not NULL; receives 1..65535.
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more, or on Unix
 *   sockets only; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_port(ws_handle server, int32_t *port);

/*
 * The connections of a server that are open or closing (the module's
 * listAllConnections). Ask ws_connection_info who they are.
 *
 * connections: receives handles, oldest first; may be NULL when capacity is 0.
 * capacity: how many handles fit.
 * count: not NULL; receives how many connections there are, also when the call
 *   fails with WS_ERR_BUFFER because more are there than fit; then nothing is
 *   written to connections.
 *
 * Returns: WS_OK; WS_ERR_BUFFER; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. A handle may be stale before it is used; that is no danger.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_connections(ws_handle server, ws_handle *connections, size_t capacity, size_t *count);

/*
 * Ends a server at once and frees its handle, which is stale when the call
 * returns. Its connections end like by ws_destroy; every connect event still
 * gets its close event. The destroyed event of the server is the last one.
 *
 * Returns: WS_OK; WS_ERR_HANDLE, also at the second call.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_destroy(ws_handle server);

/*
 * Like ws_server_destroy, then waits until the server's destroyed event was delivered:
 * no callback of the server or its connections runs or comes any more, completions
 * included.
 *
 * timeout_ms: how long to wait; -1 for ever.
 *
 * Returns: as ws_destroy_wait.
 * Threads: as ws_destroy_wait; never inside a callback of a loop, or of the server's queue.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_destroy_wait(ws_handle server, int64_t timeout_ms);

/* ---- Sockets of servers, and handing them over -----------------------------
 * A server may listen at several places, ws_server_config.listeners. To be replaced by a
 * new process without a refused connect or a lost message, a server
 *
 * 1. duplicates its listening sockets by ws_server_descriptor and starts its successor
 *    with them, who names them as WS_LISTEN_DESCRIPTOR. From then on both accept.
 * 2. when the successor is ready, calls ws_server_stop_listening and waits for its
 *    completion: those that it has accepted are connected by now, all others will be by the
 *    successor.
 * 3. calls ws_server_stop: clients get a Close frame with 1001 behind all that was sent to them, and
 *    connect again. What they sent before they saw that still comes as events, but cannot
 *    be answered any more (RFC 6455 5.5.1): a client repeats what was not answered. */

/*
 * A socket that a started server listens on. That of server_port comes first, then those
 * of ws_server_config.listeners in their order. One that reuses a port counts once for
 * each loop.
 *
 * index: from 0 to one less than info->count.
 * info: not NULL; set info->struct_size before the call (WS_INIT_STRUCT).
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more;
 *   WS_ERR_PARAMETER, also when there is no such index; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_listener(ws_handle server, size_t index, ws_listener_info *info);

/*
 * Duplicates a listening socket, so that another process can go on with it: give it to a
 * child, or send it over a Unix socket; on Windows WSADuplicateSocket makes one for another
 * process. The duplicate is closed by exec (FD_CLOEXEC). The
 * file of a Unix socket that was handed over stays when this server stops listening.
 * Duplicates are one socket: shutdown(2) on one ends listening for all, and this server
 * gets an error event with os_error EINVAL, once a second.
 *
 * index: as in ws_server_listener.
 * descriptor: not NULL; receives a descriptor, which the host has to close.
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more;
 *   WS_ERR_PARAMETER, also when there is no such index; WS_ERR_UNKNOWN: no descriptor
 *   is left; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_descriptor(ws_handle server, size_t index, ws_socket *descriptor);

/*
 * Closes the listening sockets of a server. Its connections live on, and those that it
 * has accepted may still open; one that waits for a next request after an answer is
 * closed. Who connects later is refused, unless another process has the socket as well.
 * The server stays started: ws_server_stop ends its connections, and then it can be
 * started again.
 *
 * completion: NULL, or called once when no connection is in its handshake any more
 *   (operation WS_OP_SERVER_STOP_LISTENING), which the deadlines of ws_server_config
 *   bound; error WS_ERR_CANCELLED: the server was destroyed.
 *
 * Returns: WS_OK; WS_ERR_STATE: not started, stopping, or it does not listen any more;
 *   WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stop_listening(ws_handle server, ws_callback completion, void *user_data);

/* ---- Topics ----------------------------------------------------------------
 * One message to many connections of a server: to all, or to those that have subscribed
 * to a topic, or to a pattern that it fits. It is encoded once and kept once, whatever the number; a connection whose
 * queue is full delays no other. Each connection gets what is published, and what is sent
 * to it by ws_send, in the order in which the calls returned, whatever the threads. The
 * bytes leave when the callbacks of the batch have returned, or soon; all that was
 * published to a connection until then leaves together. */

/*
 * Lets a connection get what is published to a topic of its server from now on. Once
 * more is no error. Subscriptions end with the connection.
 *
 * connection: accepted and open; from inside the connect event on.
 * topic: topic_size bytes of any kind, 1..255; copied. A topic exists as long as somebody
 *   has subscribed to it.
 *
 * Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: it has subscribed to
 *   max_subscriptions topics; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
 *   WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscribe(ws_handle connection, const void *topic, size_t topic_size);

/*
 * Ends a subscription: what is published by calls that begin afterwards does not come.
 * What was published before does.
 *
 * connection: accepted.
 * topic: as in ws_subscribe; that there is no subscription to it is no error.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
 *   WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_unsubscribe(ws_handle connection, const void *topic, size_t topic_size);

/*
 * Lets a connection get what is published to any topic that a pattern fits, from now on, by the
 * rules of MQTT 5.0, 4.7. "/" parts topics and patterns into levels, which may be empty. In a
 * pattern "+" stands for one level, and "#", as its last level, for all that follow and for none:
 * "room/+/news" fits "room/7/news", "room/#" fits "room", "room/7" and "room/7/news". Neither
 * fits a topic that begins with "$" when it is the first level: "#" is all topics but those.
 * Topics are bytes and are compared as such; a level between "/" has no other meaning.
 *
 * Once more is no error, and a message that fits several comes once. That a pattern is asked for
 * by this call only, ws_subscribe takes a "+" or "#" in a name for itself, and so does
 * ws_publish.
 *
 * connection: as in ws_subscribe; a pattern counts in max_subscriptions as a topic does.
 * pattern: pattern_size bytes, 1..255; copied. Its levels count in the memory budget.
 *
 * Returns: WS_OK; as ws_subscribe; WS_ERR_PARAMETER also for a "+" or "#" that is not a whole
 *   level, and for a "#" that is not the last one; WS_ERR_MEMORY: the memory budget is used up.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscribe_pattern(ws_handle connection, const void *pattern, size_t pattern_size);

/*
 * Ends a subscription of ws_subscribe_pattern; others that fit the same topics stay.
 *
 * connection: accepted.
 * pattern: as it was given to ws_subscribe_pattern; that there is no subscription to it is no error.
 *
 * Returns: as ws_unsubscribe, and WS_ERR_PARAMETER for what ws_subscribe_pattern refuses.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_unsubscribe_pattern(ws_handle connection, const void *pattern, size_t pattern_size);

/*
 * Tells whether a connection gets what is published to a topic now.
 *
 * connection: accepted.
 * topic: as in ws_subscribe.
 * how: receives 0, or WS_BY_TOPIC, WS_BY_PATTERN or the sum of both.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
 *   WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_is_subscribed(ws_handle connection, const void *topic, size_t topic_size, int32_t *how);

/*
 * Lists what a connection has subscribed to, for ws_subscription_next.
 *
 * connection: accepted.
 * buffer: capacity bytes that receive the list, newest first; NULL with capacity 0 asks for the
 *   size only. The next list may be longer; each subscription takes its name and 3 bytes.
 * size: receives how many bytes the list has.
 *
 * Returns: WS_OK; WS_ERR_BUFFER: buffer is too small, nothing is written but size;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too; WS_ERR_NO_CONNECTION: it has ended.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscriptions(ws_handle connection, void *buffer, size_t capacity, size_t *size);

/*
 * The next subscription of a list of ws_subscriptions:
 *
 *     size_t at = 0, name_size;
 *     const void *name;
 *     int32_t pattern;
 *     while (ws_subscription_next(list, size, &at, &name, &name_size, &pattern)) puts(name);
 *
 * data, size: the list, as it was received.
 * at: 0 at first; where the call goes on.
 * name, name_size: receive a pointer into data, with a NUL behind the name, and its bytes.
 * pattern: receives 1 for a pattern, 0 for a topic.
 *
 * Returns: 1, or 0 when there is no other one or an argument is NULL.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_subscription_next(const void *data, size_t size, size_t *at, const void **name,
                                            size_t *name_size, int32_t *pattern);

/*
 * Sends one message to every connection of a server that has subscribed to a topic.
 *
 * A connection with a full queue (max_buffered) is treated as full_policy says. By
 * WS_FULL_REFUSE it does not get the message, which is counted (dropped in ws_stats,
 * messages_dropped in ws_connection_stats), and a drain event follows. A connection that
 * is sending a message in pieces (ws_send_part) gets it behind the last piece. Connections
 * with compression (ws_compression, RFC 7692) get it compressed.
 *
 * topic: as in ws_subscribe. Nobody need have subscribed.
 * data, size, type: as in ws_send; the data is the caller's again when the call returns.
 * except: 0, or an accepted connection that is left out, such as the one whose message
 *   this is. One that has ended leaves nobody out. 0 for a topic that the relay returns (ws_relay.returning).
 * recipients: NULL, or receives how many connections took it; 0 when the relay has it alone.
 *
 * Returns: WS_OK, also when nobody took it, as when the server has stopped; WS_ERR_STATE: it was
 *   never started; WS_ERR_TOO_LARGE: over max_send_size; WS_ERR_FULL: the queue of its relay is full, and
 *   WS_RELAY_REFUSE was given, nobody got it;
 *   WS_ERR_MEMORY: the memory budget is used up, nobody got it; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE.
 * Threads: any. What several threads publish on one server is done one after the other.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_publish(ws_handle server, const void *topic, size_t topic_size, const void *data, size_t size,
                                  int32_t type, ws_handle except, size_t *recipients);

/*
 * ws_publish for a message with a key, a priority or both: latest values for many. Each recipient
 * gets it as by ws_send_with, so one that reads slowly gets the newest value of each key, and
 * delays nobody.
 *
 * Unlike ws_send_with it changes nothing for recipients that take what they get: only behind what the
 * kernel has refused, or behind more than 16 messages that are about to leave, does such a message
 * wait whole, and with it all that comes until nothing waits any more. So what was published before
 * without key or priority may still leave before it.
 *
 * options: NULL, or key and priority. Each connection has keys of its own: one of ws_send_with is
 *   the same as one of any topic.
 *
 * Returns: as ws_publish; WS_ERR_PARAMETER: also for the options.
 * Threads: any, as ws_publish.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_publish_with(ws_handle server, const void *topic, size_t topic_size, const void *data,
                                       size_t size, int32_t type, ws_handle except, const ws_send_options *options,
                                       size_t *recipients);

/*
 * Sends one message to every open connection of a server; the rules of ws_publish.
 *
 * data, size, type, except, recipients: as in ws_publish.
 *
 * Returns: as ws_publish.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_broadcast(ws_handle server, const void *data, size_t size, int32_t type,
                                           ws_handle except, size_t *recipients);

/*
 * ws_server_broadcast for a message with a key, a priority or both; the rules of ws_publish_with.
 *
 * options: as in ws_publish_with.
 *
 * Returns: as ws_publish_with.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_broadcast_with(ws_handle server, const void *data, size_t size, int32_t type,
                                                ws_handle except, const ws_send_options *options, size_t *recipients);

/*
 * Counts or lists the open connections that get what is published to a topic now, by it or by a
 * pattern, in no order.
 *
 * topic: as in ws_subscribe.
 * connections: receives the handles; NULL with capacity 0 asks for the count only.
 * count: receives how many there are.
 *
 * Returns: WS_OK; WS_ERR_BUFFER: there are more than capacity, nothing is written but count;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. It waits for those who publish, and they for it.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_topic_subscribers(ws_handle server, const void *topic, size_t topic_size,
                                            ws_handle *connections, size_t capacity, size_t *count);

/* ---- Relays ----------------------------------------------------------------
 * One process keeps its topics for itself. A relay connects them with those of others, by whatever carries
 * messages there: it is a few functions of the host (ws_relay.h), which get what is published and broadcast
 * here, and which topics somebody here has subscribed to; what others have published it hands in. Without a
 * relay nothing of this costs anything. docs/relay.md shows how to write one.
 *
 * What leaves: what ws_publish, ws_publish_with, ws_server_broadcast and ws_server_broadcast_with have given to the
 * connections of this server, also when there was none, in the order in which these got it. A key and a priority
 * travel with a message, and matter in the queues of connections only: between processes nothing is replaced or
 * overtaken. Who is left out here (except) is left out here only. Messages of ws_send do not leave. */

/*
 * Gives a server its relay, or takes it off.
 *
 * server: may be started later; while it stops it takes none. It has one relay at a time, and each ends with the
 *   next ws_server_stop, behind the last connection, or with ws_server_destroy, which drops what waits. Before its
 *   completion ws_server_stop waits for on_end: for drain_timeout_ms, and for a call of the relay that is
 *   running.
 * relay: copied; with on_message. NULL takes it off: nothing is let in any more, what waits still leaves within
 *   drain_timeout_ms, and on_end follows. That there is none is no error. Until on_end is called there is no place
 *   for another one; inside on_end there is.
 *
 * Returns: WS_OK: on_end comes, once; WS_ERR_STATE: the server has a relay, or is stopping; WS_ERR_UNKNOWN: the system
 *   gives no thread; WS_ERR_PARAMETER; WS_ERR_HANDLE. After an error no function of the relay is called.
 * Threads: any, also inside functions of the relay.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_set_relay(ws_handle server, const ws_relay *relay);

/*
 * Gives a message that was published in another process to the connections of this server: ws_publish_with, or
 * ws_server_broadcast_with, but that it does not go to the relay. It is encoded once, and compressed once, for all that
 * get it; whatever the threads, connections get it in one order with what is published here. It never waits for a
 * connection: one whose queue is full is treated as full_policy says.
 *
 * server: with a relay that has not ended.
 * message: what is not of this call is the caller's again when it returns. Text has to be valid UTF-8.
 *
 * Returns: WS_OK, also when nobody took it, as when the server is stopping; WS_ERR_STATE: there is no relay, or the
 *   server was never started; WS_ERR_TOO_LARGE: over max_send_size of the server; WS_ERR_MEMORY: the
 *   memory budget is used up, nobody got it; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any, not only that of the relay.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_relay_deliver(ws_handle server, const ws_relay_message *message);

/* ---- Requests --------------------------------------------------------------
 * A server answers upgrades by itself, and other requests with 426, until it has a
 * listener for WS_EVENT_UPGRADE or WS_EVENT_REQUEST (or their flags, for
 * ws_queue_poll), and again when the last one is removed. Then the host decides: inside the event, or later from any thread.
 * The event's handle is that of the connection to be; it takes ws_on, ws_set_user_data,
 * ws_connection_info and ws_connection_text already. While the host decides nothing is
 * read from the client. When decision_timeout_ms is over, the library answers 503.
 *
 * A request event has the whole body, whether its length was said or it came in chunks
 * (RFC 9112 7.1), within max_body_size; a client that waits for 100 Continue gets it. What
 * is no sound request, or what may be read in two ways, the library refuses by itself and
 * ends the connection: docs/operations.md.
 *
 * ws_accept is followed by the connect event. A connection that never opens has no
 * connect, close or error event; WS_EVENT_DESTROYED, for a listener of the handle, is
 * its last. It may have several request events, one after the other. */

/*
 * Agrees to an upgrade (RFC 6455 4.2.2); the connect event follows.
 *
 * connection: the handle of a WS_EVENT_UPGRADE event.
 * options: NULL, or the subprotocol and extra fields of the answer, and what of the server's
 *   limits, heartbeat and compression is different for this connection.
 *
 * Returns: WS_OK; WS_ERR_STATE: no request waits for an answer, or it asks for no
 *   WebSocket; WS_ERR_PARAMETER: a subprotocol that the client does not offer, or
 *   none with WS_REQUIRE_PROTOCOL, a limit or time out of its range, a field that is malformed or belongs to the answer itself; WS_ERR_NO_CONNECTION: it
 *   has ended, also because the time for the decision was over; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_accept(ws_handle connection, const ws_accept_options *options);

/*
 * Answers the request that waits, or refuses an upgrade, with any HTTP status; call it
 * once for each event, because the next request may wait already. A refused upgrade
 * ends its connection; else the client may send another request within
 * keep_alive_timeout_ms.
 *
 * connection: the handle of a WS_EVENT_REQUEST or WS_EVENT_UPGRADE event.
 * response: NULL for 200 without a body; what it points to is copied.
 *
 * Returns: WS_OK; WS_ERR_STATE: no request waits for an answer; WS_ERR_PARAMETER: a
 *   status out of range, a field that is malformed or belongs to the answer itself;
 *   WS_ERR_TOO_LARGE: body_size is more than max_buffered; WS_ERR_MEMORY;
 *   WS_ERR_NO_CONNECTION: it has ended, also because the time for the decision was over;
 *   WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_respond(ws_handle connection, const ws_response *response);

/* ---- Connections that the host has accepted --------------------------------
 * A host with an HTTP server of its own gives the connection of an upgrade request to a server
 * here, and stops using the socket itself: it takes it out of its poller first. It says what it
 * has read of it already:
 *
 * - The request, from its first byte on, as far as it has come: the server reads the rest,
 *   answers as any request of its own, and asks its listeners for WS_EVENT_UPGRADE.
 * - With WS_ADOPT_UPGRADED the host has answered by 101 itself (RFC 6455 4.2.2, without
 *   extensions), and says what came behind the request. The connection is open at once.
 *
 * The connection is like any other of the server: its limits, deadlines, listeners, topics and
 * figures hold, and a stop closes it. A server may have no listener at all
 * (WS_NO_LISTENERS).
 *
 * The socket carries no TLS that the library would know of. A host that has ended TLS itself
 * makes a socketpair (AF_UNIX, SOCK_STREAM), gives one end here, with the client's address in
 * client_ip, and carries bytes between the other one and its TLS until either ends, half-closing
 * (shutdown, close_notify) in the same direction. */

/*
 * Makes a connection of a server out of a socket that the host has accepted.
 *
 * server: is started; it may listen nowhere.
 * options: not NULL; what data points to is copied. The descriptor is the library's when the
 *   call returns WS_OK, else the host's as before.
 * connection: NULL, or receives the handle, which is that of the connection to be: the connect
 *   event follows, perhaps before the call returns. One that never opens has no
 *   connect, close or error event; WS_EVENT_DESTROYED is its last.
 *
 * Returns: WS_OK; WS_ERR_CONNECT_FAILED: a limit of the server is reached, which
 *   ws_last_error() names, with the HTTP status that is right for it; WS_ERR_STATE: the server
 *   is not started, or does not listen any more; WS_ERR_PARAMETER: no connected stream
 *   socket, an address or a text that is none; WS_ERR_MEMORY; WS_ERR_UNKNOWN: the system
 *   refuses a descriptor, or on Windows it is in a completion port of the host's; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_adopt(ws_handle server, const ws_adopt_options *options, ws_handle *connection);

/* ---- TLS -------------------------------------------------------------------
 * What a TLS handshake asks the host: whether the peer's certificate is good
 * (WS_VERIFY_EVENTS), and signatures by a key that only the host can use, in a security
 * module, a key store or another process (WS_SIGN_EVENTS). The event is one of the client,
 * or, since an accepted connection has no handle yet, of the server. The answer may be given
 * inside the event or later, from any thread, as long as the time of the handshake lasts
 * (tls_timeout_ms, handshake_timeout_ms); without one the handshake fails. Each question has
 * a token, which the answer names: a server may have many at once, and a client's next
 * attempt has others. Resumed sessions ask for a verification, too, and for no signature. */

/*
 * Answers WS_EVENT_VERIFY.
 *
 * handle: the client or server of the event.
 * token: that of the event.
 * accept: 1: the certificate is good, whatever the library says of it (pins of the options
 *   have to fit all the same); 0: it is not, and the handshake ends.
 *
 * Returns: WS_OK; WS_ERR_STATE: no such question waits for an answer; WS_ERR_PARAMETER;
 *   WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_verify_answer(ws_handle handle, uint64_t token, int32_t accept);

/*
 * Answers WS_EVENT_SIGN. The signature is checked, so that the error says what is wrong with one.
 *
 * handle: the client or server of the event.
 * token: that of the event.
 * signature: by the scheme of the event: for RSA as long as the key, for ECDSA DER
 *   (RFC 3279 2.2.3), for Ed25519 64 bytes; copied. NULL with size 0: the host does not sign,
 *   and the handshake ends.
 * size: bytes of signature, at most 16384.
 *
 * Returns: WS_OK, also for a signature that is wrong; WS_ERR_STATE: no such question waits for
 *   an answer; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_sign_answer(ws_handle handle, uint64_t token, const void *signature, size_t size);

/* ---- Queues ----------------------------------------------------------------
 * The second way to receive: events wait in a queue until a thread of the host
 * comes for them. Name the queue when you make a client or a server; its
 * callbacks then run inside ws_queue_dispatch, on the thread that calls it, or on
 * a thread of the library's that may be blocked (WS_QUEUE_THREAD). For libuv,
 * GLib, game loops, and languages whose callbacks must come on one thread:
 *
 *     ws_queue_fd(queue, &fd);           watch fd for readability, level-triggered
 *     ws_queue_dispatch(queue, 0, 0, &n);  when it is readable
 *
 * All rules of callbacks apply here: order, exactly one close for
 * each open, ws_off, ws_destroy and ws_pause inside callbacks. Events of one
 * connection come in order; connections take turns, sixteen events each.
 *
 * A queue that nobody drains fills up, then its connections are no longer read,
 * then their peers can no longer write. Completions and ends always fit. Handles
 * stay alive until their destroyed event came out of the queue. */

/*
 * Makes a queue. Starts the library's runtime if need be, which takes milliseconds.
 *
 * options: NULL for defaults.
 *
 * Returns: the handle, or 0; then ws_last_error says why. Free it by
 *   ws_queue_destroy.
 * Threads: any.
 * Since: 0.1
 */
WS_API ws_handle WS_CALL ws_queue_create(const ws_queue_options *options);

/*
 * A descriptor that is readable while events wait, for poll, epoll, libuv and the
 * like. Level-triggered. It belongs to the queue: never read, write or close it.
 *
 * fd: not NULL; receives the descriptor, the same at each call.
 *
 * Returns: WS_OK; WS_ERR_STATE for a queue with WS_QUEUE_THREAD; WS_ERR_UNKNOWN
 *   when the system gives no descriptor; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_fd(ws_handle queue, ws_socket *fd);

/*
 * Calls the listeners and completions of events that wait, on this thread. It
 * waits for the first event only, and returns when there is none left, or
 * max_events were delivered.
 *
 * What callbacks send by ws_send leaves together, in one system call for each
 * connection, when all was delivered: messages up to 4 KiB, also over TLS (in full records),
 * compressed, and with a completion; larger ones leave at once. It waits for no more than 64 KiB or about
 * a millisecond of callbacks, but for one that takes longer, unless ws_queue_flush is
 * called, or another thread sends something over the same connection. The order of calls
 * is kept; ws_close and ws_destroy come behind what was sent before them.
 *
 * max_events: how many at most; 0: as many as wait now.
 * timeout_ms: how long to wait for the first one; 0 not at all, -1 for ever.
 * count: not NULL; receives how many events were delivered; 0: the time is over, or
 *   ws_queue_wake or ws_queue_destroy has ended the wait.
 *
 * Returns: WS_OK; WS_ERR_SHUTDOWN instead of a wait when ws_shutdown_wait was
 *   called and every event was delivered; WS_ERR_BUSY while another thread is dispatching the queue;
 *   WS_ERR_IN_CALLBACK inside any callback; WS_ERR_STATE for a queue with
 *   WS_QUEUE_THREAD; WS_ERR_PARAMETER; WS_ERR_MEMORY; WS_ERR_HANDLE.
 * Threads: any, one at a time. The wait is a point of cancellation, and callbacks
 *   may have such points: a thread that ends in there leaves the queue to the next.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_dispatch(ws_handle queue, size_t max_events, int32_t timeout_ms, size_t *count);

/*
 * Hands out events that wait, in a batch, instead of calling anybody; for FFIs in
 * which a call costs much. Every event comes once, whether or not somebody
 * listens: of accepted connections as WS_EVENT_CONNECT and
 * WS_EVENT_MESSAGE_RECEIVE, then WS_EVENT_CLOSE and so on, with server set.
 * Completions come with the user_data of their call; WS_COMPLETION_POLL asks for
 * one without a function. What the events point to, and the handle of a
 * connection whose close event was among them, is valid until the next ws_queue_poll or
 * ws_queue_dispatch of the queue, its end, or a call by the same thread that waits for a handle
 * of the queue (ws_destroy_wait and the like dispatch it).
 *
 * With WS_QUEUE_GATHER what the thread sends until its next ws_queue_poll leaves together,
 * as in ws_queue_dispatch: when it polls again, before that waits, or calls
 * ws_queue_flush. A host that waits elsewhere, as for ws_queue_fd, calls that when it
 * has gone through the events.
 *
 * The batch is made when the call returns: events of a connection that you pause
 * or destroy while you go through it may still follow in it.
 *
 * events: room for capacity events. Set events[0].struct_size to sizeof(ws_event)
 *   before each call: the library may be newer than the header.
 * capacity: at least 1.
 * timeout_ms: how long to wait for the first one; 0 not at all, -1 for ever.
 * count: not NULL; receives how many were filled in; 0: as in ws_queue_dispatch.
 *
 * Returns: as ws_queue_dispatch.
 * Threads: any, one at a time. The wait is a point of cancellation.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_poll(ws_handle queue, ws_event *events, size_t capacity, int32_t timeout_ms,
                                     size_t *count);

/*
 * Sends at once what the calling thread has gathered: inside a callback of
 * ws_queue_dispatch what callbacks have sent so far, behind a ws_queue_poll of a queue
 * with WS_QUEUE_GATHER what was sent since; from there on until its next ws_queue_poll
 * what the thread sends leaves at once. It does nothing when nothing waits.
 *
 * Returns: WS_OK; WS_ERR_HANDLE.
 * Threads: any; each its own.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_flush(ws_handle queue);

/*
 * Ends the wait of a thread in ws_queue_dispatch or ws_queue_poll, which returns
 * WS_OK with count 0. When none waits, the next wait ends at once; several calls
 * before it count as one. A call that finds events delivers these, and one with
 * timeout_ms 0 does not wait. It does not make the descriptor of ws_queue_fd
 * readable.
 *
 * Returns: WS_OK; WS_ERR_STATE for a queue with WS_QUEUE_THREAD; WS_ERR_HANDLE.
 * Threads: any. It may be called inside a handler of signals, takes no lock and
 *   leaves errno, and when it succeeds the text of ws_last_error, as they are.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_wake(ws_handle queue);

/*
 * Ends a queue when the destroyed event of each of its clients and servers was delivered, or
 * is just being delivered. What is valid until the next ws_queue_poll is no longer. A
 * thread that waits in ws_queue_dispatch or ws_queue_poll returns.
 *
 * Returns: WS_OK; WS_ERR_BUSY while clients, servers, connections or posted functions use the queue,
 *   or a thread runs callbacks of it; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_queue_destroy(ws_handle queue);

/* ---- Posting ---------------------------------------------------------------
 * A function of the host, now or later, on the thread on which callbacks of a
 * connection or a queue run. */

/*
 * Calls a function once where the callbacks of target run: on the loop of a
 * connection, on the thread that dispatches a queue, or that of the connection.
 * It never runs inside this call, and never at the same time as another callback of
 * target. It comes as a completion (operation WS_OP_POST) with error WS_OK when
 * its time has come, or WS_ERR_CANCELLED when the connection has ended before
 * (a client: was destroyed), or WS_ERR_SHUTDOWN for a queue at ws_shutdown_wait: exactly once, but
 * for ws_post_cancel. Functions that are posted to one target by one thread without a delay
 * run in the order of the calls. A pause does not hold them back.
 *
 * target: a client, an accepted connection that is open, or a queue.
 * delay_ms: 0..2147483647; later by 50 ms at most, when nothing blocks the loop.
 * callback: not NULL; WS_COMPLETION_POLL with a queue that the host polls.
 * user_data: handed to callback; any value.
 * id: NULL, or receives what ws_post_cancel wants.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_SHUTDOWN; WS_ERR_MEMORY; WS_ERR_HANDLE; WS_ERR_NO_CONNECTION.
 * Threads: any. A queue cannot be destroyed while it has posted functions (WS_ERR_BUSY).
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_post(ws_handle target, int64_t delay_ms, ws_callback callback, void *user_data, uint64_t *id);

/*
 * Takes back what ws_post has posted.
 *
 * target, id: of that call.
 *
 * Returns: WS_OK: it has not run and never will; WS_ERR_STATE: it has run, is running or will
 *   at once, or was cancelled before; WS_ERR_HANDLE; WS_ERR_NO_CONNECTION.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_post_cancel(ws_handle target, uint64_t id);

/* ---- Figures ---------------------------------------------------------------
 * What a server has done, figures for monitoring, and the log. */

/*
 * Figures of one server. Messages that a loop is just handling may be missing: they are
 * counted before the callbacks of their batch run, those that callbacks send when these
 * have returned.
 *
 * stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At most that
 *   many bytes are written.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. The figures are not of one moment. It looks at each connection of the
 *   server, so it is for once a second rather than once a message.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stats_get(ws_handle server, ws_server_stats *stats);

/*
 * The figures of ws_stats_get, and of ws_server_stats_get, as text in the format that
 * Prometheus reads (exposition format 0.0.4, media type "text/plain; version=0.0.4"). A
 * host answers a request for /metrics with it; see examples_c/metrics.c.
 *
 * server: a server, whose figures follow those of the library; 0: the library only.
 * buffer: capacity bytes that receive the text, NUL-terminated; NULL with capacity 0 asks
 *   for the size only. The next text may be longer: leave some room.
 * size: NULL, or receives how many bytes the text has, without the NUL.
 *
 * Returns: WS_OK; WS_ERR_BUFFER: buffer is too small, nothing is written but size;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_metrics(ws_handle server, char *buffer, size_t capacity, size_t *size);

/*
 * Changes ws_init_options.log_level while the library runs.
 *
 * level: WS_LOG_ERROR ... WS_LOG_DEBUG; 0: WS_LOG_WARN.
 *
 * Returns: WS_OK; WS_ERR_STATE: the library has not started; WS_ERR_PARAMETER.
 * Threads: any. Lines that another thread is just telling may still come.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_log_level(int32_t level);

/* ---- Names -----------------------------------------------------------------
 * What the numbers of the library are called, for logs and error messages of the host.
 * Texts are static, and "" for a number that has no name. */

/*
 * The name of a status or error id: ws_error_name(-101) is "WS_ERR_HANDLE".
 * ws_strerror tells what it means.
 *
 * Returns: a static string, "" for an unknown one.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_error_name(int32_t status);

/*
 * The name of an event type: ws_event_name(1) is "WS_EVENT_OPEN".
 *
 * Returns: a static string, "" for an unknown one.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_event_name(int32_t type);

/*
 * The name of a stage (ws_event.stage): ws_stage_name(4) is "WS_STAGE_TLS".
 *
 * Returns: a static string, "" for an unknown one.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_stage_name(int32_t stage);

/*
 * What a close code is called in the registry of RFC 6455 11.7:
 * ws_close_code_name(1001) is "Going Away".
 *
 * Returns: a static string, "" for one that is not registered.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_close_code_name(int32_t code);

#ifdef __cplusplus
}
#endif

#endif
