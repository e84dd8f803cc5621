/* SPDX-License-Identifier: Apache-2.0 */
/* front.h - what the fronts of public functions begin with: checks of what the host hands over. */
#ifndef WSX_FRONT_H
#define WSX_FRONT_H

#include "exports.h"
#include "handle.h"
#include "runtime.h"
#include "shape.h"
#include "thread.h"

WSX_HIDDEN_BEGINS

/* First lines of every front: may this process use the library, and a fresh error text. */
#define WSX_ENTER()                           \
    do {                                      \
        if (wsx_refusal) return wsx_refuse(); \
        wsx_error_buffer();                   \
    } while (0)

/* Reads a byte of each page of a host's memory, so that a fault is raised here, where nothing
 * is begun and the host's handler may do as it likes. False, with the error's text, when the
 * memory cannot be read and the host has no handler. name is the argument's. */
bool wsx_readable(const void *data, size_t size, const char *name);

/* A file as far as most + 1 bytes, or NULL; wsx_free_file wipes it (file.c). */
char *wsx_read_file(const char *path, size_t most, size_t *size, int *error, bool *opened);
void wsx_free_file(char *data, size_t size);

/* ws_set_url_filter, and whether the filter, if there is one, lets clients connect to url (url_filter.c). */
void wsx_set_url_filter(ws_url_filter filter, void *user_data);
bool wsx_url_allowed(const char *url);

/* The WS_ENGINE_ that the environment variable WS_ENGINE names, else the default. */
int32_t wsx_default_engine(void);

WSX_HIDDEN_ENDS

#endif
