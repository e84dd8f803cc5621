/* SPDX-License-Identifier: Apache-2.0 */
#include "shape.h"

#include <stdio.h>

#include "thread.h"

#define ALIGNED(type, bytes) (((bytes) + _Alignof(type) - 1) / _Alignof(type) * _Alignof(type))

/* last is the last member of the first version: those that come later are behind it, and stay out of this
 * table. tests/abi has the numbers that follow from it. */
#define SHAPE(type, last) \
    .size = sizeof(type), .least = ALIGNED(type, offsetof(type, last) + sizeof((type *)0)->last)
#define FLAGS(type, known) .flags_at = offsetof(type, flags), .flags = (known)
#define RESERVED(type, member) offsetof(type, member)

const wsx_shape wsx_init_shape = {
    SHAPE(ws_init_options, reserved), .reserved_at = {RESERVED(ws_init_options, reserved)}};
const wsx_shape wsx_create_shape = {
    SHAPE(ws_create_options, correlation_id), .reserved_at = {RESERVED(ws_create_options, reserved)},
    FLAGS(ws_create_options, WS_REFUSE_EARLY | WS_RECEIVE_PARTS | WS_PING_EVENTS | WS_SKIP_LARGE | WS_MANUAL_PONG)};
const wsx_shape wsx_connect_shape = {
    SHAPE(ws_connect_options, compression), .reserved_at = {RESERVED(ws_connect_options, reserved)},
    FLAGS(ws_connect_options,
          WS_ORIGIN_OF_URL | WS_SUPPORT_ORIGIN_PORT | WS_STRICT_PONG | WS_NO_RESUMPTION | WS_ACKNOWLEDGED_SENDS |
              WS_CONNECTED_DESCRIPTOR | WS_KEEP_COOKIES | WS_VERIFY_EVENTS | WS_SIGN_EVENTS |
              WS_RENEGOTIATE_ONCE | WS_REQUIRE_PROTOCOL)};
const wsx_shape wsx_reconnect_shape = {
    SHAPE(ws_reconnect_options, reserved),
    .reserved_at = {RESERVED(ws_reconnect_options, reserved), RESERVED(ws_reconnect_options, reserved_2)},
    FLAGS(ws_reconnect_options, WS_KEEP_SENDS | WS_RETRY_CERTIFICATE | WS_ASK_BEFORE_RECONNECT)};
const wsx_shape wsx_changes_shape = {SHAPE(ws_reconnect_changes, client_key_password), FLAGS(ws_reconnect_changes, 0)};
const wsx_shape wsx_compression_shape = {
    SHAPE(ws_compression, reserved), .reserved_at = {RESERVED(ws_compression, reserved)},
    FLAGS(ws_compression, WS_TAKEOVER_OUT | WS_TAKEOVER_IN)};
const wsx_shape wsx_close_shape = {SHAPE(ws_close_options, flags), FLAGS(ws_close_options, WS_CUT_REASON | WS_NO_CODE)};
const wsx_shape wsx_send_shape = {SHAPE(ws_send_options, key)};
const wsx_shape wsx_queue_shape = {
    SHAPE(ws_queue_options, max_bytes), FLAGS(ws_queue_options, WS_QUEUE_THREAD | WS_QUEUE_GATHER)};
const wsx_shape wsx_server_shape = {
    SHAPE(ws_server_options, max_subscriptions),
    FLAGS(ws_server_options,
          WS_RECEIVE_PARTS | WS_PING_EVENTS | WS_UPGRADE_EVENTS | WS_REQUEST_EVENTS | WS_KEEP_REQUEST |
              WS_TOPIC_EVENTS | WS_SKIP_LARGE | WS_MANUAL_PONG)};
const wsx_shape wsx_config_shape = {
    SHAPE(ws_server_config, compression), .reserved_at = {RESERVED(ws_server_config, reserved)},
    FLAGS(ws_server_config,
          WS_MODULE_LIMITS | WS_STRICT_PONG | WS_CLIENT_CERT_OPTIONAL | WS_LISTENERS_ONLY | WS_REUSE_PORT |
              WS_HTTP_ORIGINS | WS_REQUIRE_PROTOCOL | WS_NO_LISTENERS | WS_IPV6_ONLY |
              WS_VERIFY_EVENTS | WS_SIGN_EVENTS)};
const wsx_shape wsx_certificate_shape = {SHAPE(ws_certificate, key_password), FLAGS(ws_certificate, WS_SIGN_EVENTS)};
const wsx_shape wsx_listener_shape = {
    SHAPE(ws_listener, loops), FLAGS(ws_listener, WS_LISTEN_DESCRIPTOR | WS_LISTEN_REUSE_PORT | WS_LISTEN_PLAIN |
              WS_LISTEN_IPV6_ONLY)};
const wsx_shape wsx_accept_shape = {SHAPE(ws_accept_options, correlation_id), FLAGS(ws_accept_options, WS_NO_COMPRESSION)};
const wsx_shape wsx_adopt_shape = {SHAPE(ws_adopt_options, user_data), FLAGS(ws_adopt_options, WS_ADOPT_UPGRADED)};
const wsx_shape wsx_response_shape = {
    SHAPE(ws_response, body_size), .reserved_at = {RESERVED(ws_response, reserved)},
    FLAGS(ws_response, WS_LAST_RESPONSE)};

const wsx_shape wsx_relay_shape = {
    SHAPE(ws_relay, user_data), .reserved_at = {RESERVED(ws_relay, reserved)}, FLAGS(ws_relay, WS_RELAY_REFUSE)};
const wsx_shape wsx_relay_message_shape = {SHAPE(ws_relay_message, time_ms)};

const wsx_shape wsx_event_shape = {SHAPE(ws_event, correlation_id)};
const wsx_shape wsx_stats_shape = {SHAPE(ws_stats, defects)};
const wsx_shape wsx_connection_shape = {SHAPE(ws_connection, client_ip)};
const wsx_shape wsx_connection_stats_shape = {SHAPE(ws_connection_stats, messages_dropped)};
const wsx_shape wsx_listener_info_shape = {SHAPE(ws_listener_info, address)};
const wsx_shape wsx_server_stats_shape = {SHAPE(ws_server_stats, buffered)};

enum { MOST = 65536 }; /* bytes that no version has */

static uint32_t word(const void *from, size_t at)
{
    uint32_t value;
    memcpy(&value, (const char *)from + at, sizeof value);
    return value;
}

int32_t wsx_result(const void *theirs, const wsx_shape *shape, const char *name)
{
    if (!theirs) return wsx_fail(WS_ERR_PARAMETER, "%s: is NULL", name);
    if (word(theirs, 0) < shape->least)
        return wsx_fail(WS_ERR_PARAMETER, "%s: struct_size is %u, less than the %u bytes of the first version; "
                        "set it to sizeof the struct",
                        name, word(theirs, 0), shape->least);
    return WS_OK;
}

void wsx_hand_out(void *theirs, const void *ours, const wsx_shape *shape)
{
    uint32_t given = word(theirs, 0);
    memcpy(theirs, ours, given < shape->size ? given : shape->size);
}

int32_t wsx_options(void *ours, const wsx_shape *shape, const void *theirs, const char *name)
{
    memset(ours, 0, shape->size);
    if (!theirs) return WS_OK;
    int32_t status = wsx_result(theirs, shape, name);
    if (status) return status;
    uint32_t given = word(theirs, 0);
    if (given > MOST) return wsx_fail(WS_ERR_PARAMETER, "%s: struct_size is %u, which no version has", name, given);
    for (size_t i = shape->size; i < given; i++)
        if (((const unsigned char *)theirs)[i])
            return wsx_fail(WS_ERR_PARAMETER,
                            "%s: a member behind byte %u is set, which this version of the library does not know",
                            name, shape->size);
    memcpy(ours, theirs, given < shape->size ? given : shape->size);
    uint32_t flags = shape->flags_at ? word(ours, shape->flags_at) : 0;
    if (flags & ~shape->flags)
        return wsx_fail(WS_ERR_PARAMETER, "%s.flags: %#x has flags that are not known; known are %#x", name, flags,
                        shape->flags);
    for (size_t i = 0; i < sizeof shape->reserved_at / sizeof *shape->reserved_at && shape->reserved_at[i]; i++)
        if (word(ours, shape->reserved_at[i]))
            return wsx_fail(WS_ERR_PARAMETER, "%s.reserved%s: is %d, not 0", name, i ? "_2" : "",
                            (int32_t)word(ours, shape->reserved_at[i]));
    return WS_OK;
}

int32_t wsx_option_array(const void *all, size_t count, size_t most, const wsx_shape *shape, const char *name)
{
    unsigned char element[256];
    if (count && !all) return wsx_fail(WS_ERR_PARAMETER, "%s: is NULL, there are to be %zu", name, count);
    if (count > most) return wsx_fail(WS_ERR_PARAMETER, "%s: %zu are more than %zu", name, count, most);
    for (size_t i = 0; i < count; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s[%zu]", name, i);
        const char *theirs = (const char *)all + i * word(all, 0);
        if (word(theirs, 0) != word(all, 0))
            return wsx_fail(WS_ERR_PARAMETER, "%s: struct_size is %u, that of the first one is %u", text,
                            word(theirs, 0), word(all, 0));
        int32_t status = wsx_options(element, shape, theirs, text);
        if (status) return status;
    }
    return WS_OK;
}

_Static_assert(sizeof(ws_certificate) <= 256 && sizeof(ws_listener) <= 256, "an element of an array has room");
