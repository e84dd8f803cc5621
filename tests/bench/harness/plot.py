# SPDX-License-Identifier: Apache-2.0
"""SVG plots with matplotlib; the same data give the same file."""
import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "libws"
from matplotlib import pyplot  # noqa: E402

from .ratios import quartiles  # noqa: E402


# One colour for a server in all plots.
NAMES = ["floor", "libws", "libws, takeover", "libws, 2 loops", "libws, queue", "libwebsockets", "Boost.Beast", "gws", "gorilla", "coder",
         "npm ws", "python websockets", "ws_server_broadcast", "ws_server_broadcast, other thread", "loop of ws_send", "bare", "callback", "queue", "library",
         "libwebsockets, libuv"]


def colour(name):
    return pyplot.get_cmap("tab20")(NAMES.index(name)) if name in NAMES[:20] else "black"


def _finish(figure, axes, path, title, unit):
    axes.set_title(title)
    axes.set_ylabel(unit)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def bars(path, title, unit, groups, series, logarithmic=False):
    """series: {name: [(lower, median, upper) or None for each of groups]}."""
    figure, axes = pyplot.subplots(figsize=(max(7, min(12, 0.16 * len(series) * len(groups) + 4)), 4.2))
    width = 0.85 / max(1, len(series))
    for i, (name, values) in enumerate(series.items()):
        known = [(g, q) for g, q in enumerate(values) if q]
        axes.bar([g + (i + 0.5) * width - 0.425 for g, _ in known], [q[1] for _, q in known], width, label=name, color=colour(name),
                 yerr=[[q[1] - q[0] for _, q in known], [q[2] - q[1] for _, q in known]], error_kw={"linewidth": 0.8})
    axes.set_xticks(range(len(groups)), groups, fontsize=7)
    if logarithmic:
        axes.set_yscale("log")
    _finish(figure, axes, path, title, unit)


def lines(path, title, unit, x_title, series):
    """series: {name: [(x, y)]}; x is logarithmic."""
    figure, axes = pyplot.subplots(figsize=(8, 4.2))
    for name, points in series.items():
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=3, label=name, color=colour(name))
    axes.set_xscale("log")
    axes.set_xlabel(x_title)
    axes.set_ylim(bottom=0)
    _finish(figure, axes, path, title, unit)


def overview(path, holds):
    """How far each hold is from what it must be: below one it is met."""
    colours = {"met": "tab:green", "not met": "tab:red", "undecided": "tab:orange"}
    known = [(h, quartiles([h.limit / v if h.least else v / h.limit for v in h.values if v])) for h in reversed(holds) if any(h.values)]
    figure, axes = pyplot.subplots(figsize=(9, 0.24 * len(known) + 1.2))
    for i, (hold, (low, middle, high)) in enumerate(known):
        axes.barh(i, middle, color=colours[hold.verdict()], xerr=[[middle - low], [high - middle]], error_kw={"linewidth": 0.8})
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlim(0, max([1.5, *(1.1 * middle for _, (_, middle, _) in known)]))
    axes.set_yticks(range(len(known)), [hold.what for hold, _ in known], fontsize=7)
    axes.set_xlabel("measured to hold: at most 1 is met (green); orange is undecided")
    axes.grid(axis="x", alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
