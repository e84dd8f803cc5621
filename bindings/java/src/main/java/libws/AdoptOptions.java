// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_adopt_options: what each member means stands beside it in the C headers; what is not set has its default. */
public final class AdoptOptions extends Options {
    static final int SIZE = 64;
    private int flags;
    private int descriptor;
    private int clientPort;
    private String clientIp;
    private byte[] data;
    private String target;
    private String protocol;

    public AdoptOptions flags(int v) {
        flags = v;
        return this;
    }

    public AdoptOptions descriptor(int v) {
        descriptor = v;
        return this;
    }

    public AdoptOptions clientPort(int v) {
        clientPort = v;
        return this;
    }

    public AdoptOptions clientIp(String v) {
        clientIp = v;
        return this;
    }

    public AdoptOptions data(byte[] v) {
        data = v;
        return this;
    }

    public AdoptOptions target(String v) {
        target = v;
        return this;
    }

    public AdoptOptions protocol(String v) {
        protocol = v;
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
        b.putInt(at + 8, descriptor);
        b.putInt(at + 12, clientPort);
        b.putLong(at + 16, memory.text("clientIp", clientIp));
        b.putLong(at + 24, memory.bytes(data));
        b.putLong(at + 32, data == null ? 0 : data.length);
        b.putLong(at + 40, memory.text("target", target));
        b.putLong(at + 48, memory.text("protocol", protocol));
    }
}
