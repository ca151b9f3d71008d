"""Owns the gradebook as CSV, a line for each student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.gradebook.book import Gradebook
from app.gradebook.grades import Grade
from app.infrastructure.spreadsheets import Cell, file_name, written


def csv_name(book: Gradebook) -> str:
    """What the file of a gradebook is called."""
    return file_name("gradebook", book.course.code, "csv")


def to_csv(book: Gradebook) -> str:
    """The gradebook as CSV: one line a student, scores with a point as decimal sign.

    A last column says who has left, where they were asked for.
    """
    return "".join(written(_rows(book)))


def _rows(book: Gradebook) -> Iterator[Sequence[Cell]]:
    by_groups = bool(book.groups)
    titles = [f"{one.assignment.title} ({one.id})" for one in book.columns]
    last = ["Total", *["Total in %"] * by_groups, *["Dropped"] * book.with_dropped]
    yield ["Student", "Email", "External ID", *titles, *last]
    most = [one.max_score for one in book.columns]
    total: list[Cell] = [book.max_total, *[100] * by_groups, *[""] * book.with_dropped]
    yield ["    Points Possible", "", "", *most, *total]
    for row in book.rows:
        who = [row.student.name, row.student.email, row.student.external_id]
        grades = [_cell(row.grade(one)) for one in book.columns]
        share = row.total.share
        percent = [None if share is None else 100 * share] * by_groups
        left = ["yes" if row.dropped else ""] * book.with_dropped
        yield [*who, *grades, row.total.points, *percent, *left]


def _cell(grade: Grade) -> Cell:
    """The score, or in words why there is none; empty where nothing was handed in."""
    if grade.excused:
        return "excused"
    if grade.score is not None:
        return grade.score
    return "being graded" if grade.pending else "not graded" if grade.has_failed else None
