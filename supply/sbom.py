"""Writes what is installed where it runs, as a CycloneDX bill of materials; `make sbom` runs it.

It is piped into each image, the cell's too, which holds nothing of ours: so it is one file, needs
no package, and asks those who know: Python's metadata, Debian's, and the notices of our pages.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import uuid
from collections.abc import Iterator
from email.parser import HeaderParser
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import quote

_DEBIAN = Path("/var/lib/dpkg/status")
_NOTICES = Path("/srv/chainrule/app/static/vendor/THIRD-PARTY.txt")
_NOTICE = re.compile(r"^(?P<name>@?[\w./-]+) (?P<version>\d\S*) \((?P<licence>.+)\)$", re.M)
Component = dict[str, object]


def component(name: str, version: str, purl: str, licence: str = "") -> Component:
    """One piece of software; `purl` is its address among all there is."""
    found: Component = {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
    }
    if licence:
        found["licenses"] = [{"license": {"name": licence}}]
    return found


def python() -> Iterator[Component]:
    """The interpreter, and all that is installed for it."""
    version = platform.python_version()
    yield component("python", version, f"pkg:generic/python@{version}", "PSF-2.0")
    found = {_canonical(one.metadata["Name"]): one for one in distributions()}
    for name, one in sorted(found.items()):
        yield component(name, one.version, f"pkg:pypi/{name}@{quote(one.version)}", licence(one))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(distribution: Distribution) -> str:
    """What a distribution says of its licence, in a line; empty where it says nothing."""
    said = distribution.metadata
    classified = [
        line.rpartition(" :: ")[2]
        for line in said.get_all("Classifier") or []
        if line.startswith("License :: ") and line.count(" :: ") > 1
    ]
    words = [*(said.get_all("License") or []), ""][0].strip().splitlines()
    expression = "".join(said.get_all("License-Expression") or [])
    return expression or " and ".join(classified) or "".join(words[:1]).strip()


def debian(status: Path = _DEBIAN) -> Iterator[Component]:
    """The packages of the distribution below."""
    text = status.read_text(errors="replace") if status.exists() else ""
    for paragraph in text.split("\n\n"):
        said = HeaderParser().parsestr(paragraph)
        if said.get("Status", "").endswith(" installed"):
            name, version, kind = (said[field] for field in ("Package", "Version", "Architecture"))
            purl = f"pkg:deb/debian/{name}@{quote(version, safe='')}?arch={kind}"
            yield component(name, version, purl)


def pages(notices: Path = _NOTICES) -> Iterator[Component]:
    """The scripts of others that our pages bring."""
    for found in _NOTICE.finditer(notices.read_text() if notices.exists() else ""):
        purl = f"pkg:npm/{quote(found['name'])}@{found['version']}"
        yield component(found["name"], found["version"], purl, found["licence"])


def bill(image: str) -> dict[str, object]:
    """The whole bill of an image; the same software has the same bill."""
    components = [*python(), *debian(), *pages()]
    known = json.dumps(components, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, image + known)}",
        "version": 1,
        "metadata": {"component": {"type": "container", "bom-ref": image, "name": image}},
        "components": components,
        "dependencies": [
            {"ref": image, "dependsOn": [str(one["bom-ref"]) for one in components]},
        ],
    }


if __name__ == "__main__":
    json.dump(bill(sys.argv[1]), sys.stdout, indent=1)
