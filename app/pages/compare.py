"""Owns the page that compares two attempts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from app.errors import NotFound
from app.grading import submissions
from app.grading.rules import terms
from app.grading.showing import sights
from app.grading.showing.seen import Seen
from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment
from app.rendering import source_diff, source_view, visibility
from app.rendering.templates import page
from app.teaching import courses

router = page_routes()
_MOST = 2**31 - 1
"""No number is larger that Postgres keeps as one of an attempt."""


@router.get("/assignments/{assignment_id}/compare")
def show(
    request: Request,
    session: Db,
    person: SignedIn,
    assignment_id: int,
    old: Annotated[int | None, Query(alias="from")] = None,
    new: Annotated[int | None, Query(alias="to")] = None,
    student: int | None = None,
) -> Response:
    """Two attempts beside each other: by default the last two, one's own or a student's."""
    asked = [number for number in (old, new) if number is not None and number <= _MOST]
    attempts = submissions.attempts(session, person, assignment_id, student, also=asked)
    assignment = permissions.work(session, person, assignment_id)
    owner = courses.member(session, person, assignment.course_id, student)
    by_number = {one.attempt: one for one in attempts}
    pair = _pair(by_number, old, new)
    before, after = pair or (None, None)
    return page(
        request,
        "compare/page.html",
        person,
        to_come=_to_come(session, person, assignment),
        assignment=assignment,
        course=assignment.course,
        rights=permissions.rights_in(session, person, assignment.course_id),
        owner=owner,
        attempts=attempts,
        before=before,
        after=after,
        difference=before and after and _difference(before, after),
        points=before and after and [*_points(before, after), _total(before, after)],
    )


def _to_come(session: Db, person: Actor, assignment: Assignment) -> list[str]:
    """What whoever looks is not shown of it yet."""
    sight = sights.of(session, person, assignment)
    if sight.is_whole:
        return []
    window = terms.of(session, assignment, person.user.id).window
    return visibility.to_come(assignment, sight, window, now())


def _pair(attempts: dict[int, Seen], old: int | None, new: int | None) -> tuple[Seen, Seen] | None:
    if len(attempts) < 2:
        return None
    last = new if new is not None else max(attempts)
    first = old if old is not None else max((n for n in attempts if n < last), default=last)
    if old is None and first == last:
        return None
    for number in (first, last):
        if number not in attempts:
            raise NotFound(f"There is no attempt {number}.")
    return attempts[first], attempts[last]


def _difference(before: Seen, after: Seen) -> source_diff.Difference:
    return source_diff.sources(
        source_view.readable(before.source), source_view.readable(after.source)
    )


def _points(before: Seen, after: Seen) -> list[source_diff.Points]:
    return source_diff.scores(
        *(
            {
                result.slug: (
                    str(result.report.get("title") or result.slug),
                    result.score,
                    result.max_score,
                )
                for result in one.results
            }
            for one in (before, after)
        )
    )


def _total(before: Seen, after: Seen) -> source_diff.Points:
    most = after.max_score if after.max_score is not None else after.assignment.max_score
    return source_diff.Points("All together", before.score, after.score, most)
