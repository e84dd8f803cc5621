#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures libws against other servers and writes docs/benchmarks.md.

    tests/bench/bench.py [--build build] [--quick] [--figures echo,idle] [--servers "floor;libws"]
                         [--rounds 7] [--seconds 1] [--output docs]

./build.sh bench builds what it needs and runs it. What was measured is kept as
results.json beside the plots after each figure. --from FILE writes the page anew from
it; with --figures it measures these, and keeps the others; "rest" are those it has not.
"""
import argparse
import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import picture  # noqa: E402
from harness.bench import Bench  # noqa: E402
from harness.machine import machine  # noqa: E402
from harness.report import page  # noqa: E402

# In the order of the page.
FIGURES = ["echo", "sizes", "large", "layers", "rates", "busy", "growth", "handshakes", "idle", "pings", "broadcast", "receive", "call", "queue", "deflate", "bombs", "node", "size"]


def figure(name):
    return importlib.import_module("figures." + name)


def drawn(draw, plot, *arguments):
    """The plot's file, if there is one: without it the page is still worth something."""
    if draw:
        try:
            draw(*arguments)
        except Exception:
            traceback.print_exc()
    return plot.name if plot.exists() else None


def part_of(name, one, plots, draw, machine):
    """What the page says of a figure."""
    module, plot = figure(name), plots / f"{name}.svg"
    part = {"title": module.TITLE, "text": "Not measured.\n", "holds": [], "plot": None} | {key: one[key] for key in ("seconds", "loads", "failures")}
    part |= {key: one.get(key, machine[key]) for key in ("date", "commit")}
    if one["found"]:
        part |= {"text": module.text(one["found"]), "holds": module.holds(one["found"]) if hasattr(module, "holds") else [],
                 "plot": drawn(draw and getattr(module, "draw", None), plot, one["found"], plot)}
    return part


def draw_overview(plot, parts):
    from harness.plot import overview  # wants matplotlib

    overview(plot, [hold for part in parts for hold in part["holds"]])


def write(output, results, draw):
    """results.json first: nothing else may lose it."""
    plots = output / "benchmarks"
    plots.mkdir(parents=True, exist_ok=True)
    (plots / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    parts = [part_of(name, results["figures"][name], plots, draw, results["machine"]) for name in FIGURES if name in results["figures"]]
    if {"echo", "idle"} <= {name for name, one in results["figures"].items() if one["found"]}:
        (plots / "readme.svg").write_text(picture.readme(results))
    plot = plots / "holds.svg"
    (output / "benchmarks.md").write_text(page(results, parts, drawn(draw and draw_overview, plot, plot, parts)))


def measure(bench, name):
    """A figure that fails leaves the others alone."""
    start, before = time.monotonic(), os.getloadavg()[0]
    bench.failures = []
    print(f"== {figure(name).TITLE}", flush=True)
    try:
        found = figure(name).run(bench)
    except Exception as error:  # whatever it is, hours of others must not be lost
        traceback.print_exc()
        bench.fail(f"the whole figure: {type(error).__name__}")
        found = None
    seconds = time.monotonic() - start
    print(f"== {name}: {seconds:.0f} s", flush=True)
    when = machine(bench.descriptors)
    return {"found": found, "failures": bench.failures, "seconds": seconds, "loads": [before, os.getloadavg()[0]],
            "date": when["date"], "commit": when["commit"]}


def renew(results, bench):
    """The page tells of the machine that measures now; figures of before keep their date."""
    for one in results["figures"].values():
        one |= {key: one.get(key, results["machine"][key]) for key in ("date", "commit")}
    results["machine"], results["missing"] = machine(bench.descriptors), bench.missing


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--output", type=Path, help="a directory; docs, or with --quick one of the build directory")
    parser.add_argument("--quick", action="store_true", help="few and short rounds")
    parser.add_argument("--rounds", type=int, help="of what is held")
    parser.add_argument("--seconds", type=float, help="of a measurement of what is held")
    parser.add_argument("--figures", help="their names, separated by commas")
    parser.add_argument("--servers", help="their names, separated by semicolons")
    parser.add_argument("--smoke", action="store_true", help="one shortest round of floor and libws: does it run at all")
    parser.add_argument("--no-plots", action="store_true")
    parser.add_argument("--from", dest="source", type=Path, help="results.json of an earlier run")
    arguments = parser.parse_args()
    if arguments.smoke:
        arguments.quick, arguments.rounds, arguments.seconds = True, 1, 0.1
        arguments.servers = "floor;floor, 2 threads;libws;libws, parts;TCP echo;ws_server_broadcast"
    build = arguments.build.resolve()
    bench = Bench(build, arguments.quick, arguments.rounds or (2 if arguments.quick else 7),
                  arguments.seconds or (0.3 if arguments.quick else 1), arguments.servers.split(";") if arguments.servers else None)
    output = arguments.output or (build / "tests/bench/quick" if arguments.quick else Path("docs"))
    if arguments.source:
        results = json.loads(arguments.source.read_text())
        if arguments.figures:
            renew(results, bench)
    else:
        results = {"machine": machine(bench.descriptors), "quick": bench.quick, "missing": bench.missing, "figures": {}}
    wanted = [name for name in FIGURES if not arguments.smoke or name not in ("deflate", "node")]  # which have no server
    names = (arguments.figures or ("" if arguments.source else ",".join(wanted))).replace(
        "rest", ",".join(name for name in FIGURES if name not in results["figures"]))
    for name in filter(None, names.split(",")):
        results["figures"][name] = measure(bench, name)
        write(output, results, not arguments.no_plots)
    write(output, results, not arguments.no_plots)
    print(f"written: {output / 'benchmarks.md'}")
    return 1 if any(one["failures"] for one in results["figures"].values()) else 0


if __name__ == "__main__":
    sys.exit(main())
