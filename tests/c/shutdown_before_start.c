/* SPDX-License-Identifier: Apache-2.0 */
/* ws_shutdown_wait before anything has started succeeds at once, and nothing can be started afterwards. */
#include "t.h"

int main(void)
{
    OK(ws_shutdown_wait(0));
    CHECK_EQ(ws_init(NULL), WS_ERR_SHUTDOWN);
    CHECK_HAS(ws_last_error(), "shut down");
    CHECK_EQ((ws_create)(NULL), 0); /* the library's own: those of the kit make a queue before */
    CHECK_HAS(ws_last_error(), "shut down");
    CHECK_EQ((ws_server_create)(NULL), 0);
    CHECK_EQ(ws_queue_create(NULL), 0);
    CHECK_HAS(ws_last_error(), "shut down");
    OK(ws_shutdown_wait(-1));
    return 0;
}
