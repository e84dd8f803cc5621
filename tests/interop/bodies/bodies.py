#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""bodies.py plain|tls SERVER [CURL] [NODE] - foreign clients of HTTP send bodies whose length they do not say: aiohttp and
http.client of Python, curl, and fetch and http of Node. Each sends several requests on one connection."""
import asyncio
import hashlib
import http.client
import os
import pathlib
import ssl
import subprocess
import sys

import aiohttp

DEADLINE = 60
HERE = pathlib.Path(__file__).resolve().parent
TLS = sys.argv[1] == "tls"
CERTS = pathlib.Path(os.environ["WS_TEST_CERTS"] if TLS else ".")
CA = str(CERTS / "ca.pem")
BODY = b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(10000))  # 320 kB
PIECES = [BODY[:1], BODY[1:2], BODY[2:1000], BODY[1000:70000], BODY[70000:]]


def check(who, method, target, body, got):
    wanted = f"{method} {target} ".encode() + body
    assert got == wanted, f"{who}: {got[:100]!r} of {len(got)} bytes, not {wanted[:100]!r} of {len(wanted)}"


async def by_aiohttp(base, context):
    async def pieces():
        for piece in PIECES:
            yield piece
            await asyncio.sleep(0)  # others have their turn

    async def nothing():
        for piece in ():
            yield piece

    connector = aiohttp.TCPConnector(limit=1, ssl=context)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(DEADLINE)) as session:
        for target, body, data in (("/1", BODY, pieces), ("/2", b"", nothing), ("/3", BODY, pieces)):
            async with session.post(base + target, data=data()) as answer:
                assert answer.status == 200
                check("aiohttp", "POST", target, body, await answer.read())
        async with session.put(base + "/4", data=pieces(), expect100=True) as answer:
            check("aiohttp", "PUT", "/4", BODY, await answer.read())


def by_http_client(address, context):
    connection = (http.client.HTTPSConnection(address, timeout=DEADLINE, context=context) if context
                  else http.client.HTTPConnection(address, timeout=DEADLINE))
    for target in ("/1", "/2"):
        connection.request("PUT", target, body=iter(PIECES), encode_chunked=True, headers={"Transfer-Encoding": "chunked"})
        answer = connection.getresponse()
        assert answer.status == 200
        check("http.client", "PUT", target, BODY, answer.read())
    connection.request("GET", "/3")
    check("http.client", "GET", "/3", b"", connection.getresponse().read())
    connection.close()


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, timeout=DEADLINE, **options)
    assert done.returncode == 0, f"{command[0]} ends with {done.returncode}: {done.stderr.decode()}"
    return done.stdout


def by_curl(curl, base):
    common = (curl, "-sS", "--http1.1", "--noproxy", "*", *(("--cacert", CA) if TLS else ()))
    chunked = ("-H", "Transfer-Encoding: chunked", "--data-binary", "@-")
    check("curl", "POST", "/1", BODY, run(*common, *chunked, base + "/1", input=BODY))
    check("curl", "PUT", "/2", BODY, run(*common, "-T", "-", base + "/2", input=BODY))  # with Expect: 100-continue
    check("curl", "POST", "/3", b"", run(*common, *chunked, base + "/3", input=b""))
    got = run(*common, *chunked, "-o", "/dev/null", "-w", "%{http_code}", base + "/4", input=BODY * 4)
    assert got == b"413", got
    assert run(*common, "-X", "OPTIONS", "--request-target", "*", base) == b"OPTIONS * "


def by_node(node, base):
    environment = dict(os.environ, **({"NODE_EXTRA_CA_CERTS": CA} if TLS else {}))
    assert run(node, HERE / "bodies.mjs", base, env=environment) == b"over\n"


def plain_on_tls(curl, base):
    """A mistyped URL: the answer says what is wrong."""
    got = run(curl, "-sS", "--http1.1", "--noproxy", "*", "-w", "%{http_code}", base.replace("https", "http"))
    assert got.startswith(b"this port speaks TLS") and got.endswith(b"400"), got


def main():
    server, *others = sys.argv[2:]
    tools = {pathlib.Path(tool).name: tool for tool in others}
    own = (CERTS / "good-cert.pem", CERTS / "good-key.pem") if TLS else ()
    context = ssl.create_default_context(cafile=CA) if TLS else None
    process = subprocess.Popen([server, *own], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        base = process.stdout.readline().strip()
        asyncio.run(by_aiohttp(base, context))
        by_http_client(base.split("/")[-1], context)
        if "curl" in tools:
            by_curl(tools["curl"], base)
            if TLS:
                plain_on_tls(tools["curl"], base)
        if "node" in tools:
            by_node(tools["node"], base)
    finally:
        process.stdin.close()
        assert process.wait(DEADLINE) == 0


main()
