/* SPDX-License-Identifier: Apache-2.0 */
/* json_read.c - finds a value in a line of JSON whose object holds strings, numbers and words only, as ours do. */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "say.h"

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') at++;
    return at;
}

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) *to++ = (char)c;
    else if (c < 0x800) *to++ = (char)(0xc0 | c >> 6), *to++ = (char)(0x80 | (c & 63));
    else if (c < 0x10000)
        *to++ = (char)(0xe0 | c >> 12), *to++ = (char)(0x80 | (c >> 6 & 63)), *to++ = (char)(0x80 | (c & 63));
    else
        *to++ = (char)(0xf0 | c >> 18), *to++ = (char)(0x80 | (c >> 12 & 63)), *to++ = (char)(0x80 | (c >> 6 & 63)),
            *to++ = (char)(0x80 | (c & 63));
    return to;
}

/* Four hexadecimal digits; -1: they are not there. */
static int32_t four(const char *at)
{
    int32_t n = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        if (c >= '0' && c <= '9') n = n * 16 + c - '0';
        else if ((c | 32) >= 'a' && (c | 32) <= 'f') n = n * 16 + (c | 32) - 'a' + 10;
        else return -1;
    }
    return n;
}

/* The string that begins at at, behind its quote; *end is behind the closing one. NULL: it is none. */
static char *read_string(const char *at, const char **end, size_t *size)
{
    char *text = need(malloc(strlen(at) + 1)), *to = text;
    for (; *at && *at != '"'; at++) {
        if (*at != '\\') {
            *to++ = *at;
            continue;
        }
        static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        const char *which = *++at ? strchr(plain, *at) : NULL;
        if (which) {
            *to++ = meant[which - plain];
            continue;
        }
        int32_t c = *at == 'u' ? four(at + 1) : -1;
        if (c < 0) break;
        at += 4;
        if (c >= 0xd800 && c < 0xdc00 && at[1] == '\\' && at[2] == 'u') {
            int32_t low = four(at + 3);
            if (low < 0xdc00 || low > 0xdfff) break;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            at += 6;
        }
        to = put_utf8(to, (uint32_t)c);
    }
    if (*at != '"') {
        free(text);
        return NULL;
    }
    *to = 0;
    *size = (size_t)(to - text);
    *end = at + 1;
    return text;
}

static char *read_value(const char *at, const char **end, size_t *size)
{
    if (*at == '"') return read_string(at + 1, end, size);
    *size = strcspn(at, ",} \t\r\n");
    if (!*size || *at == '{' || *at == '[') return NULL;
    char *text = need(malloc(*size + 1));
    memcpy(text, at, *size);
    text[*size] = 0;
    *end = at + *size;
    return text;
}

char *json_find(const char *line, const char *key, size_t *size)
{
    const char *at = skip_blanks(line);
    if (*at != '{') return NULL;
    do {
        size_t name_size;
        at = skip_blanks(at + 1);
        if (*at != '"') return NULL;
        char *name = read_string(at + 1, &at, &name_size);
        if (!name) return NULL;
        int found = !strcmp(name, key);
        free(name);
        at = skip_blanks(at);
        if (*at != ':') return NULL;
        char *value = read_value(skip_blanks(at + 1), &at, size);
        if (!value || found) return value;
        free(value);
        at = skip_blanks(at);
    } while (*at == ',');
    return NULL;
}
