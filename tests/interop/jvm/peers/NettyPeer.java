// SPDX-License-Identifier: Apache-2.0

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketClientExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateClientExtensionHandshaker;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Netty in both roles: Close frames and fragments are handled here, as a program does that wants them. */
final class NettyPeer implements Talk.Library {
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final int LARGEST = 1 << 22;

    private static final class Own extends Session {
        Channel channel;
        boolean closing; // the event loop's

        private static ByteBuf buffer(Object part) {
            return Unpooled.wrappedBuffer(part instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) part);
        }

        private void write(WebSocketFrame frame) throws Exception {
            channel.writeAndFlush(frame).sync();
        }

        @Override
        void send(Object message) throws Exception {
            sendPart(message, true, true);
        }

        @Override
        void sendPart(Object part, boolean first, boolean last) throws Exception {
            ByteBuf data = buffer(part);
            write(!first ? new ContinuationWebSocketFrame(last, 0, data)
                    : part instanceof String ? new TextWebSocketFrame(last, 0, data) : new BinaryWebSocketFrame(last, 0, data));
        }

        @Override
        void sendBadText() throws Exception {
            write(new TextWebSocketFrame(true, 0, Unpooled.wrappedBuffer(new byte[] {'b', 'a', 'd', ' ', -1})));
        }

        @Override
        void ping(String data) throws Exception {
            write(new PingWebSocketFrame(buffer(data)));
        }

        @Override
        void sendClose(int code, String reason) throws Exception {
            channel.eventLoop().submit(() -> closing = true).sync();
            write(code == 0 ? new CloseWebSocketFrame(true, 0, Unpooled.EMPTY_BUFFER) : new CloseWebSocketFrame(code, reason));
        }
    }

    /** Frames as messages. */
    private static class Frames extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Own session;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private boolean text;

        Frames(Own session) {
            this.session = session;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            if (frame instanceof PongWebSocketFrame) {
                session.pong(frame.content().nioBuffer());
            } else if (frame instanceof CloseWebSocketFrame close) {
                int code = close.statusCode() == -1 ? 1005 : close.statusCode();
                session.put(new Session.End(code, close.reasonText()));
                if (session.closing) {
                    context.close();
                } else {
                    session.closing = true;
                    context.writeAndFlush(frame.retain()).addListener(io.netty.channel.ChannelFutureListener.CLOSE);
                }
            } else {
                if (!(frame instanceof ContinuationWebSocketFrame)) {
                    text = frame instanceof TextWebSocketFrame;
                }
                message.writeBytes(ByteBufUtil.getBytes(frame.content()));
                if (frame.isFinalFragment()) {
                    session.put(text ? message.toString(StandardCharsets.UTF_8) : message.toByteArray());
                    message.reset();
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            session.put(new Session.End(1006, ""));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable t) {
            session.put(t);
            context.close();
        }
    }

    private static SslHandler handler(SSLContext tls, URI url) {
        SSLEngine engine = url == null ? tls.createSSLEngine() : tls.createSSLEngine(url.getHost(), url.getPort());
        engine.setUseClientMode(url != null);
        if (url != null) {
            SSLParameters checked = engine.getSSLParameters();
            checked.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(checked);
        }
        return new SslHandler(engine);
    }

    @Override
    public Session dial(String url, SSLContext tls, String packing) throws Exception {
        URI uri = URI.create(url);
        boolean takeover = !packing.equals("deflate");
        Own session = new Own();
        CompletableFuture<Void> opened = new CompletableFuture<>();
        CompletableFuture<String> extensions = new CompletableFuture<>();
        WebSocketClientProtocolHandler protocol = new WebSocketClientProtocolHandler(WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri).version(WebSocketVersion.V13).allowExtensions(!packing.equals("plain"))
                .customHeaders(new DefaultHttpHeaders()).maxFramePayloadLength(LARGEST)
                .handleCloseFrames(false).dropPongFrames(false).build());
        Bootstrap bootstrap = new Bootstrap().group(LOOPS).channel(NioSocketChannel.class).handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                ChannelPipeline pipeline = channel.pipeline();
                if (tls != null) {
                    pipeline.addLast(handler(tls, uri));
                }
                pipeline.addLast(new HttpClientCodec());
                pipeline.addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object what) {
                        if (what instanceof HttpResponse response) {
                            extensions.complete(response.headers().get("Sec-WebSocket-Extensions", ""));
                        }
                        context.fireChannelRead(what);
                    }
                });
                pipeline.addLast(new HttpObjectAggregator(65536));
                if (!packing.equals("plain")) {
                    pipeline.addLast(new WebSocketClientExtensionHandler(
                            new PerMessageDeflateClientExtensionHandshaker(6, false, 15, true, !takeover, LARGEST)));
                }
                pipeline.addLast(protocol, new Frames(session) {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                        if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                            opened.complete(null);
                        }
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable t) {
                        opened.completeExceptionally(t);
                        super.exceptionCaught(context, t);
                    }
                });
            }
        });
        session.channel = bootstrap.connect(uri.getHost(), uri.getPort()).sync().channel();
        opened.get();
        if (extensions.get().contains("permessage-deflate") == packing.equals("plain")) {
            throw new Exception("extensions \"" + extensions.get() + "\"");
        }
        return session;
    }

    @Override
    public Talk.Listening serve(SSLContext tls, String packing, Talk.Serve serve) throws Exception {
        boolean takeover = !packing.equals("deflate");
        ServerBootstrap bootstrap = new ServerBootstrap().group(LOOPS).channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Own session = new Own();
                        session.channel = channel;
                        ChannelPipeline pipeline = channel.pipeline();
                        if (tls != null) {
                            pipeline.addLast(handler(tls, null));
                        }
                        pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(65536));
                        if (!packing.equals("plain")) {
                            pipeline.addLast(new WebSocketServerExtensionHandler(
                                    new PerMessageDeflateServerExtensionHandshaker(6, false, 15, true, !takeover, LARGEST)));
                        }
                        pipeline.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                .websocketPath("/").checkStartsWith(true).allowExtensions(!packing.equals("plain"))
                                .maxFramePayloadLength(LARGEST).handleCloseFrames(false).dropPongFrames(false).build()));
                        pipeline.addLast(new Frames(session) {
                            @Override
                            public void userEventTriggered(ChannelHandlerContext context, Object event) {
                                if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                                    serve.connection(session);
                                }
                            }
                        });
                    }
                });
        Channel listening = bootstrap.bind("127.0.0.1", 0).sync().channel();
        int port = ((java.net.InetSocketAddress) listening.localAddress()).getPort();
        return new Talk.Listening(port, () -> listening.close().sync());
    }
}
