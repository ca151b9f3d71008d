"""Owns the service's keys. Those that receipts are signed with are one pair for each rotation.

They are files in a folder and no rows of the database, so that whoever changes that can sign
nothing. The private half of a key goes when the next one is made; the public half stays, and with
it what was signed.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from joserfc.jwk import KeyParameters, OKPKey

from app.errors import Unavailable
from app.infrastructure.clock import now
from app.settings import settings

PRIVATE, PUBLIC = ".private.pem", ".public.pem"
_LENGTH = 32
_known: tuple[tuple[Path, int], dict[str, OKPKey], OKPKey | None] | None = None


def signing_key() -> OKPKey:
    """The newest private key, made where there is none yet; raises Unavailable.

    Its `kid` says when it was made.
    """
    newest = _read()[1]
    if newest is None:
        with _held():
            newest = _read()[1] or _made()
    return newest


def public_keys() -> dict[str, OKPKey]:
    """All public keys by `kid`, of which the older ones sign no more; raises Unavailable."""
    return _read()[0]


def public_set() -> dict[str, Any]:
    """The public keys as a JWK Set (RFC 7517), for programs of others."""
    return {"keys": [key.as_dict(private=False) for key in public_keys().values()]}


def can_sign() -> bool:
    """Whether there is a key to sign with; one is made where there is none."""
    try:
        signing_key()
    except Unavailable:
        return False
    return True


def rotate() -> str:
    """Sign with a new key from now on, and return its `kid`; raises Unavailable.

    What was signed before stays valid. Running servers take the new key up at their next receipt.
    """
    with _held():
        old = list(_folder().glob(f"*{PRIVATE}"))
        made = _made()
        for path in old:
            path.unlink(missing_ok=True)
    return str(made.kid)


def secret(name: str) -> bytes:
    """A key of 32 bytes, made where there is none of this name; raises Unavailable."""
    path = _folder() / name
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        with _held():
            if not path.exists():
                _write(path, secrets.token_bytes(_LENGTH), 0o600)
            key = path.read_bytes()
    except OSError as error:
        raise _unusable(error) from error
    if len(key) != _LENGTH:  # with an empty one, anybody could make what it is to keep
        raise _unusable(OSError(f"{name} has {len(key)} bytes, not {_LENGTH}"))
    return key


def _folder() -> Path:
    return settings().receipt_key_folder


@contextmanager
def _held() -> Iterator[None]:
    """Keep other processes from making keys meanwhile; raises Unavailable."""
    try:
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        with (_folder() / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise _unusable(error) from error


def _made() -> OKPKey:
    """A new pair in the folder. The public half comes first: nothing is signed without it."""
    kid = f"{now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    key = OKPKey.generate_key("Ed25519", _about(kid))
    _write(_folder() / f"{kid}{PUBLIC}", key.as_pem(private=False), 0o644)
    _write(_folder() / f"{kid}{PRIVATE}", key.as_pem(private=True), 0o600)
    return key


def _write(path: Path, content: bytes, mode: int) -> None:
    """Have a file be there whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    unfinished.rename(path)


def _read() -> tuple[dict[str, OKPKey], OKPKey | None]:
    """The public keys, and the newest private one; read anew when the folder has changed."""
    global _known
    folder = _folder()
    try:
        state = (folder, folder.stat().st_mtime_ns)
        if _known is None or _known[0] != state:
            _known = (state, *_loaded(folder))
    except FileNotFoundError:
        return {}, None
    except (OSError, ValueError) as error:
        raise _unusable(error) from error
    return _known[1], _known[2]


def _loaded(folder: Path) -> tuple[dict[str, OKPKey], OKPKey | None]:
    public = [_key(path, PUBLIC) for path in sorted(folder.glob(f"*{PUBLIC}"))]
    newest = [_key(path, PRIVATE) for path in sorted(folder.glob(f"*{PRIVATE}"))[-1:]]
    return {str(key.kid): key for key in public}, next(iter(newest), None)


def _key(path: Path, ending: str) -> OKPKey:
    return OKPKey.import_key(path.read_bytes(), _about(path.name.removesuffix(ending)))


def _about(kid: str) -> KeyParameters:
    return {"kid": kid, "use": "sig", "alg": "Ed25519"}


def _unusable(error: Exception) -> Unavailable:
    return Unavailable(
        f"The service's keys cannot be used ({type(error).__name__}). What was handed in is safe; "
        "receipts and links can be had as soon as they can."
    )
