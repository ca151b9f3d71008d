"""Which names belong to which exercise: read in words, whatever people put around them."""

from __future__ import annotations

from typing import Any

import pytest

from graders.exercises import EXERCISES
from graders.probes.plan import draw_plan
from tests.support.files.entry_names import NAMES, UNSURE
from worker.cell.finding.candidates import ownership
from worker.cell.finding.entries import find

SLUGS = list(NAMES)


def a_class(name: str, inputs: int, body: str = "return ctx, {}", inside: str = "") -> str:
    names = ", ".join("xyz"[:inputs])
    lines = [
        f"class {name}(Function):",
        "    @staticmethod",
        f"    def forward(ctx, {names}): {body.format(names)}",
        "    @staticmethod",
        "    def backward(ctx, g): return g * ctx.n",
    ]
    return "\n".join(inside + line for line in lines) + "\n"


def found(source: str, slugs: list[str]) -> dict[str, dict[str, Any]]:
    """What is told of each exercise, for a file of this source, without any cell."""
    is_own = ownership("submission")  # what other tests left behind is none of it
    space: dict[str, Any] = {"__name__": "submission"}
    exec("from torch.autograd import Function\n" + source, space)
    header, _ = draw_plan(slugs, b"seed").requests(b"").ordinary
    told, _ = find(header["entries"], header["others"], space, "submission", is_own, {})
    return told


def inputs(slug: str) -> int:
    return len(EXERCISES[slug].inputs)


@pytest.mark.parametrize("slug", SLUGS)
def test_names_in_whatever_words_are_found_among_all_exercises(slug: str) -> None:
    for name in NAMES[slug].split():
        told = found(a_class(name, inputs(slug)), SLUGS)
        taken = {one: entry["found"] for one, entry in told.items() if entry["found"]}
        assert taken == {slug: name}, told[slug]


def test_there_are_enough_names() -> None:
    assert sum(len(set(names.split())) for names in NAMES.values()) >= 500


@pytest.mark.parametrize(
    ("slug", "names"), [(slug, names) for slug, all_ in UNSURE.items() for names in all_]
)
def test_where_two_could_be_meant_neither_is_taken_and_both_are_said(slug: str, names: str) -> None:
    both = names.split()
    entry = found("".join(a_class(name, inputs(slug)) for name in both), [slug])[slug]
    assert (entry["found"], entry["problem"], entry["near"]) == (None, "several", both)


def test_an_alias_by_the_exercises_name_decides_between_two() -> None:
    source = a_class("FastSigmoid", 1) + a_class("StableSigmoid", 1)
    source += "sigmoid = StableSigmoid.apply\n"
    assert found(source, ["sigmoid"])["sigmoid"]["found"] == "sigmoid"


def test_what_is_set_aside_is_not_taken_for_what_is_handed_in() -> None:
    source = a_class("SigmoidOld", 1) + a_class("MySigmoid", 1) + a_class("SigmoidBackward", 1)
    assert found(source, ["sigmoid"])["sigmoid"]["found"] == "MySigmoid"


def test_what_others_are_derived_from_is_not_taken() -> None:
    source = a_class("SigmoidFn", 1) + "class MySigmoid(SigmoidFn): pass\n"
    assert found(source, ["sigmoid"])["sigmoid"]["found"] == "MySigmoid"


@pytest.mark.parametrize("stub", ["pass", "...", "raise NotImplementedError", "'''To do.'''"])
def test_a_stub_gives_way_to_what_is_written(stub: str) -> None:
    source = a_class("Sigmoid", 1, stub) + a_class("MySigmoid", 1)
    assert found(source, ["sigmoid"])["sigmoid"]["found"] == "MySigmoid"
    assert found("class Sigmoid(Function): pass\n" + source, ["sigmoid"])["sigmoid"]["found"]


def test_a_stub_gives_way_to_a_name_with_other_words_and_to_a_callable() -> None:
    stub = a_class("Sigmoid", 1, "raise NotImplementedError('compute it')")
    alice = found(stub + a_class("AliceSigmoid", 1), ["sigmoid"])["sigmoid"]
    assert alice["found"] == "AliceSigmoid"
    source = stub + a_class("Impl", 1) + "def my_sigmoid(x):\n    return Impl.apply(x)\n"
    assert found(source, ["sigmoid"])["sigmoid"]["found"] == "my_sigmoid"


def test_what_is_only_begun_is_told_as_not_written() -> None:
    entry = found(a_class("Sigmoid", 1, "raise NotImplementedError"), ["sigmoid"])["sigmoid"]
    assert (entry["found"], entry["problem"]) == (None, "unwritten")
    assert entry["arguments"] == ["Sigmoid"]
    source = a_class("Sigmoid", 1, "pass") + "sigmoid = Sigmoid.apply\n"
    source += "def my_sigmoid(x): return sigmoid(x)\n"
    assert found(source, ["sigmoid"])["sigmoid"]["problem"] == "unwritten"


def test_a_right_answer_of_one_line_is_no_stub() -> None:
    source = a_class("Add", 2, "return x + y") + a_class("Sum", 1, "return x")
    told = found(source, ["addition", "sum"])
    assert [entry["found"] for entry in told.values()] == ["Add", "Sum"]


def test_a_class_inside_of_another_is_found() -> None:
    source = "class Exercises:\n" + a_class("Sigmoid", 1, inside="    ")
    source += "class Answers:\n" + a_class("Fn", 1, inside="    ")
    assert found(source, ["sigmoid"])["sigmoid"]["found"] == "Exercises.Sigmoid"
    source = "class ReLU:\n" + a_class("Fn", 1, inside="    ")
    assert found(source, ["relu"])["relu"]["found"] == "ReLU.Fn"


def test_a_class_that_a_function_gave_away_is_found_by_its_own_name() -> None:
    source = "def make():\n" + a_class("Sigmoid", 1, inside="    ") + "    return Sigmoid\n"
    assert found(source + "act = make()\n", ["sigmoid"])["sigmoid"]["found"] == "Sigmoid"


def test_a_name_that_says_nothing_is_taken_where_it_is_the_only_one() -> None:
    source = a_class("MyFunction", 1)
    assert found(source, ["sigmoid"])["sigmoid"]["found"] == "MyFunction"
    assert found(source, ["sigmoid", "relu"])["relu"]["near"] == ["MyFunction"]
    assert found(source + a_class("Exercise5", 1), ["sum"])["sum"]["found"] is None


def test_what_no_exercise_took_is_told() -> None:
    told = found(a_class("Squash2000x", 1) + a_class("Nonsense", 1), ["sum", "relu"])
    assert told["sum"]["problem"] == "unknown"
    assert told["sum"]["near"] == ["Squash2000x", "Nonsense"]


def test_arguments_tell_names_apart_that_several_exercises_have() -> None:
    told = found(a_class("Linear", 2), ["matrix-vector-product"])
    assert told["matrix-vector-product"]["found"] == "Linear"
    told = found(a_class("Sum", 2), ["addition"])
    assert told["addition"]["found"] == "Sum"
    told = found(a_class("VectorProduct", 2), ["product", "dot-product"])
    assert {entry["problem"] for entry in told.values()} == {"shared"}
    told = found(a_class("VectorProduct", 2) + a_class("Mul", 2), ["product", "dot-product"])
    assert [entry["found"] for entry in told.values()] == ["Mul", "VectorProduct"]


def test_what_belongs_to_an_exercise_that_nobody_asks_for_is_not_taken_for_another() -> None:
    assert found(a_class("LogSumExp", 1), ["sum"])["sum"]["found"] is None
    assert found(a_class("RectifiedLinear", 3), ["linear"])["linear"]["found"] is None


def test_a_function_that_tests_an_exercise_is_none() -> None:
    source = "def test_sigmoid(x): return x\ndef check_relu(x): return x\n"
    told = found(source, ["sigmoid", "relu"])
    assert {(entry["problem"], *entry["near"]) for entry in told.values()} == {("missing",)}
