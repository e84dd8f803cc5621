#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A foreign client against examples_c/echo_server; README.md tells what it does.

    peer_as_client.py plain|tls|[tls-]deflate|[tls-]history|[tls-]takeover PATH_OF_ECHO_SERVER COMMAND...

At the end it is connected while the server is stopped by SIGTERM; both must end
with status 0. With TLS, a client that trusts another authority must not connect.
"""
import os
import signal
import sys

from kit import certs, main, running, succeeds


async def refuses(peer, url):
    """The client that does not trust the server says so."""
    async with peer("client", url, f"{certs()}/other-ca.pem") as client:
        status = await client.status()
        assert status == 1, f"the client that trusts others ended with status {status}: {client.said}"
        assert "cert" in client.said.lower(), client.said


async def body(kind, echo_server, peer):
    """peer(role, argument...) runs the foreign client."""
    secure, packing = kind.startswith("tls"), kind.removeprefix("tls-")
    options, authorities = ["--origins", "*"], []  # a browser's page is of another host
    if secure:
        options += ["--cert", f"{certs()}/good-cert.pem", "--key", f"{certs()}/good-key.pem"]
        authorities = [f"{certs()}/ca.pem"]
    if packing in ("deflate", "history", "takeover"):
        os.environ["WS_PEER_COMPRESS"] = packing  # for the peer
        options += {"deflate": ["--compress"], "history": ["--takeover", "10"], "takeover": ["--takeover", "15"]}[packing]
    async with running(echo_server, "--port", "0", *options) as server:
        url = await server.url("wss" if secure else "ws")
        if secure:
            await refuses(peer, url)
        async with peer("client", url, *authorities) as client:
            line = await client.line()
            assert line == "waiting", line
            server.signal(signal.SIGTERM)
            await succeeds("the client", client)
            await succeeds("echo_server", server)


if __name__ == "__main__":
    kind, echo_server, *command = sys.argv[1:]
    main(body(kind, echo_server, lambda *arguments: running(*command, *arguments)))
    print("all echoes, pings and closes as they should be")
