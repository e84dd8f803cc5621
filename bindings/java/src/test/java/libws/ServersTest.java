// SPDX-License-Identifier: Apache-2.0
package libws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServersTest {
    @Test
    void whatIsPublishedReachesSubscribers() throws Exception {
        try (Context context = new Context(); Server server = new Server(context, new ServerOptions().flags(Ws.WS_TOPIC_EVENTS));
                Client news = new Client(context, null); Client all = new Client(context, null)) {
            LinkedBlockingQueue<String> begun = new LinkedBlockingQueue<>();
            server.onTopicBegin(e -> begun.add(e.message()));
            server.onMessageReceive(e -> {
                if (e.message().endsWith("#")) {
                    e.connection().subscribePattern(e.message());
                } else {
                    e.connection().subscribe(e.message());
                }
                e.connection().send("subscribed");
            });
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1")));
            LinkedBlockingQueue<String> heardNews = new LinkedBlockingQueue<>();
            LinkedBlockingQueue<String> heardAll = new LinkedBlockingQueue<>();
            Kit.await(news.onMessage(e -> heardNews.add(e.message())).connect(Kit.url(server)));
            Kit.await(all.onMessage(e -> heardAll.add(e.message())).connect(Kit.url(server)));
            news.send("news");
            assertEquals("subscribed", heardNews.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            all.send("#"); // behind that, so that topics begin in this order
            assertEquals("subscribed", heardAll.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            assertEquals(2, server.publish("news", "new", null));
            assertEquals(1, server.publish("else", "other", null));
            assertEquals("new", heardNews.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            assertEquals("new", heardAll.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            assertEquals("other", heardAll.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            assertEquals("news", begun.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            Connection subscriber = server.topicSubscribers("news").stream()
                    .filter(c -> c.isSubscribed("news") == Ws.WS_BY_TOPIC).findFirst().get();
            assertEquals(1, server.broadcast("to one", subscriber));
            assertEquals("to one", heardAll.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            subscriber.unsubscribe("news");
            assertEquals(0, subscriber.isSubscribed("news"));
            assertEquals(2, server.stats().connections());
            assertTrue(server.metrics().contains("ws_"), server.metrics());
        }
    }

    @Test
    void aKeyReplacesWhatWaitsForAPeerThatDoesNotRead() throws Exception {
        try (Context context = new Context(); Context other = new Context(); Server server = new Server(context, new ServerOptions().maxBuffered(64 << 20));
                Client client = new Client(other, null)) {
            CompletableFuture<Connection> accepted = new CompletableFuture<>();
            server.onConnect(e -> accepted.complete(e.connection()));
            LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();
            client.onMessage(e -> {
                if (e.isText()) {
                    texts.add(e.message());
                }
            });
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1")));
            Kit.await(client.connect(Kit.url(server)));
            client.pause();
            Connection peer = Kit.await(accepted);
            peer.subscribe("prices");
            for (int i = 0; i < 32; i++) { // MiB, more than the system takes, so the rest waits
                peer.send(new byte[1 << 20]);
            }
            SendOptions first = new SendOptions().key(1).priority(2);
            SendOptions second = new SendOptions().key(-1); // the largest: keys have no sign
            CompletableFuture<Void> old = peer.sendAsync("sent", first);
            peer.send("text", second);
            peer.send("bytes".getBytes(), second);
            assertEquals(1, server.publish("prices", "published", null, first));
            assertEquals(1, server.broadcast("broadcast", null, first));
            CompletableFuture<Void> last = peer.sendAsync("newest", second);
            WsException replaced = assertThrows(WsException.class, () -> Kit.await(old));
            assertEquals(Ws.WS_ERR_REPLACED, replaced.code());
            assertEquals(4, peer.stats().messagesReplaced());
            assertEquals(4, server.stats().replaced());
            client.resume();
            assertEquals("broadcast", texts.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            assertEquals("newest", texts.poll(Kit.DEADLINE, TimeUnit.SECONDS));
            Kit.await(last);
            WsException wrong = assertThrows(WsException.class, () -> peer.send("x", new SendOptions().priority(8)));
            assertTrue(wrong.getMessage().contains("priority"), wrong.getMessage());
        }
    }

    @Test
    void aServerAnswersRequestsAndDecidesAboutUpgrades() throws Exception {
        ServerOptions options = new ServerOptions().flags(Ws.WS_UPGRADE_EVENTS | Ws.WS_REQUEST_EVENTS);
        try (Context context = new Context(); Server server = new Server(context, options); Client client = new Client(context, null)) {
            server.onRequest(e -> e.connection().respond(new Response().header("Content-Type", "text/plain")
                    .body((e.method() + " " + e.target()).getBytes())));
            server.onUpgrade(e -> e.connection().accept(new AcceptOptions().protocol("b").header("X-Field", "value")));
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1")));
            HttpURLConnection page = (HttpURLConnection) URI.create("http://127.0.0.1:" + server.port() + "/page").toURL().openConnection();
            try (BufferedReader body = new BufferedReader(new InputStreamReader(page.getInputStream()))) {
                assertEquals("GET /page", body.readLine());
            }
            CompletableFuture<String> field = new CompletableFuture<>();
            client.onHeaderReceive(e -> e.fields().stream().filter(f -> f.getKey().equalsIgnoreCase("X-Field")).findFirst()
                    .ifPresent(f -> field.complete(f.getValue())));
            Kit.await(client.connect(Kit.url(server), new ConnectOptions().protocol("a,b")));
            assertEquals("value", Kit.await(field));
            assertEquals("b", client.text(Ws.WS_TEXT_PROTOCOL));
        }
    }

    @Test
    void aStoppedServerTellsItsClientsAndStartsAgain() {
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            CompletableFuture<String> closed = new CompletableFuture<>();
            client.onClose(e -> closed.complete(e.code() + " " + e.reason()));
            Kit.await(client.connect(Kit.url(server)));
            Kit.await(server.stop(new CloseOptions().reason("later")));
            assertEquals("1001 later", Kit.await(closed));
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1")));
            Kit.await(client.connect(Kit.url(server)));
            assertEquals(Ws.WS_STATE_OPEN, client.state());
            assertTrue(Library.stats().connections() >= 2);
        }
    }

    @Test
    void aLostConnectionComesBack() {
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            CompletableFuture<Void> again = new CompletableFuture<>();
            CompletableFuture<Integer> attempt = new CompletableFuture<>();
            int[] opens = {0};
            client.onOpen(e -> {
                if (++opens[0] == 2) {
                    again.complete(null);
                }
            }).onReconnecting(e -> attempt.complete(e.attempt()));
            CompletableFuture<Connection> there = new CompletableFuture<>();
            server.onConnect(e -> there.complete(e.connection()));
            Kit.await(client.connect(Kit.url(server), new ConnectOptions().reconnect(new ReconnectOptions().firstDelayMs(1))));
            Kit.await(there).abort();
            assertEquals(1, Kit.await(attempt));
            Kit.await(again);
        }
    }
}
