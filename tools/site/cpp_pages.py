# SPDX-License-Identifier: Apache-2.0
"""cpp_pages.py - the page of the C++ headers: what each class is, and each call with what it says."""
import itertools
import re

from cpp_reference import headers

GENERATED = ("ws_options.hpp", "ws_events.hpp")  # their members are those of structs of C


class CppPage:
    def __init__(self, include, pages):
        self.headers, self.pages = headers(include), pages

    def inline(self, text):
        """Text as Markdown; what is meant for a compiler is marked as such."""
        parts = re.split(r"(\b\w+\.hp*\b|\(const ws::event &\)|\b(?:ws|std)::\w+|\b\w+\(\)(?:\.\w+\(\w+\))*|\b[a-z]\w*(?:_\w+)+\b|\bLIBWS_\w+\b)", text)
        return "".join(self.pages.inline(part, "cpp.md") if index % 2 == 0 or re.fullmatch(r"ws_\w+(\(\))?", part) else f"`{part}`"
                       for index, part in enumerate(parts))

    def prose(self, text):
        """Paragraphs, lists and code of a comment."""
        out = []
        for part in re.split(r"\n\n+", text):
            if part.startswith("    "):
                out += ["```cpp", *(line[4:] for line in part.split("\n")), "```", ""]
            elif part.startswith("- "):
                items = re.split(r"\n(?=- )", part)
                out += ["- " + self.inline(" ".join(item[2:].split())) for item in items] + [""]
            else:
                out += [self.inline(" ".join(part.split())), ""]
        return out

    def calls(self, members):
        """Each with what it says below it; overloads that share it stand together."""
        out = []
        for _, same in itertools.groupby(members, key=lambda member: (member.name, member.said)):
            same = list(same)
            out += ["- " + "<br>\n  ".join(code(member.text) for member in same) + "<br>",
                    "  " + self.inline(" ".join(same[0].said.split())).rstrip()]
        return out + [""]

    def names(self, title, members):
        called = dict.fromkeys(member.name for member in members if member.name not in (title, "raw", "at") and "operator" not in member.name)
        return ["".join(f"`{name}` " for name in called).strip(), ""]

    def page(self):
        out = ["# C++", ""]
        for file, header in self.headers.items():
            said = header.file.partition(" - ")[2]
            out += [f"## libws/{file}", "", *self.prose(said if said.startswith("libws") else said[:1].upper() + said[1:])]
            for group in header.groups:
                if group.title:
                    out += [f"### {group.title} {{ #cpp-{group.title} }}", "", *self.prose(group.said)]
                if group.members:
                    short = file in GENERATED and group.title != "registration"
                    out += self.names(group.title, group.members) if short else self.calls(group.members)
        return "\n".join(out)


def code(text):
    """A declaration, which a narrow page may break."""
    text = re.sub(r", class = std::enable_if_t<.*>>>? ", "> ", text)
    return f"`{text}`"
