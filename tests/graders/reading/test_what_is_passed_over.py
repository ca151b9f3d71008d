"""What is no Python, or not to be had here, is passed over with a note, and told once."""

from __future__ import annotations

import sys

import pytest

from graders.results.report import Report
from tests.graders.conftest import Grade
from worker.cell.loading import habits, source

SUM = """
import torch
from torch.autograd import Function
class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return {}
    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)
"""
RIGHT = SUM.format("x.sum()")


def noted(report: Report, kind: str) -> list[tuple[int | None, str]]:
    return [(note.line, note.message) for note in report.notes if note.kind == kind]


def test_commands_of_a_notebook_are_told_in_one_note(grade: Grade) -> None:
    report = grade("%matplotlib inline\n!pip install torch\n" + RIGHT + "\ntorch.sum?\n", ["sum"])
    assert report.score == report.max_score
    ((line, message),) = noted(report, "passed-over")
    assert line == 1
    assert "lines 2, 15" in message


def test_a_failed_import_is_told_once_with_all_that_it_cost(grade: Grade) -> None:
    after = "plt.plot([1])\nfigure = plt.figure()\nplt.show()\nfigure.save()\n"
    report = grade("import matplotlib.pyplot as plt\n" + RIGHT + after, ["sum"])
    ((line, message),) = noted(report, "raised")
    assert line == 1
    assert "For want of `plt` 4 later statements raised, too." in message


def test_a_name_that_is_missing_in_forward_leads_to_its_import(grade: Grade) -> None:
    source = "from einops import reduce\n" + SUM.format("reduce(x, 'a -> ', 'sum')")
    summary = grade(source, ["sum"]).exercises[0].summary
    assert "The statement in line 1 should have made it, and raised ModuleNotFound" in summary


def test_a_gpu_is_said_not_to_be_there(grade: Grade) -> None:
    source = SUM.format("x.sum() + torch.zeros((), device='cuda')")
    assert "There is no GPU here" in grade(source, ["sum"]).exercises[0].summary


def test_an_annotation_that_cannot_be_evaluated_is_told_and_costs_nothing(grade: Grade) -> None:
    report = grade(RIGHT.replace("(ctx, x)", "(ctx, x: torch.Nothing)"), ["sum"])
    assert report.score == report.max_score
    ((_, message),) = noted(report, "passed-over")
    assert "It was read without its annotations." in message


def test_versions_are_told_with_every_report_and_every_syntax_error(grade: Grade) -> None:
    python = "Python {}.{}.{}".format(*sys.version_info)
    assert grade(RIGHT, ["sum"]).ran_with.startswith(f"{python}, PyTorch ")
    report = grade("def f(:\n", ["sum"])
    assert python in report.exercises[0].summary
    assert python in report.notes[0].message


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("type Vector = list", (3, 12)),
        ("def first[T](x: T): pass", (3, 12)),
        ("class Box[T]: pass", (3, 12)),
        ('print(f"{names["a"]}")', (3, 12)),
        ("x = = 1", None),
        ("def f(:", None),
    ],
)
def test_newer_syntax_is_told_as_what_it_is(line: str, version: tuple[int, int] | None) -> None:
    if version and sys.version_info >= version:
        pytest.skip("this Python has it")
    _, _, error = source.parse(line.encode() + b"\n")
    assert error is not None
    assert error["newer"] == (".".join(map(str, version)) if version else "")


@pytest.mark.parametrize(
    "text",
    [
        'x = ("%d"\n     % 3)\n',
        '"""\n```python\nexample\n```\n!pip install\n"""\n',
        "x = 3\n",
    ],
)
def test_what_python_can_read_is_left_as_it_is(text: str) -> None:
    parsed, passed, error = source.parse(text.encode())
    assert parsed is not None
    assert (passed, error) == ([], None)


def test_a_fence_in_a_docstring_does_not_hide_a_mistake_elsewhere() -> None:
    text = 'import torch\ndef f(:\n    pass\n"""\n```\nclass A: pass\n```\n"""\n'
    _, _, error = source.parse(text.encode())
    assert error is not None
    assert error["line"] == 2


def test_a_file_of_nothing_but_commands_is_given_up_soon() -> None:
    parsed, passed, error = source.parse(b"%x\n" * 90_000)
    assert parsed is None
    assert len(passed) <= habits.MOST
    assert error is not None
