"""What pyproject.toml asks for is pinned with hashes, and what only tests need is kept apart."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = {path.stem: path.read_text() for path in (ROOT / "requirements").glob("*.lock")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
SERVICE = ("web", "worker", "torch", "local")


def pins(*parts: str) -> set[str]:
    """The names that these lock files pin."""
    return {name for part in parts for name in re.findall(r"^([a-z0-9-]+)==", LOCKS[part], re.M)}


def wanted(names: list[str]) -> set[str]:
    """Names of packages without their extras."""
    return {name.partition("[")[0] for name in names}


@pytest.mark.parametrize("part", LOCKS)
def test_every_pin_has_a_hash(part: str) -> None:
    lines = LOCKS[part].splitlines()
    assert lines
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line.startswith(" "):
            assert following.startswith("    --hash=sha256:"), line


def test_what_the_project_asks_for_is_pinned() -> None:
    assert wanted([*PROJECT["dependencies"], *EXTRAS["web"]]) <= pins("web")
    assert wanted(EXTRAS["worker"]) <= pins("worker", "torch")
    assert wanted(EXTRAS["local"]) <= pins("web", "local")
    assert wanted(EXTRAS["dev"]) <= pins(*SERVICE, "dev")


def test_the_service_does_not_install_what_only_tests_need() -> None:
    assert {"pytest", "mypy", "hypothesis", "playwright"} <= pins("dev")
    assert not pins("dev") & pins(*SERVICE)


def test_both_builds_of_torch_are_of_one_version() -> None:
    for_gpus = re.search(r"^torch==(\S+)", LOCKS["torch"], re.M)
    for_processors = re.search(r"^torch==(\S+)", LOCKS["torch-cpu"], re.M)
    assert for_gpus is not None
    assert for_processors is not None
    assert for_processors[1] == f"{for_gpus[1]}+cpu"
