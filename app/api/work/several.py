"""Owns the route by which several files are handed in with one call, each for itself."""

from __future__ import annotations

import base64
from typing import Annotated, Self

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.idempotency import key_of
from app.api.routing import LARGEST_ID, Caller, allow, errors, router
from app.api.views import View
from app.api.work.submissions import Student
from app.api.work.verdicts import Accepted
from app.errors import Problem, TooMany, Unavailable, Unprocessable
from app.grading import handing_in, receipts, uploads
from app.grading.uploads import Upload
from app.http.declared import body, body_limit
from app.http.dependencies import Db
from app.http.error_handlers import told_of
from app.idempotency.answers import Answer, Sending
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Status
from app.settings import settings

MOST = 50
PATH = "/submissions"
_OF_A_FILE = "file\N{MIDDLE DOT}"
"""Before the key of a file; that of a call is ASCII, so they never meet."""


class HandIn(BaseModel):
    """One file."""

    model_config = ConfigDict(extra="forbid")

    assignment: int = Field(ge=1, le=LARGEST_ID, description="The assignment's number.")
    student: Student | None = Field(
        None,
        min_length=1,
        max_length=300,
        description="E-mail address or external id of the student to hand in for; needs "
        "`submissions:behalf`. Null: the token's holder.",
    )
    file_name: str = Field("submission.py", max_length=300)
    text: str | None = Field(None, description="The file's text; or else `base64`.")
    base64: str | None = Field(None, description="The file's bytes.")
    key: str | None = Field(
        None,
        description="Of this file alone, as an `Idempotency-Key` is: sent again, in whichever "
        "call, it makes no second attempt.",
    )

    def upload(self) -> Upload:
        """The file as it would come in by itself; raises Unprocessable, TooLarge."""
        if (self.text is None) == (self.base64 is None):
            raise Unprocessable(
                "This file was not taken: send either `text` or `base64`.",
                errors={"text": "either this or `base64`"},
            )
        if self.text is not None:
            return uploads.received(self.file_name, _encoded(self.text))
        try:
            content = base64.b64decode(self.base64 or "", validate=True)
        except ValueError:
            raise Unprocessable(
                "`base64` cannot be read, so this file was not taken.",
                errors={"base64": "is no base64"},
            ) from None
        return uploads.received(self.file_name, content)


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Unprocessable(
            "`text` has half a character in it, so this file was not taken.",
            errors={"text": "has half a character in it"},
        ) from None


class HandIns(BaseModel):
    """Several files."""

    model_config = ConfigDict(extra="forbid")

    submissions: Annotated[list[HandIn], Field(min_length=1, max_length=MOST)]


class Refusal(View):
    """Why one file was not taken, as it would be told of it alone."""

    title: str
    detail: str
    errors: dict[str, str]
    retry_after: int | None = Field(description="In seconds, where it was one too many.")


class Outcome(View):
    """What came of one file."""

    status: int = Field(description="What the answer would be to this file alone, such as 202.")
    replayed: bool = Field(description="Whether its key was answered before.")
    submission: Accepted | None = Field(description="Null where it was not taken.")
    problem: Refusal | None = Field(description="Null where it was taken.")

    @classmethod
    def taken(cls, accepted: Accepted, *, replayed: bool = False) -> Self:
        """A file that was taken, now or before."""
        return cls(status=202, replayed=replayed, submission=accepted, problem=None)

    @classmethod
    def refused(cls, problem: Problem) -> Self:
        """A file that was not taken."""
        refusal = Refusal(
            title=problem.title,
            detail=problem.detail,
            errors=problem.errors,
            retry_after=problem.retry_after if isinstance(problem, TooMany) else None,
        )
        return cls(status=problem.status, replayed=False, submission=None, problem=refusal)


class Outcomes(View):
    """What came of each file, in the order in which they were sent."""

    submissions: list[Outcome]


def _too_large() -> str:
    return (
        f"That is more than the {body_limit(f'/api/v1{PATH}') // 1024} kB that one call may have, "
        "so none of its files was taken. Send fewer at a time."
    )


@router.post(
    PATH,
    tags=["submissions"],
    summary="Hand in several files",
    status_code=207,
    responses=errors(400, 408, 413),
)
@body(f"/api/v1{PATH}", _too_large, takes_files=True)
def submit_several(files: HandIns, request: Request, actor: Caller, session: Db) -> Outcomes:
    """Of one or many students, to one or many assignments; each is taken or refused for itself.

    Limits and quotas count each file as if it came alone. Give each a `key`: then a call that was
    cut off can be sent again as it is. Scope: `submissions:write`, or `submissions:behalf`.
    """
    outcomes: list[Outcome] = []
    for file in files.submissions:
        try:
            with session.begin_nested():
                outcomes.append(_taken(session, actor, file, request))
            session.commit()
        except Exception as error:  # those before are taken, which must be told
            problem = told_of(request, error)
            if isinstance(problem, Unavailable):
                return _cut_off(session, outcomes, problem, len(files.submissions))
            outcomes.append(Outcome.refused(problem))
    return Outcomes(submissions=outcomes)


def _cut_off(session: Db, taken: list[Outcome], problem: Problem, number: int) -> Outcomes:
    """What there is to say when the database has gone, and none of the files that are left can be
    taken; raises `problem` where with the transaction all are undone."""
    if database.holds_commits(session) or not taken:
        raise problem
    session.rollback()
    return Outcomes(submissions=taken + [Outcome.refused(problem)] * (number - len(taken)))


def _taken(session: Db, actor: Actor, file: HandIn, request: Request) -> Outcome:
    """A file that is taken, unless its key was answered before; raises Problem."""
    upload, sending = file.upload(), None
    if file.key is not None:
        sheet, whose = str(file.assignment).encode(), (file.student or "").encode()
        parts = [b"one of several", sheet, whose, *upload.parts()]
        sending = Sending(session, actor, f"{_OF_A_FILE}{key_of(file.key)}", parts)
        if known := sending.known():
            return Outcome.taken(Accepted.model_validate_json(known.body), replayed=True)
    allow(request, "submit", settings().submit_limit, actor)
    made = handing_in.hand_in(
        session,
        actor,
        file.assignment,
        upload,
        student=file.student,
        began_at=request.state.began_at,
    )
    accepted = Accepted(id=made.id, status=Status.QUEUED, receipt=receipts.given(session, made))
    if sending:
        location = {"location": f"/api/v1/submissions/{made.id}"}
        sending.keep(Answer(202, location, accepted.model_dump_json().encode()))
    return Outcome.taken(accepted)
