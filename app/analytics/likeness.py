"""Owns looking for alike files in an assignment: every attempt of every student, and two files
beside each other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.analytics.alike import Class_, File, Pair
from app.analytics.traces import LONGEST
from app.analytics.work import students
from app.errors import NotFound
from app.grading.rules import members
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment, Kind, Source, Submission
from graders.exercises import EXERCISES, starter

MOST_FILES = 2_000
"""Files that are looked at, the newest, so that a look takes seconds and not minutes."""


@dataclass(frozen=True)
class Found:
    """Two attempts that are alike, the earlier first."""

    pair: Pair
    one: Submission
    other: Submission


@dataclass(frozen=True)
class Look:
    """What was found among the files of an assignment; `is_whole` is whether these were all."""

    assignment: Assignment
    found: list[Found]
    files: int
    students: int
    is_whole: bool


@dataclass(frozen=True)
class Beside:
    """Two attempts, and the lines of each with something that hardly anybody else has."""

    assignment: Assignment
    one: Submission
    other: Submission
    lines: tuple[set[int], set[int]]


def look(session: Session, actor: Actor, assignment_id: int) -> Look:
    """The pairs in an assignment that staff may want to look at; a team is one.

    Those who handed in together once are no pair. Raises NotFound, Forbidden.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.SEE_ALL_WORK)
    files, numbers = _files(session, assignment)
    all_ = Class_(files, _starter(assignment))
    pairs = all_.pairs()
    wanted = [
        numbers[file.owner, file.attempt] for pair in pairs for file in (pair.one, pair.other)
    ]
    known = {
        one.id: one
        for one in session.scalars(
            select(Submission).where(Submission.id.in_(wanted)).options(joinedload(Submission.user))
        )
    }
    found, mates = [], members.mates(session, assignment.id)
    for pair in pairs:
        two = [known[numbers[file.owner, file.attempt]] for file in (pair.one, pair.other)]
        one, other = sorted(two, key=lambda attempt: attempt.submitted_at)
        if (one.user_id, other.user_id) not in mates:
            found.append(Found(pair, one, other))
    return Look(assignment, found, len(files), all_.students, len(numbers) < MOST_FILES)


def beside(
    session: Session, actor: Actor, assignment_id: int, one_id: uuid.UUID, other_id: uuid.UUID
) -> Beside:
    """Two attempts of an assignment beside each other. Raises NotFound, Forbidden."""
    assignment = permissions.assignment(session, actor, assignment_id, Right.SEE_ALL_WORK)
    one, other = (permissions.submission(session, actor, number) for number in (one_id, other_id))
    is_other = {one.assignment_id, other.assignment_id} != {assignment_id}
    if is_other or {one.kind, other.kind} != {Kind.ATTEMPT}:
        raise NotFound("There are no two such attempts in this assignment.")
    files, _ = _files(session, assignment)
    lines = Class_(files, _starter(assignment)).shared_lines(_text(one.source), _text(other.source))
    return Beside(assignment, one, other, lines)


def _files(
    session: Session, assignment: Assignment
) -> tuple[Sequence[File], Mapping[tuple[int, int], uuid.UUID]]:
    """Every file of every student, each once, by their first attempt with it; and its number."""
    rows = session.execute(
        select(
            Submission.id,
            members.stand_in(),
            Submission.attempt,
            Submission.sha256,
            func.substring(Source.content, 1, LONGEST),
        )
        .join(Source, Source.sha256 == Submission.sha256)
        .where(
            Submission.assignment_id == assignment.id,
            Submission.kind == Kind.ATTEMPT,
            Submission.user_id.in_(students(assignment.course_id)),
        )
        .order_by(Submission.submitted_at.desc())
        .limit(MOST_FILES)
    ).all()
    first: dict[tuple[int, str], File] = {}
    numbers = {}
    for number, owner, attempt, sha256, content in reversed(rows):
        numbers[owner, attempt] = number
        first.setdefault((owner, sha256), File(owner, attempt, sha256, _text(content)))
    return list(first.values()), numbers


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _starter(assignment: Assignment) -> str:
    return starter([slug for slug in assignment.points if slug in EXERCISES])
