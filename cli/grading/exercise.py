"""`chainrule exercise check`: says what is weak in an exercise's file, before anybody is graded."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from cli.failure import Failure

if TYPE_CHECKING:
    from graders.model.exercise import Exercise

exercise = typer.Typer(help="Exercises as files.", no_args_is_help=True)


@exercise.callback()
def _exercise() -> None:
    """Exercises as files."""


@exercise.command("check")
def check(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file that defines EXERCISE.")],
) -> None:
    """Check formulas, cases, misconceptions, mutants and empty-handed files, in a real cell.

    The file itself is run outside of a cell: check only what you trust. Exit status: 0 when
    nothing is weak, 1 when something is, 2 for a wrong call.
    """
    found = _load(path)
    console = Console(highlight=False)
    weak = 0
    for name, weaknesses in _reviewed(found):
        colour = "red" if weaknesses else "green"
        console.print(Text(f"{name}: {'weak' if weaknesses else 'sound'}", style=colour))
        for weakness in weaknesses:
            console.print(Text(f"  {weakness}"))
        weak += len(weaknesses)
    if weak:
        raise typer.Exit(1)


def _load(path: Path) -> Exercise:
    """The exercise that a file defines. Raises Failure."""
    from graders.model.exercise import Exercise

    if not path.is_file():
        raise Failure(f"There is no file {path}.")
    spec = importlib.util.spec_from_file_location("exercise_to_check", path)
    if spec is None or spec.loader is None:
        raise Failure(f"{path} is not a Python file.", "Its name has to end in .py.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise Failure(f"{path} cannot be run: {type(error).__name__}: {error}") from None
    found = getattr(module, "EXERCISE", None)
    if not isinstance(found, Exercise):
        raise Failure(
            f"{path} does not define EXERCISE.",
            "Write EXERCISE = Exercise(...), as the files in graders/exercises do.",
        )
    return found


def _reviewed(found: Exercise) -> list[tuple[str, list[str]]]:
    from app.settings import settings
    from graders.exercises import EXERCISES
    from graders.model.validation import problems
    from graders.mutation.review import review
    from worker.sandbox import CellFault, CellUnavailable, Limits, open_cell

    if wrong := problems(found, {**EXERCISES, found.slug: found}):
        return [("definition", wrong)]
    limits = Limits(
        wall_s=settings().cell_wall_seconds,
        cpu_s=settings().cell_cpu_seconds,
        memory_mb=settings().cell_memory_mb,
    )
    try:
        with open_cell(settings()) as cell:
            looked = review(lambda plan, source: cell.run(plan.requests, source, limits), found)
            return [("definition", []), *looked]
    except CellUnavailable as error:
        raise Failure(str(error)) from None
    except CellFault as weakness:
        raise Failure(f"Not checked, through no weakness of the file: {weakness}") from None
