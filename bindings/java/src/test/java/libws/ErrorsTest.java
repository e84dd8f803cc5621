// SPDX-License-Identifier: Apache-2.0
package libws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    @Test
    void aFailedAttemptSaysWhereItFailed() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = taken.getLocalPort();
        }
        try (Client client = new Client()) {
            CompletableFuture<WsException> told = new CompletableFuture<>();
            client.onError(e -> told.complete(e.failure()));
            WsException e = assertThrows(WsException.class, () -> Kit.await(client.connect("ws://127.0.0.1:" + port + "/")));
            assertEquals(Ws.WS_ERR_CONNECT_FAILED, e.code());
            assertEquals("WS_ERR_CONNECT_FAILED", e.name());
            assertEquals(Ws.WS_STAGE_CONNECT, e.stage());
            assertEquals("WS_STAGE_CONNECT", e.stageName());
            assertTrue(e.osError() > 0);
            assertTrue(e.getMessage().contains("127.0.0.1:" + port), e.getMessage());
            assertTrue(e.toString().contains("WS_ERR_CONNECT_FAILED"), e.toString());
            assertEquals(e.getMessage(), Kit.await(told).getMessage());
        }
    }

    @Test
    void aServerThatRefusesTellsItsStatusFieldsAndBody() {
        try (Context context = new Context(); Server server = new Server(context, new ServerOptions().flags(Ws.WS_UPGRADE_EVENTS));
                Client client = new Client(context, null)) {
            server.onUpgrade(e -> e.connection().respond(new Response().status(403).header("X-Why", "closed").body("not today".getBytes())));
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1")));
            CompletableFuture<String> told = new CompletableFuture<>();
            client.onError(e -> told.complete(e.fields().stream().filter(f -> f.getKey().equalsIgnoreCase("X-Why")).findFirst().get().getValue()
                    + " " + new String(e.body())));
            WsException e = assertThrows(WsException.class, () -> Kit.await(client.connect(Kit.url(server))));
            assertEquals(403, e.status());
            assertEquals(Ws.WS_STAGE_UPGRADE, e.stage());
            assertEquals("closed not today", Kit.await(told));
        }
    }

    @Test
    void callsThatCannotBeDoneThrow() {
        try (Client client = new Client(new CreateOptions().flags(Ws.WS_REFUSE_EARLY))) {
            assertEquals(Ws.WS_ERR_STATE, assertThrows(WsException.class, () -> client.send("x")).code());
            assertEquals(Ws.WS_ERR_URL, assertThrows(WsException.class, () -> Kit.await(client.connect("http://x/"))).code());
            assertThrows(NullPointerException.class, () -> client.connect(null));
            assertThrows(NullPointerException.class, () -> client.send((String) null));
            assertThrows(NullPointerException.class, () -> client.onMessage(null));
            assertThrows(IndexOutOfBoundsException.class, () -> client.send(new byte[3], 2, 2));
            assertThrows(IllegalArgumentException.class, () -> client.connect("ws://x/\0"));
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> client.onPong(x -> { }));
            assertTrue(e.getMessage().contains("WS_PING_EVENTS"), e.getMessage());
            CompletableFuture<Void> sent = client.sendAsync("x");
            assertNotNull(assertThrows(ExecutionException.class, sent::get).getCause());
            client.destroy();
            assertEquals(Ws.WS_ERR_HANDLE, assertThrows(WsException.class, () -> client.send("x")).code());
            assertEquals(Ws.WS_STATE_CLOSED, client.state());
            client.destroy();
        }
    }

    @Test
    void anInvalidTextIsRefused() {
        try (Context context = new Context(); Server server = Kit.echo(context); Client client = new Client(context, null)) {
            Kit.await(client.connect(Kit.url(server)));
            WsException e = assertThrows(WsException.class, () -> client.sendPart(new byte[] {(byte) 0xff}, Ws.WS_TEXT, true));
            assertEquals(Ws.WS_ERR_PARAMETER, e.code());
            assertFalse(e.getMessage().isEmpty());
        }
    }
}
