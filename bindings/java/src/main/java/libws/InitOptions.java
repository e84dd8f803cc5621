// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_init_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class InitOptions extends Options {
    static final int SIZE = 48;
    private int loops;
    private int engine;
    private int logLevel;
    private long memoryBudget;
    private int logLinesPerSecond;

    public InitOptions loops(int v) {
        loops = v;
        return this;
    }

    public InitOptions engine(int v) {
        engine = v;
        return this;
    }

    public InitOptions logLevel(int v) {
        logLevel = v;
        return this;
    }

    public InitOptions memoryBudget(long v) {
        memoryBudget = v;
        return this;
    }

    public InitOptions logLinesPerSecond(int v) {
        logLinesPerSecond = v;
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
        b.putInt(at + 4, loops);
        b.putInt(at + 8, engine);
        b.putInt(at + 12, logLevel);
        b.putLong(at + 16, memoryBudget);
        b.putInt(at + 40, logLinesPerSecond);
    }
}
