"""A file that was downloaded from Canvas, Moodle or Blackboard comes back with our scores in it."""

from __future__ import annotations

import csv
import io
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.exports import filling, grade_files
from app.exports.filling import Choice, Filled
from app.gradebook import changes
from app.gradebook.changes import ByHand
from app.grading import stored_files
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Assignment, Course, Status, Submission, User
from tests.support.cast import Cast, Person

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Backpropagation (14),Attention (15),Current Score
    Points Possible,,,,,70,14,(read only)
"Doe, Jane",9001,s-1,jane@uni.example,A,,1,88
"=Roe, Rob",9002,s-2,rob@uni.example,A,12,EX,88
Zoe Nobody,9003,s-9,zoe@uni.example,A,3,-,88
"""
MOODLE = """\
First name,Last name,ID number,Email address,Assignment: Backpropagation (Real),Groups
Jane,Doe,s-1,,-,A
Rob,Roe,,ROB@UNI.EXAMPLE,12.00,B
"""
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Backpropagation [Total Pts: 70 Score] |12345"\r\n'
    '"Doe"\t"Jane"\t"s-1"\t""\r\n"Roe"\t"Rob"\t"rob@uni.example"\t"12"\r\n'
)


@dataclass
class Class_:
    """Jane with 61.5 of 70, Rob with 30, Kim who handed in nothing."""

    session: Session
    actor: Actor
    course: Course
    assignment: Assignment
    people: dict[str, User]
    tag: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def fill(self, text: str | bytes, choice: Choice | None = None) -> Filled:
        content = text.encode() if isinstance(text, str) else text
        return filling.fill(self.session, self.actor, self.course.id, content, choice or Choice())

    def score(self, name: str, score: float | None, status: Status = Status.GRADED) -> None:
        digest = stored_files.keep(self.session, b"x = 1\n")
        self.session.add(
            Submission(
                id=uuid.uuid4(), assignment_id=self.assignment.id, user_id=self.people[name].id,
                submitted_by_id=self.people[name].id, attempt=next(self.numbers), filename="a.py",
                sha256=digest, seed=b"0" * 32, status=status, score=score,
                max_score=70.0, submitted_at=now(),
            )
        )  # fmt: skip
        self.session.flush()


@pytest.fixture
def class_(
    db: Session, cast: Cast, course: Course, assignment: Assignment, instructor: Person
) -> Iterator[Class_]:
    ids = {"Jane": "s-1", "Rob": "s-2", "Kim": "s-3"}
    tag = uuid.uuid4().hex[:6]
    people = {name: db.get_one(User, cast.person(name, course).user.id) for name in ids}
    for name, one in people.items():
        one.external_id = f"{ids[name]}{tag}"
        one.email = f"{name.lower()}{tag}@uni.example"
    made = Class_(db, Actor(instructor.user), course, assignment, people, tag)
    made.score("Jane", 61.5)
    made.score("Rob", 30.0)
    yield made
    db.rollback()


def told(class_: Class_, text: str) -> str:
    """The file with this test's own ids and addresses, as no two accounts may have the same."""
    for before in ("s-1", "s-2", "s-3", "s-9", "jane", "rob", "zoe"):
        for after in ',@"':
            text = text.replace(before + after, before + class_.tag + after)
    return text.replace("ROB@", f"ROB{class_.tag.upper()}@")


def rows(filled: Filled, between: str = ",") -> list[list[str]]:
    text = filled.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=between))


def test_canvas_gets_its_own_file_with_our_scores_in_the_column_of_the_same_title(
    class_: Class_,
) -> None:
    filled = class_.fill(told(class_, CANVAS))
    header, points, jane, rob, zoe = rows(filled)
    assert header == CANVAS.splitlines()[0].split(",")
    assert points[0].strip() == "Points Possible"
    assert (jane[5], rob[5], zoe[5]) == ("61.5", "30", "3")
    assert (jane[6], rob[6], zoe[6]) == ("1", "EX", "-")
    assert jane[1:4] == ["9001", class_.people["Jane"].external_id, class_.people["Jane"].email]
    assert filled.preview.system == "Canvas"


def test_the_preview_says_who_is_not_found_on_either_side(class_: Class_) -> None:
    seen = class_.fill(told(class_, CANVAS)).preview
    assert seen.found == 2
    assert [one.split(" · ")[0] for one in seen.unknown] == ["Zoe Nobody"]
    assert seen.absent == [class_.people["Kim"]]
    (column,) = seen.columns
    assert (column.filled, column.changed, column.most) == (2, 1, 70.0)


def test_moodles_people_are_found_by_number_or_by_address_in_any_case(class_: Class_) -> None:
    filled = class_.fill(told(class_, MOODLE))
    assert [row[4] for row in rows(filled)[1:]] == ["61.5", "30"]
    assert filled.preview.system == "Moodle"
    assert len(rows(filled)) == 3  # no row of points, at which Moodle would stop


def test_blackboards_file_stays_one_with_tabs_in_utf_16(class_: Class_) -> None:
    content = b"\xff\xfe" + told(class_, BLACKBOARD).encode("utf-16-le")
    filled = class_.fill(content)
    assert filled.content.startswith(b"\xff\xfe")
    lines = filled.content[2:].decode("utf-16-le").splitlines()
    assert [line.split("\t")[3] for line in lines[1:]] == ["61.5", "30"]
    assert filled.preview.system == "Blackboard"


def test_a_file_with_semicolons_gets_numbers_with_commas(class_: Class_) -> None:
    filled = class_.fill(told(class_, MOODLE).replace(",", ";"))
    assert rows(filled, ";")[1][4] == "61,5"


def test_a_grade_that_is_being_worked_out_is_left_alone_and_said(class_: Class_) -> None:
    class_.score("Rob", None, Status.QUEUED)
    filled = class_.fill(told(class_, CANVAS))
    assert rows(filled)[3][5] == "12"
    assert filled.preview.columns[0].left == {"being graded": 1}


def test_what_was_given_by_hand_is_filled_in_and_who_is_excused_is_so_where_that_can_be_said(
    class_: Class_,
) -> None:
    by_hand = {"Jane": ByHand(score=65.5), "Rob": ByHand(excused=True)}
    for name, wanted in by_hand.items():
        person = class_.people[name].id
        changes.change(class_.session, class_.actor, class_.assignment.id, person, wanted, "So.")
    canvas = class_.fill(told(class_, CANVAS))
    assert [row[5] for row in rows(canvas)[2:4]] == ["65.5", "EX"]
    moodle = class_.fill(told(class_, MOODLE))
    assert [row[4] for row in rows(moodle)[1:]] == ["65.5", "12.00"]
    assert moodle.preview.columns[0].left == {"excused": 1}


def test_what_is_missing_becomes_zero_only_where_that_is_asked_for(class_: Class_) -> None:
    class_.assignment = class_.session.get_one(Assignment, class_.assignment.id)
    class_.assignment.due_at = now() - timedelta(days=1)
    kim = CANVAS + "Kim,9004,s-3,,A,,,\n"
    for as_zero, cell in ((False, ""), (True, "0")):
        filled = class_.fill(told(class_, kim), Choice(missing_as_zero=as_zero))
        assert rows(filled)[5][5] == cell


def test_scores_above_what_a_column_takes_are_told_and_can_be_scaled(class_: Class_) -> None:
    columns = {class_.assignment.id: 6}
    seen = class_.fill(told(class_, CANVAS), Choice(columns)).preview.columns[0]
    assert (seen.most, seen.above) == (14.0, 2)
    scaled = class_.fill(told(class_, CANVAS), Choice(columns, scaled=True))
    assert [row[6] for row in rows(scaled)[2:4]] == ["12.3", "6"]
    assert scaled.preview.columns[0].above == 0


def test_who_could_be_two_people_is_nobody(class_: Class_) -> None:
    crossed = told(class_, CANVAS).replace(class_.people["Jane"].email, class_.people["Rob"].email)
    filled = class_.fill(crossed)
    assert rows(filled)[2][5] == ""
    assert len(filled.preview.double) == 1
    twice = told(class_, CANVAS + '"Doe, Jane",9009,s-1,,B,,,\n')
    filled = class_.fill(twice)
    assert [rows(filled)[place][5] for place in (2, 5)] == ["", ""]
    assert "Jane, in 2 lines" in filled.preview.double


def test_formulas_in_the_file_are_harmless_when_it_comes_back(class_: Class_) -> None:
    filled = class_.fill(told(class_, CANVAS.replace("s-9", "=cmd")))
    assert rows(filled)[3][0] == "'=Roe, Rob"
    assert rows(filled)[4][2] == "'=cmd"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no table"),
        (b"PK\x03\x04\0\0\0", "no CSV file"),
        (b"a,b\nc,d\n", "no grade file"),
        (b"just one line", "no table"),
        (b"email,x\n" + b"a,b\n" * 20_001, "too large"),
        (b"email," + b"x," * 1_001 + b"\na,b\n", "too large"),
        (b'email,x\n"' + b"a" * 200_000 + b'",1\n', "cannot be read"),
    ],
    ids=["empty", "workbook", "nobody", "line", "long", "wide", "one long cell"],
)
def test_what_is_no_such_file_is_told_in_words(content: bytes, said: str, class_: Class_) -> None:
    with pytest.raises(Unprocessable, match=said):
        class_.fill(content)


def test_two_assignments_do_not_go_into_one_column(class_: Class_, cast: Cast) -> None:
    other = cast.assignment(class_.course, title="Other")
    with pytest.raises(Unprocessable, match="same column"):
        class_.fill(told(class_, CANVAS), Choice({class_.assignment.id: 5, other.id: 5}))


def test_a_column_of_theirs_that_takes_no_grade_is_refused(class_: Class_) -> None:
    with pytest.raises(Unprocessable, match="can hold no grade"):
        class_.fill(told(class_, CANVAS), Choice({class_.assignment.id: 7}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_file_comes_back_in_the_encoding_in_which_it_came(encoding: str) -> None:
    content = "email,grade\r\nzoë@uni.example,1\r\n".encode(encoding)
    table = grade_files.read(content)
    assert table.rows[0][0] == "zoë@uni.example"
    assert table.written(table.rows) == content
