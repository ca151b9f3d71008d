"""The product in containers, built and started once. Collected only by `make test-compose`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.compose.project import Project

collect_ignore_glob = [] if os.environ.get("CHAINRULE_COMPOSE") else ["test_*.py"]


@pytest.fixture(scope="session")
def project() -> Iterator[Project]:
    """Everything in docker-compose.yml, with two workers and two cells; removed at the end."""
    project = Project.fresh()
    try:
        project.up("--build", worker=2, cell=2)
        yield project
    finally:
        project.down()
