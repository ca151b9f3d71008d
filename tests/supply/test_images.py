"""Every image is named in one file, where a command raises its digest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from supply import images

ROOT = Path(__file__).parents[2]
OLD, NEW = "sha256:" + "0" * 64, "sha256:" + "a" * 64
TEXT = f"""\
services:
  one: {{image: "${{ONE_IMAGE:-one:1-bookworm}}"}}
  two: {{image: "${{TWO_IMAGE:-a/two:8@{OLD}}}"}}
"""


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `docker` that knows one digest for everything; it fails once its file is gone."""
    program = tmp_path / "docker"
    program.write_text(f'#!/bin/sh\n[ "$1" = pull ] || echo "some/name@{NEW}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return program


def test_a_digest_is_put_behind_each_tag_and_raised(registry: Path) -> None:
    assert images.pinned(TEXT) == {"one:1-bookworm": None, "a/two:8": OLD}
    raised = images.raised(TEXT)
    assert images.pinned(raised) == {"one:1-bookworm": NEW, "a/two:8": NEW}
    assert images.raised(raised) == raised
    assert f"${{TWO_IMAGE:-a/two:8@{NEW}}}" in raised


def test_where_a_registry_does_not_answer_nothing_is_changed(
    registry: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    registry.write_text("#!/bin/sh\nexit 1\n")
    compose = tmp_path / "compose.yml"
    compose.write_text(TEXT)
    monkeypatch.setattr(images, "COMPOSE", compose)
    assert images.main() == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert compose.read_text() == TEXT
    assert images.main("--check") == 1
    assert "one:1-bookworm has no digest" in capsys.readouterr().out


def test_no_image_is_named_elsewhere() -> None:
    compose = images.COMPOSE.read_text()
    assert len(images.pinned(compose)) == 3
    named = [line.split("image:")[1].strip() for line in compose.splitlines() if "image:" in line]
    ours = {"chainrule-web", "chainrule-worker", "chainrule-cell"}
    assert set(named) - ours == {"*postgres-image", "*redis-image"}
    recipe = (ROOT / "Dockerfile").read_text()
    bases = {line.split()[1] for line in recipe.splitlines() if line.startswith("FROM ")}
    assert bases == {"${PYTHON_IMAGE}", "runtime", "torch"}
    assert "\nARG PYTHON_IMAGE\n" in recipe


def test_the_command_says_what_has_no_digest_yet() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "supply.images", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    bare = [tag for tag, digest in images.pinned(images.COMPOSE.read_text()).items() if not digest]
    assert done.returncode == (1 if bare else 0)
    assert [line.split()[0] for line in done.stdout.splitlines()] == bare
