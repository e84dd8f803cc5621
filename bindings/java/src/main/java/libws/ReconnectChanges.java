// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_reconnect_changes: what each member means stands beside it in the C headers; what is not set has its default. */
public final class ReconnectChanges extends Options {
    static final int SIZE = 120;
    private int flags;
    private String url;
    private final Fields headers = new Fields();
    private String protocol;
    private String connectAddress;
    private String proxyUsername;
    private String proxyPassword;
    private String clientCertPath;
    private byte[] clientCert;
    private String clientKeyPath;
    private byte[] clientKey;
    private String clientKeyPassword;

    public ReconnectChanges flags(int v) {
        flags = v;
        return this;
    }

    public ReconnectChanges url(String v) {
        url = v;
        return this;
    }

    /** Adds a field; each call one more. */
    public ReconnectChanges header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    public ReconnectChanges protocol(String v) {
        protocol = v;
        return this;
    }

    public ReconnectChanges connectAddress(String v) {
        connectAddress = v;
        return this;
    }

    public ReconnectChanges proxyUsername(String v) {
        proxyUsername = v;
        return this;
    }

    public ReconnectChanges proxyPassword(String v) {
        proxyPassword = v;
        return this;
    }

    public ReconnectChanges clientCertPath(String v) {
        clientCertPath = v;
        return this;
    }

    public ReconnectChanges clientCert(byte[] v) {
        clientCert = v;
        return this;
    }

    public ReconnectChanges clientKeyPath(String v) {
        clientKeyPath = v;
        return this;
    }

    public ReconnectChanges clientKey(byte[] v) {
        clientKey = v;
        return this;
    }

    public ReconnectChanges clientKeyPassword(String v) {
        clientKeyPassword = v;
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
        b.putLong(at + 8, memory.text("url", url));
        b.putLong(at + 16, headers.write(memory));
        b.putLong(at + 24, headers.count());
        b.putLong(at + 32, memory.text("protocol", protocol));
        b.putLong(at + 40, memory.text("connectAddress", connectAddress));
        b.putLong(at + 48, memory.text("proxyUsername", proxyUsername));
        b.putLong(at + 56, memory.text("proxyPassword", proxyPassword));
        b.putLong(at + 64, memory.text("clientCertPath", clientCertPath));
        b.putLong(at + 72, memory.bytes(clientCert));
        b.putLong(at + 80, clientCert == null ? 0 : clientCert.length);
        b.putLong(at + 88, memory.text("clientKeyPath", clientKeyPath));
        b.putLong(at + 96, memory.bytes(clientKey));
        b.putLong(at + 104, clientKey == null ? 0 : clientKey.length);
        b.putLong(at + 112, memory.text("clientKeyPassword", clientKeyPassword));
    }
}
