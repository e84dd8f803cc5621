#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The peers of jvm/peers in both roles, all in one JVM: what each does is in ../compiled/README.md.

    jvm_peers.py ECHO_SERVER INTEROP_CLIENT WSCAT CELL... -- JAVA...

A cell is LIBRARY:ROLE:KIND, as netty:server:tls-history; KIND is that of ../compiled/peer_as_client.py. What is wrong
with one does not keep the others from being run.
"""
import asyncio
import contextlib
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "compiled"))
import peer_as_client  # noqa: E402
import peer_as_server  # noqa: E402
from kit import DEADLINE, main, running  # noqa: E402


class Peer:
    """One of the peers in the JVM, as kit.Process is one in a process of its own."""

    def __init__(self, jvm, number):
        self._jvm, self._number = jvm, number
        self._lines, self.said = asyncio.Queue(), ""
        self._ended = asyncio.get_running_loop().create_future()

    def take(self, kind, rest):
        if kind == "out":
            self._lines.put_nowait(rest)
        elif not self._ended.done():
            status, _, self.said = rest.partition(" ")
            self._ended.set_result(int(status))
            self._lines.put_nowait(None)

    async def line(self):
        line = await self._lines.get()
        if line is None:
            raise AssertionError(f"the end instead of a line; status {await self.status()}: {self.said}")
        return line

    async def url(self, scheme):
        line = await self.line()
        assert line.startswith(f"listening on {scheme}://127.0.0.1:"), line
        return line.removeprefix("listening on ")

    def end_input(self):
        self._jvm.feed(f"{self._number} end")

    async def status(self):
        return await self._ended


class Jvm:
    def __init__(self, process):
        self._process, self._peers = process, {}
        self._reading = asyncio.create_task(self._read())

    async def _read(self):
        with contextlib.suppress(AssertionError):  # the JVM's end
            while True:
                number, kind, rest = ((await self._process.line()) + " ").split(" ", 2)
                self._peers[number].take(kind, rest.rstrip(" "))
        for peer in self._peers.values():
            peer.take("status", f"1 the JVM has ended: {self._process.said}")

    def feed(self, line):
        self._process.feed(line)

    @contextlib.asynccontextmanager
    async def peer(self, library, packing, *arguments):
        number = str(len(self._peers) + 1)
        self._peers[number] = Peer(self, number)
        self.feed(" ".join([number, "start", library, packing, *arguments]))
        yield self._peers[number]


async def cell(jvm, echo_server, interop_client, cat, library, role, kind):
    packing = kind.removeprefix("tls-") if kind not in ("plain", "tls") else "plain"
    os.environ.pop("WS_PEER_COMPRESS", None)

    def peer(*arguments):
        return jvm.peer(library, packing, *arguments)

    if role == "client":
        await peer_as_client.body(kind, echo_server, peer)
    else:
        await peer_as_server.body(kind, interop_client, cat, peer)


async def body(echo_server, interop_client, cat, *rest):
    cells, command = rest[:rest.index("--")], rest[rest.index("--") + 1:]
    wrong = []
    async with running(*command) as process:
        jvm = Jvm(process)
        for name in cells:
            began = time.monotonic()
            try:
                await asyncio.wait_for(cell(jvm, echo_server, interop_client, cat, *name.split(":")), DEADLINE)
                print(f"{name}: as it should be ({time.monotonic() - began:.1f} s)")
            except Exception as why:  # the others are run all the same
                wrong.append(name)
                print(f"{name}: {type(why).__name__}: {why}")
        process.end_input()
        assert await process.status() == 0, process.said
    assert not wrong, f"FAILED: {', '.join(wrong)}"


if __name__ == "__main__":
    main(body(*sys.argv[1:]), len(sys.argv))
