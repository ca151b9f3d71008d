"""Owns the route that takes a roster file: first what it would do, row by row, then that."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import NO_NUL
from app.api.routing import Caller, CourseId, errors, router
from app.api.views import View
from app.errors import Stale, Unprocessable
from app.http.dependencies import Db
from app.models import Role
from app.teaching.people import rosters
from app.teaching.people.roster_changes import Change, RosterImport, Wish


class RosterFile(BaseModel):
    """A roster file, and how it is to be taken."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(pattern=NO_NUL, description="CSV, as on the page of people.")
    dry_run: bool = Field(True, description="Only say what would be done.")
    skip_wrong: bool = Field(False, description="Take the other lines when some are wrong.")
    only_these: bool = Field(
        False, description="It is the whole list: students who are not in it leave the course."
    )
    names: bool = Field(False, description="Names in it replace those that people have.")
    addresses: bool = Field(
        False,
        description="Addresses in it replace those of people with the same external id; "
        "takes the scope `links:write` as well.",
    )
    version: str | None = Field(
        None,
        pattern=NO_NUL,
        description="That of a dry run: where the file would by now do anything else, nothing is "
        "done (409).",
    )


class RosterChange(View):
    """What becomes of one person."""

    line: int | None = Field(description="In the file; null for who is not in it.")
    kind: Literal["new", "joins", "returns", "role", "stays", "leaves"]
    email: str
    name: str
    role: Role = Field(description="What they are afterwards, or were before they leave.")
    held: Role | None = Field(description="What they are or were in the course before.")
    named: str = Field(description="Another name in the file; empty where it is the same.")
    renamed: bool = Field(description="Whether that name is taken over.")
    external_id: str | None
    address: str = Field(description="Their address from now on; empty where it stays.")
    sections: list[str] = Field(description="Sections that they are put into.")

    @classmethod
    def of(cls, change: Change) -> Self:
        """A change that a file makes."""
        return cls.model_validate(change)


class RosterLine(View):
    """A line that cannot be used."""

    line: int
    detail: str


class RosterView(View):
    """What a file would do, or did."""

    done: bool = Field(description="False after a dry run: nothing was changed.")
    version: str = Field(description="Another one as soon as the file would do anything else.")
    changes: list[RosterChange]
    errors: list[RosterLine] = Field(description="Lines that are left out, or stop the whole.")
    unused: list[str] = Field(description="Columns that mean nothing here.")

    @classmethod
    def of(cls, outcome: RosterImport, *, done: bool) -> Self:
        """The outcome of a file."""
        return cls(
            done=done,
            version=outcome.version,
            changes=[RosterChange.of(change) for change in outcome.changes],
            errors=[RosterLine(line=n, detail=said) for n, said in outcome.errors.items()],
            unused=outcome.unused,
        )


@router.post(
    "/courses/{course_id}/roster",
    tags=["people"],
    summary="Take a roster file, or see what it would do",
    responses=errors(400, 403, 404, 409, 413),
)
def import_roster(course_id: CourseId, file: RosterFile, actor: Caller, session: Db) -> RosterView:
    """With `dry_run`, as it is unless you say otherwise, nothing is changed.

    Without, all of it is done, or nothing (422 with each wrong line in `errors`; 409 where it is
    not what `version` stands for). The same file again changes nothing. Whoever comes without a
    password has an invitation. Scope: `courses:write`.
    """
    wish = Wish(file.skip_wrong, file.only_these, file.names, file.addresses)
    outcome = rosters.import_roster(session, actor, course_id, file.text, wish)
    if file.dry_run:
        view = RosterView.of(outcome, done=False)
        session.rollback()
        return view
    _check(outcome, file)
    session.commit()
    return RosterView.of(outcome, done=True)


def _check(outcome: RosterImport, file: RosterFile) -> None:
    if outcome.errors and not outcome.changes:
        wrong = {f"line {number}": said for number, said in outcome.errors.items()}
        raise Unprocessable(
            f"Nothing was changed: {len(wrong)} of the lines cannot be used. Mend them, or send "
            "`skip_wrong` to leave them out.",
            errors=wrong,
        )
    if file.version not in (None, outcome.version):
        raise Stale(
            "Something has changed since the dry run, so nothing was done. Make another one, and "
            "look at what the file would do by now."
        )
