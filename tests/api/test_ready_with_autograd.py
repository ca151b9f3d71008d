"""A host that keeps autograd in direct runs is ready, and says so where watchers look."""

from __future__ import annotations

import uuid

import httpx
from sqlalchemy.orm import Session

from app.scheduling import cell_registry
from tests.support.processes.stack import Stack


def test_readiness_tells_of_cells_with_autograd_for_as_long_as_there_are_some(
    stack: Stack, db: Session
) -> None:
    process = uuid.uuid4()
    cell_registry.report(db, process, f"bubblewrap{cell_registry.WITH_AUTOGRAD}", {})
    db.commit()
    try:
        found = httpx.get(f"{stack.url}/readyz", trust_env=False, verify=False).json()
        assert (found["status"], found["cells"]) == ("ready", "with autograd")
    finally:
        cell_registry.leave(db, process)
        db.commit()
    assert "cells" not in httpx.get(f"{stack.url}/readyz", trust_env=False, verify=False).json()
