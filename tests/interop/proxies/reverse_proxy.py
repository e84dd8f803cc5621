# SPDX-License-Identifier: Apache-2.0
"""The cases that every server in front of echo_server has to pass."""
import base64
import hashlib
import subprocess

from kit import CA, CERTS, TLS


def pin(name):
    """The pin of a certificate's key, made by openssl."""
    command = ("openssl", "x509", "-in", f"{CERTS}/{name}-cert.pem", "-noout", "-pubkey")
    pem = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    der = base64.b64decode("".join(pem.splitlines()[1:-1]))
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


async def check(kit, plain, secure):
    """plain, secure: ports for ws and wss; plain may be None."""
    url = f"wss://localhost:{secure}/path?query=1"
    await kit.expect("wss", 0, "TLS 1.3", url, "--ca", CA)
    await kit.expect("wss, large header fields", 0, "echo: Hello", url, "--ca", CA,
                     "--header", "X-Large: " + "x" * 4000, "--header", "Cookie: a=1", "--protocol", "one, two")
    await kit.expect("wss, another authority", TLS, "unknown authority", url, "--ca", f"{CERTS}/other-ca.pem")
    await kit.expect("wss, a key that is not pinned", TLS, "pinned", url, "--ca", CA, "--pin", "A" * 43 + "=")
    await kit.expect("wss, one of two keys is pinned", 0, "echo: Hello", url, "--ca", CA, "--pin",
                     "A" * 43 + "=," + pin("good"))
    for scheme, port in (("ws", plain), ("wss", secure)):
        if port:
            await kit.expect(f"{scheme}, 8 MB in pieces", 0, "is the same", f"{scheme}://localhost:{port}/",
                             "--bytes", "8000001", "--ca", CA, program="stream_upload")
    if plain:
        await kit.expect("ws", 0, "echo: Hello", f"ws://localhost:{plain}/")


async def connects_again(kit, url):
    """The proxy ends what is silent for a while; the client comes back."""
    client = await kit.talk("reconnect", url, "--ca", CA, "--delay", "20")
    await client.hear("^open")
    client.say("before")
    await client.hear("^message before")
    await client.hear("^close 1006, not for long")
    await client.hear("^open, connected again 1 times")
    client.say("after")
    await client.hear("^message after")
    status, said = await client.end()
    assert status == 0 and "close 1000" in said, (status, said)
    print("lost on the way, connected again: as it should be", flush=True)
