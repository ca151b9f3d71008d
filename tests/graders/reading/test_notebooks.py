"""A notebook becomes one file, and every line of it keeps its cell."""

from __future__ import annotations

import json

import pytest

from app.errors import Problem
from app.grading import notebooks, uploads
from app.settings import settings
from graders.model.places import places
from tests.graders.conftest import Grade
from tests.support.files.notebooks import cell, notebook

SUM = """import torch
from torch.autograd import Function
class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()
    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)"""


def python(*cells: str | dict[str, object]) -> str:
    return uploads.received("work.ipynb", notebook(*cells)).content.decode()


def test_cells_of_code_become_one_file_with_their_numbers() -> None:
    text = python(cell("# Title", "markdown"), cell(["a = 1\n", "b = 2"]), cell(""), cell("c = 3"))
    assert text == "# %% cell 2\na = 1\nb = 2\n# %% cell 4\nc = 3\n"
    where = places(text)
    assert [where.spoken(line) for line in (2, 3, 5)] == [
        "cell 2, line 1",
        "cell 2, line 2",
        "cell 4, line 1",
    ]


def test_outputs_are_left_behind_and_do_not_count() -> None:
    image = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "x" * 2_000_000}}
    content = notebook(cell("a = 1", outputs=[image]))
    assert len(content) > settings().upload_limit_bytes
    upload = uploads.received("work.ipynb", content)
    assert upload.content == b"# %% cell 1\na = 1\n"
    upload.require_readable()


def test_a_notebook_is_known_by_what_is_in_it_and_an_old_one_is_read() -> None:
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    code = {"cell_type": "code", "language": "python", "input": ["a = 1"], "outputs": []}
    old |= {"worksheets": [{"cells": [code | {"metadata": {}, "collapsed": False}]}]}
    assert b"a = 1" in uploads.received("work.txt", json.dumps(old).encode()).content


def test_a_comment_that_looks_like_a_mark_is_none() -> None:
    where = places(python(cell("a = 1\n# %% cell 9\nb = 2")))
    assert where.cells == (1,)


def test_a_python_file_has_lines_and_no_cells() -> None:
    assert places("a = 1\n# %% cell 1\nb = 2\n").spoken(3) == "line 3"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}", "no notebook that can be read"),
        (b"", "no notebook that can be read"),
        (b"[]", "no notebook that can be read"),
        (b"\xff\xfe{", "no notebook that can be read"),
        (b'{"nbformat": 4, "metadata": {}, "cells": 3}', "no notebook that can be read"),
        (b'{"nbformat": 4, "metadata": {}, "cells": [3]}', "no notebook that can be read"),
        (b'{"nbformat": 99, "metadata": {}, "cells": []}', "no notebook that can be read"),
        (b"[" * 100_000, "no notebook that can be read"),
        (notebook(), "no code in it"),
        (notebook(cell("text", "markdown"), cell("  ")), "no code in it"),
        (notebook(cell("x <- 1"), kernelspec={"language": "R", "name": "ir"}), "written in r"),
    ],
)
def test_what_cannot_be_taken_says_why(content: bytes, words: str) -> None:
    with pytest.raises(Problem, match=words):
        uploads.received("work.ipynb", content)


def test_a_notebook_that_is_too_large_with_its_outputs_says_what_to_do() -> None:
    with pytest.raises(Problem, match="Clear all outputs"):
        notebooks.as_python(b"{" + b" " * settings().notebook_limit_bytes)


def test_the_code_alone_has_the_limit_of_a_file() -> None:
    upload = uploads.received("a.ipynb", notebook(cell("x = 1\n" * settings().upload_limit_bytes)))
    with pytest.raises(Problem, match="larger than 256 kB"):
        upload.require_readable()


def test_a_right_notebook_earns_everything_and_notes_speak_of_cells(grade: Grade) -> None:
    text = python(
        cell("# Homework", "markdown"),
        cell("%matplotlib inline\n!pip install torchviz"),
        cell("%%time\n" + SUM),
        cell("%%bash\nls | grep 'it"),
        cell("this is not Python at all"),
        cell("1 / 0"),
    )
    report = grade(text, ["sum"])
    assert report.score == report.max_score
    lines = {note.message.split()[3]: note.line for note in report.notes}
    assert [places(text).spoken(line) for line in lines.values() if line] == [
        "cell 2, line 1",
        "cell 5, line 1",
        "cell 6, line 1",
    ]


def test_what_is_wrong_is_told_with_its_cell(grade: Grade) -> None:
    wrong = python(cell("import torch"), cell("class Sum(torch.nothing):\n    pass"))
    assert "in cell 2, line 1." in grade(wrong, ["sum"]).exercises[0].summary


@pytest.mark.parametrize(
    "cells",
    [
        ["import asyncio\nawait asyncio.sleep(0)\n" + SUM],
        [SUM, "async with open('x') as f:\n    pass\nreturn 3", "yield 4"],
        ["\n    " + SUM.replace("\n", "\n    ")],
        ["%%writefile mine.py\n" + SUM, "from mine import *"],
        [SUM, "%%writefile notes.txt\nfor nobody to read"],
    ],
    ids=["waits", "returns", "indented", "writes a file", "writes a text"],
)
def test_what_a_notebook_runs_and_a_file_cannot_costs_nothing(
    cells: list[str], grade: Grade
) -> None:
    report = grade(python(*cells), ["sum"])
    assert report.score == report.max_score, report.notes


def test_a_file_that_is_indented_as_a_whole_is_read_from_the_left_edge(grade: Grade) -> None:
    indented = "# my answer\n    " + SUM.replace("\n", "\n    ") + "\n"
    report = grade(indented, ["sum"])
    assert report.score == report.max_score
    assert [note.message.partition(";")[0] for note in report.notes] == [
        "This line is indented as all the others are"
    ]
