/* SPDX-License-Identifier: Apache-2.0 */
/* url_filter.c - the filter of ws_set_url_filter, which may be set before Go runs. */
#include "front.h"

static ws_url_filter filter; /* with what it is handed; under wsx_mutex */
static void *filter_user;

void wsx_set_url_filter(ws_url_filter to, void *user_data)
{
    pthread_mutex_lock(&wsx_mutex);
    filter = to;
    filter_user = user_data;
    pthread_mutex_unlock(&wsx_mutex);
}

bool wsx_url_allowed(const char *url)
{
    pthread_mutex_lock(&wsx_mutex);
    ws_url_filter now = filter;
    void *user = filter_user;
    pthread_mutex_unlock(&wsx_mutex);
    if (!now) return true;
    wsx_thread *self = wsx_this_thread;
    bool stepped = wsx_step_out(self); /* Go calls this, and the filter is the host's code */
    bool allowed = now(url, user);
    wsx_step_in(self, stepped);
    return allowed;
}
