# SPDX-License-Identifier: Apache-2.0
"""Makes docs/conformance.md of the tables: page.py check|write PROGRAMS, the directory of the programs.

check says when the page differs, or names a test or a group that does not exist."""
import itertools
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "conformance.md"


def rows(name):
    """Group and columns of each row, as table.c reads them."""
    group, found = "", []
    for line in (HERE / name).read_text().splitlines():
        if line.startswith("="):
            group = line[2:]
        elif re.match(r"[0-9G]", line):
            found.append([group] + [c.strip(" ") for c in re.split(r" \|", line)])
    return found


def runs(programs, name, role, table=None):
    program = [programs / f"conform_{name}", role, HERE / f"{table or name}.txt", "--count"]
    out = subprocess.run(program, check=True, capture_output=True, text=True, timeout=120).stdout
    return [int(n) for n in out.split()]


def settings(name):
    """What stands behind "with: " of each group."""
    return dict(re.findall(r"^= (.*)\nwith: (.*)$", (HERE / name).read_text(), re.M))


def code(text):
    return f"`` {text} ``" if "`" in text else f"`{text}`" if text else ""


def cell(text):
    return text.replace("|", "\\|")


class Proofs:
    """Knows what a proof may name."""

    def __init__(self, cases):
        self.groups = {group for group, *_ in cases}
        self.cases = {f"{group}: {name}" for group, _, name, *_ in cases}
        goes = "\n".join(p.read_text() for p in (ROOT / "core").rglob("*_test.go"))
        self.tests = set(re.findall(r"^func (Test\w+|Fuzz\w+)\(", goes, re.M))
        self.tests |= {p.stem for p in (ROOT / "tests/c").glob("*.c") if not re.match(r"t(_|$)", p.stem)}

    def test(self, where, name):
        if name not in self.tests:
            sys.exit(f"{where}: there is no test {name}")

    def quoted(self, where, name, cases=True):
        if name not in self.groups and not (cases and name in self.cases):
            sys.exit(f"{where}: there is no group{' or case' * cases} \"{name}\"")


def check_gaps(gaps, proofs):
    for number, _, proof in gaps:
        for name in re.findall(r'"([^"]+)"', proof):
            proofs.quoted(number, name, cases=False)
        for name in re.findall(r"\bTest\w+|\b[a-z]+(?:_[a-z]+)+|\bredirects\b", re.sub(r'"[^"]+"', "", proof)):
            proofs.test(number, name)


REASONS = ("of the host: ", "not applicable: ", "not held: ")
ROLES = {"client": "request", "server": "answer", "both": None}  # and the groups that prove nothing of them


def check_clauses(clauses, proofs):
    for part, section, role, clause, proof in clauses:
        where = f"clauses.txt, {section}, {clause}"
        if role not in ROLES:
            sys.exit(f"{where}: nobody is a {role}")
        if proof.startswith(REASONS):
            continue
        if not re.fullmatch(r'("[^"]+"|\w+)(; ("[^"]+"|\w+))*', proof):
            sys.exit(f"{where}: this is no list of proofs: {proof}")
        for name in re.findall(r'"([^"]+)"', proof):
            proofs.quoted(where, name)
            if ROLES[role] and name.startswith(ROLES[role]):
                sys.exit(f"{where}: \"{name}\" shows nothing of a {role}")
        for name in re.findall(r"\w+", re.sub(r'"[^"]+"', "", proof)):
            proofs.test(where, name)


def tally(clauses):
    """How many clauses are proven, and how many are not, by reason."""
    n = {r: sum(c[4].startswith(r) for c in clauses) for r in REASONS}
    return (f"Of {len(clauses)} clauses {len(clauses) - sum(n.values())} are proven, "
            + ", ".join(f"{n[r]} {'is' if n[r] == 1 else 'are'} {r[:-2]}" for r in REASONS) + ".")


def page(programs):
    both, heads = [], rows("heads.txt")
    for table in ("frames", "packed"):
        of = [runs(programs, "frames", role, table) for role in ("server", "client")]
        both += zip(rows(f"{table}.txt"), *of, strict=True)
    for word, role in (("request", "server"), ("answer", "client")):
        mine = [r for r in heads if r[0].startswith(word)]
        for r, n in zip(mine, runs(programs, "heads", role), strict=True):
            both.append((r, n if role == "server" else 0, n if role == "client" else 0))
    both += zip(rows("requests.txt"), runs(programs, "requests", "server"), itertools.repeat(0))
    groups = list(dict.fromkeys(r[0] for r, _, _ in both))
    agreed, ours = settings("packed.txt"), settings("heads.txt")
    gaps = [g[1:4] for g in rows("gaps.txt")]
    clauses = rows("clauses.txt")
    proofs = Proofs([b[0] for b in both])
    check_gaps(gaps, proofs)
    check_clauses(clauses, proofs)
    out = ["<!-- Made by tests/conformance/page.py from the tables beside it. Do not edit. -->", "# Conformance", "",
           "What RFC 6455 demands of the opening handshake, frames, messages and the closing handshake (sections 4 to",
           "7 and 10), and RFC 7692, [clause by clause](#clause-by-clause). Most of it is proven by cases that speak raw",
           "bytes with the library through its C ABI. The tables are [heads.txt](../tests/conformance/heads.txt),",
           "[frames.txt](../tests/conformance/frames.txt) and [packed.txt](../tests/conformance/packed.txt), which explain",
           "their words, and [clauses.txt](../tests/conformance/clauses.txt).",
           "[requests.txt](../tests/conformance/requests.txt) is about requests of HTTP that a host answers (RFC 9112, 9110).", "",
           "Each case of frames runs against the server and, mirrored, the client; requests run against the",
           "server, answers against the client. A run is the case with its bytes whole, cut at one place, or octet by",
           "octet: at every byte up to 1 KiB, above that around headers and borders and at 64 seeded places; cases that",
           "are large, or of very many frames, are cut at all places in one run. A run checks what comes back, byte for",
           "byte, the end of the stream, and the events of the host.", "",
           "Each run is a part of a CTest named `conformance_`; a case that does not hold fails it, and no case is left",
           "out. Numbers are the runs on epoll, plain, counted from the tables. The groups framing, ping and pong,",
           "fragmentation, text and close also run on the goroutine engine and over TLS, requests of HTTP on the",
           "goroutine engine; these go alone, and between two others on one connection. What this does not show:", "",
           "- that each piece of an answer is read by itself: clients read it on a thread of their own, and a busy",
           "  machine may join pieces. Neither is it certain on the goroutine engine. On epoll plain a message goes",
           "  round on another connection of the same loop before the next piece is written;",
           "- whether pongs come before or behind the echo of a message, or a Close that the host asked for: both are",
           "  allowed (RFC 6455 5.5.1, 5.5.3);",
           "- the end of the stream behind the Close of a client over TLS, when the closing handshake was clean;",
           "- what a client offers, and what is sent compressed: tests of core and compression.c prove it.", "",
           "| group | sections | cases | server | client |", "|---|---|---|---|---|"]
    for g in groups:
        mine = [b for b in both if b[0][0] == g]
        sections = ", ".join(dict.fromkeys(r[1] for r, _, _ in mine))
        out.append(f"| {g} | {sections} | {len(mine)} | {sum(b[1] for b in mine) or '-'} | {sum(b[2] for b in mine) or '-'} |")
    out.append(f"| all | | {len(both)} | {sum(b[1] for b in both)} | {sum(b[2] for b in both)} |")
    out += ["", "## Where gobwas/ws does less", "", "What it lacks in 1.5.0, and what proves that it holds here. Words in quotes are groups, the others tests.", "",
            "| | gap | proof |", "|---|---|---|"] + [f"| {' | '.join(map(cell, g))} |" for g in gaps]
    out += ["", "## Clause by clause", "",
            "What both RFCs demand, in our words, and what proves that it holds: words in quotes are groups and cases of the",
            "tables below, the others tests, of Go in [core](../core) or programs in [tests/c](../tests/c).", tally(clauses)]
    for part in dict.fromkeys(c[0] for c in clauses):
        out += ["", f"### {part}", "", "| section | binds | clause | proof |", "|---|---|---|---|"]
        out += [f"| {' | '.join(map(cell, c[1:]))} |" for c in clauses if c[0] == part]
    for g in groups:
        out += ["", f"## {g[0].upper()}{g[1:]}", ""]
        if g in agreed:
            out += [f"Agreed on: `{agreed[g]}`", ""]
        if g in ours:
            out += [f"Our end: {ours[g]}", ""]
        out += ["| section | case | what comes in | what comes of it | server | client |", "|---|---|---|---|---|---|"]
        for r, at_server, at_client in both:
            if r[0] == g:
                out.append(f"| {r[1]} | {cell(r[2])} | {cell(code(r[3]))} | {cell(code(r[4]))} | {at_server or '-'} | {at_client or '-'} |")
    return "\n".join(out) + "\n"


text = page(pathlib.Path(sys.argv[2]))
if sys.argv[1] == "write":
    PAGE.write_text(text)
elif not PAGE.exists() or PAGE.read_text() != text:
    sys.exit("docs/conformance.md is not what tests/conformance makes of its tables: page.py write BUILD/tests/conformance")
