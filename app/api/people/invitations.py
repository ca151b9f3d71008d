"""Owns the routes about links by which a course's people set a password."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from fastapi import Depends
from pydantic import Field

from app.api.routing import Caller, CourseId, UserId, errors, router, unkept_answer
from app.api.views import PersonView, View
from app.http.dependencies import Db
from app.models import Delivery, Mail
from app.teaching.people import invitations
from app.teaching.people.invitations import Invitation


class MailView(View):
    """A mail with the link."""

    delivery: Delivery = Field(description="`needless`: the link was over before it was sent.")
    tries: int
    settled_at: datetime | None = Field(description="When it was sent or given up; else null.")
    said: str = Field(description="What the mail server said last, where it did not take it.")

    @classmethod
    def of(cls, mail: Mail) -> Self:
        """A mail of the outbox."""
        return cls.model_validate(mail)


class PasswordLinkView(View):
    """How somebody stands who has no password yet, or an open link."""

    person: PersonView
    has_password: bool = Field(description="True: the link sets a new one, and the old one works.")
    works: bool = Field(description="Whether there is a link that its person can use now.")
    expires_at: datetime | None
    link: str | None = Field(
        description="To be given to its person alone; null without one that works, or where it "
        "would open more than the caller looks after."
    )
    mail: MailView | None = Field(description="The last mail with it.")

    @classmethod
    def of(cls, found: Invitation) -> Self:
        """Somebody with their link."""
        return cls(
            person=PersonView.model_validate(found.user),
            has_password=found.user.password_hash is not None,
            works=found.works,
            expires_at=found.link.expires_at if found.link else None,
            link=found.address,
            mail=MailView.of(found.mail) if found.mail else None,
        )


@router.get(
    "/courses/{course_id}/invitations",
    tags=["people"],
    summary="Links to set a password by",
    responses=errors(403, 404),
    dependencies=[Depends(unkept_answer)],
)
def list_invitations(course_id: CourseId, actor: Caller, session: Db) -> list[PasswordLinkView]:
    """Of all who have no password yet, or an open link, by name.

    Whose link is shown to whom is told in `docs/security.md`.
    Scopes: `courses:write`, `links:write`.
    """
    return [PasswordLinkView.of(one) for one in invitations.of_course(session, actor, course_id)]


@router.post(
    "/courses/{course_id}/invitations",
    tags=["people"],
    summary="Give links to all who need one",
    responses=errors(403, 404),
    dependencies=[Depends(unkept_answer)],
)
def give_invitations(course_id: CourseId, actor: Caller, session: Db) -> list[PasswordLinkView]:
    """To who never had a password and has no link that works; the answer lists all.

    Scopes: `courses:write`, `links:write`.
    """
    invitations.give_all(session, actor, course_id)
    session.commit()
    return [PasswordLinkView.of(one) for one in invitations.of_course(session, actor, course_id)]


@router.put(
    "/courses/{course_id}/people/{user_id}/invitation",
    tags=["people"],
    summary="Give somebody a link",
    responses=errors(403, 404),
    dependencies=[Depends(unkept_answer)],
)
def give_invitation(
    course_id: CourseId, user_id: UserId, actor: Caller, session: Db
) -> PasswordLinkView:
    """For a first password, or a new one; it is the one that is open, where there is one.

    Where mail is set up it is sent to them, now. Scopes: `courses:write`, `links:write`.
    """
    found = invitations.give(session, actor, course_id, user_id)
    session.commit()
    return PasswordLinkView.of(found)


@router.delete(
    "/courses/{course_id}/people/{user_id}/invitation",
    tags=["people"],
    summary="Withdraw somebody's link",
    status_code=204,
    responses=errors(403, 404),
)
def withdraw_invitation(course_id: CourseId, user_id: UserId, actor: Caller, session: Db) -> None:
    """It works no more; their account stays. Scopes: `courses:write`, `links:write`."""
    invitations.withdraw(session, actor, course_id, user_id)
    session.commit()
