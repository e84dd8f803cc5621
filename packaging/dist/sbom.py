#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sbom.py FILE SECONDS THIRD_PARTY.md: what cyclonedx-gomod has read of a library, without what differs from run to
run (the time is SECONDS since 1970), and with the licences of THIRD_PARTY.md, which has to name each module in
the version that is linked in. Guesses of licences by tools take BSD's for other ones."""
import json
import re
import sys
import time


def licences(path):
    """The headings are "## MODULE VERSION, MODULE VERSION ... (LICENCE)"; x/NAME is short for golang.org/x/NAME."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            heading = re.fullmatch(r"## (.*) \(([A-Za-z0-9.-]+)\)\n", line)
            if not heading:
                continue
            for name, version in re.findall(r"([a-z0-9./]+/[a-z0-9./]+) (v?[0-9a-f.]+)", heading[1]):
                found[re.sub("^x/", "golang.org/x/", name)] = (version, heading[2])
            if "the Go standard library" in heading[1]:
                found["std"] = ("", heading[2])
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    known = licences(sys.argv[3])
    metadata = document["metadata"]
    metadata["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(sys.argv[2])))
    for tool in metadata["tools"]:
        tool.pop("hashes", None)  # of the tool as this machine has compiled it
    metadata["component"]["licenses"] = [{"license": {"id": "Apache-2.0"}}]
    document.pop("serialNumber", None)

    components = sorted(document["components"], key=lambda component: component["bom-ref"])
    for component in components:
        name, version = component["name"], component["version"]
        if name not in known:
            sys.exit(f"sbom.py: {name} is linked in, and no heading of THIRD_PARTY.md names it")
        if known[name][0] not in version:
            sys.exit(f"sbom.py: {name} {version} is linked in, and THIRD_PARTY.md has the notice of {known[name][0]}")
        component.pop("evidence", None)
        component["licenses"] = [{"license": {"id": known[name][1]}}]
    missing = known.keys() - {component["name"] for component in components}
    if missing:
        sys.exit(f"sbom.py: THIRD_PARTY.md has notices of {sorted(missing)}, which the library does not name")
    document["components"] = components
    for dependency in document["dependencies"]:
        dependency.get("dependsOn", []).sort()
    document["dependencies"].sort(key=lambda dependency: dependency["ref"])
    json.dump(document, sys.stdout, indent=2, sort_keys=True)
    print()


main()
