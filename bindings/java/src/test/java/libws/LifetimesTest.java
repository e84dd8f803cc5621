// SPDX-License-Identifier: Apache-2.0
package libws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifetimesTest {
    @Test
    void closeDeliversWhatWasSentAndWaitsForTheEnd() {
        CompletableFuture<String> heard = new CompletableFuture<>();
        AtomicInteger destroyed = new AtomicInteger();
        try (Context context = new Context(); Server server = new Server(context, null)) {
            server.onMessageReceive(e -> heard.complete(e.message()));
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1")));
            CompletableFuture<Integer> code = new CompletableFuture<>();
            server.onClose(e -> code.complete(e.code()));
            try (Client client = new Client(context, null)) {
                client.onDestroyed(e -> destroyed.incrementAndGet());
                Kit.await(client.connect(Kit.url(server)));
                client.send("last words");
            }
            assertEquals(1, destroyed.get()); // close has waited
            assertEquals("last words", Kit.await(heard));
            assertEquals(1000, Kit.await(code));
        }
    }

    @Test
    void closeInsideAListenerReturnsAtOnce() {
        try (Context context = new Context(); Server server = Kit.echo(context)) {
            Client client = new Client(context, null);
            CompletableFuture<Void> destroyed = new CompletableFuture<>();
            CompletableFuture<Integer> closed = new CompletableFuture<>();
            client.onMessage(e -> client.close()).onClose(e -> closed.complete(e.code()))
                    .onDestroyed(e -> destroyed.complete(null));
            Kit.await(client.connect(Kit.url(server)));
            client.send("x");
            Kit.await(destroyed);
            assertEquals(1000, Kit.await(closed));
            client.close();
        }
    }

    @Test
    void closingAContextEndsAllThatIsInIt() {
        AtomicInteger ends = new AtomicInteger();
        Context context = new Context();
        Thread thread = context.loop.thread;
        Server server = Kit.echo(context);
        Client client = new Client(context, null);
        client.onClose(e -> ends.incrementAndGet()).onDestroyed(e -> ends.incrementAndGet());
        server.onDestroyed(e -> ends.incrementAndGet());
        Kit.await(client.connect(Kit.url(server)));
        context.close();
        context.close();
        assertEquals(3, ends.get());
        assertFalse(thread.isAlive());
        assertEquals(Ws.WS_ERR_HANDLE, assertThrows(WsException.class, () -> client.send("x")).code());
        assertThrows(WsException.class, () -> new Client(context, null));
        assertThrows(RuntimeException.class, () -> context.execute(() -> { }));
        client.close(); // nothing is left to wait for
    }

    /** In a method of its own, so that no frame keeps the client. */
    private static WeakReference<Client> forget(Context context, Server server, CompletableFuture<Void> message) {
        Client client = new Client(context, null);
        if (message != null) {
            client.onMessage(e -> message.complete(null));
        }
        if (server != null) {
            Kit.await(client.connect(Kit.url(server)));
        }
        return new WeakReference<>(client);
    }

    @Test
    void aForgottenClientIsClosedByTheCollector() throws Exception {
        try (Context context = new Context(); Server server = Kit.echo(context)) {
            CompletableFuture<Void> left = new CompletableFuture<>();
            server.onClose(e -> left.complete(null));
            WeakReference<Client> forgotten = forget(context, server, null);
            Kit.until(() -> forgotten.get() == null && left.isDone(), System::gc);
            WeakReference<Client> unused = forget(context, null, null);
            Kit.until(() -> unused.get() == null, System::gc);
        }
    }

    @Test
    void aClientThatIsConnectedAndHasAListenerIsKept() throws Exception {
        try (Context context = new Context(); Server server = Kit.echo(context)) {
            CompletableFuture<Void> message = new CompletableFuture<>();
            CompletableFuture<Void> left = new CompletableFuture<>();
            server.onClose(e -> left.complete(null));
            WeakReference<Client> forgotten = forget(context, server, message);
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            server.broadcast("still here?", null);
            Kit.await(message);
            server.connections().get(0).close(1000, "enough"); // then nobody needs it
            Kit.await(left);
            Kit.until(() -> forgotten.get() == null, System::gc);
        }
    }

    private static Thread forgetContext() {
        return new Context().loop.thread;
    }

    @Test
    void theThreadOfAForgottenContextEnds() throws Exception {
        Thread thread = forgetContext();
        Kit.until(() -> !thread.isAlive(), System::gc);
    }

    @Test
    void connectionsOfAServerKnowWhatWasAttachedToThem() {
        try (Context context = new Context(); Server server = new Server(context, null); Client client = new Client(context, null)) {
            server.onConnect(e -> e.connection().attach("mine"));
            CompletableFuture<Object> found = new CompletableFuture<>();
            server.onMessageReceive(e -> {
                assertTrue(server.connections().contains(e.connection()));
                found.complete(e.connection().attachment());
            });
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1")));
            Kit.await(client.connect(Kit.url(server)));
            System.gc();
            client.send("x");
            assertEquals("mine", Kit.await(found));
            assertEquals("127.0.0.1", client.info().clientIp());
        }
    }
}
