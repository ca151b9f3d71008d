"""Files and functions are short enough to be read at one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "worker", "graders", "cli", "migrations", "supply", "bench", "tests")
OF_OTHERS = ("tests/submissions", "tests/attacks/files", "tests/pages/files")
"""What students might hand in: as long as it is."""
LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 300, 40


def _ours(folder: str) -> list[Path]:
    others = [ROOT / other for other in OF_OTHERS]
    return [
        path
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not any(path.is_relative_to(other) for other in others)
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_file_has_more_than_300_lines(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in _ours(folder)
    }
    assert lengths
    assert {path: length for path, length in lengths.items() if length > LINES_OF_A_FILE} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_function_has_more_than_40_lines(folder: str) -> None:
    long = {}
    for path in _ours(folder):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LINES_OF_A_FUNCTION:
                    long[f"{path.relative_to(ROOT)}: {node.name}"] = length
    assert long == {}
