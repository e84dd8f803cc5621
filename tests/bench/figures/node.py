# SPDX-License-Identifier: Apache-2.0
"""The addon for Node beside npm's ws: CPU of a client for each message."""
import json
import os
import subprocess
from pathlib import Path

from harness.ratios import Hold, of, quartiles, told
from harness.report import table

TITLE = "JavaScript: a client beside npm ws"
SPEED = Path(__file__).resolve().parents[3] / "bindings/node/bench/speed.mjs"


def run(bench):
    """{load: [{ws, libws, module, ratio, module_ratio, ws_rate, libws_rate, module_rate}, ...]}."""
    environment = os.environ | {"LIBWS_NODE_ADDON": str(bench.build / "bindings/node/libws.node"),
                                "LIBWS_TEST_MODULES": str(bench.build / "tests/node/modules")}
    done = subprocess.run(["node", str(SPEED), str(bench.build / "examples_c/echo_server"), str(bench.seconds), str(bench.rounds), "--json"],
                          env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout)
    for load, rounds in found.items():
        print(f"  {load}: {told(quartiles(of(rounds, 'ratio')))} x, the module {told(quartiles(of(rounds, 'module_ratio')))} x", flush=True)
    return found


def holds(found):
    limits = {"echo 64x64x1": 0.8, "echo 64x64x16": 0.5}
    return [Hold(f"JavaScript{what}, {load}, CPU per message to npm ws", of(rounds, key), limits[load.split(",")[0]], "x")
            for what, key in (("", "ratio"), (", the module", "module_ratio"))
            for load, rounds in found.items() if load.split(",")[0] in limits]


def text(found):
    return ("`bindings/node/bench/speed.mjs`: the class WebSocket of ws and of libws, and createWebSocket() of the module, each of whose sends has a Promise. Each "
            "in a process of its own, in turns; the CPU of the whole process, which of libws is two threads at work, for each message. A load is connections x "
            "bytes x messages in flight on each; each message is sent back as it came, to the example echo_server. In \"receive\" a raw peer writes as fast as it "
            "is read. Binary messages are made into an ArrayBuffer each, by all.\n\n"
            + table(["load", "ws, us", "libws, us", "module, us", "libws to ws", "module to ws", "ws, messages/s", "libws, messages/s", "module, messages/s"], [
                [load, *(told(quartiles(of(rounds, key))) for key in ("ws", "libws", "module", "ratio", "module_ratio")),
                 *(told(quartiles(of(rounds, key)), 0) for key in ("ws_rate", "libws_rate", "module_rate"))] for load, rounds in found.items()]))
