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
    from sqlalchemy.orm import Session

_POLL_S = 0.02


@contextmanager
def session() -> Iterator[Session]:
    """One command's unit of work, committed at the end; raises Failure."""
    find()
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from app import db
    from app.errors import Problem

    try:
        with db.session() as opened:
            yield opened
            opened.commit()
    except Problem as problem:
        raise Failure(problem.detail) from None
    except OperationalError as error:
        raise Failure(
            f"The database does not answer: {str(error.orig).splitlines()[0]}",
            "Nothing was changed. Start it (`make run` brings its own), "
            "or set CHAINRULE_DATABASE_URL.",
        ) from None
    except ProgrammingError as error:
        if "does not exist" not in str(error.orig):
            raise
        raise Failure(
            "The database lacks tables of this version.", "Run `chainrule db upgrade` first."
        ) from None


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
