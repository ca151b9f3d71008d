"""Owns what is known of a roster file before it is taken: the wishes, and what it would do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from app.models import Role, User


@dataclass
class RosterImport:
    """What a roster file would do, or did: whom it is about, and what is wrong by line number."""

    added: list[User] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Another one as soon as the file would do anything else."""
        return hashlib.blake2b(repr(self.changes).encode(), digest_size=12).hexdigest()

    def of_kind(self, *kinds: str) -> list[Change]:
        """The changes of some kinds, in the file's order."""
        return [change for change in self.changes if change.kind in kinds]


NEW, JOINS, RETURNS, ROLE, STAYS, LEAVES = "new", "joins", "returns", "role", "stays", "leaves"


@dataclass(frozen=True)
class Change:
    """What becomes of one person: `held` is their role before, `named` what else the file has.

    `renamed`: they are called so from now on. `address`: the one that they have from now on, where
    that is another. `line`: in the file; None for who is in none.
    """

    kind: str
    email: str
    name: str
    role: Role
    held: Role | None = None
    named: str = ""
    renamed: bool = False
    external_id: str | None = None
    sections: tuple[str, ...] = ()
    line: int | None = field(default=None, repr=False)  # where it stands changes nothing
    address: str = ""


@dataclass(frozen=True)
class Wish:
    """How a file is to be taken, beside what it says.

    `skip_wrong`: lines that can be used are, whatever is wrong with others. `only_these`: students
    who are not in the file leave the course. `names`: names in it replace those that people have.
    `addresses`: so do addresses, of those whom it names by their external id.
    """

    skip_wrong: bool = False
    only_these: bool = False
    names: bool = False
    addresses: bool = False


PLAIN = Wish()
