# SPDX-License-Identifier: Apache-2.0
"""prometheus.py EXAMPLE - a Prometheus scrapes examples_c/metrics, and each query of docs/grafana.json
and of its variables has a result there; ../interop/dashboard.py checks names and labels without one."""
import asyncio
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import websockets

FILE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "grafana.json"
DEADLINE = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(base, path, **query):
    with urllib.request.urlopen(f"{base}/api/v1/{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
        return json.load(answer)["data"]


def wait_for(what, ready):
    end = time.monotonic() + DEADLINE
    while not ready():
        assert time.monotonic() < end, f"{what}: not within {DEADLINE} s"
        time.sleep(0.2)


async def talk(address):
    async with websockets.connect(f"ws://{address}") as connection:
        await connection.send("hello")
        await connection.recv()


def answered(base, query):
    try:
        return ask(base, "query", query=query)["result"]
    except (urllib.error.URLError, ConnectionError):
        return []  # it has not started


def check(base, address):
    dashboard = json.loads(FILE.read_text())
    wait_for("two scrapes", lambda: answered(base, f'rate(libws_server_messages_total{{server="{address}",direction="in"}}[1m]) > 0')
             or asyncio.run(talk(address)))
    count = 0
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"].replace("$__rate_interval", "1m")
            query = re.sub(r"\$\w+", ".*", query)
            assert ask(base, "query", query=query)["result"], f"no result: {query}"
            count += 1
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
            assert ask(base, f"label/{label}/values", **{"match[]": re.sub(r"\$\w+", ".*", selector)}), variable["name"]
    print(f"{count} queries have results")


def main():
    example = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=subprocess.PIPE, text=True)
    with tempfile.TemporaryDirectory() as directory:
        prometheus = None
        try:
            address = re.search(r"ws://([0-9.:]+)", example.stdout.readline())[1]
            config = pathlib.Path(directory, "prometheus.yml")
            config.write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": [
                {"job_name": "libws", "static_configs": [{"targets": [address]}]}]}))
            listen = f"127.0.0.1:{free_port()}"
            prometheus = subprocess.Popen(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={directory}/data",
                                           f"--web.listen-address={listen}", "--log.level=error"])
            check(f"http://{listen}", address)
        finally:
            for process in filter(None, (prometheus, example)):
                process.send_signal(signal.SIGTERM)
                process.wait(DEADLINE)


main()
