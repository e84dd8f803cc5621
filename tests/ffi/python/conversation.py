#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A server and its clients in one Python program.

    conversation.py LIBRARY callback|dispatch|poll

Everything a binding needs: messages of every kind, completions, errors, pause,
figures, close and the end, by the way of receiving that is named (host.py).
"""
import asyncio
import ctypes
import errno
import socket
import sys

import ws
from host import Host

MIB = bytes(i * 31 >> 3 & 255 for i in range(1 << 20))
MESSAGES = [
    (ws.TEXT, "Hello".encode()), (ws.TEXT, "Grüße, 世界 \U0001f30d".encode()), (ws.TEXT, b"with a \0 inside"),
    (ws.TEXT, b""), (ws.BINARY, b""), (ws.BINARY, bytes(range(256))), (ws.BINARY, MIB)]
BURST = 300
USER_DATA = 7  # no address: libws must not follow it


def echo(host, e):
    """The server's part, inside the callback or while the events of a poll are gone through."""
    if e.type == ws.EVENT_CONNECT:
        host.listen(host.lib.on, e.handle, [ws.EVENT_DESTROYED])
    if e.type == ws.EVENT_MESSAGE_RECEIVE:
        host.ok(host.lib.send(e.handle, e.data, e.size, e.message_type, None, None))


async def refused(host):
    """Nobody listens: the completion and the error tell the reason, and there is no open."""
    with socket.socket() as bound:  # not listening, so that nobody else can
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        client = host.client()
        host.ok(host.lib.connect(client, f"ws://127.0.0.1:{port}/".encode(), None, host.completion, 1))
        error = await host.one(ws.EVENT_ERROR, client)
    completion = await host.one(ws.EVENT_COMPLETION, client)
    for e in completion, error:
        assert (e.error, e.stage, e.os_error) == (ws.ERR_CONNECT_FAILED, ws.STAGE_CONNECT, errno.ECONNREFUSED), e
        assert str(port) in e.text and "refused" in e.text, e.text
    assert (completion.operation, completion.user_data) == (ws.OP_CONNECT, 1), completion
    host.ok(host.lib.destroy(client))
    await host.one(ws.EVENT_DESTROYED, client)
    assert [e.type for e in host.seen(handle=client)] == [ws.EVENT_COMPLETION, ws.EVENT_ERROR, ws.EVENT_DESTROYED]


async def connect(host, server, key):
    """A new client and the connection at its other end."""
    port = host.number(host.lib.server_port, server)
    before = {e.handle for e in host.seen(ws.EVENT_CONNECT)}
    client = host.client(user_data=USER_DATA)
    host.ok(host.lib.connect(client, f"ws://127.0.0.1:{port}/".encode(), None, host.completion, key))
    opened = await host.one(ws.EVENT_OPEN, client)
    assert (opened.status, opened.text, opened.user_data) == (101, "Switching Protocols", USER_DATA), opened
    await host.one(ws.EVENT_OPEN_INFO, client)
    assert [(e.type, e.user_data) for e in host.seen(handle=client)] == [
        (ws.EVENT_COMPLETION, key), (ws.EVENT_HEADER_RECEIVE, USER_DATA), (ws.EVENT_OPEN, USER_DATA),
        (ws.EVENT_OPEN_INFO, USER_DATA)]
    header = host.seen(ws.EVENT_HEADER_RECEIVE, client)[0].data.split(b"\0")  # names and values in turn
    assert header[header.index(b"Upgrade") + 1].lower() == b"websocket", header
    arrived = await host.until(lambda: [e for e in host.seen(ws.EVENT_CONNECT) if e.handle not in before])
    assert len(arrived) == 1 and arrived[0].server == server, arrived
    assert host.number(host.lib.state, client) == ws.STATE_OPEN
    assert host.number(host.lib.user_data, client, of=ctypes.c_void_p) == USER_DATA
    here, there = ws.make("ws_connection"), ws.make("ws_connection")
    host.ok(host.lib.connection_info(client, here))
    host.ok(host.lib.connection_info(arrived[0].handle, there))
    assert (here.client_ip, here.client_port, here.server) == (b"127.0.0.1", port, 0)
    assert (there.client_ip, there.handle, there.server) == (b"127.0.0.1", arrived[0].handle, server)
    return client, arrived[0].handle


async def messages(host, client):
    """Each comes back as it was, and each send completes once, in order."""
    for key, (kind, data) in enumerate(MESSAGES, 100):
        host.ok(host.lib.send(client, data, len(data), kind, host.completion, key))
    answers = await host.until(lambda: len(found := host.seen(ws.EVENT_MESSAGE, client)) == len(MESSAGES) and found)
    assert [(e.message_type, e.data) for e in answers] == MESSAGES
    done = await host.until(lambda: len(found := host.seen(operation=ws.OP_SEND)) == len(MESSAGES) and found)
    assert [(e.user_data, e.error) for e in done] == [(100 + i, ws.OK) for i in range(len(MESSAGES))]
    assert host.number(host.lib.buffered_amount, client, of=ctypes.c_uint64) == 0


def arguments(host, client):
    """A call that fails says why, on the thread that made it, and does nothing else."""
    assert host.lib.send(client, b"x", 1, 9, host.completion, 1) == ws.ERR_PARAMETER
    assert b"type" in host.lib.last_error(), host.lib.last_error()
    assert host.lib.send(client, b"\xff", 1, ws.TEXT, None, None) == ws.ERR_PARAMETER  # no UTF-8
    assert b"data" in host.lib.last_error(), host.lib.last_error()
    assert host.lib.strerror(ws.ERR_PARAMETER) == b"Parameter error."


async def pause(host, paused, accepted, other):
    """A paused client hears nothing, while others do, and then everything in order."""
    before = len(host.seen(ws.EVENT_MESSAGE, paused))
    host.ok(host.lib.pause(paused))
    for i in range(BURST):
        last = i == BURST - 1
        host.ok(host.lib.send(accepted, b"%d" % i, len(b"%d" % i), ws.TEXT, host.completion if last else None, 200))
    await host.one(ws.EVENT_COMPLETION, accepted, user_data=200)  # all of them are on their way
    host.ok(host.lib.send(other, b"and you?", 8, ws.TEXT, None, None))
    await host.one(ws.EVENT_MESSAGE, other, data=b"and you?")
    assert len(host.seen(ws.EVENT_MESSAGE, paused)) == before
    host.ok(host.lib.resume(paused))
    await host.until(lambda: len(host.seen(ws.EVENT_MESSAGE, paused)) == before + BURST)
    assert [e.data for e in host.seen(ws.EVENT_MESSAGE, paused)[before:]] == [b"%d" % i for i in range(BURST)]


def figures(host, server, accepted):
    """Two clients, and both ends of each connection are in this process."""
    stats = ws.make("ws_stats")
    host.ok(host.lib.stats_get(stats))
    assert (stats.connections, stats.accepted, stats.refused, stats.unheard) == (4, 2, 0, 0), stats.connections
    assert stats.loops == 1 and stats.connections_peak >= 4 and 0 <= stats.memory_used < stats.memory_budget
    room = (ctypes.c_uint64 * 8)()
    count = host.number(host.lib.server_connections, server, room, len(room), of=ctypes.c_size_t)
    assert room[:count] == accepted, (room[:count], accepted)


async def close(host, client, accepted):
    """Code and reason arrive at both ends; then the accepted handle is stale."""
    options = ws.make("ws_close_options", code=3001, reason="genug für heute".encode())
    host.ok(host.lib.close(client, options, host.completion, 300))
    for handle in client, accepted:
        e = await host.one(ws.EVENT_CLOSE, handle)
        assert (e.code, e.reason.decode(), e.clean) == (3001, "genug für heute", 1), e
    done = await host.one(ws.EVENT_COMPLETION, client, operation=ws.OP_CLOSE)
    assert (done.user_data, done.error) == (300, ws.OK), done
    assert host.number(host.lib.state, client) == ws.STATE_CLOSED
    await host.one(ws.EVENT_DESTROYED, accepted)
    assert host.lib.send(accepted, b"x", 1, ws.TEXT, None, None) == ws.ERR_NO_CONNECTION
    host.ok(host.lib.destroy(client))
    await host.one(ws.EVENT_DESTROYED, client)
    assert host.seen(handle=client)[-1].type == ws.EVENT_DESTROYED
    assert host.lib.destroy(client) == ws.ERR_HANDLE


async def stop(host, server, client):
    """A client that is still there is told why; the destroyed event is the last one."""
    options = ws.make("ws_close_options", code=1012, reason=b"back soon")
    host.ok(host.lib.server_stop(server, options, host.completion, 400))
    closed = await host.one(ws.EVENT_CLOSE, client)
    assert (closed.code, closed.reason) == (1012, b"back soon"), closed
    done = await host.one(ws.EVENT_COMPLETION, server, operation=ws.OP_SERVER_STOP)
    assert (done.user_data, done.error) == (400, ws.OK), done
    host.ok(host.lib.destroy(client))
    host.ok(host.lib.server_destroy(server))
    await host.one(ws.EVENT_DESTROYED, client)
    await host.one(ws.EVENT_DESTROYED, server)
    assert host.seen(handle=server)[-1].type == ws.EVENT_DESTROYED


async def main(path, way):
    library = ws.load(path)
    assert library.abi_version() == ws.ABI_VERSION
    host = Host(library, way, echo)
    await refused(host)
    server = host.server()
    host.ok(library.server_start(server, ws.make("ws_server_config", server_ip=b"127.0.0.1"), host.completion, 2))
    await host.one(ws.EVENT_COMPLETION, server, operation=ws.OP_SERVER_START, user_data=2, error=ws.OK)
    client, accepted = await connect(host, server, 10)
    other, accepted_too = await connect(host, server, 11)
    await messages(host, client)
    arguments(host, client)
    await pause(host, client, accepted, other)
    figures(host, server, [accepted, accepted_too])
    await close(host, client, accepted)
    await stop(host, server, other)
    assert not host.seen(ws.EVENT_COMPLETION, error=ws.ERR_CANCELLED)
    host.leave()
    if way == "poll":
        assert max(host.batches) > 1, "never more than one event with a call"
    with socket.socket() as silent:  # whoever connects here waits for an answer
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        await end(host, silent.getsockname()[1])


async def end(host, port):
    """ws_shutdown_wait under way: what is still pending completes inside it. In a second host, with a second queue."""
    last = Host(host.lib, host.way, echo)
    pending = last.client()
    last.ok(last.lib.connect(pending, f"ws://127.0.0.1:{port}/".encode(), None, last.completion, 500))
    last.ok(last.lib.shutdown_wait(-1))
    assert last.lib.state(pending, ctypes.c_int32()) == ws.ERR_HANDLE
    if last.way != "poll":  # what nobody polled any more is not told
        done = await last.one(ws.EVENT_COMPLETION, pending)
        assert (done.user_data, done.error) == (500, ws.ERR_CANCELLED), done
        await last.one(ws.EVENT_DESTROYED, pending)
    assert last.lib.create(None) == 0 and b"shut down" in last.lib.last_error()
    last.leave()
    assert not host.failures and not last.failures


asyncio.run(main(*sys.argv[1:]))
print("ok")
