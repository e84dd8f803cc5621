/* SPDX-License-Identifier: Apache-2.0 */
/* Versions belong to the header, features are known by name, every status has a text, texts are per thread. */
#include "t.h"

static void *other_thread(void *unused)
{
    CHECK_TEXT(ws_last_error(), ""); /* not the other thread's */
    CHECK_EQ(ws_destroy(5), WS_ERR_HANDLE);
    CHECK_HAS(ws_last_error(), "0x5");
    return unused;
}

int main(void)
{
    char text[40];
    CHECK_EQ(ws_version_number(), WS_VERSION_NUMBER);
    CHECK_EQ(ws_abi_version(), WS_ABI_VERSION);
    snprintf(text, sizeof text, "%d.%d.%d", WS_VERSION_MAJOR, WS_VERSION_MINOR, WS_VERSION_PATCH);
    CHECK_TEXT(ws_version_string(), text);

    static const char *const features[] = {"client", "server", "ipv6", "adopt", "listen_descriptor"};
    for (int i = 0; i < 5; i++) CHECK_EQ(ws_has_feature(features[i]), 1);
#if defined(__linux__)
    CHECK_EQ(ws_has_feature("epoll"), 1);
#else
    CHECK_EQ(ws_has_feature("epoll"), 0);
#endif
    static const char *const unknown[] = {"", "Client", "clients", "clien", "tls, perhaps", "%s%n", NULL};
    for (int i = 0; i < 7; i++) CHECK_EQ(ws_has_feature(unknown[i]), 0);

    static const struct {
        int32_t status;
        const char *text;
    } module[] = {
        {0, "Success."}, {200, "Websocket connect failed."}, {201, "Permission denied."}, {401, "Parameter error."},
        {2302001, "Websocket url error."}, {2302002, "Websocket certificate file does not exist."},
        {2302003, "Websocket connection already exists."}, {2302004, "Can't listen on the given NIC."},
        {2302005, "Can't listen on the given Port."}, {2302006, "websocket connection does not exist."},
        {2302007, "Websocket port already occupied."}, {2302998, "It is not allowed to access this domain."},
        {2302999, "Websocket other unknown error."},
    };
    for (size_t i = 0; i < sizeof module / sizeof *module; i++)
        CHECK_TEXT(ws_strerror(module[i].status), module[i].text);
    const char *nothing = ws_strerror(123456);
    CHECK(nothing && nothing[0]);
    for (int32_t status = WS_ERR_INTERNAL; status <= WS_ERR_HANDLE; status++) {
        CHECK(ws_strerror(status)[0]);
        CHECK(strcmp(ws_strerror(status), nothing)); /* each of our own has its text */
    }
    for (int64_t status = INT32_MIN; status <= INT32_MAX; status += 65537) CHECK(ws_strerror((int32_t)status));

    /* The text of the last failed call: of this thread, until its next call. */
    CHECK_TEXT(ws_last_error(), "");
    CHECK_EQ(ws_state(3, NULL), WS_ERR_HANDLE);
    CHECK_HAS(ws_last_error(), "0x3");
    CHECK_HAS(ws_last_error(), "0x3"); /* asking does not clear it */
    pthread_t thread;
    t_thread(&thread, other_thread, NULL);
    t_join(thread);
    CHECK_HAS(ws_last_error(), "0x3");
    ws_handle client = ws_create(NULL);
    CHECK_TEXT(ws_last_error(), "");
    char url[9000];
    memset(url, 'x', sizeof url);
    url[sizeof url - 1] = 0;
    CHECK_EQ(ws_connect(client, url, NULL, NULL, NULL), WS_ERR_URL);
    CHECK(strlen(ws_last_error()) > 0 && strlen(ws_last_error()) < 1000); /* long arguments are cut */
    return t_done();
}
