"""Owns the routes about sections: parts of a course's people, such as those of one tutorial."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.administration.settings import IfMatch
from app.api.changes import Text, check_match
from app.api.people.members import MemberView, shown
from app.api.routing import LARGEST_ID, Caller, CourseId, UserId, errors, etag_of, router
from app.api.views import View
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.permissions import Right
from app.models import Section
from app.teaching import sections
from app.teaching.people import members

SectionId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The section's number.")]


class SectionView(View):
    """A section of a course."""

    id: int
    title: str
    people: list[int] = Field(description="The numbers of those who are in it.")

    @classmethod
    def of(cls, section: Section, people: list[int]) -> Self:
        """A section, with who is in it."""
        return cls(id=section.id, title=section.title, people=people)


class SectionChange(BaseModel):
    """A new section, or another title for one."""

    model_config = ConfigDict(extra="forbid")

    title: Text


class SectionsChange(BaseModel):
    """In which sections somebody is to be."""

    model_config = ConfigDict(extra="forbid")

    sections: list[Text] = Field(max_length=sections.MOST, description="Titles; `[]`: in none.")


@router.get(
    "/courses/{course_id}/sections",
    tags=["courses"],
    summary="A course's sections",
    responses=errors(403, 404),
)
def list_sections(course_id: CourseId, actor: Caller, session: Db) -> list[SectionView]:
    """By title, with who is in each; a tutor's own for a tutor. Scope: `gradebook:read`."""
    found = sections.seen(session, actor, course_id)
    return [SectionView.of(section, people) for section, people in found]


@router.post(
    "/courses/{course_id}/sections",
    tags=["courses"],
    summary="Add a section",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def add_section(
    course_id: CourseId, wanted: SectionChange, actor: Caller, session: Db
) -> SectionView:
    """With nobody in it. Scope: `courses:write`."""
    made = sections.add(session, actor, course_id, wanted.title)
    session.commit()
    return SectionView.of(made, [])


@router.get(
    "/sections/{section_id}",
    tags=["courses"],
    summary="One section",
    responses=errors(403, 404),
)
def show_section(
    section_id: SectionId, actor: Caller, session: Db, response: Response
) -> SectionView:
    """With who is in it; a tutor's own for a tutor. Scope: `gradebook:read`."""
    return _shown(*members.of_section(session, actor, section_id), response)


@router.patch(
    "/sections/{section_id}",
    tags=["courses"],
    summary="Give a section another title",
    responses=errors(400, 403, 404, 412, 413, 428),
)
def rename_section(
    section_id: SectionId,
    wanted: SectionChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> SectionView:
    """Who is in it stays. Scope: `courses:write`."""
    before = sections.managed(session, actor, section_id)
    people = sections.people(session, section_id)
    check_match(if_match, etag_of(SectionView.of(before, people)))
    section = sections.rename(session, actor, section_id, wanted.title)
    session.commit()
    return _shown(section, people, response)


def _shown(section: Section, people: list[int], response: Response) -> SectionView:
    view = SectionView.of(section, people)
    response.headers["etag"] = etag_of(view)
    return view


@router.delete(
    "/sections/{section_id}",
    tags=["courses"],
    summary="Take a section away",
    status_code=204,
    responses=errors(403, 404, 409),
)
def remove_section(section_id: SectionId, actor: Caller, session: Db) -> Response:
    """Nobody leaves the course; one with extensions stays (409). Scope: `courses:write`."""
    sections.remove(session, actor, section_id)
    session.commit()
    return Response(status_code=204)


@router.put(
    "/courses/{course_id}/people/{user_id}/sections",
    tags=["courses"],
    summary="Put somebody into sections",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def put_into_sections(
    course_id: CourseId,
    user_id: UserId,
    wanted: SectionsChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> MemberView:
    """Into just these, which are there already; the `ETag` is that of the person in the course.

    Scopes: `courses:write`, `gradebook:read`.
    """
    permissions.require(session, actor, Right.MANAGE, course_id)
    before = members.one(session, actor, course_id, user_id, held=True)
    check_match(if_match, etag_of(MemberView.of(before)))
    sections.put(session, actor, course_id, user_id, wanted.sections)
    session.commit()
    return shown(session, actor, before.enrolment, response)
