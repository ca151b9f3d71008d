"""Owns looking at a preview: how far it is, whose score changes, from what to what, by what."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Uuid,
    and_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, aliased

from app import versions
from app.audit import Action
from app.errors import NotFound
from app.grading.showing.seen import Seen
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import (
    Assignment,
    AttemptMember,
    AuditEntry,
    ExerciseResult,
    Kind,
    Regrade,
    Status,
    StoredGrade,
    Submission,
    User,
)
from app.timing.counting import Candidate, Counts, counting
from app.timing.late import Lateness
from graders.exercises import EXERCISES
from graders.model.check_kinds import title

SHOWN = 200
"""Changes that are shown at a time, the greatest losses first."""
ATTEMPT = aliased(Submission, name="attempt")
NEW = aliased(Submission, name="new")


@dataclass(frozen=True)
class Progress:
    """How many attempts are to be graded again, and what is known of them by now."""

    attempts: int
    graded: int
    failed: int
    higher: int
    lower: int

    @property
    def done(self) -> int:
        """How many of them are worked out, or could not be."""
        return self.graded + self.failed

    @property
    def is_ready(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.done == self.attempts

    @property
    def changes(self) -> int:
        """How many get another score."""
        return self.higher + self.lower


@dataclass(frozen=True)
class Checked:
    """A check that passes now and did not before, or the other way round."""

    exercise: str
    name: str
    passes: bool

    @property
    def words(self) -> str:
        """The same for people, with `code` in it."""
        of = EXERCISES[self.exercise].title if self.exercise in EXERCISES else self.exercise
        return f"{of}: {title(self.name)} {'passes' if self.passes else 'fails'}"


@dataclass(frozen=True)
class Change:
    """One attempt whose score changes. `before` is None where it has none."""

    attempt_id: uuid.UUID
    preview_id: uuid.UUID
    attempt: int
    student: User
    counts: bool
    """Whether it is the attempt that counts now."""
    before: float | None
    after: float
    checks: Sequence[Checked] = field(default_factory=tuple)


def get(session: Session, actor: Actor, regrade_id: int) -> Regrade:
    """A regrade, for those who see the gradebook; raises NotFound, Forbidden."""
    found = session.get(Regrade, regrade_id)
    if found is None:
        raise NotFound("There is no such regrade, or you are not in its course.")
    permissions.assignment(session, actor, found.assignment_id, Right.SEE_CLASS)
    return found


def of_regrade(regrade_id: int) -> Select[*tuple[Any, ...]]:
    """The new verdicts of a preview, NEW, each beside its ATTEMPT, of which columns are chosen."""
    return (
        select(NEW.id)
        .join(ATTEMPT, ATTEMPT.id == NEW.of_id)
        .where(NEW.regrade_id == regrade_id, NEW.kind == Kind.PREVIEW)
    )


def is_other() -> ColumnElement[bool]:
    """That a new verdict has another score than its attempt."""
    return and_(NEW.status == Status.GRADED, NEW.score.is_distinct_from(ATTEMPT.score))


def progress(session: Session, regrade: Regrade) -> Progress:
    """How far a preview is; all are 0 once it has ended."""
    if not regrade.is_open:
        return Progress(0, 0, 0, 0, 0)

    def number(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(cast(condition, Integer)), 0)

    before = func.coalesce(ATTEMPT.score, -1.0)
    graded = NEW.status == Status.GRADED
    rows = of_regrade(regrade.id).with_only_columns(
        func.count(),
        number(graded),
        number(NEW.status == Status.FAILED),
        number(and_(graded, NEW.score > before)),
        number(and_(graded, NEW.score < before)),
    )
    return Progress(*session.execute(rows).one())


def changes(session: Session, regrade: Regrade, limit: int | None = SHOWN) -> list[Change]:
    """Whose score changes, the greatest losses first."""
    counts = select(StoredGrade.submission_id).where(
        StoredGrade.assignment_id == regrade.assignment_id
    )
    rows = (
        of_regrade(regrade.id)
        .join(User, User.id == NEW.user_id)
        .with_only_columns(
            *(ATTEMPT.id, NEW.id, NEW.attempt, User, ATTEMPT.id.in_(counts)),
            *(ATTEMPT.score, NEW.score),
        )
        .where(is_other())
        .order_by(NEW.score - func.coalesce(ATTEMPT.score, 0.0), User.name, NEW.attempt)
        .limit(limit)
    )
    found = session.execute(rows).all()
    checks = checks_of(session, [(attempt_id, new_id) for attempt_id, new_id, *_ in found])
    return [
        Change(attempt, new, number, student, is_counting, before, after or 0.0, checks[new])
        for attempt, new, number, student, is_counting, before, after in found
    ]


def checks_of(
    session: Session, pairs: Iterable[tuple[uuid.UUID, uuid.UUID]]
) -> Mapping[uuid.UUID, list[Checked]]:
    """What differs in the checks of pairs of an old and a new verdict, by the id of the new one."""
    pairs = list(pairs)
    ids = literal([one for pair in pairs for one in pair], ARRAY(Uuid))  # one parameter for all
    rows = select(ExerciseResult.submission_id, ExerciseResult.slug, ExerciseResult.passed).where(
        ExerciseResult.submission_id == func.any(ids)
    )
    passed: dict[uuid.UUID, set[tuple[str, str]]] = {}
    slugs: dict[uuid.UUID, set[str]] = {}
    for submission_id, slug, names in session.execute(rows.order_by(ExerciseResult.position)):
        slugs.setdefault(submission_id, set()).add(slug)
        passed.setdefault(submission_id, set()).update((slug, name) for name in names or ())
    found = {}
    for old, new in pairs:
        both = slugs.get(old, set()) & slugs.get(new, set())
        was, is_now = passed.get(old, set()), passed.get(new, set())
        found[new] = [
            Checked(slug, name.partition("/")[2], passes=(slug, name) in is_now)
            for slug, name in sorted(was ^ is_now)
            if slug in both
        ]
    return found


def version(session: Session, regrade: Regrade) -> str:
    """What a form that applies a preview shows: each score that changes, from what to what."""
    rows = of_regrade(regrade.id).with_only_columns(NEW.of_id, ATTEMPT.score, NEW.score)
    rows = rows.where(is_other()).order_by(NEW.of_id)
    return versions.of_facts({"scores": [tuple(row) for row in session.execute(rows)]})


def students_with_another_grade(session: Session, regrade: Regrade) -> int:
    """How many students' grades change if all of the preview is applied.

    A grade that was set by hand as a whole does not.
    """
    rule = session.get_one(Assignment, regrade.assignment_id).counts
    found = session.execute(_attempts_beside(regrade)).all()
    number = 0
    for _, group in groupby(found, key=lambda row: row.user_id):
        own = list(group)
        before = [(one, one.score) for one, *_ in own]
        after = [(one, one.score if new is None else new) for one, new, *_ in own]
        number += _counted(rule, before, own[0][2]) != _counted(rule, after, own[0][2])
    return number


def _attempts_beside(regrade: Regrade) -> Select[*tuple[Any, ...]]:
    """All attempts of those with another score, each with its new one, which is chosen, whose."""
    changed = of_regrade(regrade.id).with_only_columns(ATTEMPT.id).where(is_other())
    news = and_(
        NEW.of_id == ATTEMPT.id,
        NEW.regrade_id == regrade.id,
        NEW.status == Status.GRADED,
        NEW.kind == Kind.PREVIEW,
    )
    grade = and_(
        StoredGrade.assignment_id == ATTEMPT.assignment_id,
        StoredGrade.user_id == AttemptMember.user_id,
    )
    other = aliased(AttemptMember)
    others = select(other.user_id).where(other.submission_id.in_(changed))
    return (
        select(ATTEMPT, NEW.score, StoredGrade.chosen_id, AttemptMember.user_id)
        .outerjoin(NEW, news)
        .join(AttemptMember, AttemptMember.submission_id == ATTEMPT.id)
        .join(StoredGrade, grade)
        .where(
            ATTEMPT.assignment_id == regrade.assignment_id,
            StoredGrade.given.is_(None),
            AttemptMember.user_id.in_(others),
        )
        .order_by(AttemptMember.user_id, ATTEMPT.attempt)
    )


def _counted(
    rule: Counts,
    attempts: Sequence[tuple[Submission, float | None]],
    chosen_id: uuid.UUID | None,
) -> float | None:
    """What would count of attempts that had these scores."""
    candidates, chosen = [], None
    for one, score in attempts:
        lateness = Lateness(one.late, share=one.late_share, points=one.late_points)
        left = None if score is None else lateness.left_of(score)
        candidates.append(Candidate(one.attempt, left, one.late))
        chosen = one.attempt if one.id == chosen_id else chosen
    counts = counting(rule, candidates, chosen)
    return counts.counted if counts else None


def applied(session: Session, regrade: Regrade, limit: int = SHOWN) -> list[AuditEntry]:
    """What was changed by a regrade that is applied: an entry of the log for each score."""
    rows = select(AuditEntry).where(
        AuditEntry.assignment_id == regrade.assignment_id,
        AuditEntry.action == Action.SCORE.value,
        AuditEntry.after["regrade"].as_integer() == regrade.id,
    )
    return list(session.scalars(rows.order_by(AuditEntry.id).limit(limit)))


def of_attempt(session: Session, attempt: Seen) -> list[AuditEntry]:
    """When an attempt got another score than it had, the newest first, for whoever sees all of it:
    an entry names the checks by which it did."""
    if not attempt.sight.has_all_in_time:
        return []
    rows = select(AuditEntry).where(
        AuditEntry.assignment_id == attempt.assignment_id,
        AuditEntry.user_id == attempt.user_id,
        AuditEntry.submission_id == attempt.id,
        AuditEntry.action == Action.SCORE.value,
    )
    return list(session.scalars(rows.order_by(AuditEntry.id.desc())))
