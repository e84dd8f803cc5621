// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_connection: figures of one moment; what each means stands beside it in the C headers. */
public final class ConnectionInfo {
    static final int SIZE = 88;
    private final int clientPort;
    private final long handle;
    private final long server;
    private final String clientIp;

    ConnectionInfo(Backend b, long at) {
        clientPort = b.getInt(at + 4);
        handle = b.getLong(at + 8);
        server = b.getLong(at + 16);
        clientIp = b.text(at + 24);
    }

    public int clientPort() {
        return clientPort;
    }

    public long handle() {
        return handle;
    }

    public long server() {
        return server;
    }

    public String clientIp() {
        return clientIp;
    }

    @Override
    public String toString() {
        return "ConnectionInfo{"
                + "clientPort=" + clientPort
                + ", handle=" + handle
                + ", server=" + server
                + ", clientIp=" + clientIp
                + "}";
    }
}
