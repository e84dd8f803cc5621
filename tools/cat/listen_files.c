/* SPDX-License-Identifier: Apache-2.0 */
/* listen_files.c - files of one folder by HTTP, and nothing outside of it or with a name that begins with a dot. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "chat_page.h"
#include "listen.h"
#include "say.h"

static char *folder; /* its real path; NULL: none is served */

#if defined(_WIN32)
static char *real_path(const char *path) { return _fullpath(NULL, path, 0); }
#else
static char *real_path(const char *path) { return realpath(path, NULL); }
#endif

int files_open(const char *root)
{
    if (!root) return 0;
    struct stat is;
    folder = real_path(root);
    if (!folder || stat(folder, &is) || !S_ISDIR(is.st_mode)) return wrong("--root %s: %s", root, folder ? "it is no folder" : strerror(errno));
    return 0;
}

static void respond(const ws_event *e, int32_t status, const char *type, const void *body, size_t size)
{
    const ws_header fields[] = {{"Content-Type", type}, {"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-cache"},
        {"Content-Security-Policy", "frame-ancestors 'self'"}};
    ws_response response;
    WS_INIT_STRUCT(&response);
    response.status = status;
    response.headers = fields;
    response.header_count = sizeof fields / sizeof *fields;
    response.body = body;
    response.body_size = size;
    if (ws_respond(e->handle, &response) == WS_ERR_TOO_LARGE) {
        response.status = 500;
        response.body = "too large\n";
        response.body_size = 10;
        ws_respond(e->handle, &response);
    }
}

static const char *type_of(const char *path)
{
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"}, {".htm", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".mjs", "text/javascript; charset=utf-8"},
        {".json", "application/json"}, {".txt", "text/plain; charset=utf-8"}, {".md", "text/plain; charset=utf-8"}, {".svg", "image/svg+xml"},
        {".png", "image/png"}, {".jpg", "image/jpeg"}, {".gif", "image/gif"}, {".webp", "image/webp"}, {".ico", "image/x-icon"},
        {".wasm", "application/wasm"}, {".pdf", "application/pdf"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (!strcmp(dot, types[i][0])) return types[i][1];
    return "application/octet-stream";
}

/* The path of a target, without its query and its %XX, allocated; NULL: nothing that we would serve. */
static char *path_of(const char *target)
{
    size_t size = strcspn(target, "?#");
    char *path = need(malloc(strlen(folder) + size + sizeof "/index.html")), *to = path;
    to += sprintf(path, "%s", folder);
    for (const char *from = target, *end = target + size; from < end; from++) {
        unsigned byte = (unsigned char)*from;
        if (byte == '%') {
            if (end - from < 3 || sscanf(from + 1, "%2x", &byte) != 1) byte = 0;
            from += 2;
        }
        int hidden = byte == '.' && to[-1] == '/';
        if (!byte || byte == '\\' || hidden) {
            free(path);
            return NULL;
        }
        *to++ = (char)byte;
    }
    if (to[-1] == '/') to += sprintf(to, "index.html");
    *to = 0;
    return path;
}

/* A file inside the folder, also behind symbolic links; NULL: there is none. */
static FILE *open_inside(const char *path, size_t *size)
{
    char *real = path ? real_path(path) : NULL;
    size_t root = strlen(folder);
    struct stat is;
    FILE *file = NULL;
    int inside = real && !strncmp(real, folder, root) && (real[root] == '/' || real[root] == '\\' || root == 1);
    if (inside && !stat(real, &is) && S_ISREG(is.st_mode)) file = fopen(real, "rb");
    if (file) *size = (size_t)is.st_size;
    free(real);
    return file;
}

void answer_file(const ws_event *e)
{
    size_t size = 0;
    if (strcmp(e->method, "GET") && strcmp(e->method, "HEAD")) {
        respond(e, 405, "text/plain", "GET or HEAD\n", 12);
        return;
    }
    char *path = folder ? path_of(e->target) : NULL;
    FILE *file = folder ? open_inside(path, &size) : NULL;
    if (!file) {
        respond(e, 404, "text/plain", "not found\n", 10);
    } else {
        char *body = need(malloc(size + 1));
        size = fread(body, 1, size, file);
        respond(e, 200, type_of(path), body, size);
        free(body);
        fclose(file);
    }
    free(path);
}

void answer_chat(const ws_event *e) { respond(e, 200, "text/html; charset=utf-8", chat_page, sizeof chat_page - 1); }
