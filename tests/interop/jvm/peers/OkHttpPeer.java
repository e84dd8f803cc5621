// SPDX-License-Identifier: Apache-2.0

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;

/** OkHttp: a client, which sends no fragments, no pings of its own and no close without a code. It always offers compression. */
final class OkHttpPeer implements Talk.Library {
    private static final OkHttpClient CLIENT = new OkHttpClient.Builder().readTimeout(Duration.ZERO)
            .minWebSocketMessageToCompress(0).build();

    private static final class Own extends Session {
        final CompletableFuture<Response> opened = new CompletableFuture<>();
        WebSocket socket;

        final WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket s, Response response) {
                opened.complete(response);
            }

            @Override
            public void onMessage(WebSocket s, String text) {
                put(text);
            }

            @Override
            public void onMessage(WebSocket s, ByteString bytes) {
                put(bytes.toByteArray());
            }

            @Override
            public void onClosing(WebSocket s, int code, String reason) {
                s.close(code == 1005 ? 1000 : code, reason);
                put(new End(code, reason));
            }

            @Override
            public void onFailure(WebSocket s, Throwable t, Response response) {
                opened.completeExceptionally(t);
                put(t);
            }
        };

        @Override
        void send(Object message) throws Exception {
            boolean queued = message instanceof String text ? socket.send(text) : socket.send(ByteString.of((byte[]) message));
            if (!queued) {
                throw new Exception("send was refused");
            }
        }

        @Override
        void sendPart(Object part, boolean first, boolean last) {
            throw new UnsupportedOperationException();
        }

        @Override
        void ping(String data) {
            throw new UnsupportedOperationException();
        }

        @Override
        void sendClose(int code, String reason) {
            socket.close(code, reason);
        }
    }

    @Override
    public List<String> cannot() {
        return List.of("parts", "badText", "noCode");
    }

    @Override
    public Session dial(String url, SSLContext tls, String packing) throws Exception {
        OkHttpClient client = tls == null ? CLIENT
                : CLIENT.newBuilder().sslSocketFactory(tls.getSocketFactory(), Tls.TRUST.get()).build();
        Own session = new Own();
        session.socket = client.newWebSocket(new Request.Builder().url(url).build(), session.listener);
        String extensions = session.opened.get().header("Sec-WebSocket-Extensions", "");
        if (extensions.contains("permessage-deflate") == packing.equals("plain")) {
            throw new Exception("extensions \"" + extensions + "\"");
        }
        return session;
    }

    @Override
    public Talk.Listening serve(SSLContext tls, String packing, Talk.Serve serve) {
        throw new UnsupportedOperationException();
    }
}
