// SPDX-License-Identifier: Apache-2.0
package libws;

import java.util.concurrent.CompletableFuture;

/**
 * A client: one connection at a time; after its close event it can connect again. One that is connecting or connected
 * and has a listener is kept; one that nobody has and that is not is destroyed when it is collected.
 */
public final class Client extends ClientListeners {
    private final Context context; // lives as long as its clients
    private final Forgotten forgotten;

    public Client() {
        this(Context.shared(), null);
    }

    public Client(CreateOptions options) {
        this(Context.shared(), options);
    }

    public Client(Context context, CreateOptions options) {
        super(create(context.loop, options));
        this.context = context;
        receiver.is(this);
        Receiver own = receiver;
        forgotten = Forgotten.watch(this, own::destroy);
    }

    private static Receiver create(Loop loop, CreateOptions options) {
        Backend b = loop.backend;
        try (CallMemory memory = new CallMemory(b)) {
            long at = (options == null ? new CreateOptions() : options).write(memory);
            CreateOptions.queue(b, at, loop.queue);
            long handle = b.ws_create(at);
            if (handle == 0) {
                throw WsException.ofCreation(b);
            }
            Receiver receiver = new Receiver(loop, handle, false, b.getInt(at + 4));
            loop.enter(receiver);
            return receiver;
        }
    }

    /** The context whose thread runs its listeners. */
    public Context context() {
        return context;
    }

    public CompletableFuture<Client> connect(String url) {
        return connect(url, null);
    }

    /** Completes when the connection is open, before the event open; fails when the attempt has failed. */
    public CompletableFuture<Client> connect(String url, ConnectOptions options) {
        java.util.Objects.requireNonNull(url, "url");
        Backend b = backend();
        CompletableFuture<Client> opened = receiver.loop.completes(this, ticket -> {
            try (CallMemory memory = new CallMemory(b)) {
                return b.ws_connect(receiver.handle, memory.text("url", url), Options.write(memory, options),
                        Ws.WS_COMPLETION_POLL, ticket);
            }
        });
        if (opened.isCompletedExceptionally()) {
            return opened; // refused: what it was it stays, such as connected
        }
        receiver.active(true);
        opened.whenComplete((client, failure) -> {
            if (failure != null) {
                receiver.active(false);
            }
        });
        return opened;
    }

    /** Answers WS_EVENT_BEFORE_RECONNECT; null changes nothing. */
    public void reconnectWith(ReconnectChanges changes) {
        try (CallMemory memory = new CallMemory(backend())) {
            check(backend().ws_reconnect_with(receiver.handle, Options.write(memory, changes)));
        }
    }

    @Override
    public void destroy() {
        forgotten.unwatch();
        super.destroy();
    }
}
