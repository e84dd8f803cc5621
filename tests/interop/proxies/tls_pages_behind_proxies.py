#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""nginx and haproxy in front of chat_server: pages over connections that are kept, health
checks, origins, and the conversation itself."""
import asyncio

from kit import main

NGINX = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
    map $http_upgrade $to_server {{ default upgrade; "" ""; }}
    upstream chat {{ server 127.0.0.1:{chat}; keepalive 2; }}
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $to_server;
    proxy_set_header Host $http_host;
    server {{
        listen 127.0.0.1:{port};
        location / {{ proxy_pass http://chat; }}
    }}
}}
"""

HAPROXY = """
global
    noreuseport # else it shares the port of another
defaults
    mode http
    timeout connect 5s
    timeout client 20s
    timeout server 20s
frontend all
    bind 127.0.0.1:{port}
    use_backend statistics if {{ path_beg /statistics }}
    default_backend chat
backend chat
    option httpchk GET /healthz
    server one 127.0.0.1:{chat} check inter 50ms
backend statistics
    stats enable
    stats uri /statistics
"""


async def head(reader):
    """Status and fields, in lower case, of an answer."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
    return int(lines[0].split()[1]), fields


async def answer(reader, method="GET"):
    status, fields = await head(reader)
    return status, fields, "" if method == "HEAD" else (await reader.readexactly(int(fields["content-length"]))).decode()


def ask(writer, path, port, method="GET", more=""):
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n".encode())


async def pages(port):
    """One connection asks for everything, one after the other and pipelined."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    wanted = [("GET", "/", 200, "text/html"), ("HEAD", "/", 200, "text/html"), ("GET", "/chat.js", 200, "text/javascript"),
              ("GET", "/chat.css", 200, "text/css"), ("GET", "/nothing", 404, ""), ("GET", "/healthz", 200, "text/plain")]
    for together in (False, True):
        for method, path, *_ in wanted if together else ():
            ask(writer, path, port, method)
        for method, path, status, kind in wanted * (1 if together else 10):
            if not together:
                ask(writer, path, port, method)
            got, fields, body = await answer(reader, method)
            assert got == status and fields.get("content-type", "").startswith(kind), (path, got, fields)
            assert bool(body) == (method == "GET" and status == 200), (method, path, body)
    writer.close()


async def origins(port):
    for origin, status in ((f"http://127.0.0.1:{port}", 101), ("http://127.0.0.1", 403), ("null", 403)):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        ask(writer, "/chat", port, more=f"Origin: {origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n")
        got, _ = await head(reader)
        assert got == status, (origin, got)
        writer.close()


async def conversation(kit, port):
    ada = await kit.talk("../tools/cat/libws-cat", f"ws://127.0.0.1:{port}/chat")
    ada.say("Ada")
    await ada.hear("Ada comes in")
    grace = await kit.talk("../tools/cat/libws-cat", f"ws://127.0.0.1:{port}/chat")
    grace.say("Grace")
    await ada.hear("Grace comes in")
    ada.say("do you read me?")
    await grace.hear("Ada: do you read me")
    await grace.end()
    await ada.hear("Grace leaves")
    await ada.end()


async def script(kit):
    chat = await kit.server("chat_server")
    nginx = await kit.daemon(lambda port: ("nginx", "-p", kit.directory, "-e", "stderr", "-c", kit.write(
        f"nginx-{port}.conf", NGINX.format(directory=kit.directory, port=port, chat=chat))))
    haproxy = await kit.daemon(lambda port: ("haproxy", "-db", "-f", kit.write(
        f"haproxy-{port}.conf", HAPROXY.format(port=port, chat=chat))))
    for name, port in (("alone", chat), ("nginx", nginx.port), ("haproxy", haproxy.port)):
        await pages(port)
        await origins(port)
        await conversation(kit, port)
        print(f"{name}: pages, origins and conversation as they should be", flush=True)
    while True:  # the health check of haproxy, which speaks HTTP/1.0
        reader, writer = await asyncio.open_connection("127.0.0.1", haproxy.port)
        ask(writer, "/statistics;csv", haproxy.port, more="Connection: close\r\n")
        row = next(line for line in (await reader.read()).decode().splitlines() if line.startswith("chat,one,"))
        writer.close()
        if "L7OK,200" in row:
            break
        assert "DOWN" not in row, row
        await asyncio.sleep(0.05)
    print("haproxy finds the server well", flush=True)


main(script)
