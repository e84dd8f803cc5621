# SPDX-License-Identifier: Apache-2.0
"""pages.py - the pages of the repository as mkdocs wants them, and the order in which docs/README.md has them.

    pages.py SOURCE XML OUTPUT_DIRECTORY

README.md becomes the first page and docs/README.md guide.md. A link to a file that is no page becomes its name, names of
the headers in running text become links to the reference, and blocks by indentation get the highlighting of a shell. Writes
OUTPUT_DIRECTORY/docs and OUTPUT_DIRECTORY/mkdocs.yml.
"""
import posixpath
import re
import shutil
import sys
from pathlib import Path

from cpp_pages import CppPage
from reference import Reference
from reference_pages import TITLES, Pages

OTHERS = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "THIRD_PARTY.md")
FENCE = re.compile(r"(^ {0,3}```.*?^ {0,3}```[ ]*$)", re.S | re.M)
HERE = Path(__file__).resolve().parent


def place(page):
    """Where a page of the repository is in the site; None for what is none."""
    if page == "README.md":
        return "index.md"
    if page in OTHERS:
        return posixpath.splitext(page.lower())[0] + ".md"
    if page == "docs/README.md":
        return "guide.md"
    return page.removeprefix("docs/") if re.match(r"docs/.*\.(md|svg|json)$", page) else None


class Site:
    def __init__(self, source, xml):
        self.source = source
        self.reference = Reference(xml)
        self.names = Pages(self.reference)

    def link(self, page, text, target):
        name, hash_, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target) or not name:
            return f"[{text}]({target})"
        led = posixpath.normpath(posixpath.join(posixpath.dirname(page), name))
        if (self.source / led).is_dir():
            led += "/README.md"
        to = place(led)
        if text == target and text.endswith(".md") and to is not None:
            text = title_of(self.source / led).strip('"')
        if to is None or not (self.source / led).exists():
            return text if "`" in text else f"`{text}`"
        return f"[{text}]({posixpath.relpath(to, posixpath.dirname(place(page)) or '.')}{hash_}{anchor})"

    def prose(self, page, text):
        text = re.sub(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)", lambda found: self.link(page, found[1], found[2]), text)
        text = re.sub(r"!\[([^\]]*)\]\(docs/", r"![\1](", text) if page == "README.md" else text
        up = posixpath.relpath(".", posixpath.dirname(place(page)) or ".")
        up = "" if up == "." else up + "/"

        def name(found):
            own, member = found[2], found[3] or ""
            if own not in self.names.places:
                return found[0]
            return f"[{found[1]}]({up}reference/{self.names.places[own]}#{own})"
        lines = [line if line.startswith("#") else
                 re.sub(r"(?<!\[)(`((?:ws|WS)_\w+)(\.\w+)?(?:\(\))?`)(?!\])", name, line) for line in text.split("\n")]
        return "\n".join(lines)

    def page(self, page):
        text = (self.source / page).read_text()
        if page == "LICENSE":
            return f"# Licence\n\n```text\n{text}```\n"
        text = re.sub(r"^<!--.*?-->\n", "", text, flags=re.S | re.M)
        parts = FENCE.split(text)
        return "".join(part if index % 2 else self.prose(page, part) for index, part in enumerate(parts))

    def nav(self):
        """The sections and pages of docs/README.md, then the reference and what is about the project."""
        out = ["nav:", "  - Overview: index.md", "  - Guide: guide.md"]
        for section in re.split(r"^## ", (self.source / "docs/README.md").read_text(), flags=re.M)[1:]:
            title, _, body = section.partition("\n")
            out.append(f"  - {title}:")
            for target in re.findall(r"\]\(([^)#]+\.md)\)", body):
                below = sorted((self.source / "docs" / target).parent.glob("*.md")) if "/" in target else []
                if below:
                    out.append(f"      - {title_of(self.source / 'docs' / target)}:")
                    out += [f"          - {title_of(other)}: {other.relative_to(self.source / 'docs')}"
                            for other in sorted(below, key=lambda other: (other.name != "README.md", other.name))]
                else:
                    out.append(f"      - {title_of(self.source / 'docs' / target)}: {target}")
        out += ["  - Reference:", "      - All calls: reference/index.md", "      - The contract: reference/contract.md"]
        out += [f"      - {section.title}: reference/{section.name}.md" for section in self.reference.sections]
        out += [f"      - \"{title}\": reference/{name}.md" for name, title in TITLES.values()]
        out += ["      - C++: reference/cpp.md"]
        return "\n".join(out + ["  - Project:", "      - Changes: changelog.md", "      - Working on it: contributing.md",
                                "      - Security: security.md", "      - Licence: license.md", "      - Licences of others: third_party.md", ""])

    def write(self, output):
        docs = output / "docs"
        shutil.rmtree(docs, ignore_errors=True)
        for page in [*OTHERS, *(str(path.relative_to(self.source)) for path in sorted((self.source / "docs").rglob("*.md")))]:
            to = docs / place(page)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_text(self.page(page))
        for path in sorted((self.source / "docs").rglob("*")):
            if path.suffix in (".svg", ".json"):
                to = docs / path.relative_to(self.source / "docs")
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, to)
        self.names.write(docs / "reference")
        (docs / "reference/cpp.md").write_text(CppPage(self.source / "include", self.names).page())
        shutil.copytree(HERE / "theme", docs / "theme")
        (output / "mkdocs.yml").write_text((HERE / "mkdocs.yml").read_text() + self.nav())


def title_of(path):
    title = re.search(r"^# (.*)", path.read_text(), re.M)[1].replace("`", "")
    return f'"{title}"'


if __name__ == "__main__":
    Site(Path(sys.argv[1]), sys.argv[2]).write(Path(sys.argv[3]))
