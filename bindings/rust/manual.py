# SPDX-License-Identifier: Apache-2.0
"""Reads what the headers say beside their declarations: comments, names of parameters, suffixes."""
import re
from pathlib import Path

HEADERS = ("ws_types.h", "ws_options.h", "ws_server_options.h", "ws_relay.h", "ws.h")


def plain(comment):
    """Lines of a comment without its stars."""
    lines = [re.sub(r"^\s*\*? ?", "", line) for line in re.sub(r"^/\*+|\*/$", "", comment.strip()).split("\n")]
    lines[0] = lines[0].strip()
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return [line.rstrip() for line in lines]


def flowing(comment):
    return " ".join(" ".join(plain(comment)).split())


class Manual:
    def __init__(self, include):
        texts = {name: Path(include, "libws", name).read_text() for name in HEADERS}
        self.functions, self.parameters, self.returns = {}, {}, {}
        self.structs, self.members, self.constants, self.unsigned = {}, {}, {}, set()
        for text in texts.values():
            self.read_structs(text)
            self.read_constants(text)
        self.read_functions(texts["ws.h"])

    def read_functions(self, text):
        for found in re.finditer(r"(/\*(?:(?!\*/).)*\*/)\nWS_API ([\w ]+?[ *]+)WS_CALL (\w+)\(([^;]*)\);", text, re.S):
            comment, returns, name, parameters = found.groups()
            self.functions[name] = plain(comment)
            self.returns[name] = returns.strip()
            self.parameters[name] = []
            for parameter in [] if parameters.strip() == "void" else parameters.split(","):
                kind, own = re.fullmatch(r"(.*?)(\w+)", " ".join(parameter.split())).groups()
                self.parameters[name].append((kind.strip(), own))

    def read_structs(self, text):
        for found in re.finditer(r"(?:(/\*(?:(?!\*/).)*\*/)\n)?typedef struct (\w+) \{(.*?)\n\} \2;", text, re.S):
            comment, name, body = found.groups()
            self.structs[name] = flowing(comment or "")
            last = None
            for token in re.finditer(r"/\*.*?\*/|[^;/]+;|\n", body, re.S):
                token = token[0]
                if token == "\n":
                    last = None
                elif token.startswith("/*"):
                    if last:
                        self.members[name, last] = flowing(token)
                else:
                    last = re.search(r"(\w+)(\[\w+\])?;$", token)[1]

    def read_constants(self, text):
        """A comment behind a constant, else the one in front of it, or of the run of constants that it is in."""
        above = ""
        for found in re.finditer(r"^(/\*(?:(?!\*/).)*\*/)$|^#define (WS_\w+) +(\S+)[ \t]*(/\*(?:(?!\*/).)*\*/)?|^$", text, re.S | re.M):
            comment, name, value, behind = found.groups()
            if comment:
                above = flowing(comment)
            elif name:
                self.constants[name] = flowing(behind) if behind else above
                if re.fullmatch(r"\d+u", value):
                    self.unsigned.add(name)
            else:
                above = ""
