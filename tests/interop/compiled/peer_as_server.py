#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""interop_client and libws-cat against a foreign server; README.md tells what it does.

    peer_as_server.py plain|tls|[tls-]deflate|[tls-]history PATH_OF_INTEROP_CLIENT PATH_OF_LIBWS_CAT COMMAND...

The server tells how each client closed; libws-cat asks it to close, and tells how. With
TLS, a client that trusts another authority must not connect.
"""
import os
import sys

from kit import certs, main, running, succeeds

CLOSES = [f"closed {code} {reason}" for code, reason in (  # closes[] of interop_client
    (3001, "interop is over"), (1000, "CLOSE_NORMAL"), (1000, "done"), (1001, "going away"), (3000, "до свидания"),
    (4999, "r" * 123))]
ORDERS = [(4001, "as you wish"), (3000, ""), (1001, "r" * 123)]


async def is_closed(cat, server, url, code, reason, options):
    """A client that the server closes is told code and reason, and answers."""
    async with running(cat, url, *options) as client:
        client.feed("Hello")
        assert await client.line() == "Hello"
        client.feed(f"close {code} {reason}")
        line = await server.line()
        assert line == "ended", line
        client.end_input()
        status = await client.status()
        assert client.said == f"libws-cat: closed with {code} {reason}".strip(), client.said
        assert status == (0 if code == 1001 else 4), status  # the other codes say an error


async def body(kind, interop_client, cat, peer):
    """peer(role, argument...) runs the foreign server."""
    secure, packing = kind.startswith("tls"), kind.removeprefix("tls-")
    files, authorities = [], []
    if secure:
        files = [f"{certs()}/good-cert.pem", f"{certs()}/good-key.pem"]
        authorities = [f"{certs()}/ca.pem"]
    if packing in ("deflate", "history"):
        os.environ["WS_PEER_COMPRESS"] = packing  # for the peer and for interop_client
    async with peer("server", *files) as server:
        url = (await server.url("wss" if secure else "ws")).replace("127.0.0.1", "localhost") + "/path?query"
        for _ in range(2):
            async with running(interop_client, url, *authorities) as client:
                await succeeds("interop_client", client)
            # A server may tell of a connection later than of the next one.
            told = [await server.line() for _ in CLOSES]
            assert sorted(told) == sorted(CLOSES), f"{told} instead of {CLOSES}"
        for code, reason in ORDERS:
            await is_closed(cat, server, url, code, reason, ["--ca", *authorities] if authorities else [])
        if secure:
            async with running(interop_client, url, f"{certs()}/other-ca.pem") as client:
                status = await client.status()
                assert status == 1 and "unknown authority" in client.said, (status, client.said)
        server.end_input()
        await succeeds("the server", server)


if __name__ == "__main__":
    kind, interop_client, cat, *command = sys.argv[1:]
    main(body(kind, interop_client, cat, lambda *arguments: running(*command, *arguments)))
    print("every client's end, all as they should be")
