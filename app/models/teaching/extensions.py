"""Owns what holds beyond an assignment's rules: extensions that were given, late days spent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.declarative import Base
from app.models.people import Account, User
from app.models.teaching.courses import Assignment
from app.models.teaching.sections import Section
from app.models.teaching.teams import Team
from app.timing.windows import Extension


class GivenExtension(Base):
    """More time or attempts in one assignment, for a student, a section or a team; by whom, why."""

    __tablename__ = "extensions"
    __table_args__ = (
        UniqueConstraint("assignment_id", "user_id"),
        UniqueConstraint("assignment_id", "section_id", name="uq_extensions_section"),
        UniqueConstraint("assignment_id", "team_id", name="uq_extensions_team"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("num_nonnulls(user_id, section_id, team_id) = 1", name="whose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    section_id: Mapped[int | None] = mapped_column(
        ForeignKey("sections.id", ondelete="CASCADE"), index=True
    )
    team_id: Mapped[int | None] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), index=True
    )
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    reason: Mapped[str]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    given_at: Mapped[datetime] = mapped_column(server_default=func.now())

    assignment: Mapped[Assignment] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    section: Mapped[Section | None] = relationship()
    team: Mapped[Team | None] = relationship()
    given_by: Mapped[Account] = relationship(foreign_keys=[given_by_id])

    @property
    def whose(self) -> str:
        """The name of the student, or the title of the section or the team."""
        many = self.section or self.team
        return self.user.name if self.user else many.title if many else ""

    @property
    def extension(self) -> Extension:
        """What it gives."""
        return Extension(self.due_at, self.closes_at, self.attempts)


class LateDays(Base):
    """How many late days of the course a student has spent on an assignment."""

    __tablename__ = "late_days"
    __table_args__ = (CheckConstraint("days >= 0", name="days"),)

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    days: Mapped[int]
