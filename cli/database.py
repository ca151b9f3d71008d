"""Owns how commands reach the database: the one of the settings, or of the running local stack."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

from cli.failure import Failure

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.orm import Session

_POLL_S = 0.02


@contextmanager
def session() -> Iterator[Session]:
    """One command's unit of work, committed at the end; raises Failure."""
    find()
    from app.infrastructure import database

    with failures_told(), database.session() as opened:
        yield opened
        opened.commit()


@contextmanager
def failures_told() -> Iterator[None]:
    """Tell what goes wrong with the database, or is refused, as a Failure."""
    from sqlalchemy.exc import DBAPIError

    from app.errors import Problem

    try:
        _check_address()
        yield
    except Problem as problem:
        raise Failure(problem.detail) from None
    except UnicodeEncodeError:
        raise Failure("A word of the command is not UTF-8, so nothing was changed.") from None
    except DBAPIError as error:
        raise _refusal(error) from None


def _check_address() -> None:
    from sqlalchemy import make_url

    from app.settings import settings

    address = settings().database_url.get_secret_value()
    try:
        sound = make_url(address).drivername == "postgresql+psycopg"
    except Exception:  # of several kinds, some with the password in their words
        sound = False
    if not sound:
        raise Failure(
            "CHAINRULE_DATABASE_URL is not the address of a Postgres database.",
            "One looks like postgresql+psycopg://user:password@host:5432/chainrule.",
        )


def _refusal(error: DBAPIError) -> Failure:
    said = (str(error.orig).splitlines() or ["nothing"])[0]
    state = getattr(error.orig, "sqlstate", None) or ""
    if state.startswith("42") and "does not exist" in said:
        return Failure(
            "The database lacks tables of this version.", "Run `chainrule db upgrade` first."
        )
    if state.startswith(("22", "23", "54")):
        return Failure(f"The database cannot keep that: {said}", "Nothing was changed.")
    return Failure(
        f"The database does not answer: {said}",
        "Nothing was changed. Start it (`make run` brings its own), or set CHAINRULE_DATA to the "
        "folder of a `make run` that runs, or CHAINRULE_DATABASE_URL to another database.",
    )


def find() -> None:
    """Where no database is set, take that of the stack running in the data folder."""
    if "CHAINRULE_DATABASE_URL" not in os.environ:
        from cli.stack.folder import DataFolder

        for name, value in DataFolder.chosen().environment().items():
            os.environ.setdefault(name, value)


def upgrade() -> None:
    """Bring the tables to this version; does nothing when they are."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    command.upgrade(config, "head")


def wait(seconds: float = 60.0) -> None:
    """Wait until the embedded server answers, and make our database in it where there is none."""
    import psycopg
    from sqlalchemy import make_url

    from app.settings import settings

    url = make_url(settings().database_url.get_secret_value())
    deadline = time.monotonic() + seconds
    while True:
        try:
            admin = psycopg.connect(
                host=str(url.query["host"]), user=url.username, dbname="postgres", autocommit=True
            )
            break
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_S)
    with admin:
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (url.database,))
        if known.fetchone() is None:
            admin.execute(f'CREATE DATABASE "{url.database}"')
