"""Owns demo.json: how people and programs sign in to the demo of a local stack."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from cli.stack.folder import DataFolder, write_private


@dataclass
class Credentials:
    """How somebody signs in."""

    email: str
    password: str


@dataclass
class DemoFile:
    """What the file holds; `users` and `tokens` go by role."""

    url: str = ""
    course_id: int = 0
    assignment_id: int = 0
    users: dict[str, Credentials] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def read(folder: DataFolder) -> DemoFile:
    """The demo of this folder; an empty one where there is none, or none that can be read."""
    try:
        found = DemoFile(**json.loads(folder.demo.read_text()))
        found.users = {role: Credentials(**user) for role, user in found.users.items()}  # type: ignore[arg-type]
    except (OSError, ValueError, TypeError, AttributeError):
        return DemoFile()
    return found


def write(folder: DataFolder, demo: DemoFile) -> None:
    """Write it for its owner alone."""
    write_private(folder.demo, json.dumps(asdict(demo), indent=2) + "\n")
