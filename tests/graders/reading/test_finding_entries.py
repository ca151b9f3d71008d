"""Which class or callable of a file is graded for which exercise."""

from __future__ import annotations

import pytest

from tests.graders.conftest import Grade

BODY = """:
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape)
"""
HEAD = "import functools\nimport torch\nfrom torch.autograd import Function\n\n"


def entry(grade: Grade, source: str) -> tuple[str | None, float]:
    exercise = grade(HEAD + source, ["sum"]).exercises[0]
    return exercise.entry, exercise.score


@pytest.mark.parametrize(
    "name",
    [
        "Sum", "sum", "SUM", "MySum", "my_sum", "CustomSum", "SumFunction", "SumFn", "Sum_",
        "SumOp", "sum_autograd", "MySumFunction", "TSum", "SumAll",
    ],
)  # fmt: skip
def test_a_name_is_known_in_whatever_dress(name: str, grade: Grade) -> None:
    assert entry(grade, f"class {name}(Function){BODY}") == (name, 10.0)


@pytest.mark.parametrize(
    "alias",
    [
        "tsum = Impl.apply",
        "tsum = lambda x: Impl.apply(x)",
        "tsum = functools.partial(Impl.apply)",
        "def tsum(x):\n    return Impl.apply(x)",
        "class Holder:\n    def __call__(self, x):\n        return Impl.apply(x)\ntsum = Holder()",
    ],
)
def test_a_callable_of_ones_own_functions_will_do(alias: str, grade: Grade) -> None:
    assert entry(grade, f"class Impl(Function){BODY}\n{alias}\n") == ("tsum", 10.0)


def test_a_function_class_comes_before_a_callable(grade: Grade) -> None:
    source = f"def sum_(x):\n    return torch.sum(x)\n\nclass MySum(Function){BODY}"
    assert entry(grade, source) == ("MySum", 10.0)


def test_a_callable_comes_first_where_the_class_takes_other_arguments(grade: Grade) -> None:
    body = BODY.replace("(ctx, x)", "(ctx, x, dim)").replace("(ctx.shape)", "(ctx.shape), None")
    source = f"class Sum(Function){body}\ndef my_sum(x):\n    return Sum.apply(x, None)\n"
    assert entry(grade, source) == ("my_sum", 10.0)


def test_a_class_whose_name_was_taken_is_found_all_the_same(grade: Grade) -> None:
    source = f"class Sum(Function){BODY}\nSum = Sum.apply(torch.ones(3))\n"
    assert entry(grade, source) == ("Sum", 10.0)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f"class Sumn(Function){BODY}", "Found class `Sumn`, did you mean `Sum`?"),
        (f"class Som(Function){BODY}", "Found class `Som`, did you mean `Sum`?"),
        ("def my_summ(x):\n    return x", "Found function `my_summ`, did you mean `Sum`?"),
        ("def sub(x):\n    return x", "defines no class `Sum`"),
        (f"class Sum{BODY}", "does not inherit from torch.autograd.Function"),
        ("class Sum(torch.nn.Module):\n    pass", "subclass of nn.Module"),
        ("Sum = torch.sum", "not written in your file"),
        ("from torch import *", "not written in your file"),
        ("tsum = 3", "a plain value"),
        ("x = 3", "defines no class `Sum`"),
    ],
)
def test_what_cannot_be_an_entry_is_told_apart(source: str, words: str, grade: Grade) -> None:
    exercise = grade(HEAD + source, ["sum"]).exercises[0]
    assert exercise.score == 0
    assert words in exercise.summary


def test_a_misspelt_name_is_a_near_miss_of_the_exercise_that_it_looks_most_like(
    grade: Grade,
) -> None:
    source = HEAD + f"\nclass Prodcut(Function){BODY}"
    product, mv = grade(source, ["product", "matrix-vector-product"]).exercises
    assert "Found class `Prodcut`, did you mean `Product`?" in product.summary
    assert product.checks[0].line == len(HEAD.splitlines()) + 2
    assert "defines no class `MatrixVectorProduct`" in mv.summary


@pytest.mark.parametrize(
    "oddity",
    [
        "globals()[1] = 2",
        "class Odd:\n    def __getattribute__(self, name): raise SystemExit(name)\nodd = Odd()",
        "class Odd:\n    def __bool__(self): raise ValueError\n"
        "    def __eq__(self, other): return self\n"
        "    def __call__(self): pass\nodd = Odd()\nOdd.__module__ = Odd()",
        "class Meta(type):\n    def __getattribute__(cls, name): raise SystemExit(name)\n"
        "class Odd(metaclass=Meta):\n    def __call__(self): pass\nodd = Odd()",
    ],
)
def test_a_value_that_cannot_be_looked_at_is_passed_over(oddity: str, grade: Grade) -> None:
    assert entry(grade, f"class Sum(Function){BODY}\n{oddity}\n") == ("Sum", 10.0)


@pytest.mark.parametrize("odd", ["Odd()", "Odd"])
def test_not_even_under_the_name_of_an_entry_does_such_a_value_cost_others(
    odd: str, grade: Grade
) -> None:
    source = f"class Sum(Function){BODY}\nclass Meta(type):\n    def __getattribute__(cls, name):\n"
    source += (
        "        raise SystemExit\nclass Odd(metaclass=Meta):\n    def __getattribute__(self, n):\n"
    )
    source += f"        raise SystemExit\n    def __call__(self, x): return x\nproduct = {odd}\n"
    exercises = {e.slug: e for e in grade(HEAD + source, ["sum", "product"]).exercises}
    assert (exercises["sum"].score, exercises["product"].score) == (10.0, 0.0)


def test_a_class_statement_that_raised_is_told_with_its_reason(grade: Grade) -> None:
    source = HEAD + f"class Sum(functools.nothing){BODY}\nsum = Sum.apply\n"
    message = grade(source, ["sum"]).exercises[0].summary
    assert message.startswith("The statement that defines `Sum` raised AttributeError: module")
    assert message.endswith("in line 5.")
