#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Measures libws against other servers and writes docs/benchmarks.md.

    tests/bench/bench.py [--build build] [--quick] [--figures echo,idle] [--servers floor,libws]
                         [--rounds 7] [--seconds 1.5] [--output docs]

./build.sh bench builds what it needs and runs it. What was measured is kept as
results.json beside the page; --from FILE writes the page anew from it.
"""
import argparse
import importlib
import json
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness.bench import Bench  # noqa: E402
from harness.machine import load_average, machine  # noqa: E402
from harness.report import page  # noqa: E402

FIGURES = ["echo", "large", "growth", "latency", "handshakes", "idle", "fanout", "client", "size"]


def write(bench, results, draw):
    """The page, and a plot for each figure that has one."""
    plots = bench.output / "benchmarks"
    plots.mkdir(parents=True, exist_ok=True)
    parts = []
    for name, found in results["figures"].items():
        figure = importlib.import_module("figures." + name)
        if draw and hasattr(figure, "draw") and found:
            figure.draw(found, plots / f"{name}.svg")
        drawn = (plots / f"{name}.svg").exists() and hasattr(figure, "draw")
        parts.append((figure.TITLE, figure.text(found), f"{name}.svg" if drawn else None))
    (bench.output / "benchmarks.md").write_text(page(results["machine"], bench, results["loads"], parts))
    (plots / "results.json").write_text(json.dumps(results, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--output", type=Path, help="a directory; docs, or with --quick one of the build directory")
    parser.add_argument("--quick", action="store_true", help="few and short rounds")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, help="of a measurement")
    parser.add_argument("--figures", default=",".join(FIGURES))
    parser.add_argument("--servers", help="their names, separated by semicolons")
    parser.add_argument("--smoke", action="store_true", help="one shortest round of floor and libws: does it run at all")
    parser.add_argument("--no-plots", action="store_true")
    parser.add_argument("--from", dest="source", type=Path, help="results.json of an earlier run")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    if arguments.smoke:
        arguments.rounds, arguments.seconds, arguments.servers = 1, 0.1, "floor;libws"
    bench = Bench(build, arguments.output or (build / "tests/bench/quick" if arguments.quick else Path("docs")), arguments.quick,
                  arguments.rounds or (2 if arguments.quick else 7), arguments.seconds or (0.5 if arguments.quick else 1.5),
                  arguments.servers.split(";") if arguments.servers else None)
    if arguments.source:
        results = json.loads(arguments.source.read_text())
        bench.quick, bench.rounds, bench.seconds = results["quick"], results["rounds"], results["seconds"]
        bench.failures, bench.missing = results["failures"], results["missing"]
        write(bench, results, not arguments.no_plots)
        return 0
    results = {"machine": machine(bench.descriptors), "quick": bench.quick, "rounds": bench.rounds, "seconds": bench.seconds,
               "missing": bench.missing, "failures": bench.failures, "loads": [load_average()], "figures": {}}
    for name in arguments.figures.split(","):
        figure, start = importlib.import_module("figures." + name), time.monotonic()
        print(f"== {figure.TITLE}", flush=True)
        results["figures"][name] = figure.run(bench)
        results["loads"].append(load_average())
        print(f"== {name}: {time.monotonic() - start:.0f} s, load average {load_average():.1f}", flush=True)
        write(bench, results, not arguments.no_plots)
    print(f"written: {bench.output / 'benchmarks.md'}")
    return 1 if bench.failures else 0


if __name__ == "__main__":
    sys.exit(main())
