"""Owns what of this machine a container must see: the interpreter, torch, and their libraries."""

from __future__ import annotations

import csv
import os
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

SITE = "/site"
"""Where torch, numpy and what they need are seen inside; no other package is."""

_SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache")
_CPU = ("/proc/cpuinfo", "/sys/devices/system/cpu")  # torch picks its vector kernels by these
_DEVICES = ("/dev/null", "/dev/urandom")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def interpreter() -> Path:
    """The real executable, which a venv only links to."""
    return Path(sys.executable).resolve()


def mounts() -> list[str]:
    """bwrap's arguments for the file system: all of it read-only."""
    library = Path(sys.base_prefix) / "lib"
    visible = [Path(path) for path in (*_SYSTEM, *_CPU) if os.path.lexists(path)]
    if not library.is_relative_to("/usr/lib"):
        visible.append(library)
    program = Path(__file__).parents[2] / "cell"
    folders: dict[Path, None] = {}
    arguments: list[str] = []

    def mount(kind: str, source: str | Path, target: Path) -> None:
        folders.update(dict.fromkeys(reversed(target.parents[:-1])))
        arguments.extend((kind, str(source), str(target)))

    for path in [*visible, interpreter()]:
        if path.is_symlink():
            mount("--symlink", os.readlink(path), path)
        else:
            mount("--ro-bind", path, path)
    for folder in _foreign_packages(library):
        arguments += ["--tmpfs", str(folder), "--remount-ro", str(folder)]
    for path in _torch_and_needs():
        mount("--ro-bind", path, Path(SITE) / path.name)
    for device in map(Path, _DEVICES):
        mount("--dev-bind", device, device)
    mount("--ro-bind", program, Path("/cell"))
    # bwrap makes missing folders for root alone, and a cell is not root.
    readable = [word for folder in folders for word in ("--perms", "0755", "--dir", str(folder))]
    return [*readable, *arguments, "--remount-ro", "/"]


def _foreign_packages(library: Path) -> Iterator[Path]:
    """Folders of packages that would come along with the interpreter; they are covered up."""
    for root in {library, Path("/usr/lib")}:
        for pattern in ("python3*/site-packages", "python3*/dist-packages"):
            yield from root.glob(pattern)


def _torch_and_needs() -> list[Path]:
    """Top-level files and folders of torch, numpy and all that they require."""
    seen: set[str] = set()
    found: dict[Path, None] = {}
    wanted = ["torch", "numpy"]
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # Required only on other platforms, or by an extra.
        for top in _tops(package):
            if top not in ("..", "__pycache__") and not top.endswith(".dist-info"):
                found[Path(str(package.locate_file(top)))] = None
        for requirement in package.requires or ():
            if "extra ==" not in requirement and (match := _NAME.match(requirement)):
                wanted.append(match[0].lower())
    return [path for path in found if path.exists()]


def _tops(package: metadata.Distribution) -> Iterator[str]:
    """The first part of the path of each file of a package, once.

    Of the record's text, where there is one: torch has some ten thousand files, and a path made of
    each would take a third of a second at the start of each cell.
    """
    record = package.read_text("RECORD")
    if record is None:
        paths = [str(file) for file in package.files or ()]
    else:
        paths = [row[0] for row in csv.reader(record.splitlines()) if row]
    yield from dict.fromkeys(path.partition("/")[0] for path in paths)
