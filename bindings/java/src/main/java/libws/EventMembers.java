// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** The members of ws_event. Those that an event does not have are 0 or empty. */
abstract class EventMembers {
    static final int SIZE = 208;

    abstract int int32(int offset);

    abstract long int64(int offset);

    abstract String text(int offset);

    abstract byte[] bytes(int offset, int size);

    /** ws_event.type. */
    public int type() {
        return int32(4);
    }

    /** ws_event.data. */
    public byte[] data() {
        return bytes(24, 32);
    }

    /** ws_event.message_type. */
    public int messageType() {
        return int32(40);
    }

    /** ws_event.status. */
    public int status() {
        return int32(44);
    }

    /** ws_event.code. */
    public int code() {
        return int32(48);
    }

    /** ws_event.clean. */
    public int clean() {
        return int32(52);
    }

    /** ws_event.reason. */
    public String reason() {
        return text(56);
    }

    /** ws_event.text. */
    public String text() {
        return text(72);
    }

    /** ws_event.error. */
    public int error() {
        return int32(80);
    }

    /** ws_event.stage. */
    public int stage() {
        return int32(84);
    }

    /** ws_event.os_error. */
    public int osError() {
        return int32(88);
    }

    /** ws_event.operation. */
    public int operation() {
        return int32(92);
    }

    /** ws_event.protocol. */
    public String protocol() {
        return text(104);
    }

    /** ws_event.round_trip_us. */
    public long roundTripUs() {
        return int64(112);
    }

    /** ws_event.delay_ms. */
    public long delayMs() {
        return int64(120);
    }

    /** ws_event.attempt. */
    public int attempt() {
        return int32(128);
    }

    /** ws_event.will_reconnect. */
    public int willReconnect() {
        return int32(132);
    }

    /** ws_event.part. */
    public int part() {
        return int32(136);
    }

    /** ws_event.pattern. */
    public int pattern() {
        return int32(140);
    }

    /** ws_event.method. */
    public String method() {
        return text(144);
    }

    /** ws_event.target. */
    public String target() {
        return text(152);
    }

    /** ws_event.body. */
    public byte[] body() {
        return bytes(160, 168);
    }

    /** ws_event.correlation_id. */
    public String correlationId() {
        return text(176);
    }

    /** ws_event.message_size. */
    public long messageSize() {
        return int64(184);
    }

    /** ws_event.token. */
    public long token() {
        return int64(192);
    }

    /** ws_event.scheme. */
    public int scheme() {
        return int32(200);
    }

    static final int AT_HANDLE = 8;

    static final int AT_SERVER = 16;

    static final int AT_USER_DATA = 96;
}
