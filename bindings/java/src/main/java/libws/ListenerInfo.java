// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_listener_info: figures of one moment; what each means stands beside it in the C headers. */
public final class ListenerInfo {
    static final int SIZE = 152;
    private final int flags;
    private final int count;
    private final int listener;
    private final int port;
    private final int loop;
    private final String address;

    ListenerInfo(Backend b, long at) {
        flags = b.getInt(at + 4);
        count = b.getInt(at + 8);
        listener = b.getInt(at + 12);
        port = b.getInt(at + 16);
        loop = b.getInt(at + 20);
        address = b.text(at + 24);
    }

    public int flags() {
        return flags;
    }

    public int count() {
        return count;
    }

    public int listener() {
        return listener;
    }

    public int port() {
        return port;
    }

    public int loop() {
        return loop;
    }

    public String address() {
        return address;
    }

    @Override
    public String toString() {
        return "ListenerInfo{"
                + "flags=" + flags
                + ", count=" + count
                + ", listener=" + listener
                + ", port=" + port
                + ", loop=" + loop
                + ", address=" + address
                + "}";
    }
}
