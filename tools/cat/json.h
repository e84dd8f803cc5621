/* SPDX-License-Identifier: Apache-2.0 */
/* json.h - lines of JSON, as --json and --record write and --replay reads them; base64. */
#ifndef CAT_JSON_H
#define CAT_JSON_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void json_begin(FILE *to, const char *event); /* {"event":"...","time":"2026-01-31T12:00:00.123Z" */
void json_text(FILE *to, const char *key, const char *data, size_t size);
void json_word(FILE *to, const char *key, const char *text);
void json_number(FILE *to, const char *key, int64_t number);
void json_base64(FILE *to, const char *key, const void *data, size_t size);
void json_end(FILE *to);

/* The value of a key of the object on this line, allocated and NUL-terminated, strings without their escapes; NULL: it
 * is not there, or the line is no JSON. */
char *json_find(const char *line, const char *key, size_t *size);

char *base64(const void *data, size_t size);         /* allocated */
char *from_base64(const char *text, size_t *size);   /* allocated; NULL: it is none */

void print_time(FILE *to, const char *form, int utc); /* strftime's form, with .123 behind it */

#endif
