// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_queue_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class QueueOptions extends Options {
    static final int SIZE = 16;
    private int flags;
    private long maxBytes;

    public QueueOptions flags(int v) {
        flags = v;
        return this;
    }

    public QueueOptions maxBytes(long v) {
        maxBytes = v;
        return this;
    }

    @Override
    int size() {
        return SIZE;
    }

    @Override
    void fill(CallMemory memory, long at) {
        Backend b = memory.backend;
        b.putInt(at, SIZE);
        b.putInt(at + 4, flags);
        b.putLong(at + 8, maxBytes);
    }
}
