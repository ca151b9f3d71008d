"""Owns the routes about grades as a list of everything, and other systems' files filled in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from app.api.paging import Paged
from app.api.routing import LARGEST_ID, Caller, CourseId, errors, router
from app.api.views import PersonView, View
from app.exports import filling, grades
from app.exports.filling import Choice, Filled
from app.exports.grade_files import MOST_COLUMNS
from app.exports.hand_ins import collect
from app.gradebook import book as gradebook
from app.http.dependencies import Db
from app.http.downloads import hand_ins
from app.infrastructure.spreadsheets import Habit, file_name, written

LONGEST = 600_000


class LineView(View):
    """How one student stands in one assignment, or in one exercise of it."""

    student: PersonView
    assignment_id: int
    exercise: str | None = Field(description="Null for the assignment as a whole.")
    score: float | None = Field(description="What counts.")
    computed: float | None = Field(description="What the graders found, whatever counts.")
    deduction: float = Field(description="Points that lateness takes off the assignment.")
    max_score: float
    statuses: list[str] = Field(
        description="`graded`, `late`, `being graded`, `missing` (after the due date), `not handed "
        "in`, `changed by hand`, `excused`, `not graded, our fault`, `not shown to the "
        "student yet` (or not all of the score), `left the course`."
    )
    attempts: int
    submitted_at: datetime | None

    @classmethod
    def of(cls, line: grades.Line) -> Self:
        """A line of the export."""
        return cls(
            student=PersonView.model_validate(line.student),
            assignment_id=line.assignment.id,
            exercise=line.exercise or None,
            score=line.score,
            computed=line.computed,
            deduction=line.deduction,
            max_score=line.max_score,
            statuses=list(line.statuses),
            attempts=line.attempts,
            submitted_at=line.submitted_at,
        )


AssignmentNumber = Annotated[int, Field(ge=1, le=LARGEST_ID)]
ColumnNumber = Annotated[int, Field(ge=1, le=MOST_COLUMNS)]


class GradeFile(BaseModel):
    """Another system's grade file, and how to fill it in."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=LONGEST, description="The file as it was exported there.")
    columns: (
        dict[Annotated[int, Field(ge=1, le=LARGEST_ID)], Annotated[int, Field(ge=1)]] | None
    ) = Field(
        default=None,
        description="By assignment id the number of a column, from 1. Null: by their titles.",
    )
    missing_as_zero: bool = False
    scaled: bool = Field(default=False, description="Scores as a share of the column's points.")


class ColumnView(View):
    """Where one assignment goes."""

    assignment_id: int
    column: int | None = Field(description="Counted from 1; null where it goes nowhere.")
    title: str
    max_points: float | None = Field(description="What the column takes, where the file says so.")
    filled: int
    changed: int = Field(description="Cells that had another number.")
    above: int = Field(description="Scores above what the column takes.")
    left: dict[str, int] = Field(description="Cells that were left as they were, by why.")


class FilledView(View):
    """The filled file, and who was not found on either side."""

    system: str = Field(description="Canvas, Moodle or Blackboard.")
    text: str
    found: int
    columns: list[ColumnView]
    unknown: list[str] = Field(description="Lines of the file that are about nobody here.")
    double: list[str] = Field(description="Lines that could be about more than one.")
    absent: list[PersonView] = Field(description="Students who are not in the file.")

    @classmethod
    def of(cls, filled: Filled) -> Self:
        """What was filled in, and what not."""
        seen = filled.preview
        return cls(
            system=seen.system,
            text=filled.content.decode("utf-8-sig"),
            found=seen.found,
            columns=[
                ColumnView(
                    assignment_id=one.assignment.id,
                    column=None if one.column is None else one.column + 1,
                    title=one.title,
                    max_points=one.most,
                    filled=one.filled,
                    changed=one.changed,
                    above=one.above,
                    left=dict(one.left),
                )
                for one in seen.columns
            ],
            unknown=seen.unknown,
            double=seen.double,
            absent=[PersonView.model_validate(student) for student in seen.absent],
        )


@router.get(
    "/courses/{course_id}/grades",
    tags=["courses"],
    summary="Everybody's grades by exercise, as JSON or CSV",
    response_model=list[LineView],
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
        **errors(403, 404),
    },
)
def list_grades(
    course_id: CourseId,
    actor: Caller,
    session: Db,
    pager: Paged,
    dropped: Annotated[bool, Query(description="Also students who have left.")] = False,
    format: Annotated[Literal["json", "csv"], Query(description="Of the answer.")] = "json",
    habit: Annotated[
        Habit,
        Query(description="Of CSV: `comma` has semicolons between cells and commas in numbers."),
    ] = Habit.POINT,
) -> list[LineView] | Response:
    """A line for each student and assignment, and each of its exercises; for teaching staff.

    As JSON all lines of a page of students; as CSV in one piece. Scope: `gradebook:read`.
    """
    book = gradebook.of_course(session, actor, course_id, dropped=dropped)
    if format == "json":
        rows = pager.cut(book.rows, lambda row: row.student.id)
        return [LineView.of(one) for one in grades.lines(session, book, rows, by_exercise=True)]
    cells = (one.cells() for one in grades.lines(session, book, book.rows, by_exercise=True))
    name = file_name("grades", book.course.code, "csv")
    return Response(
        "".join(written([grades.COLUMNS, *cells], habit)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@router.post(
    "/courses/{course_id}/grades/fill",
    tags=["courses"],
    summary="Fill grades into a file of Canvas, Moodle or Blackboard",
    responses=errors(400, 403, 404, 413),
)
def fill_grades(course_id: CourseId, sent: GradeFile, actor: Caller, session: Db) -> FilledView:
    """The file comes back with our scores in it, and all else as it was; nothing is changed here.

    Scope: `gradebook:read`.
    """
    columns = sent.columns and {number: place - 1 for number, place in sent.columns.items()}
    choice = Choice(columns, sent.missing_as_zero, sent.scaled)
    return FilledView.of(filling.fill(session, actor, course_id, sent.text.encode(), choice))


@router.get(
    "/courses/{course_id}/hand-ins",
    tags=["submissions"],
    summary="All hand-ins of a course as a zip",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}},
        **errors(403, 404),
    },
)
def show_hand_ins(
    course_id: CourseId,
    actor: Caller,
    session: Db,
    assignment: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="Only of this assignment.")
    ] = None,
    counting: Annotated[bool, Query(description="Only the attempts that count.")] = False,
) -> Response:
    """With `manifest.csv`, which says of each file whose it is; for teaching staff.

    Scope: `submissions:read`.
    """
    return hand_ins(collect(session, actor, course_id, assignment, counting=counting))
