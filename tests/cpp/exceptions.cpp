/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With LIBWS_EXCEPTIONS calls that fail throw, and files without it go on returning. An exception
 * that leaves a lambda goes to the handler, and the connection lives on; without a handler the
 * process ends by std::terminate, which a child process shows.
 */
#define LIBWS_EXCEPTIONS
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>

#include "kit.hpp"

int32_t code_of_a_bad_url();

template <class Call> static std::string thrown(int32_t code, Call call) {
    try {
        call();
    } catch (const ws::failure &f) {
        CHECK(f.code() == code);
        return f.what();
    }
    CHECK(!"thrown");
    return "";
}

static void calls_throw() {
    ws::client client;
    auto owned = std::make_shared<int>(1);
    CHECK(thrown(WS_ERR_URL, [&] { client.connect("http://x", [owned] {}); }).find("url") != std::string::npos);
    CHECK(owned.use_count() == 1); /* the completion is freed */
    thrown(WS_ERR_STATE, [&] { client.ping(); });
    thrown(WS_ERR_UNKNOWN, [&] { ws::client(ws::create_options().max_buffered(-7)); });
    ws::server server;
    thrown(WS_ERR_STATE, [&] { (void)server.port(); });
    thrown(WS_ERR_PARAMETER, [&] { (void)client.text(9999); });
    CHECK(code_of_a_bad_url() == WS_ERR_URL);
    ws::status((WS_OK)).or_throw();
    thrown(WS_ERR_FULL, [&] { ws::status(WS_ERR_FULL).or_throw(); });
}

static kit::counter caught;
static std::atomic<int> value;

static void lambdas_throw(const kit::way &way) {
    ws::set_exception_handler([](std::exception_ptr e) {
        try {
            std::rethrow_exception(e);
        } catch (int n) {
            value += n;
        }
        caught.add();
    });
    ws::server server = kit::echo(way);
    kit::counter heard;
    ws::client client(way.client());
    client.on_message([&] { throw 1; });
    client.on_message([&] { heard.add(); });
    client.connect(kit::url(server), [] { throw 10; });
    client.send("x");
    client.send("x", [] { throw 100; });
    heard.wait(2); /* the listener behind one that throws is called, and the next event comes */
    caught.wait(4);
    CHECK(value == 112);
    ws::set_exception_handler(nullptr);
}

/* Nobody has used the library in the child yet. */
static void without_a_handler() {
    const pid_t child = fork();
    CHECK(child >= 0);
    if (!child) {
        std::set_terminate([] { _exit(77); });
        kit::way way;
        ws::client client(way.client());
        client.connect("ws://127.0.0.1:1/", [] { throw std::runtime_error("nobody catches this"); });
        kit::counter never;
        never.wait();
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 77);
}

int main() {
    without_a_handler();
    calls_throw();
    {
        kit::way way;
        lambdas_throw(way);
    }
    return kit::done();
}
