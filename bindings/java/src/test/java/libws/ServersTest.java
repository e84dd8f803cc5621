// SPDX-License-Identifier: Apache-2.0
package libws;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
            all.send("#");
            assertEquals("subscribed", heardNews.poll(Kit.DEADLINE, TimeUnit.SECONDS));
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
