/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch of events in one call of JavaScript: dispatch(count, ...values) returns how many of
 * them it has dealt with, negative where promises shall go on before the next event; for the rest
 * of the batch it keeps values, and dispatch(count) follows.
 *
 * Numbers are not made into values: of event i facts[i * FACTS] has type, handle, server, the
 * index of its first value, and of a completion ticket and error. What the values of each type
 * are stands in event_values.
 */
#include <math.h>
#include <string.h>

#include "addon.h"

static napi_value failure_of(napi_env env, const ws_event *e) {
    napi_value failure;
    napi_create_object(env, &failure);
    set_of(env, failure, "error", number_of(env, e->error));
    set_of(env, failure, "stage", number_of(env, e->stage));
    set_of(env, failure, "status", number_of(env, e->status));
    set_of(env, failure, "osError", number_of(env, e->os_error));
    set_of(env, failure, "text", text_of(env, e->text, strlen(e->text)));
    if (e->type == WS_EVENT_ERROR && e->size) {
        set_of(env, failure, "header", headers_of(env, e->data, e->size));
        set_of(env, failure, "body", text_of(env, e->body, e->body_size));
    }
    return failure;
}

/* Most texts are ASCII, which needs no decoding. */
static bool is_ascii(const uint8_t *text, size_t size) {
    uint64_t word, bits = 0;
    for (; size >= sizeof word; text += sizeof word, size -= sizeof word) {
        memcpy(&word, text, sizeof word);
        bits |= word;
    }
    while (size--)
        bits |= *text++;
    return !(bits & 0x8080808080808080u);
}

static napi_value message_of(napi_env env, const ws_event *e) {
    napi_value value;
    if (e->message_type != WS_TEXT)
        return buffer_of(env, e->data, e->size);
    if (e->size && is_ascii(e->data, e->size) && napi_create_string_latin1(env, e->data, e->size, &value) == napi_ok)
        return value;
    return text_of(env, e->data, e->size);
}

/* Fills a[0..3]; those that an event does not need stay undefined. */
static void event_values(napi_env env, const ws_event *e, napi_value a[4]) {
    ws_connection peer;
    switch (e->type) {
    case WS_EVENT_OPEN:
        a[0] = number_of(env, e->status);
        a[1] = text_of(env, e->text, strlen(e->text));
        break;
    case WS_EVENT_OPEN_INFO:
        a[0] = number_of(env, e->status);
        a[1] = text_of(env, e->text, strlen(e->text));
        a[2] = text_of(env, e->protocol, strlen(e->protocol));
        break;
    case WS_EVENT_HEADER_RECEIVE:
        a[0] = headers_of(env, e->data, e->size);
        break;
    case WS_EVENT_CLOSE:
        a[0] = number_of(env, e->code);
        a[1] = text_of(env, e->reason, e->reason_size);
        napi_get_boolean(env, e->clean != 0, &a[2]);
        napi_get_boolean(env, e->will_reconnect != 0, &a[3]);
        break;
    case WS_EVENT_ERROR:
        a[0] = failure_of(env, e);
        break;
    case WS_EVENT_CONNECT:
        WS_INIT_STRUCT(&peer);
        if (ws_connection_info(e->handle, &peer))
            memset(&peer, 0, sizeof peer);
        a[0] = text_of(env, peer.client_ip, strlen(peer.client_ip));
        a[1] = number_of(env, peer.client_port);
        a[2] = text_of(env, e->target, strlen(e->target));
        a[3] = text_of(env, e->protocol, strlen(e->protocol));
        break;
    case WS_EVENT_UPGRADE:
        a[0] = text_of(env, e->method, strlen(e->method));
        a[1] = text_of(env, e->target, strlen(e->target));
        a[2] = text_of(env, e->protocol, strlen(e->protocol));
        a[3] = headers_of(env, e->data, e->size);
        break;
    case WS_EVENT_PING:
        a[0] = buffer_of(env, e->data, e->size);
        break;
    case WS_EVENT_PONG:
        a[0] = buffer_of(env, e->data, e->size);
        a[1] = number_of(env, (double)e->round_trip_us);
        break;
    case WS_EVENT_RECONNECTING:
        a[0] = number_of(env, e->attempt);
        a[1] = number_of(env, (double)e->delay_ms);
        break;
    case WS_EVENT_BEFORE_RECONNECT:
        a[0] = number_of(env, e->attempt);
        a[1] = failure_of(env, e);
        a[2] = number_of(env, e->code);
        break;
    case WS_EVENT_REQUEST:
        a[0] = text_of(env, e->method, strlen(e->method));
        a[1] = text_of(env, e->target, strlen(e->target));
        a[2] = buffer_of(env, e->body, e->body_size);
        a[3] = headers_of(env, e->data, e->size);
        break;
    case WS_EVENT_VERIFY:
        a[0] = number_of(env, (double)e->token);
        a[1] = text_of(env, e->data, e->size);
        a[2] = e->body_size ? buffer_of(env, e->body, e->body_size) : a[2];
        a[3] = failure_of(env, e);
        set_of(env, a[3], "name", text_of(env, e->target, strlen(e->target)));
        break;
    case WS_EVENT_SIGN:
        a[0] = number_of(env, (double)e->token);
        a[1] = buffer_of(env, e->data, e->size);
        a[2] = number_of(env, e->scheme);
        a[3] = text_of(env, e->target, strlen(e->target));
        break;
    case WS_EVENT_TOPIC_BEGIN:
    case WS_EVENT_TOPIC_END:
        a[0] = text_of(env, e->data, e->size);
        napi_get_boolean(env, e->pattern != 0, &a[1]);
        break;
    case WS_EVENT_SKIPPED:
        a[0] = number_of(env, (double)e->message_size);
        napi_get_boolean(env, e->message_type == WS_TEXT, &a[1]);
        break;
    default:
        break;
    }
}

/* What cannot be made into values, as a text that is too long for V8, is raised, and the event left out. */
static bool is_refused(napi_env env) {
    bool pending = false;
    napi_value thrown;
    napi_is_exception_pending(env, &pending);
    if (pending && napi_get_and_clear_last_exception(env, &thrown) == napi_ok)
        napi_fatal_exception(env, thrown);
    return pending;
}

/* Facts of event i, and its values behind the first filled ones; returns how many values there are then. */
static size_t put_event(host *h, size_t i, size_t filled, napi_value undefined) {
    napi_env env = h->env;
    const ws_event *e = &h->batch[i];
    double *facts = h->facts + i * FACTS;
    napi_value *values = h->values + 1 + filled;
    facts[0] = e->type;
    facts[1] = (double)e->handle;
    facts[2] = (double)e->server;
    facts[3] = (double)filled;
    switch (e->type) {
    case WS_EVENT_MESSAGE:
    case WS_EVENT_MESSAGE_RECEIVE:
        values[0] = message_of(env, e);
        filled++;
        break;
    case WS_EVENT_COMPLETION:
        facts[4] = (double)(uintptr_t)e->user_data;
        facts[5] = e->error;
        if (e->error)
            h->values[1 + filled++] = failure_of(env, e);
        break;
    default:
        for (size_t v = 0; v < VALUES; v++)
            values[v] = undefined;
        event_values(env, e, values);
        filled += VALUES;
    }
    if (is_refused(env))
        facts[0] = 0;
    return filled;
}

bool events_dispatch(host *h) {
    napi_env env = h->env;
    napi_handle_scope scope;
    size_t filled = 0;
    if (napi_open_handle_scope(env, &scope) != napi_ok)
        return false;
    napi_value self, dispatch, result = NULL;
    napi_get_undefined(env, &self);
    h->values[0] = number_of(env, (double)h->count);
    for (size_t i = 0; !h->next && i < h->count; i++)
        filled = put_event(h, i, filled, self);
    bool alive = true;
    double next = (double)h->count;
    napi_status status = napi_pending_exception;
    if (h->dispatch && napi_get_reference_value(env, h->dispatch, &dispatch) == napi_ok && dispatch)
        status = napi_call_function(env, self, dispatch, 1 + filled, h->values, &result);
    if (status == napi_ok) {
        napi_get_value_double(env, result, &next);
    } else { /* listeners are guarded in JavaScript: this is our own, or the end */
        bool pending = false;
        napi_value thrown;
        napi_is_exception_pending(env, &pending);
        if (pending && napi_get_and_clear_last_exception(env, &thrown) == napi_ok)
            alive = napi_fatal_exception(env, thrown) == napi_ok;
        else
            alive = status == napi_pending_exception;
    }
    h->promises_first = next < 0;
    next = fabs(next);
    h->next = next > (double)h->next && next < (double)h->count ? (size_t)next : h->count;
    napi_close_handle_scope(env, scope);
    return alive;
}
