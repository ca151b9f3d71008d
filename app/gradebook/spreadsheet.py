"""Owns the gradebook as CSV."""

from __future__ import annotations

import csv
import io

from app.gradebook.book import Gradebook


def csv_name(book: Gradebook) -> str:
    """What the file of a gradebook is called."""
    return f"gradebook-{code_name(book.course.code)}.csv"


def code_name(code: str) -> str:
    """A course's code as part of a file's name."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in code)


def to_csv(book: Gradebook) -> str:
    """The gradebook as CSV: one line a student, scores with a point as decimal sign.

    A last column says who has left, where they were asked for. A byte order mark comes first, so
    that a spreadsheet reads names rightly.
    """
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    titles = [f"{a.title} ({a.id})" for a in book.assignments]
    last = ["Total", *(["Dropped"] if book.with_dropped else [])]
    writer.writerow([defused(t) for t in ["Student", "Email", "External ID", *titles, *last]])
    writer.writerow(
        [
            "    Points Possible",
            "",
            "",
            *(_number(a.max_score) for a in book.assignments),
            _number(book.max_total),
            *([""] if book.with_dropped else []),
        ]
    )
    for row in book.rows:
        grades = [row.grades.get(a.id) for a in book.assignments]
        writer.writerow(
            [defused(row.student.name), defused(row.student.email)]
            + [defused(row.student.external_id or "")]
            + [_number(one.score) if one and one.score is not None else "" for one in grades]
            + [_number(row.total)]
            + (["yes" if row.dropped else ""] if book.with_dropped else [])
        )
    return out.getvalue()


def _number(points: float) -> str:
    """Points with two decimals at most and all digits before them."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def defused(text: str) -> str:
    """The text, kept from being run as a formula by a spreadsheet."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
