/* SPDX-License-Identifier: Apache-2.0 */
/* From an event to the arguments of dispatch; what each type has stands in event_args. */
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

static napi_value message_of(napi_env env, const ws_event *e) {
    return e->message_type == WS_TEXT ? text_of(env, e->data, e->size) : buffer_of(env, e->data, e->size);
}

/* Fills a[0..3]; those that an event does not need stay undefined. */
static void event_args(napi_env env, const ws_event *e, napi_value a[4]) {
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
    case WS_EVENT_MESSAGE:
    case WS_EVENT_MESSAGE_RECEIVE:
        a[0] = message_of(env, e);
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
    case WS_EVENT_COMPLETION:
        a[0] = number_of(env, e->operation);
        a[1] = number_of(env, (double)(uintptr_t)e->user_data);
        if (e->error)
            a[2] = failure_of(env, e);
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
    default:
        break;
    }
}

bool event_tell(host *h, const ws_event *event, bool *promises_first) {
    napi_env env = h->env;
    napi_handle_scope scope;
    if (napi_open_handle_scope(env, &scope) != napi_ok)
        return false;
    napi_value args[7], self, dispatch, result = NULL;
    napi_get_undefined(env, &self);
    for (size_t i = 3; i < 7; i++)
        args[i] = self;
    args[0] = number_of(env, event->type);
    args[1] = number_of(env, (double)event->handle);
    args[2] = number_of(env, (double)event->server);
    event_args(env, event, args + 3);
    bool alive = true;
    napi_status status = napi_pending_exception;
    if (h->dispatch && napi_get_reference_value(env, h->dispatch, &dispatch) == napi_ok && dispatch)
        status = napi_call_function(env, self, dispatch, 7, args, &result);
    if (status == napi_ok) {
        napi_get_value_bool(env, result, promises_first);
    } else { /* listeners are guarded in JavaScript: this is our own, or too large a message, or the end */
        bool pending = false;
        napi_value thrown;
        napi_is_exception_pending(env, &pending);
        if (pending && napi_get_and_clear_last_exception(env, &thrown) == napi_ok)
            alive = napi_fatal_exception(env, thrown) == napi_ok;
        else
            alive = status == napi_pending_exception;
    }
    napi_close_handle_scope(env, scope);
    return alive;
}
