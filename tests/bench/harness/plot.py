# SPDX-License-Identifier: Apache-2.0
"""SVG plots of lines, and of all targets, with matplotlib; the same data give the same file. Bars are in picture.py."""
import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "libws"
from matplotlib import pyplot  # noqa: E402

from .picture import LONGER  # noqa: E402
from .ratios import quartiles  # noqa: E402
from .words import loads  # noqa: E402


OWN = "#1a5fb4"


def look(name, number):
    """libws stands out; all others are grey, and differ by their dashes."""
    if name.startswith("libws"):
        return {"color": OWN, "linewidth": 2.5, "zorder": 3}
    return {"color": ("#4c5766", "#7d8896", "#a3adb9")[number % 3], "linestyle": ("-", "--", "-.", ":")[number % 4], "linewidth": 1.4}


def lines(path, title, unit, x_title, series):
    """series: {name: [(x, y)]}; x is logarithmic."""
    figure, axes = pyplot.subplots(figsize=(8, 4.2))
    for number, (name, points) in enumerate(series.items()):
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=3, label=LONGER.get(name, name), **look(name, number))
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_xlabel(x_title)
    axes.set_ylim(bottom=0)
    axes.set_title(title)
    axes.set_ylabel(unit)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def overview(path, holds):
    """How far each target is from being met: below one it is."""
    colours = {"met": "tab:green", "not met": "tab:red", "undecided": "tab:orange"}
    known = [(h, quartiles([h.limit / v if h.least else v / h.limit for v in h.values if v])) for h in reversed(holds) if any(h.values)]
    figure, axes = pyplot.subplots(figsize=(11, 0.24 * len(known) + 1.2))
    for i, (hold, (low, middle, high)) in enumerate(known):
        axes.barh(i, middle, color=colours[hold.verdict()], xerr=[[middle - low], [high - middle]], error_kw={"linewidth": 0.8})
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlim(0, max([1.5, *(1.1 * middle for _, (_, middle, _) in known)]))
    axes.set_yticks(range(len(known)), [loads(hold.what) for hold, _ in known], fontsize=7)
    axes.set_xlabel("measured, as a share of the target; less is better: green is met, orange undecided, red not met")
    axes.grid(axis="x", alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
