// SPDX-License-Identifier: Apache-2.0
package libws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ListenersTest {
    /** Calls into C as deep as the stack allows. */
    private static int deep(Connection c, int n) {
        c.send("deep");
        return deep(c, n + 1) + 1;
    }

    @Test
    void whatAListenerThrowsGoesToTheHandlerAndTheNextListenerIsCalled() {
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        try (Context context = new Context().uncaught((thread, t) -> {
            thrown.add(t);
            throw new IllegalStateException("a handler that throws, too");
        }); Server server = Kit.echo(context); Client client = new Client(context, new CreateOptions().maxBuffered(1L << 30))) {
            client.onMessage(e -> {
                switch (e.message()) {
                    case "null":
                        String nothing = null;
                        nothing.length();
                        break;
                    case "stack":
                        deep(server.connections().get(0), 0);
                        break;
                    case "checked":
                        throw new java.io.IOException("checked");
                    default:
                        break;
                }
            });
            client.onMessage(e -> {
                if (!e.message().equals("deep")) {
                    heard.add(e.message());
                }
                if (e.message().equals("end")) {
                    over.complete(null);
                }
            });
            Kit.await(client.connect(Kit.url(server)));
            for (String text : new String[] {"null", "stack", "checked", "end"}) {
                client.send(text);
            }
            Kit.await(over);
            assertEquals(Ws.WS_STATE_OPEN, client.state());
        }
        assertEquals(java.util.Arrays.asList("null", "stack", "checked", "end"), heard);
        assertEquals(3, thrown.size(), thrown.toString());
        assertInstanceOf(NullPointerException.class, thrown.get(0));
        assertInstanceOf(StackOverflowError.class, thrown.get(1));
        assertInstanceOf(java.io.IOException.class, thrown.get(2));
    }

    @Test
    void aListenerThatIsRemovedInsideOneIsNotCalled() {
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            List<String> heard = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> over = new CompletableFuture<>();
            Listener second = e -> heard.add("second " + e.message());
            client.onMessage(e -> {
                heard.add("first " + e.message());
                if (e.message().equals("2")) {
                    client.off(second);
                }
                if (e.message().equals("3")) {
                    over.complete(null);
                }
            }).onMessage(second);
            Kit.await(client.connect(Kit.url(server)));
            client.send("1");
            client.send("2");
            client.send("3");
            Kit.await(over);
            assertEquals(java.util.Arrays.asList("first 1", "second 1", "first 2", "first 3"), heard);
        }
    }

    @Test
    void anEventIsOverBehindItsListener() throws Exception {
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            CompletableFuture<Event> kept = new CompletableFuture<>();
            CompletableFuture<Throwable> elsewhere = new CompletableFuture<>();
            client.onMessage(e -> {
                Thread other = new Thread(() -> {
                    try {
                        e.message();
                        elsewhere.complete(null);
                    } catch (Throwable t) {
                        elsewhere.complete(t);
                    }
                });
                other.start();
                other.join(); // the event is valid here, but not there
                kept.complete(e);
            });
            Kit.await(client.connect(Kit.url(server)));
            client.send("x");
            Event e = Kit.await(kept);
            assertThrows(IllegalStateException.class, e::message);
            assertThrows(IllegalStateException.class, e::connection);
            assertInstanceOf(IllegalStateException.class, Kit.await(elsewhere));
        }
    }

    @Test
    void aListenerThatWouldWaitForItselfIsToldSo() {
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            CompletableFuture<Throwable> told = new CompletableFuture<>();
            CompletableFuture<Throwable> derived = new CompletableFuture<>();
            client.onOpen(e -> {
                told.complete(assertThrows(IllegalStateException.class, () -> client.sendAsync("x").join()));
                if (System.getProperty("java.version").startsWith("1.")) {
                    derived.complete(null); // Java 8 makes plain futures there
                } else {
                    derived.complete(assertThrows(IllegalStateException.class, () -> client.sendAsync("x").thenApply(v -> 1).get(1, TimeUnit.DAYS)));
                }
            });
            Kit.await(client.connect(Kit.url(server)));
            assertTrue(Kit.await(told).getMessage().contains("thenAccept"));
            Kit.await(derived);
        }
    }

    @Test
    void tasksRunOnTheThreadOfTheListenersInOrder() {
        try (Context context = new Context()) {
            List<Integer> ran = new CopyOnWriteArrayList<>();
            CompletableFuture<Boolean> last = new CompletableFuture<>();
            for (int i = 0; i < 100; i++) {
                int mine = i;
                context.execute(() -> ran.add(mine));
            }
            context.execute(() -> last.complete(context.isCurrent()));
            assertTrue(Kit.await(last));
            for (int i = 0; i < 100; i++) {
                assertEquals(i, ran.get(i));
            }
            Kit.await(context.schedule(() -> ran.add(-1), 20, TimeUnit.MILLISECONDS));
            assertEquals(-1, ran.get(100));
        }
    }
}
