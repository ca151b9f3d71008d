"""Commands for people: accounts and API tokens."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli import database

user = typer.Typer(help="Accounts.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The account's e-mail address, or its external id.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, one line."),
]


def _password(from_stdin: bool) -> tuple[str, bool]:
    """A password, and whether we made it up: typed, piped in, or random without a terminal."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True)), False
    return secrets.token_urlsafe(12), True


def _say_password(password: str, made_up: bool) -> None:
    if made_up:
        typer.echo(f"Password (shown only now): {password}")


@user.command("add")
def add(
    email: Annotated[str, typer.Argument(help="The e-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    admin: Annotated[bool, typer.Option("--admin", help="A site administrator.")] = False,
    external_id: Annotated[str, typer.Option(help="The person's id in an LMS.")] = "",
    password_stdin: FromStdin = False,
) -> None:
    """Make an account. Asks for a password; without a terminal it makes one up and shows it."""
    password, made_up = _password(password_stdin)
    with database.session() as session:
        from app import accounts

        made = accounts.add(
            session, email, name, password=password, external_id=external_id, is_admin=admin
        )
        told = f"Added {made.name} <{made.email}>" + (", a site administrator." if admin else ".")
    typer.echo(told)
    _say_password(password, made_up)


@user.command("list")
def list_users() -> None:
    """Show all accounts."""
    with database.session() as session:
        from sqlalchemy import select

        from app.models import User

        people = session.scalars(select(User).order_by(User.id)).all()
    table = Table("id", "e-mail", "name", "external id", "")
    for person in people:
        marks = ["admin"] * person.is_admin + ["closed"] * (not person.active)
        table.add_row(
            str(person.id), person.email, person.name, person.external_id or "", ", ".join(marks)
        )
    Console().print(table)


@user.command("password")
def change_password(email: Email, password_stdin: FromStdin = False) -> None:
    """Give somebody a new password, and end all their sign-ins."""
    password, made_up = _password(password_stdin)
    with database.session() as session:
        from app import accounts

        person = accounts.get(session, email)
        accounts.set_password(session, person, password)
        told = f"{person.email} has a new password, and is signed out everywhere."
    typer.echo(told)
    _say_password(password, made_up)


@user.command("deactivate")
def deactivate(email: Email) -> None:
    """Close an account: no sign-in and no token works any more. Work and grades stay."""
    with database.session() as session:
        from app import accounts

        person = accounts.get(session, email)
        accounts.deactivate(session, person)
        told = f"{person.email} is closed. Work and grades stay."
    typer.echo(told)


def token(
    user: Annotated[str, typer.Option(help="Whose token: an e-mail address or external id.")],
    scope: Annotated[
        list[str], typer.Option(help="What it may do; give it again for each, or with commas.")
    ],
    course: Annotated[str, typer.Option(help="Only for this course (code or id).")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires.")] = None,
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
) -> None:
    """Make an API token. It is printed once, alone on standard output, and kept nowhere."""
    scopes = [word for given in scope for word in given.replace(",", " ").split()]
    with database.session() as session:
        from app import accounts, auth, courses

        person = accounts.get(session, user)
        course_id = courses.get(session, course).id if course else None
        made = auth.issue_token(session, person, name, scopes, course_id=course_id, days=days)
    typer.echo(made)
