// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_send_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class SendOptions extends Options {
    static final int SIZE = 16;
    private int priority;
    private long key;

    public SendOptions priority(int v) {
        priority = v;
        return this;
    }

    public SendOptions key(long v) {
        key = v;
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
        b.putInt(at + 4, priority);
        b.putLong(at + 8, key);
    }
}
