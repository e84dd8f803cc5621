#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""nginx in front of echo_server: ws and wss, an end by its own timeout, and a server that is down."""
import reverse_proxy
from kit import UPGRADE, main, refusing_port

CONFIGURATION = """
daemon off;
master_process off;
pid {directory}/nginx-{plain}.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection upgrade;
    proxy_set_header Host $http_host;
    server {{
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{secure} ssl;
        ssl_certificate {certs}/good-cert.pem;
        ssl_certificate_key {certs}/good-key.pem;
        ssl_protocols TLSv1.2 TLSv1.3;
        large_client_header_buffers 4 16k;
        location / {{ proxy_pass http://127.0.0.1:{echo}; }}
        location /impatient {{ proxy_pass http://127.0.0.1:{echo}; proxy_read_timeout 1s; }}
        location /down {{ proxy_pass http://127.0.0.1:{nobody}; }}
        location /file {{ return 200 "no upgrade here"; }}
        location /forbidden {{ return 403; }}
        location /elsewhere {{ return 307 ws://127.0.0.1:{plain}/; }}
    }}
}}
"""


async def script(kit):
    echo = await kit.echo_server()

    def command(plain, secure):
        path = kit.write(f"nginx-{plain}.conf", CONFIGURATION.format(
            directory=kit.directory, plain=plain, secure=secure, certs=kit.certs, echo=echo, nobody=refusing_port()))
        return "nginx", "-p", kit.directory, "-e", "stderr", "-c", path
    nginx = await kit.daemon(command, ports=2)
    plain, secure = nginx.ports
    await reverse_proxy.check(kit, plain, secure)
    for path, status in (("down", 502), ("file", 200), ("forbidden", 403), ("elsewhere", 307)):
        await kit.expect(f"an answer {status} instead of the upgrade", UPGRADE, f"stage upgrade, status {status}",
                         f"ws://localhost:{plain}/{path}")

    # nginx ends what is silent for 1 s.
    for url in (f"ws://localhost:{plain}/impatient", f"wss://localhost:{secure}/impatient"):
        await reverse_proxy.connects_again(kit, url)


main(script)
