#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""openssl s_server and nginx demand a certificate of the client, whose key openssl has
encrypted in all the ways that are in use."""
import shutil

from kit import CA, CERTS, TLS, UPGRADE, main

NGINX = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {certs}/good-cert.pem;
        ssl_certificate_key {certs}/good-key.pem;
        ssl_client_certificate {certs}/ca.pem;
        ssl_verify_client on;
        location / {{
            proxy_pass http://127.0.0.1:{echo};
            proxy_http_version 1.1;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection upgrade;
        }}
    }}
}}
"""

# What openssl makes of the client's key, all with the password "secret".
SECRET = ("-passout", "pass:secret")
ENCRYPTED = {
    "legacy PEM, AES-256": ("ec", "-aes256", *SECRET),
    "legacy PEM, AES-128": ("ec", "-aes128", *SECRET),
    "legacy PEM, 3DES": ("ec", "-des3", *SECRET),
    "PKCS#8, AES-256": ("pkcs8", "-topk8", "-v2", "aes-256-cbc", *SECRET),
    "PKCS#8, AES-128, SHA-1": ("pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1", *SECRET),
    "PKCS#8, 3DES": ("pkcs8", "-topk8", "-v2", "des3", *SECRET),
    "PKCS#8, scrypt": ("pkcs8", "-topk8", "-scrypt", *SECRET),
}


async def encrypted(kit, kind):
    path = kit.path(kind.replace(" ", "-").replace("#", ""))
    status, said = await kit.run(shutil.which("openssl"), *ENCRYPTED[kind],
                                 "-in", f"{CERTS}/client-key.pem", "-out", path)
    assert status == 0, said
    return path


async def script(kit):
    cert = ("--ca", CA, "--cert", f"{CERTS}/client-cert.pem")
    plain = ("--key", f"{CERTS}/client-key.pem")
    strange = ("--ca", CA, "--cert", f"{CERTS}/unknown-client-cert.pem", "--key", f"{CERTS}/unknown-client-key.pem")

    # s_server answers a request by a page: status 200 is behind the TLS handshake.
    for version in ("-tls1_2", "-tls1_3"):
        s_server = await kit.daemon(lambda port: (
            "openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", f"{CERTS}/good-cert.pem", "-key",
            f"{CERTS}/good-key.pem", "-CAfile", CA, "-Verify", "1", "-verify_return_error", "-www", "-quiet", version))
        url = f"wss://localhost:{s_server.port}/"
        await kit.expect(f"s_server {version}, no certificate", TLS, "stage tls", url, "--ca", CA)
        await kit.expect(f"s_server {version}, one of another authority", TLS, "stage tls", url, *strange)
        await kit.expect(f"s_server {version}, the right one", UPGRADE, "stage upgrade, status 200", url, *cert, *plain)

    echo = await kit.echo_server()
    nginx = await kit.daemon(lambda port: (
        "nginx", "-p", kit.directory, "-e", "stderr", "-c", kit.write(f"nginx-{port}.conf", NGINX.format(
            directory=kit.directory, port=port, certs=kit.certs, echo=echo))))
    url = f"wss://localhost:{nginx.port}/"
    await kit.expect("nginx, no certificate", UPGRADE, "stage upgrade, status 400", url, "--ca", CA)
    await kit.expect("nginx, one of another authority", UPGRADE, "stage upgrade, status 400", url, *strange)
    await kit.expect("nginx, the right one", 0, "echo: Hello", url, *cert, *plain)
    for kind in ENCRYPTED:
        key = ("--key", await encrypted(kit, kind))
        await kit.expect(f"{kind}, the password", 0, "echo: Hello", url, *cert, *key, "--password", "secret")
        await kit.expect(f"{kind}, a wrong one", 2, "client_key_password: .*does not decrypt", url, *cert, *key,
                         "--password", "wrong")
        await kit.expect(f"{kind}, none", 2, "client_key_password: .*encrypted", url, *cert, *key)
    await kit.expect("the key of another certificate", 2, "does not belong", url, *cert,
                     "--key", f"{CERTS}/good-key.pem")
    await kit.expect("a key that is not there", 2, "client_key_path: ", url, *cert, "--key", kit.path("none"))


main(script)
