"""Owns who can act, and how they prove who they are: people, service accounts, sign-ins, tokens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.models.declarative import Base
from app.models.field_limits import fitting


class Account(Base):
    """Whoever can act: a person (`User`), or a program of no person's (`ServiceAccount`).

    Who asks for either never gets the other, so that lists of people have no programs in them.
    """

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
        CheckConstraint("(kind = 'person') = (email IS NOT NULL)", name="people_have_email"),
        CheckConstraint(
            "kind = 'person' OR (external_id IS NULL AND password_hash IS NULL)", name="no_sign_in"
        ),
        CheckConstraint("kind = 'service' OR course_id IS NULL", name="course_of_service"),
        Index(
            "uq_users_service_name",
            text("coalesce(course_id, 0)"),
            text("lower(name)"),
            unique=True,
            postgresql_where=text("kind = 'service' AND active"),
        ),
    )
    __mapper_args__ = {"polymorphic_on": "kind", "with_polymorphic": "*"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Literal["person", "service"]] = mapped_column(String, server_default="person")
    email: Mapped[str | None]
    name: Mapped[str]
    external_id: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def bound_to(self) -> int | None:
        """The one course that a service account is for."""
        return None

    @validates("email", "name", "external_id")
    def _fits(self, field: str, given: str | None) -> str | None:
        return fitting(field, given)


class User(Account):
    """A person. `email` is unique in any case; `external_id` is an LMS's or school's own id."""

    __mapper_args__ = {"polymorphic_identity": "person"}

    if TYPE_CHECKING:
        email: Mapped[str]


class ServiceAccount(Account):
    """A program that acts for itself, with tokens alone: it has no address, password or place.

    It looks after one course, or after the whole site where it is `is_admin`. One that is neither
    had a course that is deleted.
    """

    __mapper_args__ = {"polymorphic_identity": "service"}

    course_id: Mapped[int | None] = mapped_column(
        ForeignKey("courses.id", ondelete="SET NULL"), index=True
    )

    @property
    def bound_to(self) -> int | None:
        """The one course that it is for."""
        return self.course_id


class SignIn(Base):
    """A browser's session. Only the SHA-256 of the cookie's value is kept."""

    __tablename__ = "sign_ins"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user_agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    student_view_course_id: Mapped[int | None] = mapped_column(
        ForeignKey("courses.id", ondelete="SET NULL")
    )
    """The course at which they look as a student does, while they do."""
    student_view_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL")
    )
    """The student as whom they look; None is a student who has handed in nothing."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class ApiToken(Base):
    """A bearer token. Only its SHA-256 is kept; `hint` is its last four characters.

    One that another token made is revoked together with that.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    hint: Mapped[str]
    name: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String))
    made_by_token_id: Mapped[int | None] = mapped_column(
        ForeignKey("api_tokens.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[Account] = relationship()
