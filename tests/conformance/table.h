/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h - the language of the tables: bytes made of words, and where they are cut.
 * The tables explain their words.
 */
#ifndef TABLE_H
#define TABLE_H

#include "t.h"

typedef struct bytes {
    unsigned char *data;
    size_t size, room;
} bytes;
void add_bytes(bytes *to, const void *data, size_t size);

/* A text with \r, \n, \t, \xNN and text*N, as the payload of a frame is written. */
void add_payload(bytes *to, const char *text);

/* Frames as bytes, and where one may cut them. */
typedef struct stream {
    bytes wire;
    bytes borders; /* size_t of each: where a frame begins */
    bytes headers; /* size_t of each: where its payload begins */
} stream;
/* Appends the frames that a word stands for. masked: the sender is a client. */
void add_frames(stream *to, const char *word, int masked);
size_t marks(const bytes *of);
size_t mark(const bytes *of, size_t i);

/*
 * The places at which a stream is cut, each one in a run of its own: every byte up to
 * 1 KiB; beyond that every byte of a header, each border and the bytes beside it, and 64
 * places drawn with a fixed seed. Of more than 96 frames 32 drawn ones count. Returns
 * how many; free the array.
 */
size_t cuts_of(const stream *s, size_t **cuts);
/* All cuts are in one run, because it is large or has many frames. */
int in_one_run(const stream *s);
#define EACH_BYTE_UP_TO 1024u

/* What comes back. */
typedef struct answer {
    stream data, pongs; /* as the peer reads them, unmasked */
    int messages;       /* that the host hears */
    int ends;           /* a Close is in the line */
    int fails;          /* its code comes from a violation */
    bytes close;        /* payload of the Close */
} answer;
void add_answer(answer *to, const char *word);

/* A line of a table. Its columns point into text. */
typedef struct row {
    char *text, *section, *name, *in, *out;
    char group[64];
    char with[240]; /* what the line "with: " behind the group's name says, or empty */
} row;
/* All rows of a table. Ends the program when there are none. */
row *read_table(const char *path, size_t *count);

#endif
