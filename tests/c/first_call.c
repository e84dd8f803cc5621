/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every function of the header may be the first one that a process calls, on two threads at
 * once: none waits for a runtime that nobody starts, and those that need none start none.
 * Each has a child of its own, forked before anything was called.
 */
#include "t.h"
#include "t_proc.h"

#include <sys/wait.h>

static pthread_barrier_t together;

/* ---- the functions: arguments are good, but nobody has the handles ------------------- */

#define H 0x4000010000001 /* as a client's would be */
#define STALE(call) CHECK((call) == WS_ERR_HANDLE || (call) == WS_ERR_NO_CONNECTION)
#define CALL(name) static void call_##name(void)

static void WS_CALL never(const ws_event *e, void *unused) { FAIL("an event of type %d, %p", e->type, unused); }

CALL(ws_abi_version) { CHECK_EQ(ws_abi_version(), WS_ABI_VERSION); }
CALL(ws_abort) { STALE(ws_abort(H)); }
CALL(ws_accept) { STALE(ws_accept(H, NULL)); }
CALL(ws_buffered_amount) { uint64_t n; STALE(ws_buffered_amount(H, &n)); }
CALL(ws_close) { STALE(ws_close(H, NULL, never, NULL)); }
CALL(ws_close_code_name) { CHECK_TEXT(ws_close_code_name(1001), "Going Away"); }
CALL(ws_close_wait) { STALE(ws_close_wait(H, NULL, -1)); }
CALL(ws_connect) { STALE((ws_connect)(H, "ws://127.0.0.1:1/", NULL, never, NULL)); }
CALL(ws_connect_wait) { STALE((ws_connect_wait)(H, "ws://127.0.0.1:1/", NULL, -1)); }
CALL(ws_connection_info) { ws_connection c; WS_INIT_STRUCT(&c); STALE(ws_connection_info(H, &c)); }
CALL(ws_connection_stats_get) { ws_connection_stats s; WS_INIT_STRUCT(&s); STALE(ws_connection_stats_get(H, &s)); }
CALL(ws_connection_text) { size_t n; STALE(ws_connection_text(H, WS_TEXT_PROTOCOL, NULL, 0, &n)); }
CALL(ws_create) { CHECK((ws_create)(NULL)); }
CALL(ws_destroy) { STALE(ws_destroy(H)); }
CALL(ws_destroy_wait) { STALE(ws_destroy_wait(H, -1)); }
CALL(ws_error_name) { CHECK_TEXT(ws_error_name(WS_OK), "WS_OK"); }
CALL(ws_event_name) { CHECK_TEXT(ws_event_name(WS_EVENT_OPEN), "WS_EVENT_OPEN"); }
CALL(ws_has_feature) { CHECK_EQ(ws_has_feature("queue"), 1); }
CALL(ws_header_next) { size_t at = 0; const char *n, *v; CHECK_EQ(ws_header_next("a\0b", 4, &at, &n, &v), 1); }
CALL(ws_init) { int32_t s = ws_init(NULL); CHECK(s == WS_OK || s == WS_ERR_STATE); }
CALL(ws_last_error) { CHECK_TEXT(ws_last_error(), ""); }
CALL(ws_metrics) { size_t n; OK(ws_metrics(0, NULL, 0, &n)); CHECK(n > 0); }
CALL(ws_network_changed) { OK(ws_network_changed()); }
CALL(ws_off) { STALE(ws_off(H, WS_EVENT_OPEN, NULL, NULL)); }
CALL(ws_off_wait) { STALE(ws_off_wait(H, WS_EVENT_OPEN, NULL, NULL, -1)); }
CALL(ws_on) { STALE(ws_on(H, WS_EVENT_OPEN, never, NULL)); }
CALL(ws_pause) { STALE(ws_pause(H)); }
CALL(ws_ping) { STALE(ws_ping(H, NULL, 0)); }
CALL(ws_post) { STALE(ws_post(H, 0, never, NULL, NULL)); }
CALL(ws_post_cancel) { STALE(ws_post_cancel(H, 1)); }
CALL(ws_publish) { STALE(ws_publish(H, "t", 1, "x", 1, WS_TEXT, 0, NULL)); }
CALL(ws_publish_with) { STALE(ws_publish_with(H, "t", 1, "x", 1, WS_TEXT, 0, NULL, NULL)); }
CALL(ws_relay_deliver) { ws_relay_message m; WS_INIT_STRUCT(&m); STALE(ws_relay_deliver(H, &m)); }
CALL(ws_server_set_relay) { STALE(ws_server_set_relay(H, NULL)); }
CALL(ws_server_broadcast_with) { STALE(ws_server_broadcast_with(H, "x", 1, WS_TEXT, 0, NULL, NULL)); }
CALL(ws_queue_create) { CHECK(ws_queue_create(NULL)); }
CALL(ws_queue_destroy) { STALE(ws_queue_destroy(H)); }
CALL(ws_queue_dispatch) { size_t n; STALE(ws_queue_dispatch(H, 0, -1, &n)); }
CALL(ws_queue_fd) { ws_socket fd; STALE(ws_queue_fd(H, &fd)); }
CALL(ws_queue_flush) { STALE(ws_queue_flush(H)); }
CALL(ws_queue_wake) { STALE(ws_queue_wake(H)); }
CALL(ws_queue_poll) { ws_event e = {.struct_size = sizeof e}; size_t n; STALE(ws_queue_poll(H, &e, 1, -1, &n)); }
CALL(ws_respond) { STALE(ws_respond(H, NULL)); }
CALL(ws_resume) { STALE(ws_resume(H)); }
CALL(ws_send) { STALE(ws_send(H, "x", 1, WS_TEXT, NULL, NULL)); }
CALL(ws_send_with) { STALE(ws_send_with(H, "x", 1, WS_TEXT, NULL, NULL, NULL)); }
CALL(ws_send_part) { STALE(ws_send_part(H, "x", 1, WS_TEXT, 1, NULL, NULL)); }
CALL(ws_server_adopt) { ws_adopt_options o; ws_handle c; WS_INIT_STRUCT(&o); STALE(ws_server_adopt(H, &o, &c)); }
CALL(ws_server_broadcast) { STALE(ws_server_broadcast(H, "x", 1, WS_TEXT, 0, NULL)); }
CALL(ws_server_connections) { size_t n; STALE(ws_server_connections(H, NULL, 0, &n)); }
CALL(ws_server_create) { CHECK((ws_server_create)(NULL)); }
CALL(ws_server_descriptor) { ws_socket fd; STALE(ws_server_descriptor(H, 0, &fd)); }
CALL(ws_server_destroy) { STALE(ws_server_destroy(H)); }
CALL(ws_server_destroy_wait) { STALE(ws_server_destroy_wait(H, -1)); }
CALL(ws_server_listener) { ws_listener_info i; WS_INIT_STRUCT(&i); STALE(ws_server_listener(H, 0, &i)); }
CALL(ws_server_off) { STALE(ws_server_off(H, WS_EVENT_CONNECT, NULL, NULL)); }
CALL(ws_server_off_wait) { STALE(ws_server_off_wait(H, WS_EVENT_CONNECT, NULL, NULL, -1)); }
CALL(ws_server_on) { STALE(ws_server_on(H, WS_EVENT_CONNECT, never, NULL)); }
CALL(ws_server_port) { int32_t p; STALE(ws_server_port(H, &p)); }
CALL(ws_server_set_certificates) { ws_certificate c; WS_INIT_STRUCT(&c); STALE(ws_server_set_certificates(H, &c, 1)); }
CALL(ws_server_start) { STALE((ws_server_start)(H, NULL, never, NULL)); }
CALL(ws_server_stats_get) { ws_server_stats s; WS_INIT_STRUCT(&s); STALE(ws_server_stats_get(H, &s)); }
CALL(ws_server_stop) { STALE(ws_server_stop(H, NULL, never, NULL)); }
CALL(ws_server_stop_listening) { STALE(ws_server_stop_listening(H, never, NULL)); }
CALL(ws_server_stop_wait) { STALE(ws_server_stop_wait(H, NULL, -1)); }
CALL(ws_set_correlation_id) { STALE(ws_set_correlation_id(H, "x")); }
CALL(ws_set_log_level) { CHECK_EQ(ws_set_log_level(WS_LOG_DEBUG), WS_ERR_STATE); }
CALL(ws_set_url_filter) { OK(ws_set_url_filter(NULL, NULL)); }
CALL(ws_set_user_data) { STALE(ws_set_user_data(H, NULL)); }
CALL(ws_shutdown_wait) { OK(ws_shutdown_wait(-1)); CHECK_EQ(ws_init(NULL), WS_ERR_SHUTDOWN); }
CALL(ws_stage_name) { CHECK_TEXT(ws_stage_name(WS_STAGE_TLS), "WS_STAGE_TLS"); }
CALL(ws_state) { int32_t s; STALE(ws_state(H, &s)); }
CALL(ws_stats_get) { ws_stats s; WS_INIT_STRUCT(&s); OK(ws_stats_get(&s)); CHECK_EQ(s.uptime_us, 0); }
CALL(ws_strerror) { CHECK_TEXT(ws_strerror(WS_OK), "Success."); }
CALL(ws_is_subscribed) { int32_t how; STALE(ws_is_subscribed(H, "t", 1, &how)); }
CALL(ws_subscription_next)
{
    size_t at = 0, size;
    const void *name;
    int32_t pattern;
    CHECK_EQ(ws_subscription_next("\0\1t", 4, &at, &name, &size, &pattern), 1);
}
CALL(ws_subscriptions) { size_t n; STALE(ws_subscriptions(H, NULL, 0, &n)); }
CALL(ws_subscribe_pattern) { STALE(ws_subscribe_pattern(H, "t", 1)); }
CALL(ws_topic_subscribers) { size_t n; STALE(ws_topic_subscribers(H, "t", 1, NULL, 0, &n)); }
CALL(ws_unsubscribe_pattern) { STALE(ws_unsubscribe_pattern(H, "t", 1)); }
CALL(ws_subscribe) { STALE(ws_subscribe(H, "t", 1)); }
CALL(ws_pong) { STALE(ws_pong(H, NULL, 0)); }
CALL(ws_reconnect_with) { STALE(ws_reconnect_with(H, NULL)); }
CALL(ws_verify_answer) { STALE(ws_verify_answer(H, 1, 1)); }
CALL(ws_sign_answer) { STALE(ws_sign_answer(H, 1, NULL, 0)); }
CALL(ws_unsubscribe) { STALE(ws_unsubscribe(H, "t", 1)); }
CALL(ws_user_data) { void *p; STALE(ws_user_data(H, &p)); }
CALL(ws_version_number) { CHECK_EQ(ws_version_number(), WS_VERSION_NUMBER); }
CALL(ws_version_string) { CHECK(ws_version_string()[0]); }

#define ASKS(name) {#name, call_##name, 0}
#define STARTS(name) {#name, call_##name, 1}
static const struct {
    const char *name;
    void (*call)(void);
    int starts;
} functions[] = {
    ASKS(ws_abi_version), ASKS(ws_abort), ASKS(ws_accept), ASKS(ws_buffered_amount), ASKS(ws_close),
    ASKS(ws_close_code_name), ASKS(ws_close_wait), ASKS(ws_connect), ASKS(ws_connect_wait), ASKS(ws_connection_info),
    ASKS(ws_connection_stats_get), ASKS(ws_connection_text), STARTS(ws_create), ASKS(ws_destroy),
    ASKS(ws_destroy_wait), ASKS(ws_error_name), ASKS(ws_event_name), ASKS(ws_has_feature), ASKS(ws_header_next),
    STARTS(ws_init), ASKS(ws_last_error), STARTS(ws_metrics), ASKS(ws_network_changed), ASKS(ws_off),
    ASKS(ws_off_wait), ASKS(ws_on), ASKS(ws_pause), ASKS(ws_ping), ASKS(ws_pong), ASKS(ws_post), ASKS(ws_post_cancel),
    ASKS(ws_publish), ASKS(ws_publish_with), STARTS(ws_queue_create), ASKS(ws_queue_destroy), ASKS(ws_queue_dispatch), ASKS(ws_queue_fd),
    ASKS(ws_queue_poll), ASKS(ws_queue_flush), ASKS(ws_queue_wake), ASKS(ws_reconnect_with), ASKS(ws_relay_deliver), ASKS(ws_respond),
    ASKS(ws_resume), ASKS(ws_send), ASKS(ws_send_with), ASKS(ws_send_part), ASKS(ws_server_adopt), ASKS(ws_server_broadcast), ASKS(ws_server_broadcast_with),
    ASKS(ws_server_connections), STARTS(ws_server_create), ASKS(ws_server_descriptor),
    ASKS(ws_server_destroy), ASKS(ws_server_destroy_wait), ASKS(ws_server_listener), ASKS(ws_server_off),
    ASKS(ws_server_off_wait), ASKS(ws_server_on), ASKS(ws_server_port), ASKS(ws_server_set_certificates), ASKS(ws_server_set_relay),
    ASKS(ws_server_start), ASKS(ws_server_stats_get), ASKS(ws_server_stop), ASKS(ws_server_stop_listening),
    ASKS(ws_server_stop_wait), ASKS(ws_set_correlation_id), ASKS(ws_set_log_level), ASKS(ws_set_url_filter),
    ASKS(ws_set_user_data), ASKS(ws_shutdown_wait), ASKS(ws_sign_answer), ASKS(ws_stage_name), ASKS(ws_state), ASKS(ws_stats_get),
    ASKS(ws_strerror), ASKS(ws_subscribe), ASKS(ws_is_subscribed), ASKS(ws_subscription_next), ASKS(ws_subscriptions),
    ASKS(ws_subscribe_pattern), ASKS(ws_topic_subscribers), ASKS(ws_unsubscribe_pattern), ASKS(ws_unsubscribe), ASKS(ws_user_data),
    ASKS(ws_verify_answer), ASKS(ws_version_number),    ASKS(ws_version_string),
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* ---- each in a process of its own --------------------------------------------------- */

/* What the header declares is in the table. */
static void table_is_whole(void)
{
    char line[512], name[64];
    int found = 0;
    FILE *header = fopen(WS_TEST_HEADER, "r");
    CHECK(header);
    while (fgets(line, sizeof line, header)) {
        char *at = strstr(line, "WS_CALL ws_");
        if (strncmp(line, "WS_API ", 7) || !at || sscanf(at, "WS_CALL %63[a-z0-9_](", name) != 1) continue;
        int i = 0;
        while (i < FUNCTIONS && strcmp(functions[i].name, name)) i++;
        if (i == FUNCTIONS) FAIL("%s is not in the table", name);
        found++;
    }
    fclose(header);
    CHECK_EQ(found, FUNCTIONS);
}

static void *call(void *function)
{
    pthread_barrier_wait(&together);
    (*(void (*const *)(void))function)();
    pthread_barrier_wait(&together);
    pthread_barrier_wait(&together); /* main has counted */
    return NULL;
}

static int child(int i)
{
    pthread_t both[2];
    pthread_barrier_init(&together, NULL, 3);
    for (int n = 0; n < 2; n++) t_thread(&both[n], call, (void *)(uintptr_t)&functions[i].call);
    pthread_barrier_wait(&together);
    pthread_barrier_wait(&together);
    CHECK_EQ(t_threads() > 3, functions[i].starts);
    pthread_barrier_wait(&together);
    for (int n = 0; n < 2; n++) t_join(both[n]);
    return 0;
}

int main(void)
{
    table_is_whole();
    for (int i = 0; i < FUNCTIONS; i++) {
        int status;
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (!pid) {
            alarm(T_DEADLINE_MS / 1000);
            _exit(child(i));
        }
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        if (status) FAIL("%s: status %#x", functions[i].name, status);
    }
    return 0;
}
