"""`python -m tests.mutants`: the whole proof on two cores, printed and kept as the table."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.table import Table as Printed

from graders import VERSION
from graders.exercises import EXERCISES
from graders.mutation.outcomes import MutantOutcome
from graders.mutation.styled import Styled
from graders.mutation.table import Row, Table, save
from tests.mutants import proving
from tests.mutants.subjects import subjects


def _table(
    right: int, lost: int, outcomes: Iterable[MutantOutcome], named: Iterable[Styled]
) -> Table:
    rows = {slug: Row(slug, one.title, declared=len(one.misconceptions))
            for slug, one in EXERCISES.items()}  # fmt: skip
    for outcome in outcomes:
        row = rows[outcome.slug]
        row.mutants += 1
        row.killed += outcome.fate == "killed"
        row.missed += outcome.fate == "missed"
        if outcome.fate == "equivalent":
            row.reasons[outcome.reason] = row.reasons.get(outcome.reason, 0) + 1
        if outcome.fate == "killed":
            row.rightly += outcome.rightly is True
            row.wrongly += outcome.rightly is False
            row.unnamed += outcome.named is None
    for one in named:
        row = rows[one.slug]
        row.styled += 1
        row.missed += not one.rejected
        row.styled_named += one.named == one.wrong
        row.styled_wrongly += one.named not in (one.wrong, None)
    return Table(VERSION, right, lost, list(rows.values()))


def _shown(table: Table) -> Printed:
    printed = Printed(title=f"Mutants, by grader {table.grader_version}", box=None)
    columns = ("exercise", "mutants", "killed", "missed", "equivalent", "named rightly",
               "wrongly", "not", "declared", "in styles", "named", "wrongly")  # fmt: skip
    for name in columns:
        printed.add_column(name, justify="left" if name == "exercise" else "right")
    for row in [*table.rows, table.total]:
        figures = (row.mutants, row.killed, row.missed, row.equivalent, row.rightly, row.wrongly,
                   row.unnamed, row.declared, row.styled)  # fmt: skip
        printed.add_row(row.slug or "all", *map(str, figures), f"{row.named:.1f} %",
                        str(row.styled_wrongly))  # fmt: skip
    return printed


def _weak(outcomes: list[MutantOutcome], named: list[Styled]) -> Iterator[str]:
    for one in outcomes:
        where = f"{one.file}, line {one.line}, {one.slug}: {one.words}"
        if one.fate == "missed":
            yield f"missed: {where}"
        if one.rightly is False:
            yield f"named {one.named!r} wrongly: {where}"
    for made in named:
        where = f"{made.slug}: {made.wrong} ({made.style})"
        if not made.rejected:
            yield f"missed: {where}"
        if made.named != made.wrong:
            yield f"named {made.named!r}: {where}"


def main() -> int:
    """Prints the table and keeps it. 1 when a grader turns out to be weak."""
    console, began = Console(width=150, highlight=False), time.monotonic()
    all_subjects = subjects()
    with ProcessPoolExecutor(2, get_context("spawn"), proving.begin) as pool:
        names = pool.map(proving.named, EXERCISES)
        mutated = list(pool.map(proving.mutated, all_subjects))
        named = [one for several in names for one in several]
    lost = [(s.name, slugs) for s, (slugs, _) in zip(all_subjects, mutated, strict=True) if slugs]
    outcomes = [outcome for _, several in mutated for outcome in several]
    right = sum(len(subject.slugs) for subject in all_subjects)
    table = _table(right, sum(len(slugs) for _, slugs in lost), outcomes, named)
    save(table)
    console.print(_shown(table))
    for why, count in table.reasons:
        console.print(f"  {count:5} equivalent: {why}")
    console.print(f"  {right} right solutions, {table.right_lost} lost a point {lost or ''}")
    for line in _weak(outcomes, named):
        console.print(f"  {line}", markup=False)
    console.print(f"  {time.monotonic() - began:.0f} s")
    whole = table.total
    return int(bool(whole.missed or whole.wrongly or whole.styled_wrongly or lost))


if __name__ == "__main__":
    sys.exit(main())
