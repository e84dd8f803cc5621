# SPDX-License-Identifier: Apache-2.0
"""Checks the queries of docs/grafana.json by what ws_metrics has written: each name, label and value
is there, each counter is read as a counter, each family is drawn, and Prometheus takes the syntax."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

FILE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "grafana.json"
SCRAPED = {"job", "instance"}  # labels that Prometheus adds
SELECTOR = re.compile(r'(libws_\w+)(?:\{([^}]*)\})?(\[)?')
MATCHER = re.compile(r'(\w+)(=~|=|!=|!~)"([^"]*)"')


def families(text):
    """Of each family its kind, and the values of each of its labels."""
    known = {name: (kind, {}) for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M)}
    for name, labels in re.findall(r"^(libws_\w+)\{(.*)\} ", text, re.M):
        for label, value in re.findall(r'(\w+)="([^"]*)"', labels):
            known[name][1].setdefault(label, set()).add(value)
    return known


def check_query(expression, known, variables):
    """The families that it reads."""
    names, labels = set(), set()
    for name, matchers, over_time in SELECTOR.findall(expression):
        assert name in known, f"{name} is no figure: {expression}"
        kind, values = known[name]
        rate = re.search(rf"(?:rate|increase)\({name}\b", expression)
        drawn_total = name == "libws_defects_total"  # whose value itself is what counts
        as_counter = bool(rate) == bool(over_time) == (kind == "counter")
        assert as_counter or drawn_total and not rate, f"{name} is a {kind}: {expression}"
        for label, how, value in MATCHER.findall(matchers):
            assert label in values or label in SCRAPED, f"{name} has no label {label}: {expression}"
            if value.startswith("$"):
                several = how == "=~" and value[1:] in variables
                assert several, f"{value} is no variable with several values: {expression}"
            else:
                assert value in values[label], f'{label} is never "{value}": {expression}'
        assert matchers.count("=") == len(MATCHER.findall(matchers)), f"not understood: {matchers}"
        names.add(name)
        labels |= set(values) | SCRAPED
    assert names, f"it reads nothing: {expression}"
    for group in re.findall(r"\bby \(([^)]*)\)", expression):
        assert set(re.split(r", *", group)) <= labels, f"by ({group}): {expression}"
    return names


def left(expression, known):
    """The labels that the result of a query has."""
    grouped = re.match(r"(?:sum|max)(?: by \(([^)]*)\) )?\(", expression)
    if grouped:
        return set(re.split(r", *", grouped[1] or ""))
    return SCRAPED.union(*(known[name][1] for name in re.findall(r"libws_\w+", expression)))


def check(text, promtool=None):
    dashboard = json.loads(FILE.read_text())
    known = families(text)
    variables = {v["name"] for v in dashboard["templating"]["list"] if v["type"] == "query"}
    drawn, expressions, ids = set(), [], set()
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["query"]["query"]).groups()
            [name] = check_query(selector, known, variables)
            assert label in SCRAPED or label in known[name][1], f"{name} has no label {label}"
            assert variable["definition"] == variable["query"]["query"]
    for panel in dashboard["panels"]:
        assert panel["id"] not in ids, f"two panels are {panel['id']}"
        ids.add(panel["id"])
        for target in panel.get("targets", []):
            drawn |= check_query(target["expr"], known, variables)
            expressions.append(target["expr"])
            for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
                assert label in left(target["expr"], known), f"{target['legendFormat']}: {target['expr']}"
    assert drawn == set(known), f"not drawn: {sorted(set(known) - drawn)}"
    if promtool:
        rules = [{"record": f"q:{at}", "expr": e.replace("$__rate_interval", "5m")} for at, e in enumerate(expressions)]
        with tempfile.TemporaryDirectory() as directory:
            file = os.path.join(directory, "rules.yml")
            pathlib.Path(file).write_text(json.dumps({"groups": [{"name": "dashboard", "rules": rules}]}))
            subprocess.run([promtool, "check", "rules", file], check=True, stdout=subprocess.DEVNULL, timeout=60)
