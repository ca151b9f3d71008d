"""Owns the routes about who is in a course: listed, added, changed, taken out, put back."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.administration.settings import IfMatch
from app.api.changes import Text, check_match
from app.api.paging import Paged
from app.api.routing import LARGEST_ID, Caller, CourseId, UserId, errors, etag_of, router
from app.api.views import PersonView
from app.errors import Unprocessable
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.permissions import Right
from app.models import Enrolment, Role
from app.teaching import courses
from app.teaching.people import adding, members
from app.teaching.people.members import Member


class MemberView(PersonView):
    """Somebody who is, or was, in a course."""

    role: Role
    active: bool = Field(description="False: taken out of the course; work and grades are kept.")
    has_password: bool = Field(description="False: they cannot sign in before they have one.")
    sections: list[str] = Field(description="Titles of the sections that they are in.")

    @classmethod
    def of(cls, member: Member) -> Self:
        """Somebody with their place in a course."""
        user, place = member.enrolment.user, member.enrolment
        return cls(
            **PersonView.model_validate(user).model_dump(),
            role=place.role,
            active=place.active,
            has_password=user.password_hash is not None,
            sections=member.sections,
        )


class NewMember(BaseModel):
    """Somebody who is to be in a course."""

    model_config = ConfigDict(extra="forbid")

    email: Text
    name: Text = Field("", description="For a new account; one that is there keeps its name.")
    role: Role = Role.STUDENT


class MemberChange(BaseModel):
    """What is to be another than it is; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    role: Role = Role.STUDENT
    active: bool = Field(True, description="False takes them out, true puts them back.")


def shown(session: Db, actor: Caller, enrolment: Enrolment, response: Response) -> MemberView:
    """Somebody with their place in a course, and the `ETag` for changing it."""
    found = members.one(session, actor, enrolment.course_id, enrolment.user_id)
    view = MemberView.of(found)
    response.headers["etag"] = etag_of(view)
    return view


@router.get(
    "/courses/{course_id}/people",
    tags=["people"],
    summary="Who is in a course",
    responses=errors(403, 404),
)
def list_people(
    course_id: CourseId,
    actor: Caller,
    session: Db,
    pager: Paged,
    role: Annotated[Role | None, Query(description="Only those with this role.")] = None,
    section: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="Only those in this section.")
    ] = None,
    left: Annotated[bool, Query(description="Also those who were taken out.")] = False,
) -> list[MemberView]:
    """Staff and students by `id`, for who sees the whole class. Scope: `gradebook:read`."""
    search = members.Search(role, section, left)
    found = members.of_course(
        session, actor, course_id, search, after=pager.number, limit=pager.size + 1
    )
    page = pager.shown(found, lambda one: [str(one.enrolment.user_id)])
    return [MemberView.of(one) for one in page]


@router.get(
    "/courses/{course_id}/people/{user_id}",
    tags=["people"],
    summary="One of a course's people",
    responses=errors(403, 404),
)
def show_person(
    course_id: CourseId, user_id: UserId, actor: Caller, session: Db, response: Response
) -> MemberView:
    """Also somebody who was taken out. Scope: `gradebook:read`."""
    found = members.one(session, actor, course_id, user_id)
    return shown(session, actor, found.enrolment, response)


@router.post(
    "/courses/{course_id}/people",
    tags=["people"],
    summary="Put somebody into a course",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def add_person(
    course_id: CourseId, wanted: NewMember, actor: Caller, session: Db, response: Response
) -> MemberView:
    """Who is new gets an account and an invitation, mailed to them where mail is set up.

    Somebody who is in the course with another role stays as they are (409). Sent twice it is done
    once. Scopes: `courses:write`, `gradebook:read`.
    """
    user, _ = adding.add(session, actor, course_id, wanted.email, wanted.name, wanted.role)
    session.flush()
    found = members.one(session, actor, course_id, user.id)
    session.commit()
    response.headers["location"] = f"/api/v1/courses/{course_id}/people/{user.id}"
    return shown(session, actor, found.enrolment, response)


@router.patch(
    "/courses/{course_id}/people/{user_id}",
    tags=["people"],
    summary="Give somebody another role, take them out, or put them back",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def change_person(
    course_id: CourseId,
    user_id: UserId,
    change: MemberChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> MemberView:
    """Work and grades of who is taken out are kept, and come back with them.

    Nobody changes their own place, or that of the last instructor (409).
    Scopes: `courses:write`, `gradebook:read`.
    """
    permissions.require(session, actor, Right.MANAGE, course_id)
    found = members.one(session, actor, course_id, user_id, held=True)
    check_match(if_match, etag_of(MemberView.of(found)))
    given = change.model_fields_set
    if "role" in given and "active" in given and not change.active:
        raise Unprocessable(
            "Who is taken out keeps the role that they had: leave `role` out.",
            errors={"role": "not together with active: false"},
        )
    if "active" in given and not change.active:
        courses.remove(session, actor, course_id, user_id)
    elif given:
        role = change.role if "role" in given else found.enrolment.role
        adding.set_role(session, actor, course_id, user_id, role)
    session.commit()
    return shown(session, actor, found.enrolment, response)
