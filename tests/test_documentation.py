"""The documentation keeps up with what it documents."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from app.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SETTINGS = (DOCS / "settings.md").read_text()
TEXTS = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))
    if path.name != "CHANGELOG.md"  # which may speak of what is gone
}
DECISIONS = {path.name: path.read_text() for path in (DOCS / "decisions").glob("*.md")}
_FOLDERS = "app|worker|graders|cli|migrations|supply|bench|tests|docs|assets|requirements"
_PATH = re.compile(rf"`((?:{_FOLDERS})/[\w./-]*)`")
_DOTTED = re.compile(r"`((?:app|worker|graders|cli)(?:\.\w+)+)`")
_ANCHOR = re.compile(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    default = field.default
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    shown = "none" if default is None else f"`{default}`"
    assert f"| `CHAINRULE_{name.upper()}` | {shown} | {field.description} |" in SETTINGS


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_that_is_named_is_there(name: str) -> None:
    assert [path for path in _PATH.findall(TEXTS[name]) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_module_that_is_named_is_there(name: str) -> None:
    assert [dotted for dotted in _DOTTED.findall(TEXTS[name]) if not _is_there(dotted)] == []


def _is_there(dotted: str) -> bool:
    """Whether this is a package, a module, or a name in one."""
    path = ROOT.joinpath(*dotted.split("."))
    module = path.parent.with_suffix(".py")
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    return module.is_file() and re.search(rf"\b{path.name}\b", module.read_text()) is not None


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_to_a_file(name: str) -> None:
    folder = (ROOT / name).parent
    assert [link for link in _LINK.findall(TEXTS[name]) if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_into_a_text_leads_to_a_heading(name: str) -> None:
    for link, anchor in _ANCHOR.findall(TEXTS[name]):
        text = ((ROOT / name).parent / link).read_text() if link else TEXTS[name]
        headings = re.findall(r"^#+ (.+)$", text, re.M)
        assert anchor in [_anchor(heading) for heading in headings], f"{link}#{anchor}"


def _anchor(heading: str) -> str:
    """What a heading is called in addresses, as GitHub and most others have it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_the_glossary_has_each_word_once_and_where_it_is_at_home() -> None:
    rows = re.findall(
        r"^\| (?!word |---)(.+?) \| (.+) \| (.+?) \|$", TEXTS["docs/glossary.md"], re.M
    )
    words = [word for word, _, _ in rows]
    assert len(words) > 60
    assert [word for word in words if words.count(word) > 1] == []
    assert [word for word, _, home in rows if not _PATH.fullmatch(home)] == []


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_has_a_date_and_says_what_why_and_at_what_cost(name: str) -> None:
    title, _, date, _, first, *_ = DECISIONS[name].splitlines()
    assert title.startswith("# ")
    assert datetime.strptime(date, "%d %B %Y")
    assert first.startswith("**Decided.** ")
    parts = re.findall(r"^\*\*([^*]+)\.\*\* ", DECISIONS[name], re.M)
    assert [part for part in parts if part in ("Decided", "Why", "What it costs")] == [
        "Decided",
        "Why",
        "What it costs",
    ]
