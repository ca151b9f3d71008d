"""Owns the password links of a course's people, as its instructors see and give them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.errors import Forbidden, NotFound
from app.identity import link_permissions, links, permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.mail import outbox
from app.models import Enrolment, Mail, PasswordLink, User
from app.settings import settings


@dataclass(frozen=True)
class Invitation:
    """How somebody stands who cannot sign in yet, or has an open link.

    `address` is None where there is no link that works, or it is not for the asker to see
    (`is_seen`). `mail` is the last one that was, or is to be, sent with the link.
    """

    user: User
    link: PasswordLink | None
    is_seen: bool
    mail: Mail | None = None

    @property
    def works(self) -> bool:
        """Whether there is a link that their person can use now."""
        return self.link is not None and links.works(self.link)

    @property
    def address(self) -> str | None:
        """What their person opens in a browser; raises Unavailable."""
        return links.address(self.link) if self.link and self.works and self.is_seen else None


def of_course(session: Session, actor: Actor, course_id: int) -> list[Invitation]:
    """Those in the course who never had a password, or have an open link, by name.

    Raises NotFound, Forbidden.
    """
    permissions.course(session, actor, course_id, Right.MANAGE)
    is_open = PasswordLink.used_at.is_(None) & PasswordLink.ended_at.is_(None)
    rows = (
        select(User, PasswordLink)
        .join(Enrolment, Enrolment.user_id == User.id)
        .outerjoin(PasswordLink, (PasswordLink.user_id == User.id) & is_open)
        .where(Enrolment.course_id == course_id, Enrolment.active, User.active)
        .where(or_(User.password_hash.is_(None), PasswordLink.id.is_not(None)))
        .order_by(User.name, User.id)
    )
    found = session.execute(rows).tuples().all()
    seen = link_permissions.seen(session, actor, course_id, [user for user, _ in found])
    mails = outbox.newest(session, [link.id for _, link in found if link])
    return [
        Invitation(user, link, user.id in seen, mails.get(link.id) if link else None)
        for user, link in found
    ]


def of_person(session: Session, actor: Actor, course_id: int, user_id: int) -> Invitation:
    """The same of one person, whether they have a link or not; raises NotFound, Forbidden."""
    user = _person(session, actor, course_id, user_id)
    is_seen = bool(link_permissions.seen(session, actor, course_id, [user]))
    return Invitation(user, links.open_links(session, [user.id]).get(user.id), is_seen)


def give(session: Session, actor: Actor, course_id: int, user_id: int) -> Invitation:
    """Have somebody have a link, for a first password or a new one, and have it mailed if possible.

    Raises NotFound, and Forbidden where it is neither mailed nor for the actor to see.
    """
    user = _person(session, actor, course_id, user_id)
    is_seen = bool(link_permissions.seen(session, actor, course_id, [user]))
    if not is_seen and not settings().sends_mail:
        raise Forbidden(link_permissions.NOT_THEIRS)
    (link,) = links.give(session, [user], by=actor)
    links.mail(session, link, user)
    session.flush()
    return Invitation(user, link, is_seen, outbox.newest(session, [link.id]).get(link.id))


def give_all(session: Session, actor: Actor, course_id: int) -> int:
    """Give a link to all who never had a password and have none that works; how many they are.

    Raises NotFound, Forbidden.
    """
    without = [
        one.user
        for one in of_course(session, actor, course_id)
        if (one.is_seen or settings().sends_mail)
        and not one.works
        and links.is_invitation(one.user)
    ]
    return len(links.give(session, without, by=actor))


def withdraw(session: Session, actor: Actor, course_id: int, user_id: int) -> None:
    """Have somebody's link work no more, which whoever made it may, and who could see it.

    Raises NotFound, Forbidden.
    """
    user = _person(session, actor, course_id, user_id)
    link = links.open_links(session, [user.id]).get(user.id)
    if link is None or link.made_by_id != actor.user.id:
        link_permissions.require(session, actor, course_id, user)
    links.withdraw(session, user, by=actor)


def _person(session: Session, actor: Actor, course_id: int, user_id: int) -> User:
    permissions.course(session, actor, course_id, Right.MANAGE)
    enrolment = session.get(Enrolment, (course_id, user_id))
    if enrolment is None or not enrolment.active or not enrolment.user.active:
        raise NotFound("This person is not in the course, or their account is closed.")
    return enrolment.user
