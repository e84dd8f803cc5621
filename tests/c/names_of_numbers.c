/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every status, event and stage of the header has its name, close codes have that of the registry,
 * other numbers have none. ws_has_feature knows each name that its comment lists, and these are all.
 */
#include "t.h"

typedef const char *(*named)(int32_t);

/* All of the header that begin with prefix have their own name. */
static int each(FILE *header, const char *prefix, named name)
{
    char line[512], id[64];
    int value, found = 0;
    rewind(header);
    while (fgets(line, sizeof line, header)) {
        if (sscanf(line, "#define %63s %d", id, &value) != 2 && sscanf(line, "#define %63s (%d)", id, &value) != 2)
            continue;
        if (strncmp(id, prefix, strlen(prefix))) continue;
        CHECK_TEXT(name(value), id);
        found++;
    }
    CHECK_TEXT(name(INT32_MIN), "");
    CHECK_TEXT(name(INT32_MAX), "");
    CHECK_TEXT(name(-1), "");
    return found;
}

static void close_codes(void)
{
    CHECK_TEXT(ws_close_code_name(1000), "Normal Closure");
    CHECK_TEXT(ws_close_code_name(1006), "Abnormal Closure");
    CHECK_TEXT(ws_close_code_name(1015), "TLS handshake");
    CHECK_TEXT(ws_close_code_name(3008), "Timeout");
    static const int32_t unnamed[] = {0, 999, 1004, 1016, 2999, 3001, 4000, 5000, -1000, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof unnamed / sizeof *unnamed; i++) CHECK_TEXT(ws_close_code_name(unnamed[i]), "");
}

/* Whether this system has it. */
static int has(const char *name)
{
#if defined(_WIN32)
    static const char *const not[] = {"unix", "acknowledged_sends", "reuse_port", "epoll", "gather"};
    for (size_t i = 0; i < sizeof not / sizeof *not; i++)
        if (!strcmp(name, not[i])) return 0;
#endif
    return name[0] != 0;
}

static void features(void)
{
    static const char *const all[] = {"client", "server", "tls", "ipv6", "unix", "proxy", "redirects", "reconnect",
                                      "acknowledged_sends", "requests", "topics", "limits", "listen_descriptor", "adopt",
                                      "reuse_port", "compression", "pieces", "ping", "pause", "epoll", "goroutine",
                                      "queue", "gather", "wait", "post", "metrics", "log", "correlation_id", "topic_patterns",
                                      "topic_events", "skip", "send_with"};
    char line[512];
    size_t listed = 0, known = 0;
    FILE *header = fopen(WS_TEST_HEADER, "r");
    CHECK(header);
    while (fgets(line, sizeof line, header) && !strstr(line, "Tells whether this library has a feature")) {}
    while (fgets(line, sizeof line, header) && !strstr(line, "name: NUL")) {
        if (strncmp(line, " *     ", 7)) continue;
        *strstr(line + 7, "  ") = 0; /* the names come first, then what they are about */
        for (char *at, *name = strtok_r(line + 7, ", ", &at); name; name = strtok_r(NULL, ", ", &at), listed++) {
            CHECK_EQ(ws_has_feature(name), has(name));
            size_t i = 0;
            while (i < sizeof all / sizeof *all && strcmp(all[i], name)) i++;
            if (i == sizeof all / sizeof *all) FAIL("the header lists \"%s\", this test does not", name);
            known++;
        }
    }
    fclose(header);
    CHECK_EQ(listed, sizeof all / sizeof *all);
    CHECK_EQ(known, listed);
}

int main(void)
{
    char path[512];
    int directory = (int)(strrchr(WS_TEST_HEADER, '/') + 1 - WS_TEST_HEADER);
    snprintf(path, sizeof path, "%.*sws_types.h", directory, WS_TEST_HEADER);
    FILE *header = fopen(path, "r");
    CHECK(header);
    CHECK(each(header, "WS_ERR_", ws_error_name) > 25);
    CHECK_TEXT(ws_error_name(WS_OK), "WS_OK");
    CHECK(each(header, "WS_EVENT_", ws_event_name) >= 17);
    CHECK(each(header, "WS_STAGE_", ws_stage_name) >= 11);
    CHECK_TEXT(ws_event_name(0), "");
    fclose(header);
    close_codes();
    features();
    return t_done();
}
