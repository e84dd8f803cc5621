// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_accept_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class AcceptOptions extends Options {
    static final int SIZE = 96;
    private int flags;
    private String protocol;
    private final Fields headers = new Fields();
    private String correlationId;
    private long maxMessageSize;
    private long maxSendSize;
    private long maxBuffered;
    private long highWaterMark;
    private long lowWaterMark;
    private int pingIntervalMs;
    private int pongTimeoutMs;
    private int idleTimeoutMs;
    private int writeTimeoutMs;

    public AcceptOptions flags(int v) {
        flags = v;
        return this;
    }

    public AcceptOptions protocol(String v) {
        protocol = v;
        return this;
    }

    /** Adds a field; each call one more. */
    public AcceptOptions header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    public AcceptOptions correlationId(String v) {
        correlationId = v;
        return this;
    }

    public AcceptOptions maxMessageSize(long v) {
        maxMessageSize = v;
        return this;
    }

    public AcceptOptions maxSendSize(long v) {
        maxSendSize = v;
        return this;
    }

    public AcceptOptions maxBuffered(long v) {
        maxBuffered = v;
        return this;
    }

    public AcceptOptions highWaterMark(long v) {
        highWaterMark = v;
        return this;
    }

    public AcceptOptions lowWaterMark(long v) {
        lowWaterMark = v;
        return this;
    }

    public AcceptOptions pingIntervalMs(int v) {
        pingIntervalMs = v;
        return this;
    }

    public AcceptOptions pongTimeoutMs(int v) {
        pongTimeoutMs = v;
        return this;
    }

    public AcceptOptions idleTimeoutMs(int v) {
        idleTimeoutMs = v;
        return this;
    }

    public AcceptOptions writeTimeoutMs(int v) {
        writeTimeoutMs = v;
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
        b.putLong(at + 8, memory.text("protocol", protocol));
        b.putLong(at + 16, headers.write(memory));
        b.putLong(at + 24, headers.count());
        b.putLong(at + 32, memory.text("correlationId", correlationId));
        b.putLong(at + 40, maxMessageSize);
        b.putLong(at + 48, maxSendSize);
        b.putLong(at + 56, maxBuffered);
        b.putLong(at + 64, highWaterMark);
        b.putLong(at + 72, lowWaterMark);
        b.putInt(at + 80, pingIntervalMs);
        b.putInt(at + 84, pongTimeoutMs);
        b.putInt(at + 88, idleTimeoutMs);
        b.putInt(at + 92, writeTimeoutMs);
    }
}
