/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - plays scripts that are kept.
 *
 *   fuzz_replay FILE...             one after the other
 *   fuzz_replay --shutdown FILE...  each in a process of its own, which a shutdown ends
 */
#include "fuzz.h"

#include <sys/wait.h>

static void play(const char *path, bool ends)
{
    static uint8_t data[F_LONGEST];
    FILE *file = fopen(path, "rb");
    if (!file) FAIL("cannot open %s", path);
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one is to blame */
    f_run(data, size, ends);
}

int main(int argc, char **argv)
{
    bool ends = argc > 1 && !strcmp(argv[1], "--shutdown");
    for (int i = ends ? 2 : 1; i < argc; i++) {
        pid_t child = ends ? fork() : 0;
        CHECK(child >= 0);
        if (child == 0) play(argv[i], ends);
        if (ends && child == 0) exit(0);
        int status = 0;
        if (ends) CHECK_EQ(waitpid(child, &status, 0), child);
        if (status) FAIL("%s ended with %#x", argv[i], status);
    }
    if (!ends) OK(ws_shutdown_wait(T_DEADLINE_MS));
    printf("%d scripts\n", argc - (ends ? 2 : 1));
    return 0;
}
