"""Owns what tests of cells share: settings, an honest file, a plan of all exercises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graders.exercises import COURSE_TEXT
from graders.model.evidence import Evidence
from graders.probes.plan import Plan, draw_plan
from worker.sandbox import Cell, Limits

HONEST = (Path(__file__).parent / "files" / "honest_submission.py").read_bytes()
POINTS = dict.fromkeys(COURSE_TEXT, 10.0)
SEED = bytes(range(32))
BRIEF = Limits(wall_s=1.0, cpu_s=1, memory_mb=256)
"""Limits for files that are meant to run into them."""


@dataclass(frozen=True)
class Settings:
    """What a cell wants to know of the service's settings."""

    cell: str = "bubblewrap"
    cell_submissions: int = 500
    cell_memory_mb: int = 512


def whole_plan() -> Plan:
    """The probes of all exercises; always the same."""
    return draw_plan(COURSE_TEXT, SEED)


def run(cell: Cell, source: str | bytes, limits: Limits | None = None) -> Evidence:
    """What the cell says of a file, asked for all exercises."""
    text = source.encode() if isinstance(source, str) else source
    return cell.run(whole_plan().requests, text, limits)


def raised(evidence: Evidence) -> list[tuple[str, str]]:
    """Type and message of what the file's top level raised."""
    assert evidence.loaded is not None
    return [(one.type, one.message) for one in evidence.loaded.raised]


def direct(evidence: Evidence) -> Evidence:
    """What the run without autograd showed."""
    assert evidence.direct is not None
    return evidence.direct
