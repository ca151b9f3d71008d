"""Owns the routes about groups of assignments, and what totals they make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import Text, check_match
from app.api.gradebook.grades import IfMatch
from app.api.gradebook.views import GradeView
from app.api.routing import LARGEST_ID, Caller, CourseId, UserId, errors, etag_of, router
from app.api.views import PersonView, View
from app.gradebook import groups, overview
from app.gradebook.grades import Counting, Pair
from app.gradebook.groups import Draft
from app.gradebook.overview import Overview
from app.grading.showing import sights
from app.grading.showing.sights import Sights
from app.http.dependencies import Db
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right

AssignmentNumber = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Group(BaseModel):
    """One group of assignments."""

    model_config = ConfigDict(extra="forbid")

    title: Text
    weight: float = Field(
        1.0, ge=0, le=1000, allow_inf_nan=False, description="In proportion to the others'."
    )
    dropped: int = Field(0, ge=0, le=100, description="So many of the lowest do not count.")
    assignments: list[AssignmentNumber] = Field([], description="The numbers of those in it.")


class Groups(BaseModel):
    """All groups of a course, in order; an assignment in none of them is in no total."""

    model_config = ConfigDict(extra="forbid")

    groups: list[Group] = Field(max_length=groups.MOST)


class PartView(View):
    """What a student has in one group; `group` is null where a course has no groups."""

    group: str | None
    points: float
    possible: float
    share: float | None = Field(description="From 0 to 1; null where nothing counts yet.")
    weight: float | None = Field(description="Of the total, from 0 to 1, as things stand.")
    dropped: list[int] = Field(description="The assignments whose grades are dropped.")


class OverviewView(View):
    """All grades of one student, and how their total comes about."""

    student: PersonView
    grades: list[GradeView] = Field(description="Assignments without anything are left out.")
    points: float
    possible: float = Field(description="The points that could be had by now.")
    share: float | None = Field(description="From 0 to 1, by the groups' weights.")
    parts: list[PartView]

    @classmethod
    def of(cls, found: Overview, counting: Mapping[Pair, Counting], seen: Sights) -> Self:
        """An overview; `counting` has the attempts that count, `seen` what the student sees."""
        row, total = found.row, found.row.total
        shown = [one.id for one in found.columns if one.id in row.grades]
        parts = [
            PartView(
                group=part.group.title if part.group else None,
                points=part.points,
                possible=part.possible,
                share=part.share,
                weight=found.weight(part),
                dropped=sorted(part.dropped),
            )
            for part in total.parts
        ]
        return cls(
            student=PersonView.model_validate(row.student),
            grades=[
                GradeView.of(pair[1], row.grades[pair[1]], counting.get(pair), seen(*pair))
                for pair in ((row.student.id, number) for number in shown)
            ],
            points=total.points,
            possible=total.possible,
            share=total.share,
            parts=parts,
        )


@router.get(
    "/courses/{course_id}/groups",
    tags=["grades"],
    summary="A course's groups of assignments",
    responses=errors(403, 404),
)
def list_groups(course_id: CourseId, actor: Caller, session: Db, response: Response) -> Groups:
    """Weights, and how many lowest are dropped; empty where totals are sums of points.

    Scope: `courses:read`.
    """
    permissions.course(session, actor, course_id, Right.SEE)
    return _shown(session, actor, course_id, response)


@router.put(
    "/courses/{course_id}/groups",
    tags=["grades"],
    summary="Change the groups of assignments",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def change_groups(
    course_id: CourseId,
    change: Groups,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> Groups:
    """Have just these groups. An empty list has totals be sums of points again.

    Scope: `courses:write`.
    """
    permissions.course(session, actor, course_id, Right.MANAGE)
    check_match(if_match, etag_of(_read(session, actor, course_id)))
    wanted = [
        Draft(one.title.strip(), one.weight, one.dropped, tuple(one.assignments))
        for one in change.groups
    ]
    seen = groups.version(session, course_id)
    groups.save(session, actor, course_id, wanted, seen=seen)
    session.commit()
    return _shown(session, actor, course_id, response)


@router.get(
    "/courses/{course_id}/grades/{user_id:person}",  # a word there is another address
    tags=["grades"],
    summary="All grades of one student",
    responses=errors(403, 404),
)
def show_overview(course_id: CourseId, user_id: UserId, actor: Caller, session: Db) -> OverviewView:
    """Each grade, and how the total comes about; one's own, or anybody's for teaching staff.

    Scopes: `submissions:read`, and for one's own `courses:read` as well.
    """
    found = overview.of(session, actor, course_id, user_id)
    asked = [column.assignment for column in found.columns]
    seen = sights.of_students(session, asked, user_id)
    return OverviewView.of(found, overview.counting(session, found), seen)


def _read(session: Db, actor: Actor, course_id: int) -> Groups:
    rights = permissions.rights_in(session, actor, course_id)
    return Groups(
        groups=[
            Group(
                title=one.title,
                weight=one.weight,
                dropped=one.dropped,
                assignments=list(one.assignments),
            )
            for one in groups.drafts(session, course_id, hidden=Right.SEE_GRADEBOOK in rights)
        ]
    )


def _shown(session: Db, actor: Actor, course_id: int, response: Response) -> Groups:
    view = _read(session, actor, course_id)
    response.headers["etag"] = etag_of(view)
    return view
