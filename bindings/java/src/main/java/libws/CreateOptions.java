// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_create_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class CreateOptions extends Options {
    static final int SIZE = 88;
    private int flags;
    private long maxMessageSize;
    private long maxSendSize;
    private long maxBuffered;
    private long highWaterMark;
    private long lowWaterMark;
    private int fullPolicy;
    private String correlationId;
    private long maxSendFrame;

    public CreateOptions flags(int v) {
        flags = v;
        return this;
    }

    public CreateOptions maxMessageSize(long v) {
        maxMessageSize = v;
        return this;
    }

    public CreateOptions maxSendSize(long v) {
        maxSendSize = v;
        return this;
    }

    public CreateOptions maxBuffered(long v) {
        maxBuffered = v;
        return this;
    }

    public CreateOptions highWaterMark(long v) {
        highWaterMark = v;
        return this;
    }

    public CreateOptions lowWaterMark(long v) {
        lowWaterMark = v;
        return this;
    }

    public CreateOptions fullPolicy(int v) {
        fullPolicy = v;
        return this;
    }

    public CreateOptions correlationId(String v) {
        correlationId = v;
        return this;
    }

    public CreateOptions maxSendFrame(long v) {
        maxSendFrame = v;
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
        b.putLong(at + 8, maxMessageSize);
        b.putLong(at + 16, maxSendSize);
        b.putLong(at + 24, maxBuffered);
        b.putLong(at + 40, highWaterMark);
        b.putLong(at + 48, lowWaterMark);
        b.putInt(at + 64, fullPolicy);
        b.putLong(at + 72, memory.text("correlationId", correlationId));
        b.putLong(at + 80, maxSendFrame);
    }

    /** What the loop of the binding adds. */
    static void queue(Backend b, long at, long queue) {
        b.putLong(at + 56, queue);
    }
}
