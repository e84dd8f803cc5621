#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""squid between client_options and echo_server, with and without a password."""
import glob
import os
import tempfile

import http_proxy
from kit import PROXY, main, proxy_url

# Any program may judge passwords: one line of name and password in, OK or ERR out.
JUDGE = """import sys
for line in sys.stdin:
    print("OK" if line.split() == ["user", "secret"] else "ERR", flush=True)
"""


async def squid(kit, *rules):
    logs = tempfile.mkdtemp(dir=kit.directory)
    os.chmod(logs, 0o777)  # started by root, squid goes on as another user

    def command(port):
        path = kit.write(f"squid-{port}.conf", "\n".join((
            f"http_port 127.0.0.1:{port}", "cache deny all", "memory_cache_mode disk", "pid_filename none",
            f"access_log stdio:{logs}/access", f"cache_log {logs}/cache", "cache_store_log none",
            "netdb_filename none", "buffered_logs off",
            f"coredump_dir {kit.directory}", "visible_hostname localhost", "shutdown_lifetime 0 seconds",
            "max_filedescriptors 256", "pinger_enable off", "hosts_file /etc/hosts", "dns_nameservers 127.0.0.1",
            "connect_retries 0", *rules, "http_access allow localhost", "http_access deny all", "")))
        # One name for the shared memory of each, so that two may run; one that cannot start leaves it.
        kit.stack.callback(lambda: [os.remove(f) for f in glob.glob(f"/dev/shm/libws{port}-*")])
        return "squid", "-N", "-n", f"libws{port}", "-f", path
    daemon = await kit.daemon(command)

    def traffic():
        with open(f"{logs}/access") as f:
            return f.read()
    daemon.traffic = traffic
    return daemon


async def script(kit):
    judge = kit.write("judge.py", JUDGE)
    password = await squid(
        kit, f"auth_param basic program /usr/bin/python3 {judge}", "auth_param basic children 1 startup=1",
        "auth_param basic realm libws", "acl known proxy_auth REQUIRED", "http_access deny !known")
    await http_proxy.check(kit, await squid(kit), password)
    strict = await squid(kit, "acl other port 443", "http_access deny !other")
    await kit.expect("a port that the proxy forbids", PROXY, "status 403", f"ws://127.0.0.1:{await kit.echo_server()}/",
                     "--proxy", proxy_url(strict.port))


main(script)
