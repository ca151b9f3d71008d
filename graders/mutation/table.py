"""Owns the table that the proof leaves behind: figures by exercise. Never imports torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

_FILE = Path(__file__).with_name("table.json")


@dataclass
class Row:
    """The figures of one exercise; `reasons` counts the equivalent mutants by why they are so.

    `rightly`, `wrongly` and `unnamed` part the killed mutants by their diagnosis. `styled` counts
    files with a declared misconception in somebody's own style, `styled_named` those that were
    called by its name, `styled_wrongly` those that were called by another.
    """

    slug: str
    title: str
    mutants: int = 0
    killed: int = 0
    missed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    rightly: int = 0
    wrongly: int = 0
    unnamed: int = 0
    declared: int = 0
    styled: int = 0
    styled_named: int = 0
    styled_wrongly: int = 0

    @property
    def equivalent(self) -> int:
        """Survivors that behave as the right file does."""
        return sum(self.reasons.values())

    @property
    def score(self) -> float:
        """Percent of the mutants that behave differently which were rejected."""
        different = self.killed + self.missed
        return 100 * self.killed / different if different else 100.0

    @property
    def named(self) -> float:
        """Percent of the files with a declared misconception in which it was named."""
        return 100 * self.styled_named / self.styled if self.styled else 100.0


@dataclass
class Table:
    """All rows; `right` counts right solutions, `right_lost` those that lost a point."""

    grader_version: str
    right: int
    right_lost: int
    rows: list[Row]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why survivors are equivalent, the most frequent reason first."""
        counts: dict[str, int] = {}
        for row in self.rows:
            for why, count in row.reasons.items():
                counts[why] = counts.get(why, 0) + count
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    @property
    def total(self) -> Row:
        """All exercises together."""
        whole = Row("", "All exercises", reasons=dict(self.reasons))
        for row in self.rows:
            for name, value in asdict(row).items():
                if isinstance(value, int):
                    setattr(whole, name, getattr(whole, name) + value)
        return whole


def save(table: Table) -> None:
    """Writes the table beside this module."""
    _FILE.write_text(json.dumps(asdict(table), indent=1) + "\n", encoding="utf-8")


def load() -> Table:
    """The table that was last written."""
    plain = json.loads(_FILE.read_text(encoding="utf-8"))
    return Table(**plain | {"rows": [Row(**row) for row in plain["rows"]]})
