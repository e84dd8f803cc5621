/* SPDX-License-Identifier: Apache-2.0 */
#include "subject.h"

#include <string.h>

static const char digits[] = "0123456789ABCDEF";

/* Bytes of a token that stand for themselves. */
static bool is_plain(unsigned char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
    return c && strchr("-_~!$&'()+,;=:@#", c);
}

static char *put_level(char *at, const unsigned char *level, size_t size)
{
    if (!size) *at++ = '%';
    for (size_t i = 0; i < size; i++) {
        if (is_plain(level[i])) {
            *at++ = (char)level[i];
            continue;
        }
        *at++ = '%';
        *at++ = digits[level[i] >> 4];
        *at++ = digits[level[i] & 15];
    }
    return at;
}

/* One level of a pattern, or of a topic, where no byte is a wildcard. */
static char *put_one(char *at, const unsigned char *level, size_t size, bool wild)
{
    if (wild && size == 1 && (*level == '+' || *level == '#')) {
        *at++ = *level == '+' ? '*' : '>';
        return at;
    }
    return put_level(at, level, size);
}

static size_t put_all(char *subject, const char *prefix, const unsigned char *name, size_t size, bool wild)
{
    size_t length = strlen(prefix);
    memcpy(subject, prefix, length);
    char *at = subject + length;
    const unsigned char *end = name + size;
    for (;;) {
        const unsigned char *cut = memchr(name, '/', (size_t)(end - name));
        *at++ = '.';
        at = put_one(at, name, (size_t)((cut ? cut : end) - name), wild);
        if (!cut) break;
        name = cut + 1;
    }
    *at = 0;
    return (size_t)(at - subject);
}

size_t wsn_topic_subject(char subject[WSN_MAX_SUBJECT], const char *prefix, const void *topic, size_t size)
{
    return put_all(subject, prefix, topic, size, false);
}

bool wsn_pattern_has_above(const void *pattern, size_t size)
{
    return size >= 2 && !memcmp((const char *)pattern + size - 2, "/#", 2);
}

size_t wsn_pattern_subject(char subject[WSN_MAX_SUBJECT], const char *prefix, const void *pattern, size_t size,
                           bool above)
{
    return put_all(subject, prefix, pattern, above ? size - 2 : size, true);
}

static size_t level_of(const char *at, const char *end)
{
    const char *cut = memchr(at, '/', (size_t)(end - at));
    return (size_t)((cut ? cut : end) - at);
}

bool wsn_pattern_fits(const char *pattern, size_t pattern_size, const void *topic, size_t size)
{
    const char *p = pattern, *p_end = pattern + pattern_size, *t = topic, *t_end = t + size;
    if (*t == '$' && (*p == '+' || *p == '#')) return false; /* 4.7.2 */
    for (;;) {
        size_t wanted = level_of(p, p_end), level = level_of(t, t_end);
        if (wanted == 1 && *p == '#') return true;
        if (!(wanted == 1 && *p == '+') && (wanted != level || memcmp(p, t, level) != 0)) return false;
        p += wanted;
        t += level;
        if (t == t_end) return p == p_end || (p_end - p == 2 && p[1] == '#');
        if (p == p_end) return false;
        p++;
        t++;
    }
}

static int digit(char c)
{
    const char *found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

bool wsn_subject_topic(const char *tokens, unsigned char topic[WSN_MAX_TOPIC + 1], size_t *size)
{
    size_t n = 0;
    for (const char *at = tokens;; at++) {
        const char *begin = at;
        for (; *at && *at != '.'; at++) {
            if (n == WSN_MAX_TOPIC) return false;
            unsigned char c = (unsigned char)*at;
            if (is_plain(c)) {
                topic[n++] = c;
                continue;
            }
            if (c != '%') return false;
            int high = digit(at[1]), low = high < 0 ? -1 : digit(at[2]);
            if (low < 0) { /* a level without bytes */
                if (at != begin || (at[1] && at[1] != '.')) return false;
                continue;
            }
            c = (unsigned char)(high << 4 | low);
            if (is_plain(c) || c == '/') return false; /* it has another subject */
            topic[n++] = c;
            at += 2;
        }
        if (at == begin) return false;
        if (!*at) break;
        if (n == WSN_MAX_TOPIC) return false;
        topic[n++] = '/';
    }
    topic[n] = 0;
    *size = n;
    return n > 0;
}

const char *wsn_prefix_fault(const char *prefix)
{
    size_t size = strlen(prefix);
    if (!size) return "is empty";
    if (size > WSN_MAX_PREFIX) return "is longer than 64 bytes";
    if (strpbrk(prefix, "*>")) return "has a wildcard, \"*\" or \">\", which would reach subjects of others";
    for (const char *at = prefix; *at; at++) {
        bool dot = *at == '.';
        if (dot && (at == prefix || at[-1] == '.' || !at[1]))
            return "has an empty token: it begins or ends with \".\", or has two of them";
        if (!dot && *at != '-' && *at != '_' && (!is_plain((unsigned char)*at) || strchr("~!$&'()+,;=:@#", *at)))
            return "has a byte that is no letter, digit, \"-\", \"_\" or \".\"";
    }
    return NULL;
}
