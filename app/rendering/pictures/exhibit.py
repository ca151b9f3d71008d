"""Owns what a failed check shows, and which one an exercise shows at length: its first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from app.rendering.pictures.drawing.svg import clean
from app.rendering.pictures.drawing.tensors import Json, Table, compare, read, table
from app.rendering.pictures.heatmap import heatmap


@dataclass(frozen=True)
class ExhibitView:
    """On which input, what was expected of what, what came; and the picture of the two."""

    what: str
    inputs: list[Table]
    upstream: list[Table]
    expected: Table | None
    got: Table | None
    picture: Markup


def first_exhibit(exercise: Json) -> ExhibitView | None:
    """What to show of an exercise's report; None where nothing failed or there are no numbers."""
    for check in exercise.get("checks") or []:
        shown = check.get("exhibit")
        if check.get("status") == "failed" and isinstance(shown, Mapping):
            return of_exhibit(shown)
    return None


def forward_failed(exercise: Json) -> bool:
    """Whether a check of forward failed, so that what is said of gradients is about another."""
    checks = exercise.get("checks") or []
    return any(c.get("family") == "forward" and c.get("status") == "failed" for c in checks)


def of_exhibit(exhibit: Json) -> ExhibitView:
    """What a failed check has to show for itself."""
    compared = compare(exhibit)
    got = compared.got if compared else None
    return ExhibitView(
        what=clean(exhibit.get("what") or "result"),
        inputs=_tables(exhibit.get("input")),
        upstream=_tables(exhibit.get("upstream")),
        expected=table(compared.expected, compared.digits) if compared else None,
        got=table(got, compared.digits, compared.wrong) if compared and got else None,
        picture=heatmap(exhibit),
    )


def _tables(tensors: object) -> list[Table]:
    told: Iterable[object] = tensors if isinstance(tensors, (list, tuple)) else ()
    return [table(read(tensor)) for tensor in told if isinstance(tensor, Mapping)]
