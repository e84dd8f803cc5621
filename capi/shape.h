/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shape.h - the public structs that begin with struct_size: how large each was in its first
 * version, which flags it knows, which members are reserved. A host may have been built with
 * an older header (its struct ends earlier: what is missing is zero) or with a newer one (what
 * this library does not know has to be zero).
 */
#ifndef WSX_SHAPE_H
#define WSX_SHAPE_H

#include <libws/ws_types.h>

#include "hidden.h"

WSX_HIDDEN_BEGINS

typedef struct wsx_shape {
    uint16_t size;     /* today's sizeof */
    uint16_t least;    /* that of its first version, which never changes */
    uint16_t flags_at; /* where its flags are; 0: it has none */
    uint16_t reserved_at[2]; /* reserved and reserved_2, of four bytes: zero; 0: none */
    uint32_t flags;    /* those that are known */
} wsx_shape;

/* Of the options that a host gives. */
extern const wsx_shape wsx_init_shape, wsx_create_shape, wsx_connect_shape, wsx_reconnect_shape, wsx_changes_shape,
    wsx_compression_shape,
    wsx_close_shape, wsx_send_shape, wsx_queue_shape, wsx_server_shape, wsx_config_shape, wsx_certificate_shape, wsx_listener_shape,
    wsx_accept_shape, wsx_response_shape, wsx_adopt_shape, wsx_relay_shape,
    wsx_relay_message_shape;
/* Of what a host is given. */
extern const wsx_shape wsx_event_shape, wsx_stats_shape, wsx_connection_shape, wsx_connection_stats_shape,
    wsx_listener_info_shape, wsx_server_stats_shape;

/* Reads the options of a host, whatever size it has, into ours, which is of the shape. NULL is all zero.
 * Flags and reserved members are looked at here, so that garbage is refused before anybody follows a
 * pointer in it. name is the argument's. Returns WS_OK or WS_ERR_PARAMETER. */
int32_t wsx_options(void *ours, const wsx_shape *shape, const void *theirs, const char *name);

/* The elements of an array of options: each has to be as large as the first one says. */
int32_t wsx_option_array(const void *all, size_t count, size_t most, const wsx_shape *shape, const char *name);

/* Whether a host's struct, of which only struct_size is read, can take a result. */
int32_t wsx_result(const void *theirs, const wsx_shape *shape, const char *name);

/* Hands ours to a host whose struct wsx_result has looked at: as much as it has room for. */
void wsx_hand_out(void *theirs, const void *ours, const wsx_shape *shape);

WSX_HIDDEN_ENDS

#endif
