"""Owns the routes about one student's grade, changing it by hand, and the log of changes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import NO_NUL, Points, Text, check_match
from app.api.gradebook.views import GradeView
from app.api.paging import Paged, Since
from app.api.routing import (
    LARGEST_ID,
    AssignmentId,
    Caller,
    CourseId,
    UserId,
    errors,
    etag_of,
    router,
)
from app.api.views import ActorView, PersonView, View
from app.gradebook import changes, log, standing
from app.gradebook.changes import ByHand
from app.gradebook.standing import Standing
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import AuditEntry

Word = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Number = Annotated[int | None, Field(ge=1, le=LARGEST_ID)]
IfMatch = Annotated[str | None, Header(description="The `ETag` that the grade came with. Needed.")]


class ByHandView(View):
    """What was set by hand of a grade, and why."""

    score: float | None = Field(description="The whole score; null where it is not set.")
    exercises: dict[str, float] = Field(description="Points of exercises that are set, by slug.")
    excused: bool
    on_time: bool = Field(description="Counts as in time, whenever it came.")
    reason: str
    by: ActorView | None
    at: datetime | None


class StandingGradeView(GradeView):
    """One student's grade in one assignment: what counts, what was computed, what was set."""

    student: PersonView
    state: str = Field(
        description="`scored`, `missing` (counts as 0), `excused`, `being graded`, `not graded`, "
        "`nothing yet`, or `not shown yet` to the caller; only the first two are in sums."
    )
    max_score: float
    by_hand: ByHandView

    @classmethod
    def whole(cls, found: Standing) -> Self:
        """A grade as it stands."""
        was_set = found.by_hand
        set_by_hand = ByHandView(
            **was_set.what.facts(),
            reason=was_set.reason,
            by=ActorView.model_validate(was_set.by) if was_set.by else None,
            at=was_set.at,
        )
        return cls(
            **GradeView.of(
                found.assignment.id, found.grade, found.counts, found.students_sight
            ).model_dump(),
            student=PersonView.model_validate(found.student),
            state=found.state.value,
            max_score=found.assignment.max_score,
            by_hand=set_by_hand,
        )


class GradeChange(BaseModel):
    """What is to be set by hand; what is left out stays as it is set."""

    model_config = ConfigDict(extra="forbid")

    score: Points | None = Field(None, description="Null: as computed.")
    exercises: dict[str, Points] = Field({}, description="By slug; `{}`: all as computed.")
    excused: bool = False
    on_time: bool = False
    reason: Text = Field(description="Why; the student reads it.")

    def over(self, before: ByHand) -> ByHand:
        """All that is to be set, where some is set before."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"reason"}}
        return ByHand(**({**before.facts(), **given}))


class Undo(BaseModel):
    """Which change is to be taken back."""

    model_config = ConfigDict(extra="forbid")

    entry: int = Field(ge=1, le=2**53, description="The number of an entry of the log.")


class EntryView(View):
    """One entry of the log."""

    id: int
    at: datetime
    via: str = Field(description="`page`, `api`, `command`, or `grader`: a new verdict.")
    action: str
    by: ActorView | None = Field(description="Null for the operator's command, and for graders.")
    student: ActorView | None = Field(description="Whom it is about.")
    assignment_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str

    @classmethod
    def of(cls, entry: AuditEntry) -> Self:
        """An entry whose people are loaded."""
        names = "id at action assignment_id before after reason"
        return cls(
            **{name: getattr(entry, name) for name in names.split()},
            via=entry.via.value,
            by=ActorView.model_validate(entry.actor) if entry.actor else None,
            student=ActorView.model_validate(entry.user) if entry.user else None,
        )


@router.get(
    "/assignments/{assignment_id}/grades/{user_id}",
    tags=["grades"],
    summary="One student's grade",
    responses=errors(403, 404),
)
def show_grade(
    assignment_id: AssignmentId, user_id: UserId, actor: Caller, session: Db, response: Response
) -> StandingGradeView:
    """What counts, what was computed, and what was set by hand, by whom and why.

    One's own, or anybody's for teaching staff. Scope: `submissions:read`.
    """
    return _shown(session, actor, assignment_id, user_id, response)


@router.patch(
    "/assignments/{assignment_id}/grades/{user_id}",
    tags=["grades"],
    summary="Change a grade by hand",
    responses=errors(400, 403, 404, 412, 413, 428),
)
def change_grade(
    assignment_id: AssignmentId,
    user_id: UserId,
    change: GradeChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> StandingGradeView:
    """Set the whole score or that of exercises, excuse, or exempt from lateness, with a reason.

    What was computed is kept, and shown beside it. Scopes: `gradebook:write` and
    `submissions:read`.
    """
    before = require_read(session, actor, assignment_id, user_id, if_match)
    wanted, seen = change.over(before.by_hand.what), before.version
    changes.change(session, actor, assignment_id, user_id, wanted, change.reason, seen=seen)
    session.commit()
    return _shown(session, actor, assignment_id, user_id, response)


@router.post(
    "/assignments/{assignment_id}/grades/{user_id}/undo",
    tags=["grades"],
    summary="Take a change of a grade back",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def undo_change(
    assignment_id: AssignmentId,
    user_id: UserId,
    which: Undo,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> StandingGradeView:
    """Have the grade as it was before an entry of the log. Scopes as for the change itself."""
    before = require_read(session, actor, assignment_id, user_id, if_match)
    changes.undo(session, actor, assignment_id, user_id, which.entry, seen=before.version)
    session.commit()
    return _shown(session, actor, assignment_id, user_id, response)


def require_read(
    session: Db, actor: Actor, assignment_id: int, user_id: int, if_match: str | None
) -> Standing:
    """The grade that is to be changed, if it is the one that the caller has read."""
    permissions.of_student(session, actor, assignment_id, user_id, Right.GRADE)
    found = standing.of(session, actor, assignment_id, user_id)
    check_match(if_match, _etag(found), found.version)
    return found


def _shown(
    session: Db, actor: Actor, assignment_id: int, user_id: int, response: Response
) -> StandingGradeView:
    found = standing.of(session, actor, assignment_id, user_id)
    response.headers["etag"] = _etag(found)
    return StandingGradeView.whole(found)


def _etag(found: Standing) -> str:
    """Another one for anything that is told; it begins with the version of what is set by hand.

    So a new verdict makes no change by hand stale.
    """
    return f'"{found.version}.{etag_of(StandingGradeView.whole(found))[1:]}'


@router.get(
    "/courses/{course_id}/log",
    tags=["grades"],
    summary="What was changed in a course",
    responses=errors(403, 404),
)
def list_log(
    course_id: CourseId,
    actor: Caller,
    session: Db,
    pager: Paged,
    q: Annotated[Word, Query(description="A name, a word, a reason.")] = "",
    action: Annotated[Word, Query(description="What was done.")] = "",
    assignment: Annotated[Number, Query(description="About this assignment.")] = None,
    student: Annotated[Number, Query(description="About this person, by number.")] = None,
    since: Since = None,
) -> list[EntryView]:
    """Every change, newest first: who, when, how, from what, to what, why.

    Scope: `gradebook:read`.
    """
    before = pager.number
    search = log.Search(q, action, assignment, student, since)
    found = log.entries(session, actor, course_id, search, before=before, limit=pager.size + 1)
    return [EntryView.of(one) for one in pager.shown(found, lambda entry: [str(entry.id)])]
