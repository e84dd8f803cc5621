// SPDX-License-Identifier: Apache-2.0
package libws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OptionsTest {
    /** Members of the C structs that have no setter, and why. */
    private static final Map<String, String> LEFT_OUT = new HashMap<>();

    static {
        LEFT_OUT.put("queue", "is the context's");
        LEFT_OUT.put("userData", "is attach()");
        LEFT_OUT.put("log", "comes on threads of Go that Java would have to attach; the environment variable WS_LOG prints it");
        LEFT_OUT.put("logUserData", "goes with log");
    }

    @Test
    void everyMemberOfEveryOptionStructHasASetter() throws Exception {
        Set<String> unused = new HashSet<>(LEFT_OUT.keySet());
        int members = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                OptionsTest.class.getResourceAsStream("/members.txt"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] parts = line.split(" ");
                Class<?> options = Class.forName("libws." + parts[0]);
                String wanted = parts[1].equals("headers") ? "header" : parts[1];
                boolean has = false;
                for (Method m : options.getDeclaredMethods()) {
                    has |= m.getName().equals(wanted) && m.getReturnType() == options;
                }
                assertTrue(has || LEFT_OUT.containsKey(wanted), line + " has no setter");
                if (!has) {
                    unused.remove(wanted);
                }
                members++;
            }
        }
        assertTrue(members > 150, members + " members");
        assertTrue(unused.isEmpty(), unused + " is not left out");
    }

    /** Each number is written where the library reads it: what is out of range is refused by its name in C. */
    @Test
    void aWrongValueIsRefusedByName() {
        refused("max_message_size", () -> new Client(new CreateOptions().maxMessageSize(-5)).close());
        refused("high_water_mark", () -> new Client(new CreateOptions().highWaterMark(-1)).close());
        refused("max_send_frame", () -> new Client(new CreateOptions().maxSendFrame(5)).close());
        refused("max_subscriptions", () -> new Server(new ServerOptions().maxSubscriptions(-5)).close());
        refused("max_bytes", () -> new Context(new QueueOptions().maxBytes(-5)).close());
        try (Client client = new Client()) {
            String url = "ws://127.0.0.1:1/";
            refused("proxy_port", () -> Kit.await(client.connect(url, new ConnectOptions().proxy(Ws.WS_PROXY_HTTP).proxyHost("x").proxyPort(70000))));
            refused("max_answer_head", () -> Kit.await(client.connect(url, new ConnectOptions().maxAnswerHead(3))));
            refused("final_codes", () -> Kit.await(client.connect(url, new ConnectOptions().reconnect(new ReconnectOptions().finalCodes(1000, 7)))));
            refused("window_bits_out", () -> Kit.await(client.connect(url, new ConnectOptions().compression(new Compression().windowBitsOut(99)))));
            refused("header", () -> Kit.await(client.connect(url, new ConnectOptions().header("good", "x").header("not good", "x"))));
        }
        try (Server server = new Server()) {
            refused("max_head_size", () -> Kit.await(server.start(new ServerConfig().maxHeadSize(3))));
            refused("listeners", () -> Kit.await(server.start(new ServerConfig().listeners(new ListenAt().port(70000)))));
        }
        assertThrows(IllegalArgumentException.class, () -> new Client(new CreateOptions().correlationId("a\0b")));
        assertThrows(IllegalArgumentException.class, () -> new Context(new QueueOptions().flags(Ws.WS_QUEUE_THREAD)));
    }

    private static void refused(String name, Runnable call) {
        WsException e = assertThrows(WsException.class, call::run, name);
        assertTrue(e.getMessage().contains(name.replaceAll("s$", "")), e.getMessage() + " does not name " + name);
        assertTrue(e.code() == Ws.WS_ERR_PARAMETER || e.code() == Ws.WS_ERR_LISTEN_PORT, e.toString());
    }

    @Test
    void arraysAndOptionsInsideOptionsReachTheLibrary() {
        try (Server server = new Server()) {
            Kit.await(server.start(new ServerConfig().serverIp("127.0.0.1").compression(new Compression())
                    .listeners(new ListenAt().ip("127.0.0.1"), new ListenAt().ip("127.0.0.1"))));
            assertEquals(3, server.listener(0).count());
            assertTrue(server.listener(2).port() > 0);
            try (Client client = new Client()) {
                Kit.await(client.connect(Kit.url(server), new ConnectOptions().compression(new Compression())));
                assertTrue(client.text(Ws.WS_TEXT_EXTENSIONS).contains("permessage-deflate"), client.text(Ws.WS_TEXT_EXTENSIONS));
            }
        }
    }
}
