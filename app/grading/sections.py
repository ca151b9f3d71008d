"""Owns narrowing what is listed to a section of a course."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Section, SectionMember


def people(session: Session, course_id: int, section_id: int) -> Select[int]:
    """A query for the numbers of who is in a section of this course.

    Raises NotFound for one of another course: who is in that is not for everybody to know.
    """
    if session.scalar(select(Section.course_id).where(Section.id == section_id)) != course_id:
        raise NotFound("There is no such section in this course.")
    return select(SectionMember.user_id).where(SectionMember.section_id == section_id)
