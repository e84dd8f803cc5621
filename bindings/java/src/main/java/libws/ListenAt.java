// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_listener: what each member means stands beside it in the C headers; what is not set has its default. */
public final class ListenAt extends Options {
    static final int SIZE = 48;
    private int flags;
    private String ip;
    private String path;
    private int port;
    private int mode;
    private int descriptor;
    private int backlog;
    private int firstLoop;
    private int loops;

    public ListenAt flags(int v) {
        flags = v;
        return this;
    }

    public ListenAt ip(String v) {
        ip = v;
        return this;
    }

    public ListenAt path(String v) {
        path = v;
        return this;
    }

    public ListenAt port(int v) {
        port = v;
        return this;
    }

    public ListenAt mode(int v) {
        mode = v;
        return this;
    }

    public ListenAt descriptor(int v) {
        descriptor = v;
        return this;
    }

    public ListenAt backlog(int v) {
        backlog = v;
        return this;
    }

    public ListenAt firstLoop(int v) {
        firstLoop = v;
        return this;
    }

    public ListenAt loops(int v) {
        loops = v;
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
        b.putLong(at + 8, memory.text("ip", ip));
        b.putLong(at + 16, memory.text("path", path));
        b.putInt(at + 24, port);
        b.putInt(at + 28, mode);
        b.putInt(at + 32, descriptor);
        b.putInt(at + 36, backlog);
        b.putInt(at + 40, firstLoop);
        b.putInt(at + 44, loops);
    }
}
