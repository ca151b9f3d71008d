"""Owns the teams of an assignment: who is in which, and who is asked to join."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.models.declarative import Base
from app.models.field_limits import fitting
from app.models.people import User


class Team(Base):
    """Students who hand in together in one assignment. One with work stays when all have left."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("assignment_id", "title"),
        UniqueConstraint("id", "assignment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id", ondelete="CASCADE"))
    title: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @validates("title")
    def _fits(self, field: str, given: str) -> str | None:
        return fitting(field, given)


class TeamMember(Base):
    """Somebody in a team. The key has nobody be in two teams of one assignment."""

    __tablename__ = "team_members"
    __table_args__ = (
        ForeignKeyConstraint(
            ["team_id", "assignment_id"], ["teams.id", "teams.assignment_id"], ondelete="CASCADE"
        ),
    )

    assignment_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    team_id: Mapped[int] = mapped_column(index=True)

    user: Mapped[User] = relationship()
    team: Mapped[Team] = relationship()


class TeamInvitation(Base):
    """Somebody who is asked to join a team, and by whom."""

    __tablename__ = "team_invitations"

    team_id: Mapped[int] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    invited_at: Mapped[datetime] = mapped_column(server_default=func.now())

    team: Mapped[Team] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    invited_by: Mapped[User] = relationship(foreign_keys=[invited_by_id])
