"""Owns the JSON that tells for whom a team's submission counts."""

from __future__ import annotations

from typing import Self

from app.api.views import ActorView, PersonView, View
from app.grading.showing.seen import Seen
from app.models import Account, User


class Member(View):
    """Somebody for whom a team's submission counts, as the others in it know them."""

    id: int
    name: str


Known = PersonView | Member
"""Somebody as the caller knows them: of a mate in a team no more than the name."""
KnownActor = ActorView | Member
"""The same of who sent something, which may be a service account."""


def known(user: User, submission: Seen) -> Known:
    """Somebody at a submission, as whoever looks at it knows them."""
    view = PersonView if submission.knows(user) else Member
    return view.model_validate(user)


def known_actor(account: Account, submission: Seen) -> KnownActor:
    """The same of who sent it."""
    view = ActorView if submission.knows(account) else Member
    return view.model_validate(account)


class TeamOf(View):
    """The team that a submission was handed in for, as it was then."""

    id: int
    title: str
    members: list[Member]

    @classmethod
    def of(cls, submission: Seen) -> Self | None:
        """The team of a submission, if it has one."""
        team = submission.team
        if team is None:
            return None
        members = [Member.model_validate(one) for one in submission.members]
        return cls(id=team.id, title=team.title, members=members)
