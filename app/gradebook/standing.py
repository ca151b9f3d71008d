"""Owns how one student stands in one assignment: the grade, its attempts, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.gradebook import changes, shown, totals
from app.gradebook.changes import SetByHand
from app.gradebook.grades import NOTHING, Counting, Grade
from app.gradebook.totals import Column, State
from app.grading import submissions
from app.grading.rules import admission, members, terms
from app.grading.rules.members import Members
from app.grading.showing import seen, sights
from app.grading.showing.seen import Seen
from app.identity import permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, AuditEntry, GivenExtension, StoredGrade, User
from app.teaching import courses, extensions
from app.teaching.extensions import Whom
from app.timing.late import IN_TIME, Lateness
from app.timing.limits import Allowance
from app.timing.terms import Prospect, Terms
from app.visibility.rules import Shown, Sight


@dataclass(frozen=True)
class Standing:
    """One student in one assignment. `attempts` are the newest, the newest first."""

    assignment: Assignment
    student: User
    sight: Sight
    """How much of it whoever looks is shown; all that is told here goes by it."""
    students_sight: Sight
    """How much of it the student is shown."""
    grade: Grade
    by_hand: SetByHand
    has_chosen: bool
    counting: Seen | None
    counts: Counting | None
    """The attempt that counts, or the first one while none is graded."""
    attempts: list[Seen]
    history: list[AuditEntry]
    column: Column
    terms: Terms
    measured_by: Terms
    """The rules of those for whom the attempt that counts was handed in."""
    given: GivenExtension | None
    """The extension that the student has for themselves."""
    extensions: list[GivenExtension]
    """All that hold for the student, those of their sections as well."""

    @property
    def state(self) -> State:
        """What the grade is in the sums."""
        return totals.state(self.column, self.grade)

    @property
    def version(self) -> str:
        """What a form that changes the grade is filled in from."""
        return self.by_hand.version

    @property
    def lateness(self) -> Lateness:
        """How late the attempt that counts came, by the rules as they are."""
        return self.measured_by.lateness(self.counts.submitted_at) if self.counts else IN_TIME

    @property
    def scores(self) -> dict[str, float | None]:
        """The computed points of each exercise in the attempt that counts, by slug."""
        return {one.slug: one.score for one in self.counting.results} if self.counting else {}


class Outlook(NamedTuple):
    """By which rules a student may hand in now, how often still, and what that would count."""

    terms: Terms
    allowance: Allowance
    prospect: Prospect


def outlook(session: Session, actor: Actor, assignment: Assignment, user_id: int) -> Outlook:
    """What a hand-in of a student now would be, by what the actor sees of those before."""
    rules = terms.of(session, assignment, user_id)
    stored = session.get(StoredGrade, (assignment.id, user_id), populate_existing=True)
    counts = seen.counting(session, actor, assignment, user_id)
    sight = sights.of(session, actor, assignment)
    made = stored.attempts if stored else 0
    prospect = rules.prospect(
        now(),
        assignment.max_score,
        counts.counted if counts else None,
        is_late=counts is not None and counts.late,
        has_chosen=stored is not None and stored.chosen_id is not None,
        unseen=None if sight.score is Shown.WHOLE else made,
    )
    left = admission.allowance(session, assignment, user_id, rules)
    return Outlook(rules, left, prospect)


def measured_by(session: Session, attempt: Seen, usual: Terms) -> Terms:
    """The rules by which an attempt is late; a student's `usual` ones unless it is a team's."""
    if attempt.team_id is None:
        return usual
    users = members.users_of(session, [attempt.id]).get(attempt.id, [attempt.user_id])
    whose = Members(tuple(users), attempt.team_id)
    return terms.of_members(session, attempt.assignment, whose)


def of(session: Session, actor: Actor, assignment_id: int, user_id: int) -> Standing:
    """How a student stands: one's own, or anybody's for who may see all work.

    Raises NotFound, Forbidden.
    """
    if user_id == actor.user.id:
        assignment = permissions.work(session, actor, assignment_id)
        permissions.require_scope(actor, "submissions:read")
    else:
        assignment = permissions.of_student(session, actor, assignment_id, user_id)
    student = courses.member(session, actor, assignment.course_id, user_id)
    own = shown.of_person(session, actor, student.id, assignment.course_id, [assignment])
    stored = session.get(StoredGrade, (assignment_id, student.id), populate_existing=True)
    sight = sights.of(session, actor, assignment)
    counting = seen.counting(session, actor, assignment, student.id)
    rules = terms.of(session, assignment, student.id)
    return Standing(
        assignment,
        student,
        sight,
        sights.of_student(session, assignment, student.id),
        own.get(assignment_id, NOTHING),
        SetByHand.of(stored, sight),
        stored is not None and stored.chosen_id is not None,
        counting,
        _counts(stored, counting, sight),
        submissions.attempts(session, actor, assignment_id, student.id),
        changes.history(session, assignment_id, student.id, sight),
        Column.of(assignment, now()),
        rules,
        rules if counting is None else measured_by(session, counting, rules),
        extensions.current(session, assignment_id, Whom(student.id)),
        terms.of_student(session, assignment_id, student.id),
    )


def _counts(stored: StoredGrade | None, counting: Seen | None, sight: Sight) -> Counting | None:
    if sight.score is not Shown.WHOLE:
        return Counting(counting.id, counting.submitted_at) if counting else None
    if stored is None or stored.submission_id is None or stored.submitted_at is None:
        return None
    return Counting(stored.submission_id, stored.submitted_at)
