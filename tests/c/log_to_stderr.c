/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library prints nothing, unless the environment variable WS_LOG asks for it and the host has
 * no log: then each line goes to stderr. A WS_ENGINE or WS_LOG that nobody knows is a warning there. A
 * stderr that nobody reads does no harm.
 */
#include <fcntl.h>
#include <sys/wait.h>

#include "t.h"

/* ---- the program that is started: it makes a connection ----------------------------------------- */

static void WS_CALL keep(int32_t level, const char *line, void *unused)
{
    (void)level, (void)line, (void)unused;
}

static int works(const char *how)
{
    if (strcmp(how, "default")) {
        ws_init_options o;
        WS_INIT_STRUCT(&o);
        if (!strcmp(how, "log")) o.log = keep;
        OK(ws_init(&o));
    }
    ws_handle server = t_echo_server(), client = ws_create(NULL);
    OK(ws_connect_wait(client, t_url(server), NULL, T_DEADLINE_MS));
    OK(ws_close_wait(client, NULL, T_DEADLINE_MS));
    return t_done();
}

/* ---- who starts it ---------------------------------------------------------------------------------- */

static char *self;

/* What it writes to stderr. engine, log: NULL: not set. */
static const char *says(const char *how, const char *engine, const char *log)
{
    static char text[1 << 16];
    int ends[2], status;
    CHECK_EQ(pipe(ends), 0);
    pid_t child = fork();
    if (!child) {
        if (engine) setenv("WS_ENGINE", engine, 1);
        if (log) setenv("WS_LOG", log, 1);
        dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        execl(self, self, how, NULL);
        _exit(99);
    }
    close(ends[1]);
    size_t size = 0;
    for (ssize_t n; (n = read(ends[0], text + size, sizeof text - 1 - size)) > 0;) size += (size_t)n;
    text[size] = 0;
    close(ends[0]);
    CHECK_EQ(waitpid(child, &status, 0), child);
    if (status) FAIL("it ended with %#x and said: %s", status, text);
    return text;
}

static void nobody_reads(void)
{
    int ends[2], status;
    CHECK_EQ(pipe(ends), 0);
    close(ends[0]);
    pid_t child = fork();
    if (!child) {
        setenv("WS_LOG", "debug", 1);
        dup2(ends[1], 2);
        close(ends[1]);
        execl(self, self, "default", NULL);
        _exit(99);
    }
    close(ends[1]);
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0); /* no SIGPIPE */
}

int main(int argc, char **argv)
{
    if (argc > 1) return works(argv[1]);
    self = argv[0];
    unsetenv("WS_LOG");
    CHECK_TEXT(says("default", NULL, NULL), "");
    CHECK_TEXT(says("default", NULL, ""), "");
    CHECK_TEXT(says("init", "nonsense", NULL), "");
    CHECK_TEXT(says("default", NULL, "warn"), ""); /* there is nothing to warn of */
    CHECK_TEXT(says("log", "nonsense", "debug"), ""); /* the host has a log of its own */
    for (int i = 0; i < 2; i++) {
        const char *text = says(i ? "init" : "default", NULL, "debug");
        CHECK_HAS(text, "libws debug: handle 0x");
        CHECK_HAS(text, ": connected to 127.0.0.1:");
        CHECK_EQ(text[strlen(text) - 1], '\n');
        for (const char *at = text; *at; at = strchr(at, '\n') + 1) CHECK_EQ(strncmp(at, "libws ", 6), 0);
    }
    CHECK_HAS(says("default", "nonsense", "warn"), "libws warn: WS_ENGINE is \"nonsense\"");
    CHECK_HAS(says("default", NULL, "trace"), "libws warn: WS_LOG is \"trace\"");
    nobody_reads();
    return 0;
}
