"""Owns the sections of a course, and who is in which."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.models.declarative import Base
from app.models.field_limits import fitting


class Section(Base):
    """A part of a course's people, such as those of one tutorial."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("course_id", "title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    title: Mapped[str]

    @validates("title")
    def _fits(self, field: str, given: str) -> str | None:
        return fitting(field, given)


class SectionMember(Base):
    """Somebody in a section: a student of it, or a tutor who sees its students."""

    __tablename__ = "section_members"

    section_id: Mapped[int] = mapped_column(
        ForeignKey("sections.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
