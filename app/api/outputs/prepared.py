"""Owns the routes about exports that are made in the background."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Self

from fastapi import Path
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.routing import LARGEST_ID, Caller, CourseId, errors, router
from app.api.views import Links, View, link
from app.exports.prepared import asking
from app.exports.prepared.wanted import Wanted, What
from app.http.dependencies import Db
from app.http.downloads import prepared
from app.infrastructure.spreadsheets import Habit
from app.models import Export

ExportId = Annotated[uuid.UUID, Path(description="The export's id.")]


class WantedExport(BaseModel):
    """What is to be made."""

    model_config = ConfigDict(extra="forbid")

    what: What
    assignment: int | None = Field(
        None, ge=1, le=LARGEST_ID, description="Hand-ins of this assignment only."
    )
    counting: bool = Field(False, description="Only the hand-ins that count.")
    habit: Habit = Field(
        Habit.POINT, description="Of CSV: `comma` has semicolons between cells, commas in numbers."
    )
    dropped: bool = Field(False, description="Grades also of students who have left.")


class ExportView(View):
    """An export, as far as it is."""

    id: uuid.UUID
    course_id: int
    what: What
    assignment: int | None
    counting: bool
    habit: Habit
    dropped: bool
    state: str = Field(description="`being made`, `ready` or `failed`, which is our fault.")
    done: int = Field(description="Hand-ins, or students, that are in it by now.")
    number: int = Field(description="Of those that it takes.")
    size: int = Field(description="Bytes by now.")
    asked_at: datetime
    finished_at: datetime | None
    kept_until: datetime
    links: Links

    @classmethod
    def of(cls, export: Export) -> Self:
        """An export's row."""
        here = f"/api/v1/exports/{export.id}"
        ended = "ready" if export.finished_at else "failed"
        return cls(
            id=export.id,
            course_id=export.course_id,
            **export.what,
            state=ended if export.is_settled else "being made",
            done=export.done,
            number=export.number,
            size=export.size,
            asked_at=export.asked_at,
            finished_at=export.finished_at,
            kept_until=export.asked_at + asking.KEPT,
            links={"self": link(here), "file": link(f"{here}/file")},
        )


@router.post(
    "/courses/{course_id}/exports",
    tags=["courses"],
    summary="Have an export made in the background",
    status_code=202,
    responses=errors(400, 403, 404, 409, 413),
)
def ask_for_export(
    course_id: CourseId, wanted: WantedExport, actor: Caller, session: Db
) -> ExportView:
    """For teaching staff. Made behind all work that waits to be graded, and kept for a day.

    Asked for again while it is being made, it is the same one. Scope: `submissions:read` for
    hand-ins, `gradebook:read` for grades.
    """
    export = asking.ask(session, actor, course_id, Wanted(**wanted.model_dump()))
    session.commit()
    return ExportView.of(export)


@router.get(
    "/courses/{course_id}/exports",
    tags=["courses"],
    summary="One's own exports of a course",
    responses=errors(403, 404),
)
def list_exports(course_id: CourseId, actor: Caller, session: Db) -> list[ExportView]:
    """Those of the last day. Scope: `courses:read`, and what each of them takes."""
    return [ExportView.of(one) for one in asking.of_course(session, actor, course_id)]


@router.get(
    "/exports/{export_id}",
    tags=["courses"],
    summary="How far an export is",
    responses=errors(403, 404),
)
def show_export(export_id: ExportId, actor: Caller, session: Db) -> ExportView:
    """For who asked for it. Scope: as for asking."""
    return ExportView.of(asking.get(session, actor, export_id))


@router.get(
    "/exports/{export_id}/file",
    tags=["courses"],
    summary="An export's file",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {
                "application/zip": {"schema": {"type": "string", "format": "binary"}},
                "text/csv": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
            }
        },
        **errors(403, 404, 409),
    },
)
def fetch_export(export_id: ExportId, actor: Caller, session: Db) -> Response:
    """As it was saved on its page; before it is ready the answer is 409. Scope: as for asking."""
    return prepared(*asking.fetch(session, actor, export_id))


@router.delete(
    "/exports/{export_id}",
    tags=["courses"],
    summary="Delete an export",
    status_code=204,
    responses=errors(403, 404),
)
def delete_export(export_id: ExportId, actor: Caller, session: Db) -> Response:
    """Ready or not; what it was made of stays. Scope: as for asking."""
    asking.remove(session, actor, export_id)
    session.commit()
    return Response(status_code=204)
