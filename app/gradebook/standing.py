"""Owns how one student stands in one assignment: the grade, its attempts, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.gradebook import changes, grades, totals
from app.gradebook.grades import NOTHING, Counting, Grade
from app.gradebook.totals import Column, State
from app.grading import submissions
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Assignment, AuditEntry, StoredGrade, Submission, User
from app.teaching import courses


@dataclass(frozen=True)
class Standing:
    """One student in one assignment. `attempts` are the newest, the newest first."""

    assignment: Assignment
    student: User
    grade: Grade
    stored: StoredGrade | None
    counting: Submission | None
    attempts: list[Submission]
    history: list[AuditEntry]
    column: Column

    @property
    def state(self) -> State:
        """What the grade is in the sums."""
        return totals.state(self.column, self.grade)

    @property
    def counts(self) -> Counting | None:
        """The attempt that counts."""
        stored = self.stored
        if stored is None or stored.submission_id is None or stored.submitted_at is None:
            return None
        return Counting(stored.submission_id, stored.submitted_at)

    @property
    def version(self) -> str:
        """What a form that changes the grade is filled in from."""
        return changes.version(self.stored)

    @property
    def scores(self) -> dict[str, float]:
        """The computed points of each exercise in the attempt that counts, by slug."""
        return {one.slug: one.score for one in self.counting.results} if self.counting else {}


def of(session: Session, actor: Actor, assignment_id: int, user_id: int) -> Standing:
    """How a student stands: one's own, or anybody's for who may see all work.

    Raises NotFound, Forbidden.
    """
    if user_id == actor.user.id:
        assignment = permissions.work(session, actor, assignment_id)
        permissions.require_scope(actor, "submissions:read")
    else:
        assignment = permissions.assignment(session, actor, assignment_id, Right.SEE_ALL_WORK)
    student = courses.member(session, actor, assignment.course_id, user_id)
    own = grades.of_person(session, assignment.course_id, student.id)
    stored = session.get(StoredGrade, (assignment_id, student.id), populate_existing=True)
    return Standing(
        assignment,
        student,
        own.get(assignment_id, NOTHING),
        stored,
        submissions.counting(session, assignment, student.id),
        submissions.attempts(session, actor, assignment_id, student.id),
        changes.history(session, assignment_id, student.id),
        Column.of(assignment, now()),
    )
