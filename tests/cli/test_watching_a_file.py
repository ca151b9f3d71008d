"""`chainrule grade --watch` grades a file anew each time it is saved, until it is told to end."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.processes.stack import CHAINRULE, heed_signals
from tests.support.waiting import wait_for

pytestmark = pytest.mark.long

SUM = """
import torch
class Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()
    @staticmethod
    def backward(ctx, dzdy):
        return {} if ctx.needs_input_grad[0] else None
"""


def save(file: Path, text: str) -> None:
    """As editors do: a file beside it takes its place."""
    beside = file.with_suffix(".new")
    beside.write_text(text)
    beside.replace(file)


def test_each_save_is_graded(tmp_path: Path) -> None:
    file, said = tmp_path / "mine.py", tmp_path / "said"
    file.write_text(SUM.format("torch.ones(ctx.shape)"))
    with (
        said.open("w") as output,
        subprocess.Popen(
            [CHAINRULE, "grade", "--watch", str(file)],
            stdout=output,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            preexec_fn=heed_signals,
        ) as watching,
    ):
        try:
            wait_for(lambda: "mine.py" in said.read_text(), "the first verdict", seconds=150)
            save(file, SUM.format("dzdy.expand(ctx.shape)"))
            wait_for(lambda: "10/10" in said.read_text(), "the second verdict", seconds=150)
            watching.send_signal(signal.SIGINT)
            assert watching.wait(30) in (0, 128 + signal.SIGINT)
        finally:
            watching.kill()
