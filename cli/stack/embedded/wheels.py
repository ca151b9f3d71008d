"""Owns where the wheels that bring servers lie; only their programs are used, never their code."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from cli.failure import Failure


def folder(package: str) -> Path:
    """The folder of an installed package, which is not imported; raises Failure where it lacks."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise Failure(f"The package {package} is not installed.", "Run `make setup`.")
    return Path(spec.origin).parent
