// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** Listeners of a client. ws_types.h says which members an event has. */
abstract class ClientListeners extends Connection {
    ClientListeners(Receiver receiver) {
        super(receiver);
    }

    /** WS_EVENT_MESSAGE. */
    @Override
    public Client onMessage(Listener listener) {
        super.onMessage(listener);
        return (Client) this;
    }

    /** WS_EVENT_SKIPPED. */
    @Override
    public Client onSkipped(Listener listener) {
        super.onSkipped(listener);
        return (Client) this;
    }

    /** WS_EVENT_CLOSE. */
    @Override
    public Client onClose(Listener listener) {
        super.onClose(listener);
        return (Client) this;
    }

    /** WS_EVENT_ERROR. */
    @Override
    public Client onError(Listener listener) {
        super.onError(listener);
        return (Client) this;
    }

    /** WS_EVENT_DRAIN. */
    @Override
    public Client onDrain(Listener listener) {
        super.onDrain(listener);
        return (Client) this;
    }

    /** WS_EVENT_PING; wants the flag WS_PING_EVENTS at creation. */
    @Override
    public Client onPing(Listener listener) {
        super.onPing(listener);
        return (Client) this;
    }

    /** WS_EVENT_PONG; wants the flag WS_PING_EVENTS at creation. */
    @Override
    public Client onPong(Listener listener) {
        super.onPong(listener);
        return (Client) this;
    }

    /** WS_EVENT_DESTROYED. */
    @Override
    public Client onDestroyed(Listener listener) {
        super.onDestroyed(listener);
        return (Client) this;
    }

    /** WS_EVENT_OPEN. */
    public Client onOpen(Listener listener) {
        add(1, 0, listener);
        return (Client) this;
    }

    /** WS_EVENT_OPEN_INFO. */
    public Client onOpenInfo(Listener listener) {
        add(10, 0, listener);
        return (Client) this;
    }

    /** WS_EVENT_HEADER_RECEIVE. */
    public Client onHeaderReceive(Listener listener) {
        add(11, 0, listener);
        return (Client) this;
    }

    /** WS_EVENT_RECONNECTING. */
    public Client onReconnecting(Listener listener) {
        add(15, 0, listener);
        return (Client) this;
    }

    /** WS_EVENT_BEFORE_RECONNECT. */
    public Client onBeforeReconnect(Listener listener) {
        add(18, 0, listener);
        return (Client) this;
    }

    /** WS_EVENT_VERIFY. */
    public Client onVerify(Listener listener) {
        add(19, 0, listener);
        return (Client) this;
    }

    /** WS_EVENT_SIGN. */
    public Client onSign(Listener listener) {
        add(23, 0, listener);
        return (Client) this;
    }
}
