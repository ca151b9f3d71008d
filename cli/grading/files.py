"""`chainrule grade`: grades files in a local cell, without a server or a database."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.failure import Failure
from cli.grading import feedback
from cli.grading.watching import saved

if TYPE_CHECKING:
    from app.grading.uploads import Unreadable
    from worker.sandbox import Cell, Limits

Result = dict[str, Any]
POINTS = 10.0
_NARROWEST = 60  # a narrower terminal breaks the lines itself, where a column would vanish


def _known(slugs: list[str] | None) -> list[str]:
    """The exercises that are asked for, each once; none for those that a file names."""
    from graders.exercises import EXERCISES

    if unknown := [slug for slug in slugs or () if slug not in EXERCISES]:
        raise typer.BadParameter(
            f"There is no exercise {unknown[0]!r}. There are: {', '.join(EXERCISES)}."
        )
    return list(dict.fromkeys(slugs or ()))


def grade(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Python files, notebooks.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array.")] = False,
    exercise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SLUG",
            help="Grade for this exercise; may be given several times. [default: those that the "
            "file names]",
            callback=_known,
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Grade anew each time a file is saved, until Ctrl-C.")
    ] = False,
) -> None:
    """Grade files, 10 points for each exercise that is asked for, or else that they name.

    What cannot be read as Python is graded 0, with the reason. Exit status: 0 when every file was
    graded, whatever its score; 1 when one could not be; 2 for a wrong call.
    """
    if watch and as_json:
        raise typer.BadParameter("--watch prints for people; leave out --json.")
    results = []
    console = Console(highlight=False)
    console.width = max(console.width, _NARROWEST)
    for result in _grade_all(saved(paths) if watch else paths, exercise or []):
        if not watch:
            results.append(result)
        if not as_json:
            for part in _shown(result):
                # Texts are not broken into lines, so that the source in them can be copied.
                console.print(part, soft_wrap=isinstance(part, Text))
    if as_json:
        typer.echo(json.dumps(results, indent=2, allow_nan=False))
    if any(result["status"] != "graded" for result in results):
        raise typer.Exit(1)


def _grade_all(paths: Iterable[str], slugs: list[str]) -> Iterator[Result]:
    """Results in the order of `paths`, each as soon as it is known; one cell serves all."""
    from app.errors import Problem
    from app.grading import uploads
    from app.settings import settings
    from worker.sandbox import CellUnavailable, open_cell

    try:
        with open_cell(settings()) as cell:
            for path in paths:
                try:
                    source = _read(Path(path))
                    upload = uploads.received(path, source)
                    source, why = upload.content, upload.why_unreadable()
                    told = _unread(cell, why, slugs) if why else _grade(cell, source, slugs)
                    yield {"file": path, **told}
                except Problem as problem:
                    yield _failed(path, problem.detail, slugs)
                except Failure as failure:
                    yield _failed(path, f"{failure.problem} {failure.remedy}".strip(), slugs)
    except CellUnavailable as error:
        raise Failure(str(error)) from None


def _read(path: Path) -> bytes:
    """What is in the file, as far as it tells whether it is too large."""
    from app.settings import settings

    try:
        if path.exists() and not path.is_file():
            raise Failure("This is a folder or no regular file.", "Name the files themselves.")
        with path.open("rb") as file:
            return file.read(
                max(settings().upload_limit_bytes, settings().notebook_limit_bytes) + 1
            )
    except FileNotFoundError:
        raise Failure("There is no such file.") from None
    except OSError as error:
        raise Failure(f"The file cannot be read: {error.strerror}.") from None


def _unread(cell: Cell, why: Unreadable, slugs: list[str]) -> Result:
    """The result of a file that no upload would take: that of an empty one, with the reason."""
    result = _grade(cell, b"", slugs)
    note = {"kind": "unreadable", "message": why.says("was graded 0"), "line": None}
    for exercise in result["exercises"]:
        exercise["summary"] = f"{why.what}."
        for check in exercise["checks"]:
            if check["status"] == "failed":
                check["message"] = exercise["summary"]
    return result | {"notes": [note]}


def _grade(cell: Cell, source: bytes, slugs: list[str]) -> Result:
    from graders.exercises import EXERCISES
    from graders.probes.plan import draw_plan
    from graders.results.named import of_named
    from worker.judging import Judging
    from worker.sandbox import CellFault

    began = time.perf_counter()
    # Drawn from the file itself: the same file meets the same inputs, and so gets the same score.
    asked = slugs or list(EXERCISES)
    planned = draw_plan(asked, hashlib.sha256(source).digest())
    ready = time.perf_counter()
    judging = Judging(planned, dict.fromkeys(asked, POINTS))
    try:
        evidence = cell.run(planned.requests, source, _limits(), observer=judging)
        ran = time.perf_counter()
        report = judging.report(evidence)
    except CellFault as fault:
        raise Failure(f"Not graded, through no fault of the file: {fault}") from None
    except Exception as fault:  # whatever it is, the other files are graded
        raise Failure(
            "Not graded, through no fault of the file: the grader broke down on it "
            f"({type(fault).__name__}: {fault})."
        ) from None
    done = time.perf_counter()
    timings = {
        "plan": ready - began,
        "cell": ran - ready,
        "judge": done - ran,
        "total": done - began,
    }
    timings_ms = {name: round(1000 * seconds, 2) for name, seconds in timings.items()}
    told = {"status": "graded", **(report if slugs else of_named(report))}
    return _with_places(told | {"timings_ms": timings_ms}, source)


def _with_places(result: Result, source: bytes) -> Result:
    """The same where each line of what was a notebook has its `place` beside it."""
    from graders.model.places import places

    where = places(source.decode("utf-8", "replace"))
    checks = [check for exercise in result["exercises"] for check in exercise["checks"]]
    for said in [*result["notes"], *result["remarks"], *checks] if where.cells else ():
        said["place"] = where.told(said["line"])
    return result


def _limits() -> Limits:
    from app.settings import settings
    from worker.sandbox import Limits

    return Limits(
        wall_s=settings().cell_wall_seconds,
        cpu_s=settings().cell_cpu_seconds,
        memory_mb=settings().cell_memory_mb,
    )


def _failed(path: str, message: str, slugs: list[str]) -> Result:
    from graders.exercises import COURSE_TEXT

    return {
        "file": path,
        "status": "failed",
        "message": message,
        "score": None,
        "max_score": POINTS * len(slugs or COURSE_TEXT),
        "exercises": [],
        "notes": [],
        "remarks": [],
        "timings_ms": {},
    }


def _shown(result: Result) -> Iterator[Table | Text]:
    """A result for a person to read."""
    head = Text(f"\n{_printable(result['file'])}  ", style="bold")
    if result["status"] != "graded":
        yield head.append("not graded", style="bold red").append("  " + result["message"])
        return
    yield head.append(_points(result), style=f"bold {_colour(result)}")
    wide = max((len(exercise["slug"]) for exercise in result["exercises"]), default=0)
    for exercise in result["exercises"]:
        yield from _exercise(exercise, wide)
    for note in result["notes"]:
        yield Text("  note: " + _printable(_placed(note)), style="yellow")
    for remark in result["remarks"]:
        yield Text("  for staff: " + _printable(_placed(remark)), style="magenta")


def _exercise(exercise: Result, wide: int) -> Iterator[Table | Text]:
    """Its points, then what went wrong and the hint, if there is one; then the rest."""
    table = Table(box=None, padding=(0, 0, 0, 2), show_header=False)
    table.add_column(width=wide)
    table.add_column(width=8)
    lines = [Text(_printable(exercise["summary"]))]
    for check in exercise["checks"]:
        is_said = check["name"] == "entry" and check["message"] in exercise["summary"]
        if check["status"] == "failed" and not is_said:
            lines.append(Text(f"{check['name']}: {_printable(_placed(check))}", style="dim"))
    if exercise["diagnosis"]:
        lines.append(Text(_printable(exercise["diagnosis"]["hint"]), style="cyan"))
    colour = _colour(exercise)
    table.add_row(
        Text(exercise["slug"], style=colour),
        Text(_points(exercise), style=colour),
        Text("\n").join(lines),
    )
    yield table
    for line in feedback.lines(exercise):
        yield Text(f"      {_printable(line)}", style="dim")


def _placed(said: Result) -> str:
    cell = f"cell {place['cell']}, " if (place := said.get("place")) else ""
    line = place["line"] if place else said.get("line")
    return f"{cell}line {line}: {said['message']}" if line else str(said["message"])


def _points(scored: Result) -> str:
    return f"{scored['score']:g}/{scored['max_score']:g}"


def _colour(scored: Result) -> str:
    if scored["score"] >= scored["max_score"]:
        return "green"
    return "yellow" if scored["score"] else "red"


def _printable(text: str) -> str:
    """Without control characters: a student's words must not steer the reader's terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
