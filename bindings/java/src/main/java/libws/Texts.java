// SPDX-License-Identifier: Apache-2.0
package libws;

import java.nio.charset.StandardCharsets;

/** Calls that fill a buffer whose size nobody knows before. */
final class Texts {
    private Texts() {
    }

    interface Fill {
        int into(long buffer, long capacity, long size);
    }

    static byte[] bytes(Backend b, Fill call) {
        for (long capacity = 512;;) {
            try (CallMemory memory = new CallMemory(b)) {
                long size = memory.zeroed(8);
                long buffer = memory.block(capacity);
                int status = call.into(buffer, capacity, size);
                int length = (int) b.getLong(size);
                if (status == Ws.WS_ERR_BUFFER) {
                    capacity = length + 1024L; // it may have grown meanwhile
                    continue;
                }
                WsException.check(b, status);
                byte[] all = new byte[length];
                b.read(buffer, all, 0, length);
                return all;
            }
        }
    }

    static String grown(Backend b, Fill call) {
        return new String(bytes(b, call), StandardCharsets.UTF_8);
    }
}
