"""With every part killed in turn while files come in, each accepted file is graded exactly once."""

from pathlib import Path

import pytest

from bench.chaos.ordeal import run
from tests.support.stack import Stack


@pytest.mark.stack
@pytest.mark.long
@pytest.mark.xdist_group("wrecking")
@pytest.mark.timeout(600)
def test_nothing_accepted_is_lost_doubled_or_scored_otherwise(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data", CHAINRULE_SUBMIT_LIMIT="1000000/minute").start()
    try:
        assert run(stack, seed=1, submissions=60, pace=2) == []
    finally:
        stack.stop()
