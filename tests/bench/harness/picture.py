# SPDX-License-Identifier: Apache-2.0
"""The picture of README.md: two panels of bars from zero, out of results.json. Made by hand, without
matplotlib, so that it follows light and dark, its text can be searched, and a test can make it again."""
import statistics
from html import escape

WIDTH, LABEL, ROW, BAR = 800, 190, 26, 16

STYLE = """
  text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1d2330 }
  .title { font-weight: 600; font-size: 16px }
  .quiet { fill: #5c6675; font-size: 13px }
  .own { font-weight: 600 }
  rect { fill: #b6bfcc }
  rect.own { fill: #1a5fb4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e9ee } .quiet { fill: #9aa5b5 } rect { fill: #4c5766 } rect.own { fill: #7ab3ff }
  }"""

# Names of results.json, and what a reader knows them by. libwebsockets takes 10,000 connections by libuv only.
NAMES = {"libws": "libws", "libwebsockets": "libwebsockets (C)", "Boost.Beast": "Boost.Beast (C++)", "gws": "gws (Go)",
         "gorilla": "gorilla (Go)", "coder": "coder (Go)", "npm ws": "ws (Node)", "python websockets": "websockets (Python)"}


def bars(found, value):
    """Name and median of each server that was measured, the best one first."""
    both = {name: found.get(name) or found.get(f"{name}, libuv") for name in NAMES}
    return sorted(((NAMES[name], statistics.median(map(value, rounds))) for name, rounds in both.items() if rounds), key=lambda bar: bar[1])


def panel(top, title, quiet, rows, unit):
    """Lines of SVG, and where the next panel begins. All bars have one scale, from zero."""
    room = WIDTH - LABEL - 110
    most = max(value for _, value in rows)
    lines = [f'<text class="title" x="0" y="{top + 16}">{escape(title)}</text>',
             f'<text class="quiet" x="0" y="{top + 36}">{escape(quiet)}</text>']
    y = top + 50
    for name, value in rows:
        own = ' class="own"' if name == "libws" else ""
        length = max(1, room * value / most)
        lines += [f'<text{own} x="{LABEL - 12}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
                  f'<rect{own} x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2"/>',
                  f'<text{own} x="{LABEL + length + 8:.1f}" y="{y + 13}">{value:.3g} {unit}</text>']
        y += ROW
    return lines, y + 20


def readme(results):
    """The whole file."""
    figures, machine = results["figures"], results["machine"]
    echo = bars(figures["echo"]["found"]["64x64x1"], lambda one: 1e6 * one["cpu"] / one["messages"])
    idle = bars(figures["idle"]["found"]["plain"]["results"], lambda one: one[0] / 1000)
    first, y = panel(4, "CPU time of the server for a message", "less is better; 64 connections, each echoes 64 bytes, one message at a time", echo, "µs")
    second, y = panel(y, "Memory of an idle connection", "less is better; 10,000 connections without TLS, each had one message of 64 bytes", idle, "kB")
    foot = f'{machine["date"]}, commit {machine["commit"]}, {machine["processor"]}, {machine["system"]}; medians'
    alt = "; ".join([f"{name} {value:.3g} µs" for name, value in echo] + [f"{name} {value:.3g} kB" for name, value in idle])
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 {WIDTH + 16} {y + 14}" role="img" aria-labelledby="t d">',
                      '<title id="t">CPU time for a message, and memory of an idle connection</title>', f'<desc id="d">{escape(alt)}</desc>',
                      f"<style>{STYLE}\n</style>", *first, *second, f'<text class="quiet" x="0" y="{y + 4}">{escape(foot)}</text>', "</svg>", ""])
