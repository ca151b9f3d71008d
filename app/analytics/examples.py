"""Owns an example of a misconception to be shown to a class: one student's lines, without a name.

The lines are those of the one Function, without comments and texts. Where a name of anybody in the
course is left in them, another student's are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pygments.lexers import PythonLexer
from pygments.token import Comment, String
from sqlalchemy import String as Text
from sqlalchemy import cast, func, select
from sqlalchemy.orm import Session

from app.analytics.misconceptions import Key
from app.analytics.work import students
from app.grading.uploads import decoded
from app.models import Assignment, Enrolment, ExerciseResult, Kind, Source, Submission, User

_LOOKED_AT = 20
_MOST_LINES = 40
_LONGEST_FILE = 60_000
_WORD = re.compile(r"[^\W\d_]{2,}")


def example(
    session: Session, course_id: int, assignments: Sequence[Assignment], key: Key
) -> str | None:
    """The lines of a Function that has it, of the shortest files; None where none can be shown."""
    names = _names(session, course_id)
    rows = (
        select(Source.content, cast(ExerciseResult.report["line"].astext, Text))
        .join(Submission, Submission.sha256 == Source.sha256)
        .join(ExerciseResult, ExerciseResult.submission_id == Submission.id)
        .where(
            ExerciseResult.slug == key[0],
            ExerciseResult.misconception == key[1],
            Submission.assignment_id.in_([one.id for one in assignments]),
            Submission.kind == Kind.ATTEMPT,
            Submission.user_id.in_(students(course_id)),
            Source.size <= _LONGEST_FILE,
        )
        .order_by(Source.size, func.md5(Source.sha256))
        .limit(_LOOKED_AT)
    )
    for content, line in session.execute(rows):
        shown = _lines(content, int(line)) if line else ""
        if shown and not names & {word.lower() for word in _WORD.findall(_apart(shown))}:
            return shown
    return None


def _names(session: Session, course_id: int) -> set[str]:
    """Every word of two letters or more that is part of somebody's name or address there."""
    rows = select(User.name, User.email).join(Enrolment, Enrolment.user_id == User.id)
    said = session.execute(rows.where(Enrolment.course_id == course_id))
    words = (f"{name} {email.partition('@')[0]}" for name, email in said)
    return {word.lower() for text in words for word in _WORD.findall(text)}


def _apart(source: str) -> str:
    """The source with the words of joined names apart: `samsMul`, `sam_mul`, `SamMul`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", source)


def _lines(content: bytes, line: int) -> str:
    """The class or function that a line is in, without comments and texts; empty for none."""
    try:
        text = decoded(content).replace("\r\n", "\n").expandtabs(4)
    except (SyntaxError, LookupError, UnicodeError):
        return ""
    bare = _bare(text).split("\n")
    if not 0 < line <= len(bare):
        return ""
    first = _outermost(bare, line - 1)
    depth, taken = _depth(bare[first]), [bare[first]]
    for later in bare[first + 1 :]:
        if later.strip() and _depth(later) <= depth:
            break
        taken.append(later)
    kept = [one.rstrip() for one in taken if one.strip()]
    return "\n".join(one[depth:] for one in kept[:_MOST_LINES])


def _outermost(lines: Sequence[str], place: int) -> int:
    """Where the class or function begins that a line is in; a report names a method's line."""
    for above in range(place, -1, -1):
        if lines[above].strip() and _depth(lines[above]) < _depth(lines[place]):
            place = above
    return place


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _bare(text: str) -> str:
    """The source with comments gone and texts emptied, line by line as before."""
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    return "".join(_without(lexer.get_tokens(text)))


def _without(tokens: Iterable[tuple[Any, str]]) -> Iterator[str]:
    for kind, said in tokens:
        is_quote = kind in String and kind not in String.Doc and not said.strip("'\"")
        if is_quote or not (kind in String or kind in Comment):
            yield said
        else:
            yield "\n" * said.count("\n")
