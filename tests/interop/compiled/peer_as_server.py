#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""interop_client against a foreign server; README.md tells what it does.

    peer_as_server.py plain|tls PATH_OF_INTEROP_CLIENT COMMAND...

The server tells how each client closed. With TLS, a client that trusts another
authority must not connect.
"""
import sys

from kit import certs, main, running, succeeds

kind, interop_client, *command = sys.argv[1:]
CLOSES = ["closed 3001 interop is over"]


async def body():
    files, authorities = [], []
    if kind == "tls":
        files = [f"{certs()}/good-cert.pem", f"{certs()}/good-key.pem"]
        authorities = [f"{certs()}/ca.pem"]
    async with running(*command, "server", *files) as server:
        url = (await server.url("wss" if kind == "tls" else "ws")).replace("127.0.0.1", "localhost") + "/path?query"
        for _ in range(2):
            async with running(interop_client, url, *authorities) as client:
                await succeeds("interop_client", client)
            for expected in CLOSES:
                line = await server.line()
                assert line == expected, f"{line!r} instead of {expected!r}"
        if kind == "tls":
            async with running(interop_client, url, f"{certs()}/other-ca.pem") as client:
                status = await client.status()
                assert status == 1 and "unknown authority" in client.said, (status, client.said)
        server.end_input()
        await succeeds("the server", server)


main(body())
print("two clients, all as they should be")
