# SPDX-License-Identifier: Apache-2.0
"""metrics.py EXAMPLE [PROMTOOL] - reads what examples_c/metrics tells by a strict parser of the
text exposition format 0.0.4, and by promtool when it is there, and checks that the figures move; and docs/grafana.json by it."""
import asyncio
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import dashboard
import websockets

DEADLINE = 60 * max(1, min(10, os.getloadavg()[0] / os.cpu_count()))
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)")


def parse(text):
    """All samples by name and labels. Each family comes once: HELP, TYPE, then its samples."""
    assert text.endswith("\n"), "the last line has no end"
    families, samples, lines = {}, {}, text[:-1].split("\n")
    family = None
    for at, line in enumerate(lines):
        if line.startswith("# HELP "):
            name, help_text = line[7:].split(" ", 1)
            assert re.fullmatch(NAME, name) and name.startswith("libws_") and help_text, line
            assert name not in families, f"{name} comes twice"
            kind = re.fullmatch(rf"# TYPE {name} (counter|gauge)", lines[at + 1])
            assert kind, f"no TYPE behind {line}"
            families[name], family = kind[1], name
            assert (kind[1] == "counter") == name.endswith("_total"), f"{name} is a {kind[1]}"
        elif line.startswith("# TYPE "):
            assert lines[at - 1].startswith("# HELP "), line
        else:
            match = SAMPLE.fullmatch(line)
            assert match, f"no sample: {line!r}"
            assert match[1] == family, f"{match[1]} among the samples of {family}"
            key = match[1] + "{" + (match[2] or "") + "}"
            assert key not in samples, f"{key} comes twice"
            samples[key] = float(match[3])
            if families[family] == "counter":
                assert samples[key] >= 0, line
    assert families and set(families) == {key.split("{")[0] for key in samples}, "a family has no samples"
    return samples


def ask(base, path="/metrics"):
    with urllib.request.urlopen(base + path, timeout=DEADLINE) as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4"
        return answer.read().decode()


async def talk(url):
    async with websockets.connect(url, open_timeout=DEADLINE) as connection:
        for _ in range(3):
            await connection.send(b"x" * 1000)
            assert await asyncio.wait_for(connection.recv(), DEADLINE) == b"x" * 1000


def main():
    process = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"ws://([0-9.:]+)", process.stdout.readline())[1]
        base, server = "http://" + address, f'server="{address}"'
        before = parse(ask(base))
        asyncio.run(talk("ws://" + address))
        text = ask(base + "", "/metrics?x=1")
        after = parse(text)

        def grown(name, *labels):
            key = name + "{" + ",".join((server,) + labels) + "}"
            return after[key] - before[key]

        for way in ("in", "out"):
            label = f'direction="{way}"'
            assert grown("libws_server_messages_total", label) == 3
            assert grown("libws_server_message_bytes_total", label) == 3000
        assert grown("libws_server_upgrades_total") == 1
        assert after["libws_uptime_seconds{}"] > before["libws_uptime_seconds{}"]
        assert after["libws_loop_cpu_seconds_total{}"] > 0
        try:
            ask(base, "/elsewhere")
            raise AssertionError("/elsewhere is there")
        except urllib.error.HTTPError as error:
            assert error.code == 404
        if len(sys.argv) > 2:
            subprocess.run([sys.argv[2], "check", "metrics"], input=text, text=True, check=True, timeout=DEADLINE)
        dashboard.check(text, *sys.argv[2:])
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0


main()
