// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_close_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class CloseOptions extends Options {
    static final int SIZE = 24;
    private int code;
    private String reason;
    private int timeoutMs;
    private int flags;

    public CloseOptions code(int v) {
        code = v;
        return this;
    }

    public CloseOptions reason(String v) {
        reason = v;
        return this;
    }

    public CloseOptions timeoutMs(int v) {
        timeoutMs = v;
        return this;
    }

    public CloseOptions flags(int v) {
        flags = v;
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
        b.putInt(at + 4, code);
        b.putLong(at + 8, memory.text("reason", reason));
        b.putInt(at + 16, timeoutMs);
        b.putInt(at + 20, flags);
    }
}
