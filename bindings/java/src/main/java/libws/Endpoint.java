// SPDX-License-Identifier: Apache-2.0
package libws;

/** What clients, accepted connections and servers have in common. */
public abstract class Endpoint implements AutoCloseable {
    final Receiver receiver;
    private volatile Object attachment;

    Endpoint(Receiver receiver) {
        this.receiver = receiver;
    }

    final Backend backend() {
        return receiver.loop.backend;
    }

    final void check(int status) {
        if (status != Ws.WS_OK) {
            throw WsException.ofCall(backend(), status);
        }
    }

    final void add(int type, int flag, Listener listener) {
        java.util.Objects.requireNonNull(listener, "listener");
        if (flag != 0 && (receiver.flags & flag) == 0) {
            throw new IllegalStateException(Library.eventName(type) + " comes only when its flag was given at creation: "
                    + "flags(Ws." + (flag == Ws.WS_PING_EVENTS ? "WS_PING_EVENTS" : flag == Ws.WS_UPGRADE_EVENTS ? "WS_UPGRADE_EVENTS"
                            : flag == Ws.WS_REQUEST_EVENTS ? "WS_REQUEST_EVENTS" : "WS_TOPIC_EVENTS") + ")");
        }
        receiver.add(type, listener);
    }

    /** Adds a listener by the type of event, one of Ws.WS_EVENT_. */
    public void on(int type, Listener listener) {
        if (type <= 0 || type >= 64) {
            throw new IllegalArgumentException("type " + type + " is none of Ws.WS_EVENT_");
        }
        add(type, 0, listener);
    }

    /** Removes a listener from all events. Inside a listener it is not called any more. */
    public void off(Listener listener) {
        receiver.remove(listener);
    }

    /** Any object of the program that belongs to this one. */
    public void attach(Object object) {
        attachment = object;
    }

    public Object attachment() {
        return attachment;
    }

    /** Ends it at once; what follows is told. It does not wait. */
    public void destroy() {
        receiver.destroy();
    }

    /** Waits until nothing of it comes any more, unless this is the thread that tells it. */
    final void awaitEnd() {
        if (!receiver.loop.isCurrent()) {
            receiver.destroyed.join();
        }
    }

    /** Answers WS_EVENT_VERIFY. */
    public void verifyAnswer(long token, boolean accept) {
        check(backend().ws_verify_answer(receiver.handle, token, accept ? 1 : 0));
    }

    /** Answers WS_EVENT_SIGN; null: no signature. */
    public void signAnswer(long token, byte[] signature) {
        try (CallMemory memory = new CallMemory(backend())) {
            check(backend().ws_sign_answer(receiver.handle, token, memory.bytes(signature), signature == null ? 0 : signature.length));
        }
    }

    /** Ends it politely, and waits, unless this is the thread of its listeners. */
    @Override
    public abstract void close();
}
