# SPDX-License-Identifier: Apache-2.0
"""SVG plots with matplotlib; the same data give the same file."""
import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "libws"
from matplotlib import pyplot  # noqa: E402


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
