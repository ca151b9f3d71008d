"""Whoever writes a statement or a file name cannot get a script, a style or a frame into a page."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rendering import markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<math><mtext onclick="alert(1)">x</mtext></math>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](vbscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](/\\evil.example)",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    '[x](https://a.example "onmouseover=alert(1) x")',
    "<javascript:alert(1)>",
    "```html\n<script>alert(1)</script>\n```",
    '```python"onclick=alert(1)\nx\n```',
    r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\text{&lt;script&gt;alert(1)&lt;/script&gt;}$",
    r"$\text{&amp;lt;script&amp;gt;}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{background:url(//evil.example)}{x}$",
    r"$\class{secret}{x} \id{main}{y}$",
    r'$\color{red" onclick="alert(1)}{x}$',
    r'$\hspace{1em" onclick="alert(1)}x$',
    r"$\verb|<script>alert(1)</script>|$",
    r'$x" onclick="alert(1)$',
    r'$\frac{" onclick="alert(1)$',
    "$$</math><script>alert(1)</script>$$",
]
TAGS = re.compile(
    "p|a|em|strong|s|code|pre|span|div|ul|ol|li|h[2-6]|table|thead|tbody|tr|th|td|hr|br|blockquote|"
    "img|math|mrow|mi|mn|mo|mtext|mspace|msup|msub|msubsup|munder|mover|munderover|mfrac|msqrt|"
    "mroot|mtable|mtr|mtd|mstyle|mpadded|mphantom|menclose"
)


class _Reader(HTMLParser):
    """Fails at the first thing that has no place in prose."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert TAGS.fullmatch(tag), tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("style", "id", "name"), name
            if name in ("href", "src"):
                address = (value or "").lower()
                inside = address.startswith(("/", "#", "data:image/png", "data:image/gif"))
                plain = ":" not in address.split("/")[0]
                assert inside or plain or address.startswith(("http:", "https:", "mailto:"))


def read(html: str) -> None:
    reader = _Reader()
    reader.feed(html)
    reader.close()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_known_trick_stays_text(text: str) -> None:
    read(markdown.html(text))


@given(st.text(alphabet=st.sampled_from(list("$\\{}<>&\"'`[](){}!*_#|:;=/ \nabx1^~")), max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_whatever_becomes_more_than_prose(text: str) -> None:
    read(markdown.html(text))


def test_a_link_to_elsewhere_does_not_tell_where_it_came_from() -> None:
    assert 'rel="noopener noreferrer"' in markdown.html("[x](https://a.example)")
    assert 'rel="noopener noreferrer"' in markdown.html("[x](//a.example/y)")
    assert "rel=" not in markdown.html("[x](/courses/1)")


def test_a_picture_from_elsewhere_is_a_link_and_is_not_fetched() -> None:
    made = markdown.html("![the graph](https://a.example/graph.png)")
    assert "<img" not in made
    assert '<a href="https://a.example/graph.png" rel="noopener noreferrer">the graph</a>' in made


@pytest.mark.parametrize(
    "latex",
    [
        "{" * 900 + "x" + "}" * 900,
        r"\newcommand{\a}{\b\b}\newcommand{\b}{\a\a}\a",
        r"\def\a{\a\a}\a",
        "x" * 5000,
        "x_{" * 600,
        r"\left(" * 300,
        r"\frac" * 400,
        r"\begin{matrix}" * 140,
    ],
)
def test_a_formula_that_is_a_trap_costs_little(latex: str) -> None:
    began = time.process_time()
    read(markdown.html(f"${latex}$"))
    assert time.process_time() - began < 5
