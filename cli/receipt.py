"""`chainrule receipt`: checks what the service has signed, and changes the key that signs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer

from cli import tables
from cli.failure import Failure

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

receipt = typer.Typer(help="Signed receipts and result sheets.", no_args_is_help=True)
_PATIENCE_S, _LARGEST = 10, 1_000_000
KeysFrom = Annotated[
    str | None,
    typer.Option(
        "--keys",
        metavar="FILE|URL",
        help="The service's public keys (its /receipts/keys.json). [default: this machine's own]",
    ),
]


@receipt.command()
def verify(
    path: Annotated[Path, typer.Argument(metavar="RECEIPT", help="As it was saved.")],
    keys_from: KeysFrom = None,
    file: Annotated[
        Path | None, typer.Option(help="A Python file: is it the one that was handed in?")
    ] = None,
) -> None:
    """Check the signature of a receipt or result sheet, and print what it says.

    No database is asked. Exit status: 0 when it is genuine; 1 when it is not, or when FILE is
    another one than was handed in.
    """
    import hashlib

    from app.errors import Problem
    from app.signing import signed_texts

    text = _content(path).decode("ascii", "replace")
    try:
        opened = signed_texts.opened(text, _keys(keys_from) if keys_from else None)
    except Problem as problem:
        raise Failure(problem.detail) from None
    typer.echo(json.dumps(dict(opened.statement), indent=2, ensure_ascii=False))
    if file is not None:
        digest = hashlib.sha256(_content(file)).hexdigest()
        if digest != opened.statement["file"]["sha256"]:
            raise Failure(f"The {opened.statement['statement']} is genuine, but {file} is another "
                          "file than was handed in.")  # fmt: skip
    typer.echo(f"Genuine: signed with the key {opened.kid}.", err=True)


@receipt.command()
def rotate() -> None:
    """Sign with a new key from now on. What was signed before stays valid."""
    from app.errors import Unavailable
    from app.settings import settings
    from app.signing import keys

    try:
        kid = keys.rotate()
    except Unavailable as problem:
        raise Failure(problem.detail, f"Look at {settings().receipt_key_folder}.") from None
    typer.echo(f"{kid} signs from now on. Its folder is {settings().receipt_key_folder.resolve()}.")


@receipt.command("keys")
def list_keys(*, as_json: tables.AsJson = False) -> None:
    """List the public keys, the newest last."""
    from app.errors import Unavailable
    from app.signing import keys

    try:
        signing = keys.signing_key().kid
        rows = [{"key": kid, "signs": kid == signing} for kid in keys.public_keys()]
    except Unavailable as problem:
        raise Failure(problem.detail) from None
    tables.show(rows, as_json=as_json)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.") from None


def _keys(where: str) -> dict[str, OKPKey]:
    """The keys of a JWK Set in a file or at an address."""
    from joserfc.errors import JoseError
    from joserfc.jwk import OKPKey

    try:
        content = _fetched(where) if "://" in where else _content(Path(where))
        found = [OKPKey.import_key(key) for key in json.loads(content)["keys"]]
        return {str(key.kid): key for key in found}
    except (URLError, OSError) as error:
        raise Failure(f"No keys came from {where}: {error}.") from None
    except (JoseError, ValueError, KeyError, TypeError):
        raise Failure(
            f"{where} holds no public keys; a service's /receipts/keys.json does."
        ) from None


def _fetched(address: str) -> bytes:
    if not address.startswith(("https://", "http://")):
        raise Failure(f"{address} is no web address.")
    with urlopen(address, timeout=_PATIENCE_S) as answer:  # noqa: S310 (its scheme is known)
        return bytes(answer.read(_LARGEST))
