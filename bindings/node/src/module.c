/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "addon.h"

static void drop_instance(napi_env env, void *data, void *hint) {
    host *h = data;
    (void)hint;
    if (h->dispatch)
        napi_delete_reference(env, h->dispatch);
    if (h->facts_kept)
        napi_delete_reference(env, h->facts_kept);
    h->dispatch = h->facts_kept = NULL;
    host_drop(h);
}

NAPI_MODULE_INIT() {
    host *h = calloc(1, sizeof *h);
    if (!h || napi_set_instance_data(env, h, drop_instance, NULL) != napi_ok) {
        free(h);
        napi_throw_error(env, NULL, "libws: no memory");
        return NULL;
    }
    h->env = env;
    h->owners = 1;
    napi_define_properties(env, exports, calls_count, calls);
    napi_define_properties(env, exports, server_calls_count, server_calls);
    napi_define_properties(env, exports, more_calls_count, more_calls);
    napi_define_properties(env, exports, text_calls_count, text_calls);
    return exports;
}
