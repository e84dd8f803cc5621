# SPDX-License-Identifier: Apache-2.0
"""reference.py - what Doxygen's XML says of the headers, in the order of the headers.

Text keeps nothing of Doxygen's links: who writes pages knows all names (Reference.places) and makes links of them.
"""
import dataclasses
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path


@dataclasses.dataclass
class Entity:
    kind: str  # "function", "struct", "constant", "type"
    name: str
    file: str
    line: int
    declared: str  # of C
    blocks: list  # ("text", str), ("code", str), ("list", [str])
    parameters: list = dataclasses.field(default_factory=list)  # (names, text)
    returns: str = ""
    threads: str = ""
    since: str = ""
    members: list = dataclasses.field(default_factory=list)  # (heading or "", type, name, text)
    heading: str = ""  # of the run of constants
    value: str = ""

    @property
    def brief(self):
        """The first sentence, of a function up to a colon."""
        text = next((text for kind, text in self.blocks if kind == "text"), "")
        return re.split(r"(?<=[^.][.])\s" if self.kind == "struct" else r"(?<=[^.][.:])\s", text + " ")[0].rstrip(" .:")


@dataclasses.dataclass
class Section:
    name: str
    title: str
    blocks: list
    entities: list


def flat(element):
    return " ".join("".join(element.itertext()).split())


def blocks_of(element):
    """Paragraphs, blocks of code and lists, without parameters and the like."""
    out = []
    for para in element.findall("para"):
        words = [para.text or ""]
        for child in para:
            if child.tag == "verbatim":
                out += [("text", " ".join("".join(words).split())), ("code", child.text.strip("\n"))]
                words = []
            elif child.tag == "orderedlist":
                out += [("text", " ".join("".join(words).split())), ("list", [flat(item) for item in child])]
                words = []
            elif child.tag not in ("parameterlist", "simplesect"):
                words.append("".join(child.itertext()))
            words.append(child.tail or "")
        out.append(("text", " ".join("".join(words).split())))
    return [(kind, text) for kind, text in out if text]


class Reference:
    def __init__(self, xml):
        self.sections, self.files, entities = [], {}, []
        for path in sorted(Path(xml).glob("*.xml")):
            for compound in ElementTree.parse(path).getroot().findall("compounddef"):
                kind = compound.get("kind")
                if kind == "struct":
                    entities.append(self.struct(compound))
                elif kind == "group":
                    found = self.members(compound)
                    self.sections.append(Section(compound.findtext("compoundname").removeprefix("section_"),
                                                 compound.findtext("title"), blocks_of(compound.find("detaileddescription")), found))
                    entities += found
                elif kind == "file":
                    self.files[compound.findtext("compoundname")] = blocks_of(compound.find("detaileddescription"))
                    entities += self.members(compound)
        # Of a struct and its typedef the struct stays.
        unique = {entity.name: entity for entity in sorted(entities, key=lambda entity: entity.kind == "struct")}
        self.entities = sorted(unique.values(), key=lambda entity: (entity.file, entity.line))
        self.sections.sort(key=lambda section: section.entities[0].line)
        self.by_name = {entity.name: entity for entity in self.entities}

    def members(self, compound):
        found = []
        for section in compound.findall("sectiondef"):
            heading = section.findtext("header") or ""
            for member in section.findall("memberdef"):
                found.append(self.member(member, heading))
        return sorted(found, key=lambda entity: entity.line)

    def member(self, member, heading):
        kind = {"function": "function", "define": "constant", "typedef": "type", "variable": "member"}[member.get("kind")]
        about, location = member.find("detaileddescription"), member.find("location")
        name, value = member.findtext("name"), flat(member.find("initializer")) if member.find("initializer") is not None else ""
        arguments = ", ".join(item.findtext("defname") or "" for item in member.findall("param"))
        declared = f"{member.findtext('definition')}{member.findtext('argsstring') or ''};"
        if kind == "constant":
            declared = f"#define {name}{f'({arguments})' if arguments else ''} {value}"
        elif kind == "type":
            declared = f"typedef {flat(member.find('type'))} {name}{member.findtext('argsstring') or ''};".replace("(* ", "(*")
        entity = Entity(kind, name, Path(location.get("file")).name, int(location.get("line")), declared, blocks_of(about),
                        heading=heading, value=value)
        for item in about.iter("parameteritem"):
            names = [name.text for name in item.iter("parametername")]
            entity.parameters.append((names, flat(item.find("parameterdescription"))))
        for part in about.iter("simplesect"):
            text = " ".join(flat(para) for para in part.findall("para"))
            attribute = {"return": "returns", "since": "since", "par": "threads"}[part.get("kind")]
            setattr(entity, attribute, text)
        return entity

    def struct(self, compound):
        location, name = compound.find("location"), compound.findtext("compoundname")
        found, heading = [], ""
        for member in self.members(compound):
            kind = next(flat(at.find("type")) + (at.findtext("argsstring") or "") for at in compound.iter("memberdef")
                        if at.findtext("name") == member.name)
            text = " ".join(text for _, text in member.blocks)
            found.append((member.heading if member.heading != heading else "", kind, member.name, text))
            heading = member.heading
        return Entity("struct", name, Path(location.get("file")).name, int(location.get("line")), f"struct {name}",
                      blocks_of(compound.find("detaileddescription")), members=found)

    def meaning(self, status):
        """What the header says of a status in general."""
        return " ".join(text for _, text in self.by_name[status].blocks) or "success"

    def constants_about(self, struct):
        """Runs of constants whose comment says that they are for a member of the struct: heading, constants."""
        runs = {}
        for entity in self.entities:
            if entity.kind == "constant" and re.search(rf"\b{struct}\b", entity.heading.split(":")[0]):
                runs.setdefault(entity.heading, []).append(entity)
        return list(runs.items())


def statuses(text):
    """What a call returns, apart: [(status, meaning)], and what is not of this form as text in front."""
    parts = re.split(r";\s+(?=WS_[A-Z])", text)
    if not parts[0].startswith("WS_") or len(parts) == 1:
        return text, []
    return "", [re.fullmatch(r"(WS_\w+)(?::|,)?\s*(.*)", part, re.S).groups() for part in parts]
