# SPDX-License-Identifier: Apache-2.0
"""What a peer written in Python does; ../compiled/README.md tells it for all peers.

A library gives a session: send(message), send_parts(parts) with a ping behind the first
part and the last one only after the pong, receive() which raises End, and close(code,
reason) which returns the End that the other side said. str is text, bytes are binary.
"""
import asyncio
import os
import ssl
import sys

DEADLINE = 60 * max(1, min(10, os.getloadavg()[0] / os.cpu_count()))  # seconds for everything


class End(Exception):
    def __init__(self, code, reason=""):
        super().__init__(f"{code} {reason}".strip())
        self.code, self.reason = code, reason


class Features:
    """What a library cannot do is left out: reasons of answers, codes that it refuses."""
    answer_reason = True
    close_without_code = True
    bad_text = True


def trusting(authorities):
    return ssl.create_default_context(cafile=authorities) if authorities else None


async def expect(session, wanted):
    got = await session.receive()
    if got != wanted:
        raise AssertionError(f"sent {len(wanted)} {type(wanted).__name__}, got {len(got)} {type(got).__name__}: {got[:40]!r}")


async def talk(session):
    messages = ["Hello", "Grüße, 世界 \U0001f30d", b"\x00\x01\x02\xff\xfe", "", b""]
    for size in (125, 126, 65535, 65536, 1 << 20):
        messages += [("abcdefghijklmnopqrstuvwxyz" * (size // 26 + 1))[:size], bytes(i * 31 >> 3 & 255 for i in range(size))]
    for message in messages:
        await session.send(message)
        await expect(session, message)
    for whole in ("Grüße " * 200, b"\xc3\xff" * 300):
        third = len(whole) // 3
        sending = asyncio.create_task(session.send_parts([whole[:third], whole[third:2 * third], whole[2 * third:]]))
        await expect(session, whole)
        await sending
    for n in range(100):
        await session.send(f"message {n}")
    for n in range(100):
        await expect(session, f"message {n}")


async def closes(session, features, code, reason):
    await session.send("still here")
    await expect(session, "still here")
    answer = await session.close(code, reason)
    wanted = code if code else 1005
    if answer.code != wanted or features.answer_reason and answer.reason != reason:
        raise AssertionError(f"the answer to a close with {code} {reason!r} was {answer}")


async def expect_end(session, code, reason=None):
    try:
        got = await session.receive()
    except End as end:
        if end.code != code or reason is not None and end.reason != reason:
            raise AssertionError(f"{end} instead of {code} {reason}") from None
        return
    raise AssertionError(f"a message of {len(got)} instead of the end with {code}")


async def client(dial, features, url, authorities=None):
    """dial(url, context) is an async context manager that gives a session."""
    context = trusting(authorities)
    async with dial(url, context) as session:
        await talk(session)
        await closes(session, features, 3001, "interop is over")
    for code, reason in ((1000, ""), (4999, ("reason" * 21)[:123]), (0, "")):
        if code or features.close_without_code:
            async with dial(url, context) as session:
                await closes(session, features, code, reason)
    if features.bad_text:
        async with dial(url, context) as session:
            await session.send_bad_text()
            await expect_end(session, 1007)
    async with dial(url, context) as session:
        await session.send("still here")
        await expect(session, "still here")
        print("waiting", flush=True)
        await expect_end(session, 1001, "server is going away")


async def serve(session):
    """One connection of a server; prints how it ended."""
    sending = None
    try:
        while True:
            message = await session.receive()
            if sending:
                await sending
                sending = None
            if isinstance(message, str) and message.startswith("close "):
                code, _, reason = message.removeprefix("close ").partition(" ")
                answer = await session.close(int(code), reason)
                print("ended" if answer.code == int(code) else f"answered with {answer}", flush=True)
                return
            if message == "fragments":
                sending = asyncio.create_task(session.send_parts(["one ", "two ", "three"]))
            else:
                await session.send(message)
    except End as end:
        print(f"closed {end}", flush=True)


async def until_stdin_ends():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def server_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def listening(port, secure):
    print(f"listening on {'wss' if secure else 'ws'}://127.0.0.1:{port}", flush=True)


def main(dial, server, features=Features()):
    """server(context) serves until stdin ends; context is None for ws."""
    role, *files = sys.argv[1:]
    if role == "client":
        body = client(dial, features, *files)
    else:
        body = server(server_context(*files) if files else None)
    try:
        asyncio.run(asyncio.wait_for(body, DEADLINE))
    except Exception as e:  # one line is said, whatever it was
        print(f"{type(e).__name__}: {e}".replace("\n", " "), file=sys.stderr)
        sys.exit(1)
