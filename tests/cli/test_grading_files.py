"""`chainrule grade` needs no server and no database, and says of each file what came of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from graders.exercises import COURSE_TEXT, EXERCISES, starter
from graders.judge import judged_if_right
from tests.support.files.notebooks import notebook
from tests.support.processes.command import chainrule, chainrule_in
from worker.sandbox import Cell

pytestmark = pytest.mark.long

SIGMOID = """
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        y, = ctx.saved_tensors
        return upstream * y * (1 - y)
"""
FORGOTTEN = SIGMOID.replace("upstream * y", "y")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Several files in one call, by name; one call because each waits for a cell to be warm."""
    folder = tmp_path_factory.mktemp("files")
    contents = {
        "right.py": SIGMOID.encode(),
        "wrong.py": FORGOTTEN.encode(),
        "again.py": FORGOTTEN.encode(),
        "others.py": starter(["relu", "softmax"]).encode(),
        "work.ipynb": notebook("%pip install x", "", SIGMOID.strip(), "y = 2\n1 / 0"),
        "half.ipynb": b'{"nbformat": 4}',
        "empty.py": b"",
        "broken.py": b"def (",
        "picture.py": b"\x89PNG\r\n\x1a\n\0\0\0",
        "nul.py": b"x = 1\0",
        "latin.py": "# \xe9\n".encode("latin-1"),
        "wide.py": SIGMOID.encode("utf-16"),
        "large.py": b"#" * 2_000_000,
        "deep.py": b"(" * 50_000,
        "endless.py": b"while True: pass",
        "hidden.py": b"# coding: unicode_escape\n# \\nprint('hidden code ran')\n",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    os.mkfifo(folder / "pipe.py")
    paths = [str(folder / name) for name in [*contents, "absent.py", "pipe.py"]] + [str(folder)]
    called = chainrule("grade", "--json", *paths, CHAINRULE_CELL_WALL_SECONDS="2")
    assert called.returncode == 1, called.stderr
    listed = json.loads(called.stdout)
    assert [result["file"] for result in listed] == paths
    return {Path(result["file"]).name: result for result in listed}


def scores(result: dict[str, Any]) -> dict[str, float]:
    return {exercise["slug"]: exercise["score"] for exercise in result["exercises"]}


def test_what_a_file_names_is_graded_of_all_exercises_there_are(results: Any) -> None:
    result = results["right.py"]
    assert result["status"] == "graded"
    assert scores(result) == {"sigmoid": 10}
    assert (result["score"], result["max_score"]) == (10, 10)
    others = results["others.py"]
    assert scores(others) == {"relu": 0, "softmax": 0}
    assert "is not written yet" in others["exercises"][0]["summary"]


def test_a_file_that_names_none_has_nothing_of_the_course_text(results: Any) -> None:
    assert scores(results["empty.py"]) == dict.fromkeys(COURSE_TEXT, 0)


def test_a_notebook_is_graded_and_told_by_its_cells(results: Any) -> None:
    result = results["work.ipynb"]
    assert scores(result) == {"sigmoid": 10}
    assert [note["place"] for note in result["notes"]] == [
        {"cell": 1, "line": 1},
        {"cell": 4, "line": 2},
    ]
    assert results["half.ipynb"]["status"] == "failed"
    assert "no notebook that can be read" in results["half.ipynb"]["message"]


def test_result_has_its_times(results: Any) -> None:
    result = results["right.py"]
    assert result["timings_ms"]["total"] > 0


def test_a_forgotten_upstream_gradient_costs_points_and_is_named(results: Any) -> None:
    assert 0 < scores(results["wrong.py"])["sigmoid"] < 10
    assert "upstream" in json.dumps(results["wrong.py"])


def test_the_same_file_gets_the_same_score(results: Any) -> None:
    assert scores(results["again.py"]) == scores(results["wrong.py"])


@pytest.mark.parametrize(
    "name",
    [
        "empty.py",
        "broken.py",
        "picture.py",
        "nul.py",
        "latin.py",
        "large.py",
        "deep.py",
        "endless.py",
    ],
)
def test_a_file_without_code_that_works_is_graded_zero_and_told_why(
    results: Any, name: str
) -> None:
    assert results[name]["status"] == "graded"
    assert scores(results[name]) == dict.fromkeys(COURSE_TEXT, 0)
    assert results[name]["score"] == 0
    told = [note["message"] for note in results[name]["notes"]]
    told += [exercise["summary"] for exercise in results[name]["exercises"]]
    assert all(told)
    assert told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.py", "The file is empty"),
        ("picture.py", "not a text file"),
        ("nul.py", "not a text file"),
        ("latin.py", "Line 1 has a letter that is not encoded as UTF-8"),
        ("hidden.py", "The encoding that its first lines declare cannot be used"),
        ("wide.py", "saved as UTF-16"),
        ("large.py", "larger than 256 kB"),
    ],
)
def test_what_no_upload_takes_is_told_as_one_would_but_of_a_file_on_disk(
    results: Any, name: str, words: str
) -> None:
    (note,) = results[name]["notes"]
    assert words in note["message"]
    assert "was graded 0" in note["message"]
    assert not {"taken", "upload", "hand"} & set(note["message"].lower().split())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.py", "no such file"),
        ("pipe.py", "no regular file"),
    ],
)
def test_what_cannot_be_read_is_failed_with_a_message(results: Any, name: str, words: str) -> None:
    assert results[name]["status"] == "failed"
    assert results[name]["score"] is None
    assert words in results[name]["message"]


def test_a_person_gets_a_table_that_steers_no_terminal(cell: Cell, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(SIGMOID + "\nraise ValueError('\\x1b]0;owned\\x07 [red]markup[/]')\n")
    called = chainrule_in(cell, "grade", str(file))
    assert called.returncode == 0
    assert "10/10" in called.stdout
    assert "sigmoid" in called.stdout
    assert "[red]markup[/]" in called.stdout
    assert "\x1b]" not in called.stdout
    assert "\x07" not in called.stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "The file is empty.", id="an empty file"),
        pytest.param(b"x = 1\n", "defines no class `Sum`", id="nothing to grade"),
        pytest.param(b"def (", "Python cannot read your file", id="a syntax error"),
    ],
)
def test_why_nothing_was_found_is_said_once_for_each_exercise(
    cell: Cell, content: bytes, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(content)
    called = chainrule_in(cell, "grade", str(file), COLUMNS="300")
    assert called.returncode == 0
    (line,) = [line for line in called.stdout.splitlines() if line.startswith("  sum ")]
    assert words in line
    assert "entry:" not in called.stdout


def test_a_file_that_breaks_the_grader_costs_the_others_nothing(
    cell: Cell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = [judged_if_right, ZeroDivisionError("oh"), judged_if_right]

    def breaks_once(*arguments: Any) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(*arguments)

    monkeypatch.setattr("graders.incremental.judged_if_right", breaks_once)
    paths = [str(tmp_path / name) for name in ("one.py", "breaks.py", "two.py")]
    for path in paths:
        Path(path).write_text(SIGMOID)
    called = chainrule_in(cell, "grade", "--json", *paths)
    assert called.returncode == 1
    one, broken, two = json.loads(called.stdout)
    assert (one["score"], two["score"]) == (10, 10)
    assert (broken["status"], broken["score"]) == ("failed", None)
    assert "through no fault of the file" in broken["message"]
    assert "ZeroDivisionError: oh" in broken["message"]


def test_a_narrow_terminal_loses_no_words(cell: Cell, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(FORGOTTEN)
    told = " ".join(chainrule_in(cell, "grade", str(file), COLUMNS="30").stdout.split())
    assert "upstream" in told


def test_any_of_the_exercises_can_be_graded_those_beyond_the_course_text_too(
    cell: Cell, tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(SIGMOID + "\nclass ReLU(Function):\n    pass\n")
    asked = ["relu", "sigmoid", "softmax", "relu"]
    options = [part for slug in asked for part in ("--exercise", slug)]
    called = chainrule_in(cell, "grade", "--json", *options, str(file), str(tmp_path / "absent.py"))
    graded, absent = json.loads(called.stdout)
    assert scores(graded) == {"relu": 0, "sigmoid": 10, "softmax": 0}
    assert (graded["max_score"], absent["max_score"]) == (30, 30)


def test_each_of_the_twelve_can_be_asked_for(cell: Cell, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(SIGMOID)
    options = [part for slug in EXERCISES for part in ("--exercise", slug)]
    (graded,) = json.loads(chainrule_in(cell, "grade", "--json", *options, str(file)).stdout)
    assert scores(graded) == {slug: 10 * (slug == "sigmoid") for slug in EXERCISES}


def test_an_exercise_that_there_is_not_is_a_wrong_call_that_says_which_there_are() -> None:
    called = chainrule("grade", "--exercise", "cube", "mine.py", COLUMNS="300")
    assert called.returncode == 2
    assert "There is no exercise 'cube'." in called.stderr
    assert "relu" in called.stderr


def test_a_call_without_a_file_is_a_wrong_call() -> None:
    assert chainrule("grade").returncode == 2


def test_help_is_quick_because_it_imports_neither_torch_nor_the_database() -> None:
    shown = chainrule("--help", PYTHONPROFILEIMPORTTIME="1")
    assert shown.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in shown.stderr.splitlines()}
    assert not imported & {"torch", "sqlalchemy", "celery", "fastapi"}


def test_a_person_gets_the_numbers_the_table_and_source_to_copy(cell: Cell, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(FORGOTTEN)
    told = [line.strip() for line in chainrule_in(cell, "grade", str(file)).stdout.splitlines()]
    at = told.index("to see it on your own machine:")
    assert any(line.startswith("gradient of `x`: expected [") for line in told[:at])
    assert "requires_grad x True: wrong; expected tensor" in told[:at]
    assert "y = Sigmoid.apply(x)" in told[at:]
    assert "print(x.grad)" in told[at:]
    file.write_text(SIGMOID)
    told = [line.strip() for line in chainrule_in(cell, "grade", str(file)).stdout.splitlines()]
    assert any(
        line.startswith("cost: 1 tensors kept (reference 1), 16 bytes kept (reference 16)")
        for line in told
    )
