"""Owns how commands list things: a table for a person, JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON array.")]
_WIDE = 10_000


def show(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows of the same keys. In a pipe no cell is cut or broken."""
    if as_json:
        typer.echo(json.dumps(rows, indent=2, default=datetime.isoformat))
        return
    table = Table()
    for key in rows[0] if rows else ():
        table.add_column(key.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_plain(value)) for value in row.values()))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table if rows else "None.")


def _plain(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return ", ".join(value) if isinstance(value, list) else str(value)
