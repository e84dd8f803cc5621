// SPDX-License-Identifier: Apache-2.0
package libws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConversationTest {
    @Test
    void theBackendIsTheOneOfThisJava() {
        assertEquals(System.getProperty("libws.expected", Library.backendName()), Library.backendName());
        assertEquals(Ws.WS_ABI_VERSION, Library.backend().ws_abi_version());
        assertTrue(Library.hasFeature("queue"));
        assertFalse(Library.hasFeature("flying"));
    }

    @Test
    void aClientSaysHelloAndClosesOnBye() {
        List<String> said = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture<Integer> left = new CompletableFuture<>();
        try (Context context = new Context(); Server server = new Server(context, null); Client client = new Client(context, null)) {
            server.onConnect(e -> said.add("connect " + e.target() + " " + e.protocol()));
            server.onMessageReceive(e -> {
                said.add("server: " + e.message());
                e.connection().send("bye");
            });
            server.onClose(e -> left.complete(e.code()));
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1").protocol("chat")));
            client.onOpen(e -> {
                said.add("open " + e.status());
                e.connection().sendAsync("Hello, server!").thenRun(() -> said.add("sent"));
            }).onMessage(e -> {
                said.add("client: " + e.message());
                e.connection().close(1000, "done").thenRun(() -> said.add("closed"));
            }).onClose(e -> {
                said.add("close " + e.code() + " " + e.reason() + " " + e.clean());
                over.complete(null);
            });
            Client same = Kit.await(client.connect(Kit.url(server) + "room?x=1", new ConnectOptions().protocol("chat")));
            assertEquals(client, same);
            Kit.await(over);
            assertEquals(1000, Kit.await(left));
        }
        assertTrue(said.contains("connect /room?x=1 chat"), said.toString());
        assertTrue(said.indexOf("open 101") < said.indexOf("sent"), said.toString());
        assertTrue(said.contains("server: Hello, server!") && said.contains("client: bye"), said.toString());
        assertTrue(said.indexOf("closed") < said.indexOf("close 1000 done 1"), said.toString());
    }

    @Test
    void messagesOfEverySizeComeBackInOrder() throws Exception {
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            LinkedBlockingQueue<byte[]> back = new LinkedBlockingQueue<>();
            client.onMessage(e -> back.add(e.data()));
            Kit.await(client.connect(Kit.url(server)));
            int[] sizes = {0, 1, 125, 126, 32768, 32769, 65536, 1 << 20, 3};
            for (int size : sizes) {
                client.send(bytes(size));
            }
            for (int size : sizes) {
                assertArrayEquals(bytes(size), back.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            }
            String text = "Grüße, 世界 \ud83c\udf0d";
            client.send(text);
            assertEquals(text, new String(back.poll(Kit.DEADLINE, TimeUnit.SECONDS), StandardCharsets.UTF_8));
            client.sendPart("one ".getBytes(StandardCharsets.UTF_8), Ws.WS_TEXT, false);
            client.sendPart("two".getBytes(StandardCharsets.UTF_8), Ws.WS_TEXT, true);
            assertEquals("one two", new String(back.poll(Kit.DEADLINE, TimeUnit.SECONDS), StandardCharsets.UTF_8));
        }
    }

    private static byte[] bytes(int size) {
        byte[] made = new byte[size];
        for (int i = 0; i < size; i++) {
            made[i] = (byte) (i * 31 >> 3);
        }
        return made;
    }

    @Test
    void manyThreadsSendOverOneConnection() throws Exception {
        final int threads = 8;
        final int each = 500;
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            CompletableFuture<Void> all = new CompletableFuture<>();
            int[] next = new int[threads]; // of one thread, the context's
            int[] count = {0};
            client.onMessage(e -> {
                String[] parts = e.message().split(" ");
                int from = Integer.parseInt(parts[0]);
                if (Integer.parseInt(parts[1]) != next[from]++) {
                    all.completeExceptionally(new AssertionError("out of order: " + e.message()));
                }
                if (++count[0] == threads * each) {
                    all.complete(null);
                }
            });
            Kit.await(client.connect(Kit.url(server)));
            for (int t = 0; t < threads; t++) {
                int mine = t;
                new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        client.send(mine + " " + i);
                    }
                }).start();
            }
            Kit.await(all);
            assertEquals(threads * each, client.stats().messagesReceived());
        }
    }

    @Test
    void aPingIsAnsweredAndMeasured() {
        try (Context context = new Context(); Server server = Kit.echo(context);
                Client client = new Client(context, new CreateOptions().flags(Ws.WS_PING_EVENTS))) {
            CompletableFuture<String> pong = new CompletableFuture<>();
            CompletableFuture<String> ping = new CompletableFuture<>();
            server.onPing(e -> ping.complete(e.message()));
            client.onPong(e -> pong.complete(e.message() + " " + (e.roundTripUs() >= 0)));
            Kit.await(client.connect(Kit.url(server)));
            client.ping("there?".getBytes(StandardCharsets.UTF_8));
            assertEquals("there? true", Kit.await(pong));
            assertEquals("there?", Kit.await(ping));
        }
    }
}
