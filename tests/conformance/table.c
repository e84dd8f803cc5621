/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - reads tables, makes frames of words, and says where to cut. */
#include "table.h"

#include <ctype.h>

void add_bytes(bytes *to, const void *data, size_t size)
{
    if (to->room - to->size < size) {
        to->room = 2 * to->room + size + 64;
        to->data = realloc(to->data, to->room);
        CHECK(to->data);
    }
    if (size) memcpy(to->data + to->size, data, size);
    to->size += size;
}

void add_payload(bytes *to, const char *text)
{
    size_t unit = to->size; /* where the text began that a star repeats */
    while (*text) {
        if (*text == '*') {
            char *end;
            size_t size = strtoul(text + 1, &end, 10), have = to->size - unit;
            CHECK(end != text + 1 && have);
            for (size_t n; have < size; have += n) {
                n = size - have < have ? size - have : have; /* whole units, until the last */
                unsigned char *copy = malloc(n);
                CHECK(copy);
                memcpy(copy, to->data + unit, n);
                add_bytes(to, copy, n);
                free(copy);
            }
            text = end;
            unit = to->size;
            continue;
        }
        unsigned char byte = (unsigned char)*text++;
        if (byte == '\\') {
            static const char letters[] = "rnt", values[] = "\r\n\t";
            const char *letter = strchr(letters, *text);
            unsigned value = 0;
            if (letter && *letter) value = (unsigned char)values[letter - letters];
            else CHECK(sscanf(text, "x%2x", &value) == 1);
            byte = (unsigned char)value;
            text += letter ? 1 : 3;
        }
        add_bytes(to, &byte, 1);
    }
}

size_t marks(const bytes *of)
{
    return of->size / sizeof(size_t);
}

size_t mark(const bytes *of, size_t i)
{
    size_t at;
    memcpy(&at, of->data + i * sizeof at, sizeof at);
    return at;
}

/* A word, taken apart. */
typedef struct frame {
    unsigned char first;
    int other_mask;   /* the mask bit is that of the other role */
    int bits;         /* of the length, 0: as few as it needs */
    int declares;     /* size is not that of the payload */
    unsigned long long size;
    size_t times;
    bytes payload;
} frame;

static frame parse(const char *word)
{
    static const char letters[] = "CTBXPOx";
    static const unsigned char opcodes[] = {0, 1, 2, 8, 9, 10, 8};
    frame f = {.first = 0x80, .times = 1};
    char *end;
    const char *whole = word;
    if (isdigit((unsigned char)*word)) {
        f.times = strtoul(word, &end, 10);
        CHECK(*end == '*');
        word = end + 1;
    }
    char letter = *word++;
    if (letter == '#') {
        f.first = (unsigned char)strtoul(word, &end, 16);
        word = end;
    } else {
        const char *at = strchr(letters, letter);
        if (!at || !letter) FAIL("\"%s\" is no frame", whole);
        f.first |= opcodes[at - letters];
    }
    for (; *word && *word != ':'; word++) {
        if (*word == '-') {
            f.first &= 0x7f;
        } else if (*word == '^') {
            f.first |= 0x40;
        } else if (*word == '!') {
            f.other_mask = 1;
        } else if (*word == '/') {
            f.bits = (int)strtoul(word + 1, &end, 10);
            word = end - 1;
        } else if (*word == '~') {
            f.declares = 1;
            f.size = strtoull(word + 1, &end, 10);
            word = end - 1;
        } else {
            FAIL("\"%s\" is no frame", whole);
        }
    }
    if (*word++ != ':') FAIL("\"%s\" has no colon", whole);
    if (letter == 'X' && *word) {
        unsigned code = (unsigned)strtoul(word, &end, 10);
        unsigned char two[] = {(unsigned char)(code >> 8), (unsigned char)code};
        add_bytes(&f.payload, two, 2);
        word = *end == ',' ? end + 1 : end;
        bytes reason = {0};
        add_payload(&reason, word);
        add_bytes(&f.payload, reason.data, reason.size);
        free(reason.data);
    } else {
        add_payload(&f.payload, word);
    }
    if (!f.declares) f.size = f.payload.size;
    if (!f.bits) f.bits = f.size < 126 ? 7 : f.size < 65536 ? 16 : 64;
    return f;
}

static void add_mark(bytes *to, size_t at)
{
    add_bytes(to, &at, sizeof at);
}

void add_frames(stream *to, const char *word, int masked)
{
    static const unsigned char mask[4] = {0xa1, 0x02, 0x5c, 0xf3};
    frame f = parse(word);
    masked ^= f.other_mask;
    unsigned char header[14] = {f.first, (unsigned char)(f.bits == 7 ? f.size : f.bits == 16 ? 126 : 127)};
    size_t n = 2;
    for (int shift = f.bits - 8; f.bits > 7 && shift >= 0; shift -= 8) header[n++] = (unsigned char)(f.size >> shift);
    if (masked) {
        header[1] |= 0x80;
        memcpy(header + n, mask, 4);
        n += 4;
        for (size_t i = 0; i < f.payload.size; i++) f.payload.data[i] ^= mask[i % 4];
    }
    while (f.times--) {
        add_mark(&to->borders, to->wire.size);
        add_bytes(&to->wire, header, n);
        add_mark(&to->headers, to->wire.size);
        add_bytes(&to->wire, f.payload.data, f.payload.size);
    }
    free(f.payload.data);
}

void add_answer(answer *to, const char *word)
{
    if (!strncmp(word, "heard:", 6)) {
        to->messages = atoi(word + 6);
        return;
    }
    if (!strncmp(word, "fail:", 5) || *word == 'X') {
        char close[600];
        snprintf(close, sizeof close, "X:%s", strchr(word, ':') + 1);
        frame f = parse(close);
        to->close = f.payload;
        to->ends = 1;
        to->fails = *word == 'f';
        return;
    }
    frame f = parse(word);
    size_t times = f.times;
    free(f.payload.data);
    if ((f.first & 15) == 10) {
        add_frames(&to->pongs, word, 0);
    } else {
        add_frames(&to->data, word, 0);
        to->messages += (int)times;
    }
}

/* ---- cuts ----------------------------------------------------------------------- */

#define MANY 96 /* frames */

static int by_place(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static uint64_t drawn(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

size_t cuts_of(const stream *s, size_t **cuts)
{
    bytes places = {0};
    size_t size = s->wire.size, frames = marks(&s->borders);
    uint64_t seed = 6455;
    if (size <= EACH_BYTE_UP_TO) {
        for (size_t i = 1; i < size; i++) add_mark(&places, i);
    } else {
        for (size_t k = 0; k < (frames > MANY ? 32 : frames); k++) {
            size_t i = frames > MANY ? drawn(&seed) % frames : k;
            size_t border = mark(&s->borders, i), payload = mark(&s->headers, i);
            for (size_t at = border ? border - 1 : 0; at <= payload + 1; at++) add_mark(&places, at);
        }
        add_mark(&places, size - 1);
        for (int k = 0; k < 64; k++) add_mark(&places, drawn(&seed) % size);
    }
    size_t count = marks(&places), kept = 0, *sorted = (size_t *)(void *)places.data;
    if (count) qsort(sorted, count, sizeof *sorted, by_place);
    for (size_t i = 0; i < count; i++)
        if (sorted[i] > 0 && sorted[i] < size && (!kept || sorted[i] != sorted[kept - 1])) sorted[kept++] = sorted[i];
    *cuts = sorted;
    return kept;
}

int in_one_run(const stream *s)
{
    return s->wire.size >= 256u << 10 || marks(&s->borders) > MANY;
}

/* ---- tables ----------------------------------------------------------------------- */

static char *column(char **rest)
{
    char *begin = *rest, *end = begin ? strstr(begin, " |") : NULL;
    CHECK(begin);
    *rest = end ? end + 2 : NULL;
    if (end) *end = 0;
    while (*begin == ' ') begin++;
    size_t size = strlen(begin);
    while (size && strchr(" \n", begin[size - 1])) begin[--size] = 0;
    return begin;
}

row *read_table(const char *path, size_t *count)
{
    FILE *file = fopen(path, "r");
    if (!file) FAIL("cannot open %s", path);
    row *rows = NULL, next = {0};
    char line[4096];
    *count = 0;
    while (fgets(line, sizeof line, file)) {
        CHECK(strchr(line, '\n'));
        if (*line == '=') {
            snprintf(next.group, sizeof next.group, "%.*s", (int)strcspn(line + 2, "\n"), line + 2);
            *next.with = 0;
        }
        if (!strncmp(line, "with: ", 6)) snprintf(next.with, sizeof next.with, "%.*s", (int)strcspn(line + 6, "\n"), line + 6);
        if (!isdigit((unsigned char)*line) && *line != 'G') continue;
        rows = realloc(rows, (*count + 1) * sizeof *rows);
        CHECK(rows);
        char *rest = next.text = strdup(line);
        next.section = column(&rest);
        next.name = column(&rest);
        next.in = column(&rest);
        next.out = column(&rest);
        rows[(*count)++] = next;
    }
    fclose(file);
    if (!*count) FAIL("%s has no rows", path);
    return rows;
}
