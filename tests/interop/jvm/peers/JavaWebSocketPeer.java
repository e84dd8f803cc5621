// SPDX-License-Identifier: Apache-2.0

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket in both roles. It sends no text that is not UTF-8, and no close without a code. */
final class JavaWebSocketPeer implements Talk.Library {
    private static final class Own extends Session {
        WebSocket socket;
        private final AtomicBoolean ended = new AtomicBoolean();

        /** The first one counts. */
        void closed(int code, String reason) {
            if (ended.compareAndSet(false, true)) {
                put(new Session.End(code, reason));
            }
        }

        @Override
        void send(Object message) {
            if (message instanceof String text) {
                socket.send(text);
            } else {
                socket.send((byte[]) message);
            }
        }

        @Override
        void sendPart(Object part, boolean first, boolean last) {
            byte[] bytes = part instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) part;
            socket.sendFragmentedFrame(part instanceof String ? Opcode.TEXT : Opcode.BINARY, ByteBuffer.wrap(bytes), last);
        }

        @Override
        void ping(String data) {
            PingFrame frame = new PingFrame();
            frame.setPayload(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)));
            socket.sendFrame(frame);
        }

        @Override
        void sendClose(int code, String reason) {
            socket.close(code, reason);
        }

        void binary(ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            put(bytes);
        }
    }

    private static Draft draft(String packing) {
        if (packing.equals("plain")) {
            return new Draft_6455();
        }
        PerMessageDeflateExtension extension = new PerMessageDeflateExtension();
        extension.setThreshold(0);
        extension.setServerNoContextTakeover(packing.equals("deflate"));
        extension.setClientNoContextTakeover(packing.equals("deflate"));
        return new Draft_6455(extension);
    }

    @Override
    public List<String> cannot() {
        return List.of("badText", "noCode");
    }

    @Override
    public Session dial(String url, SSLContext tls, String packing) throws Exception {
        Own session = new Own();
        CompletableFuture<String> extensions = new CompletableFuture<>();
        WebSocketClient client = new WebSocketClient(URI.create(url), draft(packing)) {
            @Override
            public void onOpen(ServerHandshake handshake) {
                extensions.complete(handshake.getFieldValue("Sec-WebSocket-Extensions"));
            }

            @Override
            public void onMessage(String text) {
                session.put(text);
            }

            @Override
            public void onMessage(ByteBuffer data) {
                session.binary(data);
            }

            @Override
            public void onWebsocketPong(WebSocket s, Framedata frame) {
                session.pong(frame.getPayloadData());
            }

            @Override
            public void onClose(int code, String reason, boolean remote) {
                if (code == CloseFrame.NEVER_CONNECTED) {
                    return; // onError says why, before this or behind it
                }
                session.put(new Session.End(code, reason));
            }

            @Override
            public void onError(Exception e) {
                extensions.completeExceptionally(e);
                session.put(e);
            }
        };
        client.setConnectionLostTimeout(0);
        if (tls != null) {
            client.setSocketFactory(tls.getSocketFactory());
        }
        session.socket = client;
        client.connect();
        if (extensions.get().contains("permessage-deflate") == packing.equals("plain")) {
            throw new Exception("extensions \"" + extensions.get() + "\"");
        }
        return session;
    }

    @Override
    public Talk.Listening serve(SSLContext tls, String packing, Talk.Serve serve) throws Exception {
        CompletableFuture<Void> started = new CompletableFuture<>();
        WebSocketServer server = new WebSocketServer(new InetSocketAddress("127.0.0.1", 0), List.of(draft(packing))) {
            @Override
            public void onStart() {
                started.complete(null);
            }

            @Override
            public void onOpen(WebSocket s, ClientHandshake handshake) {
                Own session = new Own();
                session.socket = s;
                s.setAttachment(session);
                serve.connection(session);
            }

            @Override
            public void onMessage(WebSocket s, String text) {
                s.<Own>getAttachment().put(text);
            }

            @Override
            public void onMessage(WebSocket s, ByteBuffer data) {
                s.<Own>getAttachment().binary(data);
            }

            @Override
            public void onWebsocketPong(WebSocket s, Framedata frame) {
                s.<Own>getAttachment().pong(frame.getPayloadData());
            }

            /**
             * The answer to a Close frame was handed over. Over TLS onClose may be missing: a client that has the
             * answer sends close_notify; when that is read before the thread here has said that the channel
             * is to be closed, SSLSocketChannel2.unwrap closes it itself, and its key is found cancelled.
             */
            @Override
            public void onClosing(WebSocket s, int code, String reason, boolean remote) {
                if (tls != null && remote) {
                    onClose(s, code, reason, true);
                }
            }

            @Override
            public void onClose(WebSocket s, int code, String reason, boolean remote) {
                if (s.getAttachment() != null) { // else it was never open
                    s.<Own>getAttachment().closed(code, reason);
                }
            }

            @Override
            public void onError(WebSocket s, Exception e) {
                started.completeExceptionally(e);
            }
        };
        server.setConnectionLostTimeout(0);
        server.setReuseAddr(true);
        if (tls != null) {
            server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(tls));
        }
        server.start();
        started.get();
        return new Talk.Listening(server.getPort(), () -> server.stop(1000));
    }
}
