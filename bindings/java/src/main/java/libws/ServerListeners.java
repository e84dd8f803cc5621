// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** Listeners of a server, for all of its connections. ws_types.h says which members an event has. */
abstract class ServerListeners extends Endpoint {
    ServerListeners(Receiver receiver) {
        super(receiver);
    }

    /** WS_EVENT_CONNECT. */
    public Server onConnect(Listener listener) {
        add(6, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_MESSAGE_RECEIVE. */
    public Server onMessageReceive(Listener listener) {
        add(7, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_CLOSE. */
    public Server onClose(Listener listener) {
        add(3, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_ERROR. */
    public Server onError(Listener listener) {
        add(4, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_DRAIN. */
    public Server onDrain(Listener listener) {
        add(9, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_DESTROYED. */
    public Server onDestroyed(Listener listener) {
        add(5, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_PING; wants the flag WS_PING_EVENTS at creation. */
    public Server onPing(Listener listener) {
        add(13, Ws.WS_PING_EVENTS, listener);
        return (Server) this;
    }

    /** WS_EVENT_PONG; wants the flag WS_PING_EVENTS at creation. */
    public Server onPong(Listener listener) {
        add(14, Ws.WS_PING_EVENTS, listener);
        return (Server) this;
    }

    /** WS_EVENT_UPGRADE; wants the flag WS_UPGRADE_EVENTS at creation. */
    public Server onUpgrade(Listener listener) {
        add(16, Ws.WS_UPGRADE_EVENTS, listener);
        return (Server) this;
    }

    /** WS_EVENT_REQUEST; wants the flag WS_REQUEST_EVENTS at creation. */
    public Server onRequest(Listener listener) {
        add(17, Ws.WS_REQUEST_EVENTS, listener);
        return (Server) this;
    }

    /** WS_EVENT_VERIFY. */
    public Server onVerify(Listener listener) {
        add(19, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_SIGN. */
    public Server onSign(Listener listener) {
        add(23, 0, listener);
        return (Server) this;
    }

    /** WS_EVENT_TOPIC_BEGIN; wants the flag WS_TOPIC_EVENTS at creation. */
    public Server onTopicBegin(Listener listener) {
        add(20, Ws.WS_TOPIC_EVENTS, listener);
        return (Server) this;
    }

    /** WS_EVENT_TOPIC_END; wants the flag WS_TOPIC_EVENTS at creation. */
    public Server onTopicEnd(Listener listener) {
        add(21, Ws.WS_TOPIC_EVENTS, listener);
        return (Server) this;
    }

    /** WS_EVENT_SKIPPED. */
    public Server onSkipped(Listener listener) {
        add(22, 0, listener);
        return (Server) this;
    }
}
