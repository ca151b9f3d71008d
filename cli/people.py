"""Commands for people's accounts."""

from __future__ import annotations

import sys
from datetime import UTC
from typing import TYPE_CHECKING, Annotated

import typer

from cli import database
from cli.failure import Failure
from cli.tables import AsJson, show

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.models import User

user = typer.Typer(help="Accounts.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The account's e-mail address, or its external id.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, one line."),
]


def _password(from_stdin: bool) -> str | None:
    """A password as it is typed or piped in; None without a terminal, where there is a link."""
    if from_stdin:
        return _read_password()
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return None


def _read_password() -> str:
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Failure("The password is not UTF-8, so nothing was changed.") from None
    if not password:
        raise Failure("The first line of standard input is empty, so nothing was changed.")
    return password


def _link(session: Session, person: User) -> str:
    """A line with the address by which somebody sets their password."""
    from app.identity import links
    from app.models import Via

    (link,) = links.give(session, [person], by=Via.COMMAND)
    until = link.expires_at.astimezone(UTC)
    said = f"They set a password by this link, once, until {until:%Y-%m-%d %H:%M} UTC:"
    return f"\n{said}\n{links.address(link)}"


@user.command("add")
def add(
    email: Annotated[str, typer.Argument(help="The e-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="A site administrator.")] = False,
    external_id: Annotated[str, typer.Option(help="The person's id in an LMS.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Make an account. Asks for a password; without a terminal it shows a link to set one."""
    password = _password(password_stdin)
    with database.session() as session:
        from app.identity import accounts

        made = accounts.add(
            session, email, name, password=password, external_id=external_id, is_admin=admin
        )
        told = f"Added {made.name} <{made.email}>{_rank(admin)}."
        told += "" if password else _link(session, made)
    typer.echo(told)


@user.command("link")
def make_link(who: Email) -> None:
    """Show a link by which somebody sets a password, once; the one they have works until then."""
    with database.session() as session:
        from app.identity import accounts

        person = accounts.get(session, who)
        if not person.active:
            raise Failure(f"The account of {person.email} is closed.", "Reactivate it first.")
        told = f"For {person.name} <{person.email}>." + _link(session, person)
    typer.echo(told)


@user.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Show all accounts."""
    with database.session() as session:
        from sqlalchemy import select

        from app.models import User

        people = session.scalars(select(User).order_by(User.id)).all()
        keys = ("id", "email", "name", "external_id", "is_admin", "active")
        rows = [{key: getattr(person, key) for key in keys} for person in people]
    show(rows, as_json=as_json)


@user.command("change")
def change(
    who: Email,
    name: Annotated[str | None, typer.Option(help="Another name.")] = None,
    email: Annotated[str | None, typer.Option(help="Another address to sign in with.")] = None,
    external_id: Annotated[
        str | None, typer.Option(help="Another id in an LMS; '' takes it away.")
    ] = None,
    admin: Annotated[
        bool | None, typer.Option("--admin/--no-admin", help="A site administrator, or no longer.")
    ] = None,
) -> None:
    """Change what is given; the rest stays."""
    with database.session() as session:
        from app.identity import accounts

        person = accounts.get(session, who)
        accounts.change(
            session, person, name=name, email=email, external_id=external_id, is_admin=admin
        )
        known = f", external id {person.external_id}" if person.external_id else ""
        told = f"{person.name} <{person.email}>{known}{_rank(person.is_admin)}."
    typer.echo(told)


def _rank(is_admin: bool) -> str:
    return ", a site administrator" if is_admin else ""


@user.command("password")
def change_password(email: Email, password_stdin: FromStdin = False) -> None:
    """Give somebody a new password, and end all their sign-ins and API tokens.

    Without a terminal it shows a link to set one.
    """
    password = _password(password_stdin)
    with database.session() as session:
        from app.identity import accounts
        from app.models import Via

        person = accounts.get(session, email)
        if password is None:
            ended = accounts.shut_out(session, person, by=Via.COMMAND)
        else:
            ended = accounts.reset_password(session, person, password)
        told = f"The old password of {person.email} works no more; they are signed out everywhere."
        told += f" API tokens ended: {ended}." if ended else ""
        told += "" if password else _link(session, person)
    typer.echo(told)


@user.command("deactivate")
def deactivate(email: Email) -> None:
    """Close an account: no sign-in and no token works any more. Work and grades stay."""
    with database.session() as session:
        from app.identity import accounts

        person = accounts.get(session, email)
        accounts.deactivate(session, person)
        told = f"{person.email} is closed. Work and grades stay."
    typer.echo(told)


@user.command("reactivate")
def reactivate(email: Email) -> None:
    """Open a closed account again."""
    with database.session() as session:
        from app.identity import accounts

        person = accounts.get(session, email)
        accounts.reactivate(session, person)
        told = f"{person.email} is open again, with the password and API tokens that it had."
    typer.echo(told)
