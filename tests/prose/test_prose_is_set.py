"""Statements and hints are markdown with formulas; what comes out is HTML with MathML."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.rendering import markdown
from app.rendering.mathml import mathml
from graders.model.statements import statement

WRITTEN = sorted(path.stem for path in Path("graders/exercises/statements").resolve().glob("*.md"))


def test_a_formula_in_dollars_becomes_mathml_with_its_latex_as_text_alternative() -> None:
    made = markdown.html(r"With $\frac{\partial z}{\partial y}$ from upstream.")
    assert '<math display="inline" alttext="\\frac{\\partial z}{\\partial y}">' in made
    assert "<mfrac>" in made
    assert "∂" in made


def test_a_formula_in_double_dollars_stands_alone() -> None:
    for text in ("$$x^2$$", "$$\nx^2\n$$", "Here: $$x^2$$ it is."):
        assert 'role="group" aria-label="Formula"><math display="block"' in markdown.html(text)


def test_lines_of_equations_are_aligned() -> None:
    made = mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", block=True)
    assert made.count("<mtr>") == 2
    assert 'columnalign="right"' in made


@pytest.mark.parametrize(
    "text", ["It costs $5 or $6.", r"Pay \$5, then \$6.", "`$x$` is code", "a lone $ sign"]
)
def test_dollars_that_are_money_or_code_stay_dollars(text: str) -> None:
    assert "<math" not in markdown.html(text)
    assert "$" in markdown.html(text)


def test_a_formula_that_cannot_be_read_is_shown_as_it_was_written() -> None:
    made = markdown.html(r"Let $\frac{$ be.")
    assert '<code class="formula-source">\\frac{</code>' in made


def test_headings_begin_below_those_of_the_page() -> None:
    assert "<h4>One</h4>" in markdown.html("# One", 4)
    assert "<h6>Four</h6>" in markdown.html("#### Four", 4)


def test_code_in_python_has_its_colours_as_classes() -> None:
    made = markdown.html("```python\nimport torch  # $no$\n```")
    assert '<span class="kn">import</span>' in made
    assert "style=" not in made


def test_columns_are_aligned_by_class_since_style_attributes_are_not_run() -> None:
    made = markdown.html("| a |\n|--:|\n| 1 |")
    assert '<td class="to-right">' in made
    assert "style" not in made


def test_a_table_scrolls_in_a_frame_of_its_own() -> None:
    assert '<div class="frame" tabindex="0"' in markdown.html("| a |\n|---|\n| 1 |")


@pytest.mark.parametrize("slug", WRITTEN)
def test_every_formula_of_the_statements_can_be_read(slug: str) -> None:
    made = markdown.html(statement(slug), 4)
    assert "<math" in made
    assert "formula-source" not in made
    assert "$" not in made


def test_a_statement_that_nobody_wrote_is_not_made_up() -> None:
    with pytest.raises(FileNotFoundError):
        statement("no-such-exercise")
