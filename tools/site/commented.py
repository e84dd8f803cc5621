# SPDX-License-Identifier: Apache-2.0
"""commented.py - the public headers with their comments as Doxygen reads them.

    commented.py INCLUDE_DIRECTORY OUTPUT_DIRECTORY

The headers are written for people: a comment in front of a declaration or behind it, parameters as "name: text",
"Returns:", "Threads:" and "Since:", sections as "---- Title ---". Here each gets Doxygen's word for it. Nothing is added
but what a convention says: what struct_size is, and X_size beside X.
"""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bindings" / "rust"))
from manual import HEADERS, flowing, plain  # noqa: E402

COMMENT = r"/\*(?:(?!\*/).)*\*/"
ITEM = re.compile(
    rf"(?P<comment>^{COMMENT})[ \t]*$"
    rf"|^#define (?P<macro>\w+)(?P<arguments>\([^)]*\))?[ \t]*(?P<value>(?:[^\n/]|/(?!\*))*?)[ \t]*(?P<behind>{COMMENT})?$"
    r"|^typedef struct (?P<struct>\w+) \{\n(?P<body>.*?)\n\} \w+;$"
    r"|^typedef (?P<type>[^;{]+);$"
    r"|^WS_API (?P<returns>[\w ]+?[ *]+)WS_CALL (?P<function>\w+)\((?P<parameters>[^;]*)\);$"
    r"|^(?P<directive>#\w+[^\n]*)$|^(?P<blank>)$", re.S | re.M)
MEMBER = re.compile(rf"\n|(?P<comment>{COMMENT})|(?P<member>[^;/\n]+;)", re.S)
SECTION = re.compile(r"---- (.*?) -*$")
# Our names in a comment, but beginnings of names, which end with an underscore.
NAME = re.compile(r"(?<![\w.#%/-])((?:ws|WS)_[A-Za-z0-9_]*[A-Za-z0-9])(?![\w/-]|\.h|\([^)])")
ENVIRONMENT = {"WS_LOG", "WS_ENGINE"}


def escaped(text):
    """Text in which Doxygen finds no commands, and a reference for each name, which it checks."""
    text = re.sub(r"([\\@&$#<>%\"])", r"\\\1", text).replace("::", "\\::")
    return NAME.sub(lambda name: name[1] if name[1] in ENVIRONMENT else "#" + name[1], text)


def paragraphs(lines):
    """Text with its lists, and blocks of code where lines are indented by four."""
    out, code, listed = [], [], False
    for line in lines + ["end"]:
        if line.startswith("    ") and not listed or code and not line:
            code.append(line)
            continue
        if code:
            while not code[-1]:
                code.pop()
            out += ["@verbatim", *(at[4:] for at in code), "@endverbatim"]
            code = []
        numbered = re.match(r" ?\d+\. +(.*)", line)
        listed = bool(numbered or listed and line.startswith("   "))
        out.append("-# " + escaped(numbered[1]) if numbered else
                   "   " + escaped(line.strip()) if line.startswith("   ") else escaped(line))
    return out[:-1]


def comment(lines, mark="/**"):
    return "\n".join([mark, *lines, "*/"])


def about_function(lines, parameters):
    """Paragraphs "name, name: text" are parameters if one of the names is."""
    out, block, entry = [], [], False  # entry: inside "name: text", whose further lines are indented
    for line in lines:
        begins = re.match(r"([a-z_]+(?:, [a-z_]+)*|Returns|Threads|Since): (.*)", line)
        if not begins or not (begins[1][0].isupper() or parameters & set(begins[1].split(", "))):
            entry = entry and line.startswith("  ")
            block.append(line.strip() if entry else line)
            continue
        entry = True
        out += paragraphs(block)
        word = {"Returns": "@return ", "Threads": "@par Threads\n", "Since": "@since "}.get(begins[1])
        out += ["", (word or f"@param {begins[1].replace(', ', ',')} ") + escaped(begins[2])]
        block = []
    return out + paragraphs(block)


def member_text(name, names, said):
    if said:
        return said
    if name == "struct_size":
        return "size of this struct: WS_INIT_STRUCT sets it"
    for suffix, text in (("_size", "bytes of {}"), ("_count", "how many {}s")):
        of = name.removesuffix(suffix)
        if name.endswith(suffix) and (of in names or of + "s" in names):
            return text.format(of)
    if name + "_path" in names:
        return f"as {name}_path, but from memory"
    return ""


def struct(name, body, above):
    out, inside = [comment([escaped(line) for line in above]), f"typedef struct {name} {{"], False
    found, said, headings, last = [], {}, {}, None
    for token in MEMBER.finditer(body):
        if token["member"]:
            last = re.search(r"(\w+)(\[\w+\])?;$", token["member"])[1]
            found.append((last, token["member"].strip()))
        elif token["comment"] and last:
            said[last] = flowing(token["comment"])
        elif token["comment"]:
            headings[len(found)] = flowing(token["comment"])
        else:
            last = None
    names = {name for name, _ in found}
    for index, (name_, declared) in enumerate(found):
        if index in headings:
            out += ["/** @} */"] * inside + [f"/** @name {headings[index]} */", "/** @{ */"]
            inside = True
        text = member_text(name_, names, said.get(name_, ""))
        out.append(declared + (f" /**< {escaped(text)} */" if text else ""))
    return out + ["/** @} */"] * inside + [f"}} {name};"]


class Source:
    def __init__(self):
        self.out, self.pending, self.run, self.blank, self.section = [], None, [], False, False
        self.skipping = 0

    def end_run(self):
        """A run of constants under one comment, also behind empty lines; one that has none of its own has that of the run."""
        if not self.run:
            return
        above = flowing(self.pending) if self.pending else ""
        alone = len(self.run) == 1 and not self.run[0][2]
        heading = above + (" " + flowing(self.inner) if self.inner else "")
        if above and not alone:
            self.out += [f"/** @name {heading} */", "/** @{ */"]
        for name, value, behind in self.run:
            said = behind or above
            self.out += [comment([escaped(said)]) if said else "", f"#define {name} {value}"]
        if above and not alone:
            self.out.append("/** @} */")
        self.run, self.pending, self.inner = [], None, None

    inner = None  # a comment inside a run: about its next constant, at its end about all

    def take(self, item):
        if item["directive"] is not None:
            self.directive(item["directive"])
        elif self.skipping:
            return
        elif item["macro"]:
            self.constant(item)
        elif item["blank"] is not None:
            self.blank = True
            return
        elif item["comment"]:
            self.comment(item["comment"])
        else:
            self.declaration(item)
        self.blank = False

    def directive(self, text):
        """Of what is different on Windows the other half; guards and includes are left out."""
        if self.skipping:
            self.skipping += text.startswith("#if") - text.startswith("#endif")
            if self.skipping == 1 and text.startswith("#else"):
                self.skipping = 0
        elif text.startswith(("#if defined(_WIN32)", "#ifdef __cplusplus")):
            self.skipping = 1

    def constant(self, item):
        if re.match(r"LIBWS_|WS_CALL|WS_API", item["macro"]):
            return
        own = item["behind"] or self.inner
        self.run.append((item["macro"] + (item["arguments"] or ""), item["value"], own and flowing(own)))
        self.inner = None

    def comment(self, text):
        if self.run and not self.blank and self.pending:
            self.inner = text
            return
        self.end_run()
        title = SECTION.search(text.split("\n")[0])
        if "SPDX-License" in text or "Generated from" in text:
            return
        if title and self.functions:
            about = plain(text)[1:]
            self.out += ["/** @} */"] * self.section + \
                [comment([f"@defgroup section_{re.sub('[^a-z]+', '_', title[1].lower())} {title[1]}", *paragraphs(about), "@{"])]
            self.section = True
        elif not self.out:
            self.out.append(comment(["@file", *paragraphs(plain(text))]))
        else:
            self.pending = re.sub(SECTION.pattern, r"\1:", text, count=1, flags=re.M) if title else text

    def declaration(self, item):
        self.end_run()
        above = plain(self.pending) if self.pending else []
        self.pending = None
        if item["struct"]:
            self.out += struct(item["struct"], item["body"], above)
        elif item["type"]:
            self.out += [comment([escaped(line) for line in above]), f"typedef {item['type'].replace('WS_CALL ', '')};"]
        else:
            names = {found[1] for found in re.finditer(r"(\w+)(?:,|$)", item["parameters"])}
            self.out += [comment(about_function(above, names)),
                         f"{item['returns']}{item['function']}({item['parameters']});"]

    def read(self, text):
        self.functions = "WS_API int32_t WS_CALL ws_send(" in text
        for item in ITEM.finditer(text):
            self.take(item)
        self.end_run()
        self.out += ["/** @} */"] * self.section
        return "\n".join(self.out) + "\n"


def main(include, output):
    output.mkdir(parents=True, exist_ok=True)
    for name in HEADERS:
        (output / name).write_text(Source().read((include / "libws" / name).read_text()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
