"""A fault is shown on the smallest input that has it, in whole numbers; that costs no points."""

from __future__ import annotations

from pathlib import Path

import pytest

from graders.exercises import COURSE_TEXT, EXERCISES
from graders.judge import judge
from graders.probes.plan import draw_plan
from graders.results.report import Check, Exhibit, Report
from tests.graders.conftest import Grade
from worker.sandbox import Cell, Limits

WRONG = Path(__file__).parents[2] / "submissions" / "wrong"
RIGHT = Path(__file__).parents[2] / "submissions" / "right"


def failed(report: Report, slug: str, family: str, name: str) -> Check:
    exercise = next(one for one in report.exercises if one.slug == slug)
    check = next(c for c in exercise.checks if (c.family, c.name) == (family, name))
    assert check.status == "failed"
    return check


def shown(check: Check) -> Exhibit:
    assert check.exhibit is not None
    return check.exhibit


def of_file(grade: Grade, name: str, slug: str, family: str, check: str) -> Check:
    return failed(grade((WRONG / f"{name}.py").read_bytes(), [slug]), slug, family, check)


def test_wrong_numbers_are_shown_on_one_element(grade: Grade) -> None:
    check = of_file(grade, "product_swapped", "product", "gradient", "gradient-x1")
    shown_exhibit = shown(check)
    values = [one["values"] for one in (*shown_exhibit.input, *shown_exhibit.upstream)]
    assert [one["shape"] for one in shown_exhibit.input] == [[1], [1]]
    assert all(value == [round(value[0])] for value in values)
    assert values[2] not in ([1.0], [-1.0])  # a lost upstream gradient would not show
    assert shown_exhibit.expected is not None
    assert shown_exhibit.got is not None
    assert shown_exhibit.expected["values"] == [values[2][0] * values[1][0]]
    assert f"{shown_exhibit.expected['values'][0]:g} was expected" in check.message


@pytest.mark.parametrize(
    ("name", "shapes"),
    [("mv_outer_transposed", [[1, 2], [2]]), ("mv_upstream_forgotten", [[1, 1], [1]])],
)
def test_a_matrix_is_as_small_as_the_fault_allows(
    grade: Grade, name: str, shapes: list[list[int]]
) -> None:
    check = of_file(grade, name, "matrix-vector-product", "gradient", "gradient-A")
    assert [one["shape"] for one in shown(check).input] == shapes


def test_a_fault_of_shape_is_not_replaced_by_one_of_numbers(grade: Grade) -> None:
    check = of_file(grade, "sum_shape_one", "sum", "forward", "values")
    shown_exhibit = shown(check)
    assert shown_exhibit.expected is not None
    assert shown_exhibit.got is not None
    assert (shown_exhibit.expected["shape"], shown_exhibit.got["shape"]) == ([], [1])


def test_the_mean_is_shown_where_it_differs_from_the_sum(grade: Grade) -> None:
    check = of_file(grade, "sum_mean", "sum", "forward", "values")
    assert [one["shape"] for one in shown(check).input] == [[2]]


def test_an_exception_is_shown_on_the_smallest_input_that_raises_it(grade: Grade) -> None:
    check = of_file(grade, "save_tensors", "sigmoid", "gradient", "gradient-x")
    assert [one["shape"] for one in shown(check).input] == [[1]]


def test_a_fault_of_precision_stays_in_float64(grade: Grade) -> None:
    check = of_file(grade, "product_float32_only", "product", "gradient", "float64")
    assert {one["dtype"] for one in shown(check).input} == {"float64"}


def test_what_only_another_shape_shows_stays_with_that_shape(grade: Grade) -> None:
    check = of_file(grade, "sum_vectors_only", "sum", "gradient", "shapes")
    assert [len(one["shape"]) for one in shown(check).input] == [2]


def test_the_line_is_that_on_which_backward_returns(grade: Grade) -> None:
    source = (WRONG / "product_swapped.py").read_text()
    check = failed(grade(source, ["product"]), "product", "gradient", "gradient-x1")
    assert check.line is not None
    *_, around = (one for one in source.splitlines()[: check.line] if "def " in one)
    assert "backward" in around
    assert "return" in source.splitlines()[check.line - 1]


def test_a_composition_is_shrunk_too(grade: Grade) -> None:
    source = (RIGHT / "course_style.py").read_text().replace("dzdy*x2 if r1", "dzdy*x1 if r1")
    check = failed(grade(source, COURSE_TEXT), "composition", "gradient", "gradient-c")
    assert [one["shape"] for one in shown(check).input] == [[1], [1], [1]]


def test_small_probes_come_last_and_their_numbers_from_the_seed() -> None:
    one, same, other = (draw_plan(COURSE_TEXT, seed) for seed in (b"one", b"one", b"other"))
    names = [probe.id.partition("/")[2] for probe in one.probes]
    extra = [name.startswith(("small/", "curve")) for name in names]
    assert extra == sorted(extra)
    assert sum(extra) >= 2 * len(COURSE_TEXT)

    def numbers(of: object) -> list[object]:
        small = [p for p in of.probes if "/small/" in p.id]  # type: ignore[attr-defined]
        return [tensor.tolist() for p in small for tensor in (*p.inputs, *p.upstream)]

    assert numbers(one) == numbers(same) != numbers(other)


@pytest.mark.parametrize("slug", EXERCISES)
def test_each_rung_is_larger_than_the_one_before_and_smaller_than_the_plain_case(slug: str) -> None:
    probes = {p.id.partition("/")[2]: p for p in draw_plan([slug], b"s").of(slug)}
    sizes = [probe.size for name, probe in probes.items() if name.startswith("small/")]
    assert sizes[0] == len(EXERCISES[slug].inputs)
    assert sizes == sorted(set(sizes))
    assert sizes[-1] <= probes["basic"].size


def test_a_run_that_ends_in_the_small_probes_loses_nothing(cell: Cell) -> None:
    source = (RIGHT / "course_style.py").read_text()
    hang = "while x.numel() == 1 and abs(float(x)) in (2, 3): pass"
    source = source.replace("return x.sum()", f"{hang}\n        return x.sum()")
    plan = draw_plan(COURSE_TEXT, b"s")
    evidence = cell.run(plan.requests, source.encode(), Limits(wall_s=2.0))
    assert evidence.ending.kind == "done"  # all that gives points was told
    assert "sum/small/0" not in evidence.probes
    assert judge(plan, evidence, dict.fromkeys(COURSE_TEXT, 10.0)).score == 70.0
