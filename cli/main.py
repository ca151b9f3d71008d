"""Owns the list of commands. Each imports what it needs when it runs, so that --help is quick."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from app.infrastructure import garbage_collection
from cli import assignments, doctor, people, receipt, servers, teaching, tokens
from cli.failure import Failure, of_settings
from cli.grading import exercise, files

garbage_collection.begin()  # here, since uvicorn's processes begin with this module, too
app = typer.Typer(
    name="chainrule",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database_commands = typer.Typer(help="The database.", no_args_is_help=True)


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("chainrule"))
        raise typer.Exit


@app.callback()
def chainrule(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_say_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """An autograder for courses on custom torch.autograd.Function classes."""


@app.command()
def up(
    port: servers.Port = 8000,
    with_parent: Annotated[
        bool, typer.Option(help="Stop, too, when the process that started this one ends.")
    ] = False,
) -> None:
    """Run the whole service on this machine, with a demo course, until Ctrl-C."""
    from cli.stack.up import up as run

    run(port, with_parent=with_parent)


@app.command()
def demo(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Make the demo course anew: what was done in it is gone."""
    from cli import database
    from cli.stack.folder import DataFolder

    database.find()
    if not yes:
        typer.confirm("Delete the demo course with all work in it, and make it anew?", abort=True)
    with database.failures_told():
        from cli.stack.demo import course

        made = course.reset(DataFolder.chosen())
    typer.echo(f"The demo course is made anew: {made.url}/courses/{made.course_id}")


@database_commands.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version. Does nothing when they are."""
    from cli import database

    database.find()
    with database.failures_told():
        database.upgrade()


app.command("grade")(files.grade)
app.command("doctor")(doctor.doctor)
app.command("token")(tokens.token)
app.command("enrol")(teaching.enrol)
app.command("unenrol")(teaching.unenrol)
for part in (servers.web, servers.worker, servers.beat):
    app.command(part.__name__)(part)
app.add_typer(people.user, name="user")
app.add_typer(teaching.course, name="course")
app.add_typer(assignments.assignment, name="assignment")
app.add_typer(exercise.exercise, name="exercise")
app.add_typer(receipt.receipt, name="receipt")
app.add_typer(database_commands, name="db")


def main() -> None:
    """The entry point of `chainrule`: shows a Failure as what it is, without a traceback."""
    try:
        app()
    except Failure as failure:
        _end(failure)
    except ValueError as error:
        wrong = of_settings(error)
        if wrong is None:
            raise
        _end(wrong)


def _end(failure: Failure) -> NoReturn:
    print(f"chainrule: {failure.problem}", file=sys.stderr)
    if failure.remedy:
        print(failure.remedy, file=sys.stderr)
    sys.exit(failure.status)


if __name__ == "__main__":
    main()
