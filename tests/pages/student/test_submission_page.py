"""A submission's page: what a student reads about a right, a wrong and an unreadable file."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.grading import stored_files
from app.infrastructure.clock import now
from app.models import Assignment, Course, ExerciseResult, Status, Submission
from app.rendering.source_view import MOST_LINES
from tests.pages.conftest import MIXED, RIGHT, UNREADABLE, Desk
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.waiting import wait_for

WRONG = Path(__file__).parents[2] / "submissions" / "wrong"


def opened(page: str, slug: str) -> bool:
    """Whether an exercise's row is open."""
    row = re.search(rf'<details class="verdict[^"]*" id="{slug}"( open)?', page)
    assert row is not None, slug
    return row[1] is not None


def verdicts(page: str) -> list[str]:
    """The rows' verdicts in order."""
    return re.findall(r'<details class="verdict verdict-(\w+)"', page)


def test_a_right_file_has_its_score_and_closed_rows(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, RIGHT)
    page = student.web.get(f"/submissions/{made}").text
    assert '<span class="score">70</span>' in page
    assert not any(opened(page, slug) for slug in assignment.points)
    assert made in page
    assert desk.look(made).sha256 in page
    assert "EventSource" not in page
    assert 'http-equiv="refresh"' not in page


def test_what_lost_most_is_open_and_each_shows_expected_and_got_on_which_input(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, MIXED)
    page = student.web.get(f"/submissions/{made}").text
    assert [slug for slug in assignment.points if opened(page, slug)] == ["sigmoid"]
    row = page[page.index('id="product"') : page.index('id="composition"')]
    for words in (
        "On this input",
        "upstream gradient",
        "expected",
        "yours",
        "not reached",
        "passed",
    ):
        assert words in row
    assert 'class="fb-differs"' in row
    assert "did you mean <code>Sigmoid</code>?" in page


def test_a_wrong_exercise_shows_the_truth_table_a_plot_and_source_to_copy(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, MIXED)
    page = student.web.get(f"/submissions/{made}").text
    row = page[page.index('id="product"') : page.index('id="composition"')]
    for words in ("every combination", "How the loss moves along one entry", "your own machine"):
        assert words in row
    assert "data-copy" in row
    assert ".backward(dzdy)" in row


def test_each_check_says_what_it_was_worth_and_why_it_was_not_reached(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, MIXED)
    page = student.web.get(f"/submissions/{made}").text
    assert "Not judged, since the gradient of" in page
    assert "Worked out without autograd" in page
    assert not re.search(r"<strong>0</strong> of 0\s*<", page)


def test_lines_that_something_is_said_about_are_marked_in_the_source(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, MIXED)
    page = student.web.get(f"/submissions/{made}").text
    line = 1 + MIXED[: MIXED.index(b"assert 1 + 1")].count(b"\n")
    assert f'href="#L{line}"' in page
    assert re.search(rf'<li id="L{line}" class="marked">', page)
    assert "AssertionError" in page


def test_an_unreadable_file_shows_the_line_and_no_row_repeats_it(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, UNREADABLE)
    page = student.web.get(f"/submissions/{made}").text
    note = page[page.index('class="notes"') : page.index('class="verdict ')]
    assert "never closed" in note
    assert "said-line" in note
    assert page.count('class="line-mark"') == 1
    assert page.count("never closed") == 2  # in the note, and at its line
    assert not any(opened(page, slug) for slug in assignment.points)
    assert verdicts(page) == ["blocked"] * len(assignment.points)
    assert "not right yet" not in page


def test_a_crash_in_one_exercise_leaves_the_others_their_verdicts_and_what_is_missing_closed(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, (WRONG / "crashes_in_backward.py").read_bytes())
    page = student.web.get(f"/submissions/{made}").text
    assert verdicts(page) == ["right", "absent", "absent", "wrong", "right", "absent", "absent"]
    assert [slug for slug in assignment.points if opened(page, slug)] == ["sum"]
    assert page.index('class="notes"') < page.index('class="verdict ')
    assert page.count('class="line-mark"') == 1
    assert page.count('<span class="verdict-word">not in your file') == 4


def test_at_full_marks_a_statement_that_failed_is_told_without_alarm_below_the_rows(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, RIGHT + b"\nassert 1 + 1 == 3\n")
    page = student.web.get(f"/submissions/{made}").text
    assert page.index('class="notes"') > page.rindex('class="verdict ')
    assert "This costs no points." in page
    assert "marked-quiet" in page
    assert "icon-wrong" not in page


def test_the_next_step_is_only_offered_where_it_can_be_taken(
    db: Session, desk: Desk, cast: Cast, course: Course, student: Person
) -> None:
    assignment = cast.assignment(course, max_attempts=2)
    made = desk.graded(student, assignment, MIXED)
    assert "1 attempt left" in student.web.get(f"/submissions/{made}").text
    made = desk.graded(student, assignment, MIXED)
    page = student.web.get(f"/submissions/{made}").text
    assert "All attempts are used" in page
    assert "button main" not in page
    row = db.get_one(Assignment, assignment.id)
    row.max_attempts, row.closes_at = None, now() - timedelta(hours=1)
    db.commit()
    page = student.web.get(f"/submissions/{made}").text
    assert "The assignment is closed" in page
    assert "button main" not in page
    assert "Back to the assignment" in page


def test_while_it_waits_the_rows_are_there_and_a_page_without_scripts_reloads(
    db: Session, desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment)
    row = desk.look(made)
    db.delete(row)
    db.flush()
    waiting = Submission(
        id=uuid.uuid4(), assignment_id=assignment.id, user_id=student.user.id,
        submitted_by_id=student.user.id, attempt=9, filename="a.py",
        sha256=stored_files.keep(db, b"x = 1\n"), seed=b"seed", status=Status.RUNNING,
    )  # fmt: skip
    db.add(waiting)
    db.commit()
    page = student.web.get(f"/submissions/{waiting.id}").text
    assert "Being graded" in page
    assert page.count("Waiting for its verdict.") == len(assignment.points)
    assert '<noscript><meta http-equiv="refresh"' in page
    _finish(db, waiting)


def _finish(db: Session, submission: Submission) -> None:
    submission.status = Status.FAILED
    submission.failure = "The machine that graded this file stopped each time."
    db.commit()


def test_a_failed_one_says_that_it_is_our_fault_and_not_a_zero(
    db: Session, desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment)
    row = desk.look(made)
    row.score = row.max_score = None
    for result in list(row.results):
        db.delete(result)
    _finish(db, row)
    page = student.web.get(f"/submissions/{made}").text
    assert "that is our fault" in page
    assert "It is not a zero" in page
    assert "stopped each time" in page
    assert "Waiting" not in page
    assert "you need not hand in again" in page
    assert "button main" not in page


def test_markup_in_source_file_name_and_report_is_only_text(
    db: Session, desk: Desk, student: Person, assignment: Assignment
) -> None:
    bad = "<script>alert(1)</script>"
    source = f"# {bad}\nraise ValueError('''{bad} [x](javascript:alert(2))''')\n".encode()
    answer = student.web.post(
        f"/assignments/{assignment.id}/submissions", files={"file": (f"{bad}.py", source)}
    )
    made = answer.headers["location"].removeprefix("/submissions/")
    wait_for(lambda: desk.look(made).is_settled, "the verdict")
    result = desk.look(made).results[0]
    db.get_one(ExerciseResult, result.id).report = result.report | {"summary": f"`{bad}` {bad}"}
    db.commit()
    page = student.web.get(f"/submissions/{made}").text
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "source",
    [
        b"# -*- coding: latin-1 -*-\nname = '\xe9'\n",
        b"\xef\xbb\xbfx = 1\r\ny = 2\r\n",
        b"x = " + b"(" * 50_000 + b"\n",
        b'"""\n\n' + b"a\n" * 3000 + b'"""\n',
        b"\x0c\n\x0b\n\x1c\nx = 1\n",
    ],
    ids=["latin-1", "mark and CRLF", "parentheses", "long", "odd line ends"],
)
def test_every_line_of_any_source_has_its_number(
    desk: Desk, student: Person, assignment: Assignment, source: bytes
) -> None:
    made = desk.hand_in(student, assignment, source)
    page = student.web.get(f"/submissions/{made}").text
    lines = re.findall(r'<li id="L(\d+)"', page)
    assert lines == [str(n) for n in range(1, min(source.count(b"\n"), MOST_LINES) + 1)]


def test_teaching_staff_see_whose_it_is_and_the_instructor_can_have_it_graded_again(
    desk: Desk, student: Person, assistant: Person, instructor: Person, assignment: Assignment
) -> None:
    made = desk.graded(student, assignment, MIXED)
    assert student.user.name in assistant.web.get(f"/submissions/{made}").text
    assert "Grade again" not in assistant.web.get(f"/submissions/{made}").text
    assert "Grade again" in instructor.web.get(f"/submissions/{made}").text
    again = press(instructor.web, f"/submissions/{made}", f"/assignments/{assignment.id}/regrades")
    assert again.headers["location"].startswith("/regrades/")


def test_the_page_on_paper_says_whose_work_in_what_it_is(
    desk: Desk, student: Person, course: Course, assignment: Assignment
) -> None:
    page = student.web.get(f"/submissions/{desk.graded(student, assignment)}").text
    paper = page[page.index('class="print-only"') :]
    paper = paper[: paper.index("</p>")]
    for words in (assignment.title, course.title, student.user.name, student.email):
        assert words in paper
    sheets = re.findall(r"/static/(\w+)\.css", page)
    assert sheets[-1] == "print"


def test_attempts_are_listed_newest_first_and_the_one_that_counts_is_named(
    desk: Desk, student: Person, instructor: Person, assignment: Assignment
) -> None:
    best = desk.graded(student, assignment, RIGHT)
    worse = desk.graded(student, assignment, MIXED)
    own = student.web.get(f"/assignments/{assignment.id}/attempts").text
    assert own.index(worse) < own.index(best)
    counts = own[own.index('<tr class="counts"') :]
    assert best in counts[: counts.index("</tr>")]
    theirs = instructor.web.get(f"/assignments/{assignment.id}/attempts?student={student.user.id}")
    assert student.user.name in theirs.text
    assert best in theirs.text
