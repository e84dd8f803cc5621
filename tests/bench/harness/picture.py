# SPDX-License-Identifier: Apache-2.0
"""Panels of bars from zero, libws in a colour of its own, and the picture of README.md, all out of results.json. Made by
hand, without matplotlib, so that they follow light and dark, their text can be searched, and a test can make them again."""
import statistics
from html import escape

from .words import loads

WIDTH, LABEL, ROW, BAR = 840, 250, 26, 16

STYLE = """
  text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1d2330 }
  .title { font-weight: 600; font-size: 16px }
  .quiet { fill: #5c6675; font-size: 13px }
  .own { font-weight: 600 }
  rect { fill: #b6bfcc }
  rect.own { fill: #1a5fb4 }
  line { stroke: #5c6675 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e9ee } .quiet { fill: #9aa5b5 } rect { fill: #4c5766 } rect.own { fill: #7ab3ff } line { stroke: #9aa5b5 }
  }"""

# Names of results.json, and what a reader knows them by. libwebsockets takes 10,000 connections by libuv only.
NAMES = {"libws": "libws", "uWebSockets": "uWebSockets (C++)", "libwebsockets": "libwebsockets (C)", "Boost.Beast": "Boost.Beast (C++)", "gws": "gws (Go)",
         "gorilla": "gorilla (Go)", "coder": "coder (Go)", "npm ws": "ws (Node)", "python websockets": "websockets (Python)"}
# In pictures of the page, where the others are as well.
LONGER = NAMES | {"floor": "the least possible", "floor, 2 threads": "the least possible, 2 threads", "floor, queue": "the least possible, by a queue",
          "libwebsockets, libuv": "libwebsockets, libuv (C)"}


def medians(found, value):
    """Name and median of each server that was measured, and whether it is libws, the best one first."""
    both = {name: found.get(name) or found.get(f"{name}, libuv") or [] for name in NAMES}
    known = {name: [value(one) for one in rounds if one] for name, rounds in both.items()}  # a round may have failed
    return sorted(((NAMES[name], statistics.median(values), name == "libws") for name, values in known.items() if values), key=lambda bar: bar[1])


def said(value):
    """Three digits, and no power of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def panel(top, title, quiet, rows, unit):
    """Lines of SVG, and where the next panel begins. rows: name, value or (lower, median, upper), whether it is libws. All
    bars have one scale, from zero; the thin line over a bar is from the lower to the upper quartile."""
    rows = [(name, value if isinstance(value, tuple) else (value,) * 3, own) for name, value, own in rows]
    room = WIDTH - LABEL - 125
    most = max(upper for _, (_, _, upper), _ in rows)
    lines = [f'<text class="title" x="0" y="{top + 16}">{escape(title)}</text>']
    y = top + 30
    if quiet:
        lines.append(f'<text class="quiet" x="0" y="{top + 36}">{escape(quiet)}</text>')
        y = top + 50
    for name, (low, value, high), is_own in rows:
        own = ' class="own"' if is_own else ""
        ends = [max(1, room * at / most) for at in (low, value, high)]
        lines += [f'<text{own} x="{LABEL - 12}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
                  f'<rect{own} x="{LABEL}" y="{y}" width="{ends[1]:.1f}" height="{BAR}" rx="2"/>']
        if high > low:
            lines.append(f'<line x1="{LABEL + ends[0]:.1f}" x2="{LABEL + ends[2]:.1f}" y1="{y + BAR / 2}" y2="{y + BAR / 2}"/>')
        lines.append(f'<text{own} x="{LABEL + ends[2] + 8:.1f}" y="{y + 13}">{said(value)} {unit}</text>'.replace(" </", "</"))
        y += ROW
    return lines, y + 20


def svg(title, description, lines, height):
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 {WIDTH + 16} {height}" role="img" aria-labelledby="t d">',
                      f'<title id="t">{escape(title)}</title>', f'<desc id="d">{escape(description)}</desc>', f"<style>{STYLE}\n</style>", *lines, "</svg>", ""])


def bars(path, title, better, unit, groups, series):
    """A panel for each group; series: {name: [(lower, median, upper) or None for each of groups]}, the best one first."""
    lines, told, y = [f'<text class="title" x="0" y="20">{escape(title)}</text>', f'<text class="quiet" x="0" y="40">{better} is better; a thin line spans the middle half of the rounds</text>'], [], 56
    for index, group in enumerate(groups):
        rows = [(LONGER.get(name, name), values[index], name.startswith(("libws", "ws_"))) for name, values in series.items() if values[index]]
        rows.sort(key=lambda row: row[1][1], reverse=better == "more")
        if rows:
            more, y = panel(y, loads(group), "", rows, unit)
            lines += more
            told.append(f"{loads(group)}: " + ", ".join(f"{name} {said(value[1])} {unit}".strip() for name, value, _ in rows))
    path.write_text(svg(title, f"{better} is better; " + "; ".join(told), lines, y))


def readme(results):
    """The whole file."""
    figures, machine = results["figures"], results["machine"]
    when = machine | figures["echo"]
    echo = medians(figures["echo"]["found"]["64x64x1"], lambda one: 1e6 * one["cpu"] / one["messages"])
    idle = medians(figures["idle"]["found"]["plain"]["results"], lambda one: one[0] / 1000)
    first, y = panel(4, "CPU time of the server for a message", "less is better; 64 connections, each echoes 64 bytes, one message at a time", echo, "µs")
    second, y = panel(y, "Memory of an idle connection", "less is better; 10,000 connections without TLS, each had one message of 64 bytes", idle, "kB")
    foot = f'{when["date"]}, commit {when["commit"]}, {machine["processor"]}, {machine["system"]}; medians'
    alt = "; ".join([f"{name} {value:.3g} µs" for name, value, _ in echo] + [f"{name} {value:.3g} kB" for name, value, _ in idle])
    lines = [*first, *second, f'<text class="quiet" x="0" y="{y + 4}">{escape(foot)}</text>']
    return svg("CPU time for a message, and memory of an idle connection", alt, lines, y + 14)
