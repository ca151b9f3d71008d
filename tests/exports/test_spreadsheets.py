"""No cell that we write is run by a spreadsheet, whichever habit it has and however it splits."""

from __future__ import annotations

import csv
import io

import pytest

from app.infrastructure.spreadsheets import Habit, defused, number, written

ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1",
    "Doe;=1+1",
    "Doe,=1+1",
    'Doe;"=1+1"',
    "Doe; \t=1",
    "a\n=1",
    "＝1+1",
    "=1;=2,@3",
)


def cells_of(text: str, between: str) -> list[str]:
    """The cells that a spreadsheet makes of a file, if it splits at `between`."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=between)
    return [cell for row in rows for cell in row]


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
@pytest.mark.parametrize("habit", Habit)
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_text_that_is_a_formula_is_one_nowhere(attack: str, habit: Habit, between: str) -> None:
    text = "".join(written([["Sam", attack, 3.5]], habit)).removeprefix("\ufeff")
    for cell in cells_of(text, between):
        bare = cell.strip(' \t\r\n"')
        assert not bare.startswith(("=", "+", "-", "@", "＝")), (cell, text)


@pytest.mark.parametrize("name", ["Zoë O'Neill-Smith", "a@b.example", "1-2", "x = y", "A+"])
def test_what_is_no_formula_stays_as_it_is(name: str) -> None:
    assert defused(name) == name


def test_numbers_are_written_for_either_habit_and_are_numbers() -> None:
    assert [number(value) for value in (8.5, 8.0, 0.0, 8.333333, 1e15)] == [
        "8.5", "8", "0", "8.33", "1000000000000000",
    ]  # fmt: skip
    assert "".join(written([["a", 8.5, None]], Habit.COMMA)) == "\ufeffa;8,5;\r\n"
    assert "".join(written([["a", -8.5, None]], Habit.POINT)) == "\ufeffa,-8.5,\r\n"
