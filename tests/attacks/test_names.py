"""An attack that looks for a module of ours looks for one that exists; else it shows nothing."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

FILES = Path(__file__).with_name("files")
_DOTTED = re.compile(r"""["'](?:worker\.)?(cell(?:\.[a-z_]+)+)["']""")
_BESIDE = re.compile(r"""["']((?:graders|worker|app)(?:\.[a-z_]+)+)["']""")
_PATH = re.compile(r"/(cell/[a-z_/]+)\.py")


def names(source: str) -> set[str]:
    """Modules of ours that the strings of a file name, as this project calls them."""
    paths = {path.replace("/", ".") for path in _PATH.findall(source)}
    in_a_cell = {f"worker.{name}" for name in paths | set(_DOTTED.findall(source))}
    return in_a_cell | set(_BESIDE.findall(source))


NAMED = {
    path.name: found
    for path in sorted(FILES.glob("*.py"))
    if (found := names(path.read_text(errors="replace")))
}


@pytest.mark.parametrize("file", NAMED)
def test_every_module_of_ours_that_an_attack_names_exists(file: str) -> None:
    assert [name for name in NAMED[file] if find_spec(name) is None] == []


def test_some_attacks_name_modules() -> None:
    assert {"forge_through_modules.py", "source_compiles_its_own.py"} <= NAMED.keys()
