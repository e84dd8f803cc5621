// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_reconnect_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class ReconnectOptions extends Options {
    static final int SIZE = 56;
    private int flags;
    private int firstDelayMs;
    private int maxDelayMs;
    private int factorPercent;
    private int maxTries;
    private int exact;
    private int[] finalCodes = {};
    private int stableMs;
    private int answerTimeoutMs;

    public ReconnectOptions flags(int v) {
        flags = v;
        return this;
    }

    public ReconnectOptions firstDelayMs(int v) {
        firstDelayMs = v;
        return this;
    }

    public ReconnectOptions maxDelayMs(int v) {
        maxDelayMs = v;
        return this;
    }

    public ReconnectOptions factorPercent(int v) {
        factorPercent = v;
        return this;
    }

    public ReconnectOptions maxTries(int v) {
        maxTries = v;
        return this;
    }

    public ReconnectOptions exact(int v) {
        exact = v;
        return this;
    }

    public ReconnectOptions finalCodes(int... v) {
        finalCodes = v.clone();
        return this;
    }

    public ReconnectOptions stableMs(int v) {
        stableMs = v;
        return this;
    }

    public ReconnectOptions answerTimeoutMs(int v) {
        answerTimeoutMs = v;
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
        b.putInt(at + 8, firstDelayMs);
        b.putInt(at + 12, maxDelayMs);
        b.putInt(at + 16, factorPercent);
        b.putInt(at + 20, maxTries);
        b.putInt(at + 24, exact);
        b.putLong(at + 32, memory.ints(finalCodes));
        b.putInt(at + 28, finalCodes.length);
        b.putInt(at + 40, stableMs);
        b.putInt(at + 48, answerTimeoutMs);
    }
}
