"""Owns the routes about what staff and students say to each other: appeals and comments."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Self

from fastapi import Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import Points, Text
from app.api.gradebook.grades import IfMatch, require_read
from app.api.paging import Paged
from app.api.routing import LARGEST_ID, AssignmentId, Caller, CourseId, UserId, errors, router
from app.api.views import ActorView, PersonView, View
from app.gradebook import standing
from app.gradebook.talk import appeals, comments
from app.http.dependencies import Db
from app.identity import permissions
from app.models import Appeal, Comment

AppealId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The appeal's number.")]
CommentId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The comment's number.")]
Said = Annotated[Text, Field(max_length=5000)]


class CommentView(View):
    """What somebody said of a student's work."""

    id: int
    author: ActorView
    text: str
    submission_id: uuid.UUID | None = Field(description="The attempt that it is about, if any.")
    line: int | None = Field(description="The line of its source, if any.")
    created_at: datetime


class AppealView(View):
    """A student's asking for another look, and what was said about it."""

    id: int
    assignment_id: int
    student: PersonView
    submission_id: uuid.UUID
    exercise: str
    check: str = Field(description="Empty where it is about the exercise as a whole.")
    opened_at: datetime
    outcome: str | None = Field(
        description="Null while it is open; `changed`, `kept` (the grade) or `withdrawn`."
    )
    closed_at: datetime | None
    comments: list[CommentView]

    @classmethod
    def of(cls, appeal: Appeal) -> Self:
        """An appeal with what was said."""
        names = "id assignment_id submission_id exercise check opened_at closed_at"
        return cls(
            **{name: getattr(appeal, name) for name in names.split()},
            student=PersonView.model_validate(appeal.user),
            outcome=appeal.outcome.value if appeal.outcome else None,
            comments=[CommentView.model_validate(one) for one in appeal.comments],
        )


class AppealRequest(BaseModel):
    """What to look at again, and why."""

    model_config = ConfigDict(extra="forbid")

    exercise: Text = Field(description="The slug of an exercise of the attempt that counts.")
    check: Text = Field("", description="The name of a check; empty for the whole exercise.")
    text: Said


class Reply(BaseModel):
    """What the student adds to an open appeal."""

    model_config = ConfigDict(extra="forbid")

    text: Said = ""
    withdraw: bool = False


class Answer(BaseModel):
    """What staff answer; it closes the appeal, unless it `stays_open` as a question."""

    model_config = ConfigDict(extra="forbid")

    text: Said
    points: Points | None = Field(
        None, description="The exercise's points from now on; null leaves the grade as it is."
    )
    stays_open: bool = False


class CommentRequest(BaseModel):
    """What is to be said of a student's work."""

    model_config = ConfigDict(extra="forbid")

    text: Said
    submission_id: uuid.UUID | None = None
    line: int | None = Field(None, ge=1, le=LARGEST_ID)


@router.get(
    "/courses/{course_id}/appeals",
    tags=["grades"],
    summary="A course's appeals",
    responses=errors(403, 404),
)
def list_appeals(
    course_id: CourseId,
    actor: Caller,
    session: Db,
    pager: Paged,
    closed: Annotated[bool, Query(description="Those that are closed, newest first.")] = False,
) -> list[AppealView]:
    """The open ones, the oldest first; for teaching staff. Scope: `gradebook:read`."""
    found = appeals.of_course(
        session, actor, course_id, closed=closed, beyond=pager.number, limit=pager.size + 1
    )
    return [AppealView.of(one) for one in pager.shown(found, lambda one: [str(one.id)])]


@router.post(
    "/assignments/{assignment_id}/grades/{user_id}/appeals",
    status_code=201,
    tags=["grades"],
    summary="Ask for another look",
    responses=errors(400, 403, 404, 409, 413),
)
def open_appeal(
    assignment_id: AssignmentId,
    user_id: UserId,
    asked: AppealRequest,
    actor: Caller,
    session: Db,
) -> AppealView:
    """Ask for another look at one's own attempt that counts. Scope: `submissions:write`."""
    permissions.require_own(actor, user_id)
    made = appeals.open_one(session, actor, assignment_id, asked.exercise, asked.check, asked.text)
    session.commit()
    session.refresh(made)
    return AppealView.of(made)


@router.post(
    "/appeals/{appeal_id}/reply",
    tags=["grades"],
    summary="Add to one's own appeal, or withdraw it",
    responses=errors(400, 403, 404, 409, 413),
)
def reply_to_appeal(appeal_id: AppealId, said: Reply, actor: Caller, session: Db) -> AppealView:
    """While it is open. Scope: `submissions:write`."""
    found = appeals.reply(session, actor, appeal_id, said.text, withdraw=said.withdraw)
    session.commit()
    session.refresh(found)
    return AppealView.of(found)


@router.post(
    "/appeals/{appeal_id}/answer",
    tags=["grades"],
    summary="Answer an appeal",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def answer_appeal(
    appeal_id: AppealId, said: Answer, actor: Caller, session: Db, if_match: IfMatch = None
) -> AppealView:
    """With other points for the exercise, without, or with a question. With `points`, send the
    `ETag` of the grade in `If-Match`. Scopes: `gradebook:write` and `submissions:read`."""
    appeal = appeals.get(session, actor, appeal_id)
    who = (appeal.assignment_id, appeal.user_id)
    seen = None
    if said.points is not None:
        seen = require_read(session, actor, *who, if_match).version
    found = appeals.answer(
        session,
        actor,
        appeal_id,
        said.text,
        points=said.points,
        stays_open=said.stays_open,
        seen=seen,
    )
    session.commit()
    session.refresh(found)
    return AppealView.of(found)


@router.get(
    "/assignments/{assignment_id}/grades/{user_id}/comments",
    tags=["grades"],
    summary="Comments on a student's work",
    responses=errors(403, 404),
)
def list_comments(
    assignment_id: AssignmentId, user_id: UserId, actor: Caller, session: Db
) -> list[CommentView]:
    """In order; on one's own, or anybody's for teaching staff. Scope: `submissions:read`."""
    seen = standing.of(session, actor, assignment_id, user_id)
    found = comments.of_grade(session, assignment_id, user_id, seen.sight)
    return [CommentView.model_validate(one) for one in found]


@router.post(
    "/assignments/{assignment_id}/grades/{user_id}/comments",
    status_code=201,
    tags=["grades"],
    summary="Comment on a student's work",
    responses=errors(400, 403, 404, 413),
)
def add_comment(
    assignment_id: AssignmentId,
    user_id: UserId,
    said: CommentRequest,
    actor: Caller,
    session: Db,
) -> CommentView:
    """Of the assignment, an attempt, or a line of it. Scope: `gradebook:write`."""
    made: Comment = comments.add(
        session,
        actor,
        assignment_id,
        user_id,
        said.text,
        submission_id=said.submission_id,
        line=said.line,
    )
    session.commit()
    session.refresh(made)
    return CommentView.model_validate(made)


@router.delete(
    "/comments/{comment_id}",
    status_code=204,
    tags=["grades"],
    summary="Take one's own comment back",
    responses=errors(403, 404),
)
def withdraw_comment(comment_id: CommentId, actor: Caller, session: Db) -> Response:
    """Nobody is shown it any more; the log keeps it. Scope: `gradebook:write`."""
    comments.withdraw(session, actor, comment_id)
    session.commit()
    return Response(status_code=204)
