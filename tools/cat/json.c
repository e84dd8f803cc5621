/* SPDX-License-Identifier: Apache-2.0 */
/* json.c - writes lines of JSON (RFC 8259); json_read.c reads them. */
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "json.h"
#include "say.h"

void print_time(FILE *to, const char *form, int utc)
{
    struct timeval now;
    gettimeofday(&now, NULL);
    time_t seconds = now.tv_sec;
    char text[64];
    struct tm parts;
#if defined(_WIN32)
    parts = *(utc ? gmtime(&seconds) : localtime(&seconds));
#else
    if (utc) gmtime_r(&seconds, &parts);
    else localtime_r(&seconds, &parts);
#endif
    strftime(text, sizeof text, form, &parts);
    fprintf(to, "%s.%03d", text, (int)(now.tv_usec / 1000));
}

static void write_string(FILE *to, const char *data, size_t size)
{
    putc('"', to);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '"' || c == '\\') fprintf(to, "\\%c", c);
        else if (c == '\n') fputs("\\n", to);
        else if (c < 0x20 || c == 0x7f) fprintf(to, "\\u%04x", c);
        else putc(c, to);
    }
    putc('"', to);
}

void json_begin(FILE *to, const char *event)
{
    fprintf(to, "{\"event\":\"%s\",\"time\":\"", event);
    print_time(to, "%Y-%m-%dT%H:%M:%S", 1);
    fputs("Z\"", to);
}

void json_text(FILE *to, const char *key, const char *data, size_t size)
{
    fprintf(to, ",\"%s\":", key);
    write_string(to, data, size);
}

void json_word(FILE *to, const char *key, const char *text) { json_text(to, key, text, strlen(text)); }

void json_number(FILE *to, const char *key, int64_t number) { fprintf(to, ",\"%s\":%lld", key, (long long)number); }

void json_base64(FILE *to, const char *key, const void *data, size_t size)
{
    char *text = base64(data, size);
    fprintf(to, ",\"%s\":\"%s\"", key, text);
    free(text);
}

void json_end(FILE *to) { fputs("}\n", to); }

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64(const void *data, size_t size)
{
    const unsigned char *from = data;
    char *text = need(malloc(size / 3 * 4 + 5)), *to = text;
    for (size_t i = 0; i < size; i += 3) {
        uint32_t three = (uint32_t)from[i] << 16;
        if (i + 1 < size) three |= (uint32_t)from[i + 1] << 8;
        if (i + 2 < size) three |= from[i + 2];
        *to++ = digits[three >> 18];
        *to++ = digits[three >> 12 & 63];
        *to++ = i + 1 < size ? digits[three >> 6 & 63] : '=';
        *to++ = i + 2 < size ? digits[three & 63] : '=';
    }
    *to = 0;
    return text;
}

char *from_base64(const char *text, size_t *size)
{
    char *data = need(malloc(strlen(text) / 4 * 3 + 4)), *to = data;
    uint32_t bits = 0;
    int count = 0;
    for (; *text && *text != '='; text++) {
        const char *digit = strchr(digits, *text);
        if (!digit) {
            free(data);
            return NULL;
        }
        bits = bits << 6 | (uint32_t)(digit - digits);
        if (++count % 4 == 0) *to++ = (char)(bits >> 16), *to++ = (char)(bits >> 8), *to++ = (char)bits;
    }
    if (count % 4 == 2) *to++ = (char)(bits >> 4);
    if (count % 4 == 3) *to++ = (char)(bits >> 10), *to++ = (char)(bits >> 2);
    *to = 0;
    *size = (size_t)(to - data);
    return data;
}
