"""Owns the routes about a course as a whole: made, read, changed, archived, copied, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Header, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import Text, check_match
from app.api.routing import Caller, CourseId, errors, etag_of, router
from app.api.views import CourseView
from app.http.dependencies import Db
from app.identity import permissions, rights, site_permissions
from app.models import Course
from app.teaching import copying, course_settings, courses, deletion
from app.teaching.course_drafts import CourseDraft

Zone = Annotated[str, Field(max_length=60, description="An IANA name, such as `Europe/Berlin`.")]
IfMatch = Annotated[
    str | None, Header(description="The `ETag` that it came with when it was read. Needed.")
]


class NewCourse(BaseModel):
    """A course that is to be."""

    model_config = ConfigDict(extra="forbid")

    code: Text = Field(description="Short, and its own.")
    title: Text
    term: Text = Field("", description="As people call it, such as `Winter 2026/27`.")
    timezone: Zone = "UTC"


class CourseChange(BaseModel):
    """What is to be another than it is; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    code: Text = ""
    title: Text = ""
    term: Text = ""
    timezone: Zone = "UTC"
    archived: bool = Field(False, description="True: all can be read, and nothing changes.")


class CourseCopy(BaseModel):
    """The course that a copy is to be."""

    model_config = ConfigDict(extra="forbid")

    code: Text = Field(description="Another one than the first course has.")
    title: Text = Field("", description="Empty: the first course's.")
    term: Text = ""
    weeks: int = Field(0, ge=0, le=copying.MOST_WEEKS, description="All dates move on by so many.")
    with_staff: bool = Field(True, description="Whether the other staff teaches it, too.")


def _shown(session: Db, actor: Caller, course: Course, response: Response) -> CourseView:
    view = CourseView.of(course, permissions.role_in(session, actor, course.id))
    response.headers["etag"] = etag_of(view)
    return view


@router.post(
    "/courses",
    tags=["courses"],
    summary="Make a course",
    status_code=201,
    responses=errors(400, 403, 409, 413),
)
def make_course(new: NewCourse, actor: Caller, session: Db, response: Response) -> CourseView:
    """For site administrators. A code is taken once (409). Scope: `courses:write`."""
    site_permissions.require_course_maker(actor)
    made = courses.add(session, new.code, new.title, new.timezone, actor, term=new.term)
    session.commit()
    response.headers["location"] = f"/api/v1/courses/{made.id}"
    return _shown(session, actor, made, response)


@router.get(
    "/courses/{course_id}", tags=["courses"], summary="One course", responses=errors(403, 404)
)
def show_course(course_id: CourseId, actor: Caller, session: Db, response: Response) -> CourseView:
    """What it is called, and whether it is archived. Scope: `courses:read`."""
    return _shown(session, actor, permissions.course(session, actor, course_id), response)


@router.patch(
    "/courses/{course_id}",
    tags=["courses"],
    summary="Change, archive or open a course again",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def change_course(
    course_id: CourseId,
    change: CourseChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> CourseView:
    """What is left out stays; moments that are set stay the same in another time zone.

    In an archived course nothing else changes (409) until it is open again. Scope: `courses:write`.
    """
    course = permissions.course(session, actor, course_id)
    right = rights.managing(course)
    permissions.require(session, actor, right, course_id)
    check_match(if_match, etag_of(_shown(session, actor, course, response)))
    seen = course_settings.version(course)
    given = {name: getattr(change, name) for name in change.model_fields_set}
    archived = given.pop("archived", None)
    if archived is False:
        course = course_settings.reopen(session, actor, course_id, seen=seen)
        seen = course_settings.version(course)
    if given:
        draft = replace(CourseDraft.of(course), **given)
        course = course_settings.change(session, actor, course_id, draft, seen=seen)
        seen = course_settings.version(course)
    if archived and course.archived_at is None:
        course = course_settings.archive(session, actor, course_id, seen=seen)
    session.commit()
    return _shown(session, actor, course, response)


@router.delete(
    "/courses/{course_id}",
    tags=["courses"],
    summary="Delete an empty course",
    status_code=204,
    responses=errors(403, 404, 409, 412, 428),
)
def delete_course(
    course_id: CourseId, actor: Caller, session: Db, if_match: IfMatch = None
) -> None:
    """Only one without assignments and students (409); the log stays. Scope: `courses:write`."""
    course = permissions.course(session, actor, course_id)
    permissions.require(session, actor, rights.managing(course), course_id)
    view = CourseView.of(course, permissions.role_in(session, actor, course_id))
    check_match(if_match, etag_of(view))
    deletion.delete_course(session, actor, course_id)
    session.commit()


@router.post(
    "/courses/{course_id}/copies",
    tags=["courses"],
    summary="Copy a course for another term",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def copy_course(
    course_id: CourseId, wanted: CourseCopy, actor: Caller, session: Db, response: Response
) -> CourseView:
    """With all assignments, not published yet, and their groups; without students and work.

    Who copies teaches it. Days of the week and times on the clock stay. Scope: `courses:write`.
    """
    source = permissions.course(session, actor, course_id)
    draft = CourseDraft(wanted.code, wanted.title or source.title, wanted.term, source.timezone)
    made = copying.copy_course(
        session, actor, course_id, draft, weeks=wanted.weeks, with_staff=wanted.with_staff
    )
    session.commit()
    response.headers["location"] = f"/api/v1/courses/{made.id}"
    return _shown(session, actor, made, response)
