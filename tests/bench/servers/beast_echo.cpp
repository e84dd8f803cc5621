/* SPDX-License-Identifier: Apache-2.0 */
/*
 * beast_echo.cpp - an echo server with Boost.Beast, asynchronous, one thread.
 *
 *     beast_echo PORT [deflate] [CERTIFICATE KEY]
 */
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <type_traits>

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using plain_stream = beast::tcp_stream;
using tls_stream = beast::ssl_stream<beast::tcp_stream>;

static bool deflate;

template <class Stream> class session : public std::enable_shared_from_this<session<Stream>> {
    beast::websocket::stream<Stream> ws;
    beast::flat_buffer buffer;

    template <class Next> auto then(Next next)
    {
        return [self = this->shared_from_this(), next](beast::error_code error, auto...) {
            if (!error) next(*self);
        };
    }
    void accept()
    {
        if (deflate) {
            beast::websocket::permessage_deflate options;
            options.server_enable = true;
            ws.set_option(options);
        }
        ws.auto_fragment(false);
        ws.async_accept(then([](session &s) { s.read(); }));
    }
    void read()
    {
        ws.async_read(buffer, then([](session &s) { s.write(); }));
    }
    void write()
    {
        ws.text(ws.got_text());
        ws.async_write(buffer.data(), then([](session &s) {
                           s.buffer.consume(s.buffer.size());
                           s.read();
                       }));
    }

public:
    template <class... Arguments> explicit session(Arguments &&...arguments) : ws(std::forward<Arguments>(arguments)...) {}
    void start()
    {
        beast::get_lowest_layer(ws).socket().set_option(tcp::no_delay(true));
        if constexpr (std::is_same_v<Stream, tls_stream>)
            ws.next_layer().async_handshake(asio::ssl::stream_base::server, then([](session &s) { s.accept(); }));
        else
            accept();
    }
};

static void accept_on(tcp::acceptor &acceptor, asio::ssl::context *tls)
{
    acceptor.async_accept([&acceptor, tls](beast::error_code error, tcp::socket socket) {
        if (!error && tls) std::make_shared<session<tls_stream>>(std::move(socket), *tls)->start();
        else if (!error) std::make_shared<session<plain_stream>>(std::move(socket))->start();
        accept_on(acceptor, tls);
    });
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    asio::io_context loop(1);
    tcp::acceptor acceptor(loop, {asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(std::atoi(argv[1]))});
    if (argc > 2 && !std::strcmp(argv[2], "deflate")) {
        deflate = true;
        argc--;
        argv++;
    }
    asio::ssl::context tls(asio::ssl::context::tls_server);
    if (argc == 4) {
        tls.use_certificate_chain_file(argv[2]);
        tls.use_private_key_file(argv[3], asio::ssl::context::pem);
    }
    accept_on(acceptor, argc == 4 ? &tls : nullptr);
    loop.run();
}
