"""Owns the stream of a submission's standing: an event at once, and one at each change."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from app.api.routing import Caller, errors, router
from app.api.work.submissions import SubmissionId
from app.api.work.verdicts import StandingView
from app.errors import Problem
from app.grading import status
from app.grading.status import Standing
from app.http import dependencies, event_streams
from app.http.dependencies import Db
from app.identity.authentication import Actor
from app.infrastructure import database

_LOOK_S = 5.0  # news may get lost: then this is how late a change is seen
_LOOK_WITHOUT_NEWS_S = 1.0
_KNOWN_S = 1.0  # for so long a token that was good is not asked for again


def _look(request: Request, known: Actor | None, submission_id: uuid.UUID) -> Standing:
    """The standing right now, read in a session of its own; whose token it is, unless `known`.

    Raises NotSignedIn, NotFound, Forbidden.
    """
    with database.session() as session:
        return _seen(session, known or dependencies.bearer(request, session), submission_id)


def _seen(session: Session, actor: Actor, submission_id: uuid.UUID) -> Standing:
    database.read_without_transaction(session)
    found = status.look(session, actor, submission_id)
    session.commit()  # a stream lasts, and must hold no connection
    return found


async def _place(actor: Caller) -> AsyncIterator[None]:
    """Hold one of the caller's places until the stream has ended; raises TooMany."""
    with event_streams.place(actor.key):
        yield


def watched(request: Request, submission_id: SubmissionId, actor: Caller, session: Db) -> Standing:
    """The standing at first, if the caller may see it; raises NotFound, Forbidden."""
    request.state.submission_id = submission_id
    return _seen(session, actor, submission_id)


@router.get(
    "/submissions/{submission_id}/events",
    tags=["submissions"],
    summary="A submission's standing, live",
    response_class=EventSourceResponse,
    responses=errors(403, 404),
    dependencies=[Depends(_place)],
)
async def watch_submission(
    request: Request,
    submission_id: SubmissionId,
    actor: Caller,
    first: Annotated[Standing, Depends(watched)],
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events. Each one's data is the standing as JSON: `id`, `status`, `score`,
    `max_score`, `score_shown`, `position` in the queue, `submitted_at`, `graded_at`.

    The first comes at once. The stream ends with the event that says `graded` or `failed`, and
    after five minutes in any case; then open it again. It ends early when the token is revoked.
    A person may have a few open at a time; beyond that, `429`: ask for the submission every few
    seconds instead. Scope: `submissions:read`.
    """
    if first.is_settled:  # no news to wait for
        yield _event(first)
        return
    told, known_at = None, time.monotonic()
    async for _ in event_streams.moments(submission_id, _LOOK_S, _LOOK_WITHOUT_NEWS_S):
        is_known = time.monotonic() - known_at < _KNOWN_S
        try:
            now = await event_streams.look(
                _look, request, actor if is_known else None, submission_id
            )
        except Problem:  # the token was revoked, or its holder has left the course
            return
        known_at = known_at if is_known else time.monotonic()
        if now != told:
            told = now
            yield _event(now)
        if now.is_settled:
            return


def _event(standing: Standing) -> ServerSentEvent:
    return ServerSentEvent(data=StandingView.model_validate(standing).model_dump(mode="json"))
