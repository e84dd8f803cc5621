// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_certificate: what each member means stands beside it in the C headers; what is not set has its default. */
public final class Certificate extends Options {
    static final int SIZE = 64;
    private int flags;
    private String certPath;
    private byte[] cert;
    private String keyPath;
    private byte[] key;
    private String keyPassword;

    public Certificate flags(int v) {
        flags = v;
        return this;
    }

    public Certificate certPath(String v) {
        certPath = v;
        return this;
    }

    public Certificate cert(byte[] v) {
        cert = v;
        return this;
    }

    public Certificate keyPath(String v) {
        keyPath = v;
        return this;
    }

    public Certificate key(byte[] v) {
        key = v;
        return this;
    }

    public Certificate keyPassword(String v) {
        keyPassword = v;
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
        b.putLong(at + 8, memory.text("certPath", certPath));
        b.putLong(at + 16, memory.bytes(cert));
        b.putLong(at + 24, cert == null ? 0 : cert.length);
        b.putLong(at + 32, memory.text("keyPath", keyPath));
        b.putLong(at + 40, memory.bytes(key));
        b.putLong(at + 48, key == null ? 0 : key.length);
        b.putLong(at + 56, memory.text("keyPassword", keyPassword));
    }
}
