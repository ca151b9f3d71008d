"""The pictures in docs/architecture.md show the imports that there are, and no others."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "architecture.md").read_text()
PACKAGES = ("app", "worker", "graders", "cli", "bench", "migrations")
CONTAINERS = ("", "app", "graders", "worker", "worker.cell")
"""What has a picture of its rooms; nothing stands for the packages themselves."""
Arrows = set[tuple[str, str]]


def drawn(container: str) -> tuple[set[str], Arrows]:
    """The rooms and arrows of a picture; `a & b --> c & d` are four arrows."""
    title = re.escape(f"imports of {container}" if container else "imports")
    picture = re.search(rf"```mermaid\n%% {title}\nflowchart TD\n(.*?)```", TEXT, re.S)
    assert picture is not None, f"docs/architecture.md has no picture of the {title}"
    rooms: set[str] = set()
    arrows: Arrows = set()
    for line in picture[1].splitlines():
        sides = [re.split(r"\s*&\s*", side.strip()) for side in line.split("-->")]
        rooms.update(*sides)
        for one, other in pairwise(sides):
            arrows |= set(product(one, other))
    return rooms, arrows


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def room(module: str, container: str) -> str | None:
    """The room of a container that a module is in, if it is in one."""
    if not container:
        return module.split(".")[0]
    if not module.startswith(f"{container}."):
        return None
    return module.removeprefix(f"{container}.").split(".")[0]


def real(container: str) -> tuple[set[str], Arrows]:
    """The rooms that there are, and which imports from which."""
    arrows: Arrows = set()
    for module in graph().modules:
        for imported in graph().find_modules_directly_imported_by(module):
            one, other = room(module, container), room(imported, container)
            if one and other and one != other:
                arrows.add((one, other))
    return {name for one in graph().modules if (name := room(one, container))}, arrows


def reached(arrows: Arrows) -> Arrows:
    """The arrows, and those that a chain of them stands for."""
    known = set(arrows)
    while more := {(a, d) for a, b in known for c, d in known if b == c} - known:
        known |= more
    return known


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_room_is_drawn_and_every_room_that_is_drawn_is_there(container: str) -> None:
    assert drawn(container)[0] == real(container)[0]


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_arrow_that_is_drawn_is_an_import(container: str) -> None:
    assert drawn(container)[1] - real(container)[1] == set()


@pytest.mark.parametrize("container", CONTAINERS)
def test_every_import_is_drawn_or_a_chain_of_arrows_leads_there(container: str) -> None:
    assert real(container)[1] - reached(drawn(container)[1]) == set()


@pytest.mark.parametrize("container", CONTAINERS)
def test_no_arrow_is_drawn_that_a_chain_of_others_leads_to_as_well(container: str) -> None:
    arrows = drawn(container)[1]
    assert [one for one in arrows if one in reached(arrows - {one})] == []


@pytest.mark.parametrize("container", [*CONTAINERS, "worker.sandbox"])
def test_every_room_has_a_sentence(container: str) -> None:
    above = f"{container.replace('.', '/')}/" if container else ""
    for name in real(container)[0]:
        path = f"{above}{name}"
        where = f"{path}/" if (ROOT / path).is_dir() else f"{path}.py"
        inside_a_room = container == "worker.sandbox" and not where.endswith("/")
        assert f"`{where}`" in TEXT or inside_a_room, where
