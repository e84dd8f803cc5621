// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** Listeners of every connection. ws_types.h says which members an event has. */
abstract class ConnectionListeners extends Endpoint {
    ConnectionListeners(Receiver receiver) {
        super(receiver);
    }

    /** WS_EVENT_MESSAGE. */
    public Connection onMessage(Listener listener) {
        add(2, 0, listener);
        return (Connection) this;
    }

    /** WS_EVENT_SKIPPED. */
    public Connection onSkipped(Listener listener) {
        add(22, 0, listener);
        return (Connection) this;
    }

    /** WS_EVENT_CLOSE. */
    public Connection onClose(Listener listener) {
        add(3, 0, listener);
        return (Connection) this;
    }

    /** WS_EVENT_ERROR. */
    public Connection onError(Listener listener) {
        add(4, 0, listener);
        return (Connection) this;
    }

    /** WS_EVENT_DRAIN. */
    public Connection onDrain(Listener listener) {
        add(9, 0, listener);
        return (Connection) this;
    }

    /** WS_EVENT_PING; wants the flag WS_PING_EVENTS at creation. */
    public Connection onPing(Listener listener) {
        add(13, Ws.WS_PING_EVENTS, listener);
        return (Connection) this;
    }

    /** WS_EVENT_PONG; wants the flag WS_PING_EVENTS at creation. */
    public Connection onPong(Listener listener) {
        add(14, Ws.WS_PING_EVENTS, listener);
        return (Connection) this;
    }

    /** WS_EVENT_DESTROYED. */
    public Connection onDestroyed(Listener listener) {
        add(5, 0, listener);
        return (Connection) this;
    }
}
