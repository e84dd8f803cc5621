// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** ws_response: what each member means stands beside it in the C headers; what is not set has its default. */
public final class Response extends Options {
    static final int SIZE = 48;
    private int flags;
    private int status;
    private final Fields headers = new Fields();
    private byte[] body;

    public Response flags(int v) {
        flags = v;
        return this;
    }

    public Response status(int v) {
        status = v;
        return this;
    }

    /** Adds a field; each call one more. */
    public Response header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    public Response body(byte[] v) {
        body = v;
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
        b.putInt(at + 8, status);
        b.putLong(at + 16, headers.write(memory));
        b.putLong(at + 24, headers.count());
        b.putLong(at + 32, memory.bytes(body));
        b.putLong(at + 40, body == null ? 0 : body.length);
    }
}
