#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""nginx and haproxy tell behind_proxy who its clients are: by X-Forwarded-For, Forwarded and
both versions of the PROXY protocol, plain and with TLS behind it. They reach it from 127.0.0.2
and 127.0.0.4, which it trusts; clients come from other addresses, and lie."""
import asyncio
import re
import ssl

from kit import CA, CERTS, main

# Debian: libnginx-mod-stream
STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so"

NGINX = """
load_module {stream};
daemon off;
master_process off;
pid {directory}/nginx-{port}.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection upgrade;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_bind 127.0.0.2;
        location / {{ proxy_pass http://127.0.0.1:{server}; }}
        location /forwarded {{ # one field set here takes the place of all above
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
            proxy_set_header Host $http_host;
            proxy_set_header Forwarded "$http_forwarded, for=\\"$remote_addr:$remote_port\\";proto=http";
            proxy_pass http://127.0.0.1:{forwarded};
        }}
        location /chain {{ proxy_pass http://127.0.0.1:{second}; }}
    }}
}}
stream {{
    proxy_protocol on;
    proxy_bind 127.0.0.2;
    server {{ listen 127.0.0.1:{version1}; proxy_pass 127.0.0.1:{proxied}; }}
    server {{ listen 127.0.0.1:{tls1}; proxy_pass 127.0.0.1:{secured}; }}
}}
"""

HAPROXY = """
global
    noreuseport # else it shares the port of another
defaults
    timeout connect 5s
    timeout client 20s
    timeout server 20s
listen http
    mode http
    option forwardfor
    bind 127.0.0.1:{http}
    server one 127.0.0.1:{server} source 127.0.0.4
listen version1
    mode tcp
    bind 127.0.0.1:{version1}
    server one 127.0.0.1:{proxied} send-proxy source 127.0.0.4
listen version2
    mode tcp
    bind 127.0.0.1:{version2}
    server one 127.0.0.1:{proxied} send-proxy-v2 proxy-v2-options crc32c,unique-id source 127.0.0.4
listen tls1
    mode tcp
    bind 127.0.0.1:{tls1}
    server one 127.0.0.1:{secured} send-proxy source 127.0.0.4
listen tls2
    mode tcp
    bind 127.0.0.1:{tls2}
    server one 127.0.0.1:{secured} send-proxy-v2 proxy-v2-options crc32c source 127.0.0.4
listen silent
    mode tcp
    bind 127.0.0.1:{silent}
    server one 127.0.0.1:{proxied} source 127.0.0.4
"""
PORTS = ("http", "version1", "version2", "tls1", "tls2", "silent")


async def greeting(port, path="/", fields=(), source="127.0.0.9", secure=False, first=b""):
    """What a client from an address is told, and the streams; or the status it gets, if it is another than 101."""
    context = ssl.create_default_context(cafile=CA) if secure else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0), ssl=context,
                                                   server_hostname="localhost" if secure else None)
    lines = ["Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", *fields]
    writer.write(first + f"GET {path} HTTP/1.1\r\n{''.join(line + chr(13) + chr(10) for line in lines)}\r\n".encode())
    try:
        status = int((await reader.readuntil(b"\r\n\r\n")).split()[1])
    except (asyncio.IncompleteReadError, ConnectionError):
        status = 0
    if status != 101:
        writer.close()
        return str(status), None
    size = (await reader.readexactly(2))[1]
    return (await reader.readexactly(size)).decode(), writer


async def told(case, want, port, **how):
    got, writer = await greeting(port, **how)
    assert re.fullmatch(want, got), f"{case}: {got!r}"
    if writer:
        writer.close()
    print(f"{case}: {got}", flush=True)


async def script(kit):
    trust = ("--trusted", "127.0.0.2, 127.0.0.4")
    server = await kit.server("behind_proxy", *trust, "--by", "forwarded-for")
    forwarded = await kit.server("behind_proxy", *trust, "--by", "forwarded")
    proxied = await kit.server("behind_proxy", *trust, "--by", "proxy", "--each", "4")
    secured = await kit.server("behind_proxy", *trust, "--by", "proxy", "--cert", f"{CERTS}/good-cert.pem", "--key", f"{CERTS}/good-key.pem")
    haproxy = await kit.daemon(lambda *ports: ("haproxy", "-db", "-f", kit.write(f"haproxy-{ports[0]}.conf", HAPROXY.format(
        server=server, proxied=proxied, secured=secured, **dict(zip(PORTS, ports))))), ports=len(PORTS))
    at = dict(zip(PORTS, haproxy.ports))
    nginx = await kit.daemon(lambda port, version1, tls1: ("nginx", "-p", kit.directory, "-e", "stderr", "-c", kit.write(
        f"nginx-{port}.conf", NGINX.format(stream=STREAM, directory=kit.directory, port=port, server=server, forwarded=forwarded,
                                           second=at["http"], version1=version1, proxied=proxied, tls1=tls1, secured=secured))), ports=3)

    by2, by4 = r"you are 127\.0\.0\.9, by 127\.0\.0\.2:\d+", r"you are 127\.0\.0\.9, by 127\.0\.0\.4:\d+"
    lie = ("X-Forwarded-For: 192.0.2.1, 127.0.0.2",)
    await told("nginx, X-Forwarded-For", by2, nginx.port)
    await told("nginx, X-Forwarded-For, a lie", by2, nginx.ports[0], fields=lie)
    await told("nginx, Forwarded", by2, nginx.ports[0], path="/forwarded")
    await told("nginx, Forwarded, a lie", by2, nginx.ports[0], path="/forwarded", fields=("Forwarded: for=192.0.2.1, for=127.0.0.2",))
    await told("nginx, Forwarded, a string without end", by2, nginx.ports[0], path="/forwarded", fields=('Forwarded: for="192.0.2.1',))
    await told("haproxy, X-Forwarded-For", by4, at["http"])
    await told("haproxy, X-Forwarded-For, a lie", by4, at["http"], fields=lie)
    await told("nginx and haproxy, X-Forwarded-For", by4, nginx.ports[0], path="/chain")
    await told("nginx and haproxy, a lie", by4, nginx.ports[0], path="/chain", fields=lie)
    await told("nginx, PROXY version 1", by2, nginx.ports[1])
    await told("nginx, PROXY version 1, TLS behind it", by2, nginx.ports[2], secure=True)
    await told("haproxy, PROXY version 1", by4, at["version1"])
    await told("haproxy, PROXY version 2", by4, at["version2"])
    await told("haproxy, PROXY version 1, TLS behind it", by4, at["tls1"], secure=True)
    await told("haproxy, PROXY version 2, TLS behind it", by4, at["tls2"], secure=True)
    await told("haproxy without a PROXY header", "0|400|408", at["silent"])

    # Nobody in between: what a client says itself is no news.
    alone = r"you are 127\.0\.0\.9, by 127\.0\.0\.9:\d+"
    await told("a client with X-Forwarded-For", alone, server, fields=("X-Forwarded-For: 192.0.2.1",))
    await told("a client with Forwarded", alone, forwarded, fields=("Forwarded: for=192.0.2.1",))
    await told("a client without a PROXY header", alone, proxied)
    await told("a client with a PROXY header", "400", proxied, first=b"PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\n")

    # Four connections of one client, whichever way they come; others of the same proxy are welcome. No client
    # above has had more, be they closed or not.
    own = [await greeting(at[way], source="127.0.0.10") for way in ("version1", "version2") * 2]
    assert all(writer for _, writer in own), own
    await told("haproxy, one too many of a client", "429", at["version2"], source="127.0.0.10")
    await told("haproxy, another client", r"you are 127\.0\.0\.11, by .*", at["version2"], source="127.0.0.11")
    for _, writer in own:
        writer.close()


main(script)
