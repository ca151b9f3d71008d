"""A snippet below a file of a student gives, with only PyTorch, the numbers that are shown."""

from __future__ import annotations

import json
import keyword
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graders.exercises import COURSE_TEXT
from graders.results.report import ExerciseReport, Report
from tests.graders.conftest import Grade
from tests.support.files.expectations import expectations

pytestmark = pytest.mark.long

SUBMISSIONS = Path(__file__).parents[2] / "submissions"

# Runs sources as they come, each in a process of its own, and tells what it printed last and how it
# ended. PyTorch is imported once for all, and so is what it loads at a first backward pass.
RUNNER = """
import json, os, sys
import torch
torch.ones(1, requires_grad=True).backward(torch.ones(1))
for line in sys.stdin:
    source = json.loads(line)
    read, write = os.pipe()
    if os.fork() == 0:
        sys.stdout = sys.stderr = open(os.devnull, "w")
        seen, ended = [], None
        try:
            code = compile(source, "file.py", "exec")
            exec(code, {"__name__": "file", "print": lambda value="", *_, **__: seen.append(value)})
        except BaseException as error:
            ended = type(error).__name__
        last = seen[-1] if seen else None
        if isinstance(last, torch.Tensor):
            numbers = [repr(x) for x in last.detach().flatten().tolist()]
            last = {"shape": list(last.shape), "values": numbers}
        elif last is not None:
            last = type(last).__name__
        os.write(write, json.dumps([last, ended]).encode())
        os._exit(0)
    os.close(write)
    os.wait()
    print(os.read(read, 1 << 16).decode(), flush=True)
    os.close(read)
"""

FILES = [
    "addition_in_place_on_its_input",
    "addition_mask_forgotten",
    "addition_ones",
    "dot_does_not_add_up",
    "dot_composed_with_a_wrong_sum",
    "dot_one_argument_detached",
    "dot_swapped",
    "dot_upstream_forgotten",
    "forgot_to_unpack",
    "instance_state",
    "missing_argument",
    "mv_both_wrong_way_round",
    "mv_column_result",
    "mv_no_matrix_gradient",
    "mv_outer_transposed",
    "mv_square_only",
    "mv_swapped",
    "mv_transpose_missing",
    "mv_upstream_forgotten",
    "no_backward",
    "null_constant",
    "null_inf",
    "null_nan",
    "null_tuple",
    "null_zeros",
    "one_gradient_too_few",
    "one_gradient_too_many",
    "product_by_division",
    "product_changes_what_it_saved",
    "product_float32_only",
    "product_forward_adds",
    "product_frees_what_it_saved",
    "product_mask_negated",
    "product_no_mask",
    "product_saved_the_result",
    "product_sign",
    "product_state_on_the_class",
    "product_swapped",
    "product_vectors_only",
    "save_tensors",
    "save_for_backword",
    "sigmoid_clamped",
    "sigmoid_empty_tensors",
    "sigmoid_finite_difference_in_float32",
    "sigmoid_in_place_input",
    "sigmoid_in_place_upstream",
    "sigmoid_is_tanh",
    "sigmoid_overflows_backward",
    "sigmoid_overflows_forward",
    "sigmoid_rounded",
    "sigmoid_saved_the_input",
    "sigmoid_upstream_forgotten",
    "sigmoid_view_on_upstream",
    "sum_along_one_dimension",
    "sum_builtin_sum",
    "sum_mean",
    "sum_mean_gradient",
    "sum_none",
    "sum_not_expanded",
    "sum_shape_one",
    "sum_vectors_only",
]


Run = Callable[[str], list[Any]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Gives of a source the last value that it printed, and the type of what it raised."""
    command = [sys.executable, "-c", RUNNER]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as runner:
        assert runner.stdin
        assert runner.stdout
        told, answers = runner.stdin, runner.stdout

        def run_one(source: str) -> list[Any]:
            told.write(json.dumps(source) + "\n")
            told.flush()
            answer: list[Any] = json.loads(answers.readline())
            return answer

        yield run_one


def failing(report: Report) -> list[ExerciseReport]:
    return [e for e in report.exercises if any(c.status == "failed" for c in e.checks)]


def digits(values: Any, dtype: str) -> list[str]:
    """As many digits as a report has."""
    flat = json.dumps(values).translate(str.maketrans("", "", '[]" ')).split(",")
    many = 10 if dtype == "float64" else 6
    return [f"{float(value):.{many}g}" for value in flat if value]


def agrees(exercise: ExerciseReport, printed: Any, ended: str | None) -> bool:
    """Whether a snippet gave what the first exhibit says."""
    check = next(c for c in exercise.checks if c.status == "failed" and c.exhibit)
    assert check.exhibit is not None
    got = check.exhibit.got
    if check.exhibit.what.startswith("exception"):
        # What the engine says of a shape, or Python of arguments, is told in words of our own.
        ours = ("has shape", "after its first argument")
        return ended is not None and any(words in check.message for words in (ended, *ours))
    if got is None:
        return printed == "NoneType" or printed is None
    if got["values"] is None:
        return isinstance(printed, str) and got["dtype"].startswith(printed)
    if ended is not None or not isinstance(printed, dict) or printed["shape"] != got["shape"]:
        return False
    dtype = got["dtype"]
    return digits(printed["values"], dtype)[:24] == digits(got["values"], dtype)


def test_snippets_give_the_wrong_numbers_that_are_shown(grade: Grade, run: Run) -> None:
    tried: list[tuple[str, ExerciseReport, str]] = []
    for name in FILES:
        path = SUBMISSIONS / "wrong" / f"{name}.py"
        report = grade(path.read_bytes(), expectations(path).slugs)
        for exercise in failing(report):
            if exercise.snippet:
                source = f"{path.read_text()}\n\n{exercise.snippet}"
                tried.append((f"{name}: {exercise.slug}", exercise, source))
    assert len({name.partition(":")[0] for name, _, _ in tried}) >= len(FILES) - 3
    off = [
        f"{name}\n{exercise.snippet}\n{answer}"
        for name, exercise, source in tried
        if not agrees(exercise, *(answer := run(source)))
    ]
    assert not off, "\n\n".join(off)


def wrong_product(source: str, grade: Grade) -> ExerciseReport:
    return grade(source, ["product"]).exercises[0]


SWAPPED = """
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, {0}, {1}):
        ctx.save_for_backward({0}, {1})
        return {0} * {1}

    @staticmethod
    def backward(ctx, dzdy):
        {0}, {1} = ctx.saved_tensors
        return dzdy * {0}, dzdy * {1}
"""


@pytest.mark.parametrize(
    "names", [("y", "dzdy"), ("print", "Product"), ("torch_", "float"), ("größe", "länge")]
)
def test_the_students_names_never_get_in_each_others_way(
    grade: Grade, run: Run, names: tuple[str, str]
) -> None:
    source = SWAPPED.format(*names)
    exercise = wrong_product(source, grade)
    assert exercise.snippet is not None
    assert agrees(exercise, *run(f"{source}\n{exercise.snippet}"))


@pytest.mark.parametrize(
    "more",
    [
        "Product = Product.apply",
        "product = lambda a, b: Product.apply(a, b)\n_Hidden = Product\n",
        "_P = Product\ndef product(left, right):\n    return _P.apply(left, right)\ndel Product",
    ],
)
def test_an_entry_is_called_by_the_name_that_it_has_in_the_end(
    grade: Grade, run: Run, more: str
) -> None:
    source = SWAPPED.format("a", "b") + more
    exercise = wrong_product(source, grade)
    assert exercise.snippet is not None
    assert agrees(exercise, *run(f"{source}\n{exercise.snippet}"))


HOSTILE = """
import types

def backward(ctx, dzdy):
    raise type("E\\n__import__('os').abort()\\n#", (Exception,), {})("oh\\nno")

def forward(ctx, a, b):
    return a * b

code = forward.__code__.replace(co_varnames=("ctx", "a\\n__import__('os').abort()", "b;b"))
Product.forward = staticmethod(types.FunctionType(code, globals()))
Product.backward = staticmethod(backward)
globals()["product\\n"] = Product
"""


def test_hostile_names_get_into_no_snippet(grade: Grade) -> None:
    exercise = wrong_product(SWAPPED.format("a", "b") + HOSTILE, grade)
    snippet = exercise.snippet or ""
    assert snippet
    assert not any(line.lstrip().startswith("__import__") for line in snippet.splitlines())
    code = [line for line in snippet.splitlines() if not line.startswith("#")]
    assert "abort" not in "\n".join(code)


def test_a_name_that_is_no_identifier_gives_no_snippet(grade: Grade) -> None:
    source = SWAPPED.format("a", "b") + 'globals()["my product"] = Product\ndel Product\n'
    exercise = wrong_product(source, grade)
    assert exercise.entry is None or exercise.snippet is None or exercise.entry.isidentifier()
    assert all(not keyword.iskeyword(word) for word in [exercise.entry or ""])


def test_what_is_right_and_what_cannot_be_run_has_no_snippet(grade: Grade) -> None:
    right = grade((SUBMISSIONS / "right" / "course_style.py").read_bytes(), COURSE_TEXT)
    assert {exercise.snippet for exercise in right.exercises} == {None}
    broken = grade("def broken(:\n", ["sum"])
    assert broken.exercises[0].snippet is None
