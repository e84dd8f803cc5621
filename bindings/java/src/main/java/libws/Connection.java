// SPDX-License-Identifier: Apache-2.0
package libws;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A connection: a client, or one that a server has accepted. All methods may be called on any thread. Calls that
 * fail throw {@link WsException}, those that return a future let it fail.
 */
public class Connection extends ConnectionListeners {
    Connection(Receiver receiver) {
        super(receiver);
    }

    // ---- sending

    /** Sends a text. It is copied or sent when the call returns; WS_ERR_FULL when too much waits. */
    public void send(String text) {
        send(text, null);
    }

    public void send(byte[] bytes) {
        send(bytes, null);
    }

    public void send(byte[] bytes, int offset, int length) {
        check(send(bytes, offset, length, Ws.WS_BINARY, null, 0));
    }

    /**
     * Sends a text that replaces the one with its key that still waits, so that a peer that reads slowly gets the newest
     * of each, or that goes before those with a lower priority. options may be null.
     */
    public void send(String text, SendOptions options) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        check(send(utf8, 0, utf8.length, Ws.WS_TEXT, options, 0));
    }

    public void send(byte[] bytes, SendOptions options) {
        check(send(bytes, 0, bytes.length, Ws.WS_BINARY, options, 0));
    }

    /** The future completes when the system has the whole message. */
    public CompletableFuture<Void> sendAsync(String text) {
        return sendAsync(text, null);
    }

    public CompletableFuture<Void> sendAsync(byte[] bytes) {
        return sendAsync(bytes, null);
    }

    /** The future fails with WS_ERR_REPLACED when a newer message with the same key came while this one waited. */
    public CompletableFuture<Void> sendAsync(String text, SendOptions options) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return receiver.loop.completes(null, ticket -> send(utf8, 0, utf8.length, Ws.WS_TEXT, options, ticket));
    }

    public CompletableFuture<Void> sendAsync(byte[] bytes, SendOptions options) {
        return receiver.loop.completes(null, ticket -> send(bytes, 0, bytes.length, Ws.WS_BINARY, options, ticket));
    }

    private int send(byte[] bytes, int offset, int length, int type, SendOptions options, long ticket) {
        Backend b = backend();
        long completion = ticket == 0 ? 0 : Ws.WS_COMPLETION_POLL;
        try (Payload payload = Payload.of(b, bytes, offset, length)) {
            if (options == null) {
                return b.ws_send(receiver.handle, payload.at, length, type, completion, ticket);
            }
            try (CallMemory memory = new CallMemory(b)) {
                return b.ws_send_with(receiver.handle, payload.at, length, type, options.write(memory), completion, ticket);
            }
        }
    }

    /** Sends a piece of a message: type is Ws.WS_TEXT or WS_BINARY, the same for all; ends is true for the last one. */
    public void sendPart(byte[] bytes, int type, boolean ends) {
        Backend b = backend();
        try (Payload payload = Payload.of(b, bytes, 0, bytes.length)) {
            check(b.ws_send_part(receiver.handle, payload.at, bytes.length, type, ends ? 1 : 0, 0, 0));
        }
    }

    public void ping(byte[] bytes) {
        try (Payload payload = Payload.of(backend(), bytes, 0, bytes.length)) {
            check(backend().ws_ping(receiver.handle, payload.at, bytes.length));
        }
    }

    public void pong(byte[] bytes) {
        try (Payload payload = Payload.of(backend(), bytes, 0, bytes.length)) {
            check(backend().ws_pong(receiver.handle, payload.at, bytes.length));
        }
    }

    /** Sends at once what this listener has sent so far. */
    public void flush() {
        check(backend().ws_queue_flush(receiver.loop.queue));
    }

    // ---- ending

    /** Starts the closing handshake; the future completes when it is over. */
    public CompletableFuture<Void> close(int code, String reason) {
        return close(new CloseOptions().code(code).reason(reason));
    }

    public CompletableFuture<Void> close(CloseOptions options) {
        Backend b = backend();
        return receiver.loop.completes(null, ticket -> {
            try (CallMemory memory = new CallMemory(b)) {
                return b.ws_close(receiver.handle, Options.write(memory, options), Ws.WS_COMPLETION_POLL, ticket);
            }
        });
    }

    /** Ends the connection without a handshake; a client may connect again. */
    public void abort() {
        check(backend().ws_abort(receiver.handle));
    }

    /**
     * Closes with code 1000 when it is open, and destroys it when the handshake is over. It waits until nothing of it
     * comes any more, unless a listener calls it: then it returns at once.
     */
    @Override
    public void close() {
        close((CloseOptions) null).whenComplete((nothing, failure) -> destroy());
        awaitEnd();
    }

    // ---- reading, and facts

    public void pause() {
        check(backend().ws_pause(receiver.handle));
    }

    public void resume() {
        check(backend().ws_resume(receiver.handle));
    }

    /** Ws.WS_STATE_. A connection that has ended is WS_STATE_CLOSED. */
    public int state() {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(4);
            return b.ws_state(receiver.handle, at) == Ws.WS_OK ? b.getInt(at) : Ws.WS_STATE_CLOSED;
        }
    }

    public long bufferedAmount() {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(8);
            check(b.ws_buffered_amount(receiver.handle, at));
            return b.getLong(at);
        }
    }

    public ConnectionInfo info() {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(ConnectionInfo.SIZE);
            b.putInt(at, ConnectionInfo.SIZE);
            check(b.ws_connection_info(receiver.handle, at));
            return new ConnectionInfo(b, at);
        }
    }

    public ConnectionStats stats() {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(ConnectionStats.SIZE);
            b.putInt(at, ConnectionStats.SIZE);
            check(b.ws_connection_stats_get(receiver.handle, at));
            return new ConnectionStats(b, at);
        }
    }

    /** which: Ws.WS_TEXT_URL and so on. */
    public String text(int which) {
        Backend b = backend();
        return Texts.grown(b, (buffer, capacity, size) -> b.ws_connection_text(receiver.handle, which, buffer, capacity, size));
    }

    public void correlationId(String id) {
        try (CallMemory memory = new CallMemory(backend())) {
            check(backend().ws_set_correlation_id(receiver.handle, memory.text("id", id)));
        }
    }

    // ---- accepted connections

    /** Agrees to an upgrade; options may be null. */
    public void accept(AcceptOptions options) {
        try (CallMemory memory = new CallMemory(backend())) {
            check(backend().ws_accept(receiver.handle, Options.write(memory, options)));
        }
    }

    /** Answers a request, or refuses an upgrade. */
    public void respond(Response response) {
        try (CallMemory memory = new CallMemory(backend())) {
            check(backend().ws_respond(receiver.handle, Options.write(memory, response)));
        }
    }

    private interface OfTopic {
        int call(long handle, long topic, long size);
    }

    private void topic(String topic, OfTopic call) {
        byte[] utf8 = topic.getBytes(StandardCharsets.UTF_8);
        try (CallMemory memory = new CallMemory(backend())) {
            check(call.call(receiver.handle, memory.bytes(utf8), utf8.length));
        }
    }

    public void subscribe(String topic) {
        topic(topic, backend()::ws_subscribe);
    }

    public void unsubscribe(String topic) {
        topic(topic, backend()::ws_unsubscribe);
    }

    /** "room/+/news": by the rules of MQTT. */
    public void subscribePattern(String pattern) {
        topic(pattern, backend()::ws_subscribe_pattern);
    }

    public void unsubscribePattern(String pattern) {
        topic(pattern, backend()::ws_unsubscribe_pattern);
    }

    /** 0, or how it gets what is published: Ws.WS_BY_TOPIC, WS_BY_PATTERN. */
    public int isSubscribed(String topic) {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long how = memory.zeroed(4);
            topic(topic, (handle, at, size) -> b.ws_is_subscribed(handle, at, size, how));
            return b.getInt(how);
        }
    }
}
