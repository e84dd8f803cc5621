// SPDX-License-Identifier: Apache-2.0
package libws;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A server. Each connection that it accepts is a {@link Connection}, which comes with the event connect. */
public final class Server extends ServerListeners {
    private final Context context; // lives as long as its servers
    private final Forgotten forgotten;

    public Server() {
        this(Context.shared(), null);
    }

    public Server(ServerOptions options) {
        this(Context.shared(), options);
    }

    public Server(Context context, ServerOptions options) {
        super(create(context.loop, options));
        this.context = context;
        receiver.is(this);
        Receiver own = receiver;
        forgotten = Forgotten.watch(this, own::destroy);
    }

    private static Receiver create(Loop loop, ServerOptions options) {
        Backend b = loop.backend;
        try (CallMemory memory = new CallMemory(b)) {
            long at = (options == null ? new ServerOptions() : options).write(memory);
            ServerOptions.queue(b, at, loop.queue);
            long handle = b.ws_server_create(at);
            if (handle == 0) {
                throw WsException.ofCreation(b);
            }
            Receiver receiver = new Receiver(loop, handle, true, b.getInt(at + 4));
            loop.enter(receiver);
            return receiver;
        }
    }

    public Context context() {
        return context;
    }

    /** Listens. The port is bound when the call returns; the future completes when connections are accepted. */
    public CompletableFuture<Server> start(ServerConfig config) {
        Backend b = backend();
        CompletableFuture<Server> started = receiver.loop.completes(this, ticket -> {
            try (CallMemory memory = new CallMemory(b)) {
                return b.ws_server_start(receiver.handle, Options.write(memory, config), Ws.WS_COMPLETION_POLL, ticket);
            }
        });
        if (!started.isCompletedExceptionally()) {
            receiver.active(true);
        }
        return started;
    }

    /** Closes every connection with 1001, or as options say; completes when the last one is gone and the port is free. */
    public CompletableFuture<Void> stop(CloseOptions options) {
        Backend b = backend();
        CompletableFuture<Void> stopped = receiver.loop.completes(null, ticket -> {
            try (CallMemory memory = new CallMemory(b)) {
                return b.ws_server_stop(receiver.handle, Options.write(memory, options), Ws.WS_COMPLETION_POLL, ticket);
            }
        });
        if (!stopped.isCompletedExceptionally()) {
            stopped.whenComplete((nothing, failure) -> receiver.active(false));
        }
        return stopped;
    }

    /** Closes the listening sockets; connections live on. Completes when none is in its handshake any more. */
    public CompletableFuture<Void> stopListening() {
        return receiver.loop.completes(null, ticket -> backend().ws_server_stop_listening(receiver.handle, Ws.WS_COMPLETION_POLL, ticket));
    }

    @Override
    public void destroy() {
        forgotten.unwatch();
        super.destroy();
    }

    /** Stops, which takes five seconds at most, and destroys. It waits, unless a listener calls it. */
    @Override
    public void close() {
        stop(null).whenComplete((nothing, failure) -> destroy());
        awaitEnd();
    }

    // ---- facts

    public int port() {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(4);
            check(b.ws_server_port(receiver.handle, at));
            return b.getInt(at);
        }
    }

    /** One of the places where it listens, from 0 on. */
    public ListenerInfo listener(int index) {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(ListenerInfo.SIZE);
            b.putInt(at, ListenerInfo.SIZE);
            check(b.ws_server_listener(receiver.handle, index, at));
            return new ListenerInfo(b, at);
        }
    }

    /** A duplicate of a listening socket, which the program has to close. */
    public int descriptor(int index) {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(4);
            check(b.ws_server_descriptor(receiver.handle, index, at));
            return b.getInt(at);
        }
    }

    /** Takes a connection that the program has accepted; it comes with the event connect. */
    public void adopt(AdoptOptions options) {
        try (CallMemory memory = new CallMemory(backend())) {
            check(backend().ws_server_adopt(receiver.handle, Options.write(memory, options), 0));
        }
    }

    public ServerStats stats() {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.zeroed(ServerStats.SIZE);
            b.putInt(at, ServerStats.SIZE);
            check(b.ws_server_stats_get(receiver.handle, at));
            return new ServerStats(b, at);
        }
    }

    /** Figures of the library and of this server, in the format of Prometheus. */
    public String metrics() {
        return Library.metrics(receiver.handle);
    }

    /** Those that are open or closing and whose connect event was told. */
    public List<Connection> connections() {
        Backend b = backend();
        return receiver.loop.connections(b, (buffer, capacity, count) -> b.ws_server_connections(receiver.handle, buffer, capacity, count));
    }

    public void setCertificates(Certificate... certificates) {
        try (CallMemory memory = new CallMemory(backend())) {
            check(backend().ws_server_set_certificates(receiver.handle, memory.structs(Certificate.SIZE, certificates), certificates.length));
        }
    }

    // ---- to many

    /** To all that have subscribed to topic, but for one; says how many took it. */
    public long publish(String topic, String text, Connection except) {
        return publish(topic, text, except, null);
    }

    public long publish(String topic, byte[] bytes, int type, Connection except) {
        return publish(topic, bytes, type, except, null);
    }

    /** options: a key, of which each subscriber that reads slowly gets the newest message, or a priority; may be null. */
    public long publish(String topic, String text, Connection except, SendOptions options) {
        return publish(topic, text.getBytes(StandardCharsets.UTF_8), Ws.WS_TEXT, except, options);
    }

    public long publish(String topic, byte[] bytes, int type, Connection except, SendOptions options) {
        Backend b = backend();
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        try (CallMemory memory = new CallMemory(b); Payload payload = Payload.of(b, bytes, 0, bytes.length)) {
            long taken = memory.zeroed(8);
            long at = memory.bytes(name);
            check(options == null
                    ? b.ws_publish(receiver.handle, at, name.length, payload.at, bytes.length, type, handle(except), taken)
                    : b.ws_publish_with(receiver.handle, at, name.length, payload.at, bytes.length, type, handle(except),
                            options.write(memory), taken));
            return b.getLong(taken);
        }
    }

    /** To all, but for one. */
    public long broadcast(String text, Connection except) {
        return broadcast(text, except, null);
    }

    public long broadcast(byte[] bytes, int type, Connection except) {
        return broadcast(bytes, type, except, null);
    }

    /** options: as of publish. */
    public long broadcast(String text, Connection except, SendOptions options) {
        return broadcast(text.getBytes(StandardCharsets.UTF_8), Ws.WS_TEXT, except, options);
    }

    public long broadcast(byte[] bytes, int type, Connection except, SendOptions options) {
        Backend b = backend();
        try (CallMemory memory = new CallMemory(b); Payload payload = Payload.of(b, bytes, 0, bytes.length)) {
            long taken = memory.zeroed(8);
            check(options == null
                    ? b.ws_server_broadcast(receiver.handle, payload.at, bytes.length, type, handle(except), taken)
                    : b.ws_server_broadcast_with(receiver.handle, payload.at, bytes.length, type, handle(except),
                            options.write(memory), taken));
            return b.getLong(taken);
        }
    }

    public List<Connection> topicSubscribers(String topic) {
        Backend b = backend();
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        try (CallMemory memory = new CallMemory(b)) {
            long at = memory.bytes(name);
            return receiver.loop.connections(b,
                    (buffer, capacity, count) -> b.ws_topic_subscribers(receiver.handle, at, name.length, buffer, capacity, count));
        }
    }

    private static long handle(Connection except) {
        return except == null ? 0 : except.receiver.handle;
    }
}
