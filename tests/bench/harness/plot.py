# SPDX-License-Identifier: Apache-2.0
"""SVG plots with matplotlib; the same data give the same file."""
import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "libws"
from matplotlib import pyplot  # noqa: E402

from .ratios import quartiles  # noqa: E402


def _finish(figure, axes, path, title, unit):
    axes.set_title(title)
    axes.set_ylabel(unit)
    axes.grid(axis="y", alpha=0.3)
    axes.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def bars(path, title, unit, groups, series, logarithmic=False):
    """series: {name: [(lower, median, upper) or None for each of groups]}."""
    figure, axes = pyplot.subplots(figsize=(max(7, 0.16 * len(series) * len(groups) + 3), 4.2))
    width = 0.85 / max(1, len(series))
    for i, (name, values) in enumerate(series.items()):
        known = [(g, q) for g, q in enumerate(values) if q]
        axes.bar([g + (i + 0.5) * width - 0.425 for g, _ in known], [q[1] for _, q in known], width, label=name,
                 yerr=[[q[1] - q[0] for _, q in known], [q[2] - q[1] for _, q in known]], error_kw={"linewidth": 0.8})
    axes.set_xticks(range(len(groups)), groups, fontsize=8)
    if logarithmic:
        axes.set_yscale("log")
    _finish(figure, axes, path, title, unit)


def lines(path, title, unit, x_title, series):
    """series: {name: [(x, y)]}; x is logarithmic."""
    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for name, points in series.items():
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=3, label=name)
    axes.set_xscale("log")
    axes.set_xlabel(x_title)
    axes.set_ylim(bottom=0)
    _finish(figure, axes, path, title, unit)


def overview(path, holds):
    """How far each hold is from what it must be: below one it is met."""
    known = [(h.what, [h.limit / v if h.least else v / h.limit for v in h.values if v]) for h in holds if any(h.values)]
    figure, axes = pyplot.subplots(figsize=(9, 0.24 * len(known) + 1.2))
    for i, (_, shares) in enumerate(reversed(known)):
        low, middle, high = quartiles(shares)
        axes.barh(i, middle, color="tab:green" if high <= 1 else "tab:red" if low > 1 else "tab:orange",
                  xerr=[[middle - low], [high - middle]], error_kw={"linewidth": 0.8})
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(known)), [what for what, _ in reversed(known)], fontsize=7)
    axes.set_xlabel("measured to hold; at most 1 is met")
    axes.grid(axis="x", alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
