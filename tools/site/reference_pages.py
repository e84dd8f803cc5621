# SPDX-License-Identifier: Apache-2.0
"""reference_pages.py - the reference as pages of Markdown: one for each section of ws.h, one for each other header."""
import re

from reference import statuses

TITLES = {"ws_types.h": ("types", "Types, errors and events"), "ws_options.h": ("options", "Options of clients and queues"),
          "ws_server_options.h": ("server_options", "Options of servers"), "ws_relay.h": ("relay_types", "Structs of relays")}
NAME = re.compile(r"(?<!\w)((?:ws|WS)_\w+)(?:(?<=\w)(\.\w+))?(\(\))?")


class Pages:
    def __init__(self, reference):
        self.reference = reference
        self.places = {}
        for section in reference.sections:
            for entity in section.entities:
                self.places[entity.name] = section.name + ".md"
        for entity in reference.entities:
            if entity.file in TITLES:
                self.places[entity.name] = TITLES[entity.file][0] + ".md"

    def inline(self, text, page):
        """Text as Markdown: names are links, all else is as it was."""
        out, at = [], 0
        for found in NAME.finditer(text):
            out += [self.escaped(text[at:found.start()]), self.link(found, page)]
            at = found.end()
        return "".join(out) + self.escaped(text[at:])

    def link(self, found, page):
        name, member, call = found[1], found[2] or "", found[3] or ""
        if name not in self.places or member == ".h":
            return f"`{found[0]}`"
        place = self.places[name]
        return f"[`{name}{member}{call}`]({'' if place == page else place}#{name})"

    @staticmethod
    def escaped(text):
        return re.sub(r"([\\`*_\[\]{}|#])", r"\\\1", text).replace("<", "&lt;")

    def blocks(self, blocks, page):
        out = []
        for kind, content in blocks:
            if kind == "code":
                out += ["```c", content, "```", ""]
            elif kind == "list":
                out += [f"{number}. {self.inline(item, page)}" for number, item in enumerate(content, 1)] + [""]
            elif content.isupper():
                out += [f"## {content.capitalize()}", ""]
            else:
                out += [self.inline(content, page), ""]
        return out

    def function(self, entity, page):
        out = [f"## {entity.name} {{ #{entity.name} }}", "", "```c", wrapped(entity.declared), "```", "", *self.blocks(entity.blocks, page)]
        if entity.parameters:
            out += ["| Parameter | |", "|---|---|"]
            out += [f"| {', '.join(f'`{name}`' for name in names)} | {self.inline(text, page)} |" for names, text in entity.parameters]
            out.append("")
        text, rows = statuses(entity.returns)
        if rows:
            out += ["| Returns | |", "|---|---|"]
            out += [f"| {self.inline(status, page)} | {self.inline(meaning.rstrip('.') or self.reference.meaning(status), page)} |" for status, meaning in rows]
            out += [""]
        else:
            out += [f"**Returns:** {self.inline(text, page)}", ""]
        return out + [f"**Threads:** {self.inline(entity.threads, page)}", "", f"**Since:** {entity.since}", ""]

    def struct(self, entity, page):
        out = [f"## {entity.name} {{ #{entity.name} }}", "", *self.blocks(entity.blocks, page), "| Member | |", "|---|---|"]
        for heading, kind, name, text in entity.members:
            if heading:
                title, _, more = heading.partition(". ")
                out.append(f"| **{self.inline(title.rstrip('.'), page)}** | {self.inline(more, page)} |")
            out.append(f"| <span id=\"{entity.name}.{name}\"></span>`{name}`<br><small>{self.escaped(kind)}</small> | {self.inline(text, page)} |")
        return out + [""]

    def constants(self, heading, run, page):
        title, more = split(heading)
        out = [f"### {self.escaped(title)}", "", self.inline(more, page), ""] if heading else []
        if len(run) == 1 and not heading:
            only = run[0]
            return [f"### {only.name} {{ #{only.name} }}", "", "```c", wrapped(only.declared), "```", "", *self.blocks(only.blocks, page)]
        out += ["| Name | |", "|---|---|"]
        for entity in run:
            text = " ".join(text for _, text in entity.blocks)
            said = "" if heading.startswith(text) else self.inline(text, page)
            out.append(f"| <span id=\"{entity.name}\"></span>`{entity.name}`<br><small>{self.escaped(entity.value)}</small> | {said} |")
        return out + [""]

    def header(self, file):
        name, title = TITLES[file]
        page, entities = name + ".md", [entity for entity in self.reference.entities if entity.file == file]
        out = [f"# {title}", "", f"Of `libws/{file}`, which `libws/ws.h` includes.", ""]
        index = 0
        while index < len(entities):
            entity, run = entities[index], [entities[index]]
            if entity.kind == "constant":
                while entity.heading and index + len(run) < len(entities) and entities[index + len(run)].heading == entity.heading:
                    run.append(entities[index + len(run)])
                out += self.constants(entity.heading, run, page)
            elif entity.kind == "struct":
                out += self.struct(entity, page)
            else:
                out += [f"## {entity.name} {{ #{entity.name} }}", "", "```c", wrapped(entity.declared), "```", "", *self.blocks(entity.blocks, page)]
            index += len(run)
        return "\n".join(out)

    def section(self, section):
        page = section.name + ".md"
        out = [f"# {section.title}", "", *self.blocks(section.blocks, page)]
        for entity in section.entities:
            out += self.function(entity, page)
        return "\n".join(out)

    def index(self):
        out = ["# Reference", "", "Every call, struct and number of the C headers, made from their comments. `#include <libws/ws.h>`, link with",
               "`-lws`. The same for a terminal: `man ws_connect`.", ""]
        for section in self.reference.sections:
            out += [f"## [{section.title}]({section.name}.md)", "", "| Call | |", "|---|---|"]
            out += [f"| [`{entity.name}`]({section.name}.md#{entity.name}) | {self.inline(entity.brief, 'index.md')} |" for entity in section.entities]
            out.append("")
        out += ["## Structs, numbers and types", ""]
        out += [f"- [{title}]({name}.md)" for name, title in TITLES.values()]
        return "\n".join(out + [""])

    def contract(self):
        """The text on top of ws.h and ws_types.h."""
        out = ["# The contract", "", *self.blocks(self.reference.files["ws_types.h"][1:], "contract.md")]
        return "\n".join(out + ["## In short", "", *self.blocks(self.reference.files["ws.h"][1:], "contract.md")])

    def write(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        for section in self.reference.sections:
            (directory / f"{section.name}.md").write_text(self.section(section))
        for file, (name, _) in TITLES.items():
            (directory / f"{name}.md").write_text(self.header(file))
        (directory / "index.md").write_text(self.index())
        (directory / "contract.md").write_text(self.contract())


def split(heading):
    """What a run of constants is for, as a short title, and the rest."""
    title, colon, more = heading.partition(": ")
    if not colon or len(title) > 90:
        title, _, more = heading.partition(". ")
    return title.rstrip(".:"), more[:1].upper() + more[1:]


def wrapped(declared):
    """A declaration, with a parameter on each line when it is long."""
    if len(declared) <= 78 or not declared.startswith(("int", "const", "uint", "ws_")):
        return declared
    head, _, tail = declared.partition("(")
    return head + "(\n    " + ",\n    ".join(tail.removesuffix(");").split(", ")) + ");"
