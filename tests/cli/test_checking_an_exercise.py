"""`chainrule exercise check` passes what is sound, and says what is weak in the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

import graders.exercises
from tests.support.processes.command import Called, chainrule_in
from worker.sandbox import Cell

pytestmark = pytest.mark.long

FOLDER = Path(graders.exercises.__file__).parent
NEW = """
from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="square",
    title="Square",
    summary="Square each element.",
    entries=("Square",),
    inputs=("x",),
    reference="x * x",
    gradients={"x": "2 * dzdy * x"},
    shapes=(((4,),), ((),), ((2, 1, 3),)),
    empty=((0,),),
    misconceptions=(
        Misconception("upstream gradient forgotten", "Chain rule?", "Square", None, {"x": "2 * x"}),
        Misconception("factor forgotten", "Twice?", "Square", None, {"x": "dzdy * x"}),
        Misconception("sign", "Which way?", "Square", None, {"x": "-2 * dzdy * x"}),
        Misconception("cubed", "How often?", "Square", "x * x * x"),
    ),
)
"""


def written(folder: Path, text: str) -> str:
    path = folder / "square.py"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_exercise_of_ours_is_sound(cell: Cell) -> None:
    done = chainrule_in(cell, "exercise", "check", str(FOLDER / "sum.py"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "weak" not in done.stdout


def test_a_new_one_needs_no_registering(cell: Cell, tmp_path: Path) -> None:
    done = chainrule_in(cell, "exercise", "check", written(tmp_path, NEW))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mutants: sound" in done.stdout


@pytest.fixture(scope="module")
def weak(cell: Cell, tmp_path_factory: pytest.TempPathFactory) -> Called:
    """What is said of one in which much is weak."""
    text = NEW
    for old, new in (
        ("(((4,),), ((),), ((2, 1, 3),))", "(((),),)"),
        ('"factor forgotten", "Twice?"', '"sign again", "Which way?"'),
        ('{"x": "dzdy * x"}', '{"x": "-dzdy * 2 * x"}'),
        ('        Misconception("cubed", "How often?", "Square", "x * x * x"),\n', ""),
        ('gradients={"x": "2 * dzdy * x"}', 'gradients={"x": "3 * dzdy * x"}'),
    ):
        assert old in text
        text = text.replace(old, new)
    folder = tmp_path_factory.mktemp("weak")
    return chainrule_in(cell, "exercise", "check", written(folder, text))


def test_everything_that_is_weak_is_said(weak: Called) -> None:
    assert weak.returncode == 1, weak.stderr
    for said in ("fewer than three cases", "is not named", "only 3 declared", "hides transposes"):
        assert said in weak.stdout


def test_formulas_are_held_against_gradcheck(weak: Called) -> None:
    assert weak.returncode == 1
    assert "gradients: weak" in weak.stdout
    assert "Jacobian mismatch" in weak.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "does not define EXERCISE"),
        ("1 +", "SyntaxError"),
        ("import no_such_module", "ModuleNotFoundError"),
        (NEW.replace('"x * x"', '"x * z"'), "uses z"),
    ],
)
def test_a_bad_file_is_refused_in_words(cell: Cell, tmp_path: Path, text: str, said: str) -> None:
    done = chainrule_in(cell, "exercise", "check", written(tmp_path, text))
    assert done.returncode == 1
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_refused_in_words(cell: Cell, tmp_path: Path) -> None:
    done = chainrule_in(cell, "exercise", "check", str(tmp_path / "nothing.py"))
    assert done.returncode == 1
    assert "There is no file" in done.stderr
