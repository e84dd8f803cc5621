# SPDX-License-Identifier: Apache-2.0
"""manual_pages.py - manual pages of section 3 for the calls and structs, and libws(3) about all.

    manual_pages.py XML VERSION OUTPUT_DIRECTORY
"""
import re
import sys
import textwrap
from pathlib import Path

from reference import Reference, statuses

NAME = re.compile(r"(?<![\w.])(ws_\w+|WS_\w+)(\(\))?")


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", "\\\\&", text, flags=re.M)


def member(kind, name):
    """Declared as in C: const char *cert_path, char address[128]."""
    base, bracket, size = kind.partition("[")
    return f"{base} {name}{bracket}{size}".replace("* ", "*")


class Manual:
    def __init__(self, reference, version):
        self.reference, self.version = reference, version
        self.pages = {entity.name for entity in reference.entities if entity.kind in ("function", "struct")}

    def inline(self, text, own=""):
        """Lines of text, in which names are bold, and those with a page of their own have its section behind them."""
        def bold(found):
            name = found[1]
            if name in self.pages and name != own and not re.match(r"\.\w", text[found.end():]):
                return f"\\fB{escaped(name)}\\fR(3)"
            return f"\\fB{escaped(name)}\\fR"
        out, at = [], 0
        for found in NAME.finditer(text):
            out += [text[at:found.start()].replace("\\", "\\e").replace("-", "\\-"), bold(found)]
            at = found.end()
        whole = "".join(out) + text[at:].replace("\\", "\\e").replace("-", "\\-")
        # Every sentence begins a line, and no line is longer than a person reads.
        lines = []
        for sentence in re.split(r"(?<=[^.\d][.:;]) (?=\S)", whole):
            lines += textwrap.wrap(sentence, 78, break_long_words=False, break_on_hyphens=False)
        return "\n".join(re.sub(r"^(?=[.'])", r"\\&", line) for line in lines)

    def head(self, name, brief):
        return [".\\\" Made from the headers of libws by tools/site/manual_pages.py.",
                f".TH {escaped(name)} 3 \"\" \"libws {self.version}\" \"libws\"", ".SH NAME", f"{escaped(name)} \\- {escaped(brief)}"]

    @staticmethod
    def literal(text):
        return [".nf", escaped(text), ".fi"]

    def blocks(self, blocks, own):
        out, first = [], True
        for kind, content in blocks:
            if not first:
                out.append(".PP")
            first = False
            if kind == "code":
                out += [".RS 4", *self.literal(content), ".RE"]
            elif kind == "list":
                for number, item in enumerate(content, 1):
                    out += [f".IP {number}. 4", self.inline(item, own)]
            else:
                out.append(self.inline(content, own))
        return out

    def see_also(self, text, own, more=()):
        named = sorted({name for name in re.findall(r"\bws_\w+", text) if name in self.pages} | set(more) - {own})
        named = [name for name in named if name != own]
        pages = [f".BR {escaped(name)} (3)" for name in named + ["libws"]]
        return [".SH SEE ALSO", *(page + " ," for page in pages[:-1]), pages[-1]]

    def function(self, entity):
        own = entity.name
        head, _, tail = entity.declared.partition("(")
        parameters = tail.removesuffix(");").split(", ")
        synopsis = [f"{head}({', '.join(parameters)});"]
        if len(synopsis[0]) > 76:
            synopsis = [f"{head}(", *(f"    {part}{',' if part != parameters[-1] else ');'}" for part in parameters)]
        out = self.head(own, entity.brief[:1].lower() + entity.brief[1:] if not entity.brief[:2].isupper() else entity.brief)
        out += [".SH LIBRARY", "libws, link with \\fB\\-lws\\fR", ".SH SYNOPSIS", ".nf", ".B #include <libws/ws.h>", ".PP",
                *(f"\\fB{escaped(line)}\\fR" for line in synopsis), ".fi", ".SH DESCRIPTION", *self.blocks(entity.blocks, own)]
        if entity.parameters:
            out.append(".SS Parameters")
            for names, text in entity.parameters:
                out += [".TP", ", ".join(f"\\fI{escaped(name)}\\fR" for name in names), self.inline(text, own)]
        out.append(".SH RETURN VALUE")
        text, rows = statuses(entity.returns)
        if text:
            out.append(self.inline(text, own))
        for status, meaning in rows:
            out += [".TP", f"\\fB{status}\\fR", self.inline(meaning.rstrip(".") or self.reference.meaning(status), own)]
        out += [".SH THREADS", self.inline(entity.threads[:1].upper() + entity.threads[1:], own), ".SH HISTORY", f"Since libws {entity.since}."]
        types = [name for name in re.findall(r"\bws_\w+", entity.declared) if name in self.pages]
        said = " ".join([entity.declared, entity.returns, entity.threads, *(text for _, text in entity.parameters),
                         *(text for kind, text in entity.blocks if kind == "text")])
        return out + self.see_also(said, own, types)

    def struct(self, entity):
        own, used = entity.name, entity.name
        out = self.head(own, entity.brief) + [".SH LIBRARY", "libws, link with \\fB\\-lws\\fR", ".SH SYNOPSIS", ".nf", ".B #include <libws/ws.h>", ".PP"]
        out += [f"\\fBtypedef struct {own} {{\\fR", *(f"    {escaped(member(kind, name))};" for _, kind, name, _ in entity.members), f"\\fB}} {own};\\fR", ".fi",
                ".SH DESCRIPTION", *self.blocks(entity.blocks, own), ".SS Members"]
        for heading, kind, name, text in entity.members:
            if heading:
                out += [".PP", self.inline(heading, own)]
            out += [".TP", f"\\fI{escaped(name)}\\fR", self.inline(text, own)]
            used += " " + text
        for heading, run in self.reference.constants_about(own):
            out += [f".SS \"{escaped(heading.split(':')[0].split('. ')[0].rstrip('.'))}\""]
            more = heading.partition(": ")[2] or heading.partition(". ")[2]
            if more:
                out.append(self.inline(more[:1].upper() + more[1:], own))
            for constant in run:
                text = " ".join(text for _, text in constant.blocks)
                out += [".TP", f"\\fB{constant.name}\\fR ({escaped(constant.value)})", self.inline(text if not heading.startswith(text) else "See above.", own)]
        users = [function.name for function in self.reference.entities if function.kind == "function" and re.search(rf"\b{own}\b", function.declared)]
        return out + self.see_also(used, own, users)

    def overview(self):
        out = self.head("libws", "WebSocket client and server for native programs")
        out += [".SH LIBRARY", "libws, link with \\fB\\-lws\\fR", ".SH SYNOPSIS", ".B #include <libws/ws.h>", ".SH DESCRIPTION",
                *self.blocks(self.reference.files["ws.h"][1:], "libws")]
        for kind, text in self.reference.files["ws_types.h"][2:]:
            if kind == "text" and text.isupper():
                out += [f".SH {text}"]
            else:
                out += [".PP"] * (kind == "text") + self.blocks([(kind, text)], "libws")
        out.append(".SH CALLS")
        for section in self.reference.sections:
            out.append(f".SS {section.title}")
            for entity in section.entities:
                out += [".TP", f"\\fB{escaped(entity.name)}\\fR(3)", self.inline(entity.brief, "libws")]
        out.append(".SH ERRORS")
        for entity in self.reference.entities:
            if entity.name.startswith("WS_ERR_"):
                out += [".TP", f"\\fB{entity.name}\\fR {escaped(entity.value)}", self.inline(" ".join(text for _, text in entity.blocks), "libws")]
        out += [".SH EVENTS", "Which members of \\fBws_event\\fR(3) are set."]
        for entity in self.reference.entities:
            if entity.name.startswith("WS_EVENT_"):
                out += [".TP", f"\\fB{entity.name}\\fR {escaped(entity.value)}", self.inline(" ".join(text for _, text in entity.blocks), "libws")]
        return out + [".SH SEE ALSO", ".BR ws_create (3),", ".BR ws_server_create (3),", ".BR ws_queue_create (3),", ".BR libws\\-cat (1)"]

    def write(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        for old in directory.glob("*.3"):
            old.unlink()
        for entity in self.reference.entities:
            if entity.kind in ("function", "struct"):
                page = self.function(entity) if entity.kind == "function" else self.struct(entity)
                (directory / f"{entity.name}.3").write_text("\n".join(page) + "\n")
        (directory / "libws.3").write_text("\n".join(self.overview()) + "\n")


if __name__ == "__main__":
    Manual(Reference(sys.argv[1]), sys.argv[2]).write(Path(sys.argv[3]))
