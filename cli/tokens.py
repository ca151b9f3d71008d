"""Commands for API tokens: making, listing and ending them."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import database
from cli.people import Email, user
from cli.tables import AsJson, show


def token(
    user: Annotated[str, typer.Option(help="Whose token: an e-mail address or external id.")],
    scope: Annotated[
        list[str], typer.Option(help="What it may do; give it again for each, or with commas.")
    ],
    course: Annotated[
        str, typer.Option(help="Only for this course (its code, or else its id).")
    ] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires.")] = None,
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
) -> None:
    """Make an API token. It is printed once, alone on standard output, and kept nowhere."""
    scopes = [word for given in scope for word in given.replace(",", " ").split()]
    with database.session() as session:
        from app.identity import accounts, authentication
        from app.teaching import courses

        person = accounts.get(session, user)
        course_id = courses.get(session, course).id if course else None
        made = authentication.issue_token(
            session, person, name, scopes, course_id=course_id, days=days
        )
    typer.echo(made)


@user.command("tokens")
def list_tokens(email: Email, as_json: AsJson = False) -> None:
    """Show somebody's API tokens that still work. What a token is itself, nobody can look up."""
    with database.session() as session:
        from app.identity import accounts, authentication

        person = accounts.get(session, email)
        keys = ("id", "name", "hint", "scopes", "course_id", "last_used_at", "expires_at")
        rows = [
            {key: getattr(token, key) for key in keys}
            for token in authentication.tokens_of(session, person)
        ]
    show(rows, as_json=as_json)


@user.command("revoke")
def revoke(
    email: Email,
    token: Annotated[
        list[int] | None, typer.Argument(help="Ids out of `user tokens`; all when none is given.")
    ] = None,
) -> None:
    """End somebody's API tokens."""
    with database.session() as session:
        from app.identity import accounts, authentication

        person = accounts.get(session, email)
        for number in token or []:
            authentication.revoke_token(session, person, number)
        ended = len(token) if token else authentication.revoke_tokens(session, person)
        told = f"API tokens of {person.email} ended: {ended}."
    typer.echo(told)
