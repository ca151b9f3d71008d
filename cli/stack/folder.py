"""Owns the data folder of a local stack: what lies where, who holds it, how others find it."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cli.failure import Failure

CHECKOUT = Path(__file__).resolve().parents[2]
# A Unix socket's path may have 107 bytes; Postgres, whose names are the longest of those in the
# folder, adds "/.s.PGSQL.5432.lock" to its.
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


class DataFolder:
    """One stack's folder, made private to its user. Everything the stack keeps is in it."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.logs = self.path / "logs"
        self.demo = self.path / "demo.json"
        self.beat = self.path / "beat"
        self._environment = self.path / "environment.json"

    @classmethod
    def chosen(cls) -> DataFolder:
        """The one CHAINRULE_DATA names, or .chainrule in the checkout."""
        named = os.environ.get("CHAINRULE_DATA")
        return cls(Path(named) if named else CHECKOUT / ".chainrule")

    def make(self) -> None:
        """Make what is missing, closed to other users; raises Failure where that cannot be."""
        try:
            for folder in (self.path, self.valkey, self.logs, self.beat):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.chmod(0o700)
        except OSError as error:
            raise Failure(
                f"{error.filename or self.path} cannot be used for Chainrule's data "
                f"({error.strerror}).",
                "Set CHAINRULE_DATA to a folder that you may write.",
            ) from None

    def require_writable(self) -> None:
        """Raise Failure where no file can be written here."""
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise Failure(
                f"Nothing can be written into {self.path}, so nothing was changed.",
                "Set CHAINRULE_DATA to a folder that you may write.",
            )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process alone; raises Failure where another stack runs in it."""
        with (self.path / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                holder = lock.read().strip() or "?"
                where = self.environment().get("CHAINRULE_BASE_URL", "an address not yet known")
                raise Failure(
                    f"Chainrule is already running in {self.path}: process {holder}, at {where}.",
                    "Use that one, stop it first, or set CHAINRULE_DATA and PORT for a second one.",
                ) from None
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
            try:
                yield
            finally:
                lock.truncate(0)

    @contextmanager
    def environment_shared(self, environment: Mapping[str, str]) -> Iterator[None]:
        """Let other commands of this user find the stack while it runs."""
        write_private(self._environment, json.dumps(dict(environment), indent=2))
        try:
            yield
        finally:
            self._environment.unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """How to reach the stack that runs here; empty when none does."""
        try:
            found: dict[str, str] = json.loads(self._environment.read_text())
        except (OSError, ValueError):
            return {}
        return found

    def secret(self, name: str) -> str:
        """A random secret of this stack, made at its first start."""
        path = self.path / f"{name}.secret"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text()

    def sockets(self) -> Path:
        """A private folder for Unix sockets: here, or in the temporary folder for a deep path."""
        inside = self.path / "run"
        if len(os.fsencode(inside)) <= _LONGEST_SOCKET_FOLDER:
            inside.mkdir(mode=0o700, exist_ok=True)
            return inside
        name = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        outside = Path(tempfile.gettempdir()) / f"chainrule-{os.geteuid()}-{name}"
        outside.mkdir(mode=0o700, exist_ok=True)
        found = outside.lstat()
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not private or found.st_uid != os.geteuid():
            raise Failure(
                f"{outside} is not a private folder of this user, so no socket goes there.",
                "Remove it, or set CHAINRULE_DATA to a folder with a shorter path.",
            )
        return outside


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read; it is there whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
