/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uws_echo.cpp - an echo server with uWebSockets, one thread.
 *
 *     uws_echo PORT [deflate | fanout] [CERTIFICATE KEY]
 *
 * deflate: by its shared compressor, which is the faster one and keeps no history.
 * fanout: what one client sends goes to all.
 * Limits are raised to what the load client sends; all else is as the library has it.
 */
#include <App.h>
#include <cstdlib>
#include <cstring>

static const unsigned MOST = 64 << 20; /* bytes of a message, and of what waits for a peer */

static bool compresses, publishes;

struct session {};

template <bool TLS> static int serve(uWS::TemplatedApp<TLS> app, int port)
{
    using socket = uWS::WebSocket<TLS, true, session>;
    typename uWS::TemplatedApp<TLS>::template WebSocketBehavior<session> behavior;
    if (compresses) behavior.compression = uWS::CompressOptions(uWS::SHARED_COMPRESSOR | uWS::SHARED_DECOMPRESSOR);
    behavior.maxPayloadLength = behavior.maxBackpressure = MOST;
    behavior.open = [](socket *ws) {
        if (publishes) ws->subscribe("all");
    };
    behavior.message = [&app](socket *ws, std::string_view message, uWS::OpCode kind) {
        if (publishes)
            app.publish("all", message, kind);
        else
            ws->send(message, kind, compresses);
    };
    bool listens = false;
    app.template ws<session>("/*", std::move(behavior)).listen("127.0.0.1", port, [&](auto *place) { listens = place; });
    if (!listens) return 1;
    app.run();
    return 1;
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    int next = 2;
    compresses = argc > next && !strcmp(argv[next], "deflate");
    publishes = argc > next && !strcmp(argv[next], "fanout");
    next += compresses || publishes;
    int port = atoi(argv[1]);
    if (argc < next + 2) return serve<false>(uWS::App(), port);
    uWS::SocketContextOptions files;
    files.cert_file_name = argv[next];
    files.key_file_name = argv[next + 1];
    return serve<true>(uWS::SSLApp(files), port);
}
