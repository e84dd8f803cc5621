// SPDX-License-Identifier: Apache-2.0

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session.Listener;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty in both roles. It sends no text that is not UTF-8, and no close without a code. */
final class JettyPeer implements Talk.Library {
    private static final int LARGEST = 1 << 22;

    /** Listener and session. Jetty wants one send to be over before the next. */
    public static final class Own extends Session implements Listener.AutoDemanding {
        private final Consumer<Own> whenOpen;
        private org.eclipse.jetty.websocket.api.Session socket;

        Own(Consumer<Own> whenOpen) {
            this.whenOpen = whenOpen;
        }

        @Override
        public void onWebSocketOpen(org.eclipse.jetty.websocket.api.Session s) {
            socket = s;
            s.setMaxTextMessageSize(LARGEST);
            s.setMaxBinaryMessageSize(LARGEST);
            whenOpen.accept(this);
        }

        @Override
        public void onWebSocketText(String text) {
            put(text);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer data, Callback callback) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            put(bytes);
            callback.succeed();
        }

        @Override
        public void onWebSocketPong(ByteBuffer data) {
            pong(data);
        }

        @Override
        public void onWebSocketClose(int code, String reason, Callback callback) {
            put(new End(code, reason == null ? "" : reason));
            callback.succeed();
        }

        @Override
        public void onWebSocketError(Throwable t) {
            put(t);
        }

        private static void done(Consumer<Callback> call) throws Exception {
            Callback.Completable over = new Callback.Completable();
            call.accept(over);
            over.get();
        }

        @Override
        void send(Object message) throws Exception {
            if (message instanceof String text) {
                done(c -> socket.sendText(text, c));
            } else {
                done(c -> socket.sendBinary(ByteBuffer.wrap((byte[]) message), c));
            }
        }

        @Override
        void sendPart(Object part, boolean first, boolean last) throws Exception {
            if (part instanceof String text) {
                done(c -> socket.sendPartialText(text, last, c));
            } else {
                done(c -> socket.sendPartialBinary(ByteBuffer.wrap((byte[]) part), last, c));
            }
        }

        @Override
        void ping(String data) throws Exception {
            done(c -> socket.sendPing(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)), c));
        }

        @Override
        void sendClose(int code, String reason) {
            socket.close(code, reason, Callback.NOOP); // it fails when the answer was faster than it
        }
    }

    @Override
    public List<String> cannot() {
        return List.of("badText", "noCode");
    }

    @Override
    public Session dial(String url, SSLContext tls, String packing) throws Exception {
        ClientConnector connector = new ClientConnector();
        if (tls != null) {
            SslContextFactory.Client factory = new SslContextFactory.Client();
            factory.setSslContext(tls);
            connector.setSslContextFactory(factory);
        }
        WebSocketClient client = new WebSocketClient(new HttpClient(new org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP(connector)));
        client.setIdleTimeout(java.time.Duration.ofMinutes(10));
        client.start();
        CompletableFuture<Own> opened = new CompletableFuture<>();
        ClientUpgradeRequest request = new ClientUpgradeRequest(URI.create(url));
        if (!packing.equals("plain")) {
            request.addExtensions(!packing.equals("deflate") ? "permessage-deflate"
                    : "permessage-deflate;client_no_context_takeover;server_no_context_takeover");
        }
        Own session = new Own(opened::complete);
        String extensions = client.connect(session, request).get().getUpgradeResponse().getHeader("Sec-WebSocket-Extensions");
        if ((extensions == null) != packing.equals("plain")) {
            throw new Exception("extensions \"" + extensions + "\"");
        }
        return opened.get();
    }

    @Override
    public Talk.Listening serve(SSLContext tls, String packing, Talk.Serve serve) throws Exception {
        Server server = new Server();
        ServerConnector connector;
        if (tls == null) {
            connector = new ServerConnector(server);
        } else {
            SslContextFactory.Server factory = new SslContextFactory.Server();
            factory.setSslContext(tls);
            connector = new ServerConnector(server, factory);
        }
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ContextHandler context = new ContextHandler("/");
        server.setHandler(context);
        context.setHandler(WebSocketUpgradeHandler.from(server, context, container -> {
            container.setIdleTimeout(java.time.Duration.ofMinutes(10));
            container.addMapping("/*", (request, response, callback) -> new Own(serve::connection));
        }));
        server.start();
        return new Talk.Listening(connector.getLocalPort(), server::stop);
    }
}
