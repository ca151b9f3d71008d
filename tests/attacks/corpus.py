"""Owns reading the attack files: what each one's header says must hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from worker.sandbox import Limits

FILES = sorted((Path(__file__).parent / "files").glob("*.py"))


@dataclass(frozen=True)
class Attack:
    """One file. `endings` are the ends that its run may come to.

    `earns` are the families of checks that it may get points for, since that part of it is right.
    """

    name: str
    text: str
    group: str
    endings: frozenset[str]
    earns: frozenset[str]
    limits: Limits

    def source(self, canaries: dict[str, str]) -> bytes:
        """The file as it is handed in, with the names of canaries put in."""
        text = self.text
        for name, value in canaries.items():
            text = text.replace(name, value)
        return text.encode()


def _field(text: str, name: str, default: str) -> str:
    found = re.search(rf"^{name}: (.+)$", text, re.MULTILINE)
    return found[1] if found else default


def read(path: Path) -> Attack:
    """The attack in a file."""
    text = path.read_text()
    numbers = dict(word.split("=") for word in _field(text, "Limits", "wall_s=5").split())
    return Attack(
        name=path.stem,
        text=text,
        group=_field(text, "Group", ""),
        endings=frozenset(_field(text, "Ending", "done").split()),
        earns=frozenset(_field(text, "Earns", "").split()),
        limits=Limits(
            wall_s=float(numbers["wall_s"]),
            cpu_s=int(numbers.get("cpu_s", 5)),
            memory_mb=int(numbers.get("memory_mb", 256)),
        ),
    )


ATTACKS = [read(path) for path in FILES]
