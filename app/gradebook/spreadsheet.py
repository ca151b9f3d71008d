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
    last = ["Dropped"] if book.with_dropped else []
    titles = [f"{a.title} ({a.id})" for a in book.assignments]
    yield ["Student", "Email", "External ID", *titles, "Total", *last]
    most = [a.max_score for a in book.assignments]
    yield ["    Points Possible", "", "", *most, book.max_total, *[""] * len(last)]
    for row in book.rows:
        who = [row.student.name, row.student.email, row.student.external_id]
        grades = [_cell(row.grades.get(a.id)) for a in book.assignments]
        left = ["yes" if row.dropped else ""] if book.with_dropped else []
        yield [*who, *grades, row.total, *left]


def _cell(grade: Grade | None) -> Cell:
    """The score, or in words why there is none; empty where nothing was handed in."""
    if grade is None:
        return None
    if grade.excused:
        return "excused"
    if grade.score is not None:
        return grade.score
    return "being graded" if grade.pending else "not graded" if grade.has_failed else None
