// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_compression: what each member means stands beside it in the C headers; what is not set has its default. */
public final class Compression extends Options {
    static final int SIZE = 32;
    private int flags;
    private int level;
    private int minSize;
    private int windowBitsOut;
    private int windowBitsIn;
    private int maxRatio;

    public Compression flags(int v) {
        flags = v;
        return this;
    }

    public Compression level(int v) {
        level = v;
        return this;
    }

    public Compression minSize(int v) {
        minSize = v;
        return this;
    }

    public Compression windowBitsOut(int v) {
        windowBitsOut = v;
        return this;
    }

    public Compression windowBitsIn(int v) {
        windowBitsIn = v;
        return this;
    }

    public Compression maxRatio(int v) {
        maxRatio = v;
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
        b.putInt(at + 8, level);
        b.putInt(at + 12, minSize);
        b.putInt(at + 16, windowBitsOut);
        b.putInt(at + 20, windowBitsIn);
        b.putInt(at + 24, maxRatio);
    }
}
