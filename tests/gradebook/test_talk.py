"""Students ask for another look and staff answer; comments that the student reads."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course, Submission
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled, press


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def made(db: Session, assignment: Assignment, student: Person) -> Submission:
    """Sam's attempt, with half of all points."""
    return attempt(db, assignment, student, 0.5)


@pytest.fixture
def here(made: Submission) -> str:
    """The page of Sam's grade."""
    return f"/assignments/{made.assignment_id}/grades/{made.user_id}"


def ask(student: Person, here: str, about: str = "sum", text: str = "Line 3 is right.") -> str:
    answer = student.web.post(f"{here}/appeals", data={"about": about, "text": text})
    assert answer.status_code == 303, answer.text
    return "/appeals/" + answer.headers["location"].rpartition("#appeal-")[2]


def test_staff_find_an_appeal_in_the_queue_and_on_the_courses_page(
    course: Course, student: Person, assistant: Person, here: str
) -> None:
    queue = f"/courses/{course.id}/appeals"
    assert "Nobody asks for another look." in assistant.web.get(queue).text
    appeal = ask(student, here)
    page = assistant.web.get(queue).text
    assert f'{here}#appeal-{appeal.removeprefix("/appeals/")}"' in page
    assert "Line 3 is right." in page
    assert "1 student asks for another look" in assistant.web.get(f"/courses/{course.id}").text


def test_an_answer_with_a_change_changes_the_grade_and_both_read_all_of_it(
    course: Course, student: Person, assistant: Person, here: str
) -> None:
    appeal = ask(student, here)
    words = {"text": "You are right, it is.", "points": "9"}
    assert press(assistant.web, here, f"{appeal}/answer", **words).status_code == 303
    for person in (student, assistant):
        said = text_of(person.web.get(here).text)
        assert "39 of 70" in said
        assert "Changed by hand by Amir Assistant" in said
        assert "answered, grade changed" in said
        assert said.index("Line 3 is right.") < said.rindex("You are right, it is.")
    assert "Nobody asks" in assistant.web.get(f"/courses/{course.id}/appeals").text
    assert "Sam Student" in assistant.web.get(f"/courses/{course.id}/appeals?closed=true").text


def test_an_answer_without_a_change_leaves_the_grade(
    student: Person, instructor: Person, here: str
) -> None:
    appeal = ask(student, here)
    press(instructor.web, here, f"{appeal}/answer", text="It is as it should be.")
    assert instructor.api.get(here).json()["score"] == 35
    assert "answered, grade as it was" in student.web.get(here).text


def test_staff_ask_back_and_the_student_adds_something(
    student: Person, instructor: Person, here: str
) -> None:
    appeal = ask(student, here)
    press(instructor.web, here, f"{appeal}/answer", text="Which one?", ask="yes")
    assert press(student.web, here, f"{appeal}/reply", text="The first.").status_code == 303
    said = text_of(instructor.web.get(here).text)
    assert said.index("Which one?") < said.index("The first.")
    press(student.web, here, f"{appeal}/reply", withdraw="yes")
    assert ">withdrawn<" in student.web.get(here).text
    late = instructor.web.post(f"{appeal}/answer", data={"text": "Too late."})
    assert late.status_code == 409
    assert "closed meanwhile" in late.text


def test_the_second_of_two_who_answer_is_told_and_loses_nothing(
    student: Person, instructor: Person, assistant: Person, here: str
) -> None:
    appeal = ask(student, here)
    press(instructor.web, here, here, score="60", reason="Something else.")
    words = {"text": "You are right.", "points": "10"}
    refused = assistant.web.post(f"{appeal}/answer", data=words | {"seen": "an old one"})
    assert refused.status_code == 409
    assert "The whole score of this grade was set by hand" in text_of(refused.text)
    press(instructor.web, here, here, score="", **{"exercise-sigmoid": "9"}, reason="Rather so.")
    refused = assistant.web.post(f"{appeal}/answer", data=words | {"seen": "an old one"})
    assert "Somebody else has changed the grade" in text_of(refused.text)
    assert instructor.api.get(here).json()["by_hand"]["exercises"] == {"sigmoid": 9}


@pytest.mark.parametrize(
    ("about", "text", "status"),
    [
        ("sum", " ", 422),
        ("nothing", "Why?", 422),
        ("sum/no such check", "Why?", 422),
        ("sum", "x" * 5001, 422),
        ("", "Why?", 422),
    ],
)
def test_what_cannot_be_asked_is_told_and_nothing_typed_is_lost(
    student: Person, here: str, about: str, text: str, status: int
) -> None:
    answer = student.web.post(f"{here}/appeals", data={"about": about, "text": text})
    assert answer.status_code == status
    assert text.strip() in answer.text


def test_one_exercise_is_asked_about_once_at_a_time(student: Person, here: str) -> None:
    appeal = ask(student, here)
    again = student.web.post(f"{here}/appeals", data={"about": "sum", "text": "And?"})
    assert again.status_code == 409
    ask(student, here, about="product")
    press(student.web, here, f"{appeal}/reply", withdraw="yes")
    ask(student, here)


def test_nobody_asks_or_answers_for_others(
    cast: Cast, student: Person, other_student: Person, outsider: Person, here: str
) -> None:
    data = {"about": "sum", "text": "Why?"}
    assert other_student.web.post(f"{here}/appeals", data=data).status_code == 403
    appeal = ask(student, here)
    for person, status in ((other_student, 403), (outsider, 404)):
        assert person.web.post(f"{appeal}/answer", data={"text": "No."}).status_code == status
        assert person.web.post(f"{appeal}/reply", data={"text": "No."}).status_code == status
    assert student.web.post(f"{appeal}/answer", data={"text": "Yes."}).status_code == 403


def test_a_comment_at_a_line_stands_at_that_line_for_the_student(
    student: Person, instructor: Person, made: Submission, here: str
) -> None:
    page = f"/submissions/{made.id}"
    sent = press(instructor.web, page, f"{here}/comments", line="1", text="Why <x>?")
    assert sent.headers["location"] == f"{page}#L1"
    shown = student.web.get(page).text
    line = shown[shown.index('id="L1"') :].partition("</li>")[0]
    assert "Why &lt;x&gt;?" in line
    assert "Ines Instructor" in line
    assert f'href="{page}#L1">line 1' in student.web.get(here).text
    assert 'name="line"' not in shown


@pytest.mark.parametrize("line", ["0", "99", "first", "²", "9" * 30])
def test_a_line_that_is_not_there_is_told_and_the_words_are_kept(
    instructor: Person, made: Submission, here: str, line: str
) -> None:
    typed = {"submission": str(made.id), "line": line, "text": "See here."}
    refused = instructor.web.post(f"{here}/comments", data=typed)
    assert refused.status_code == 422
    assert "See here." in refused.text


def test_a_comment_is_taken_back_by_who_wrote_it_and_the_log_keeps_it(
    instructor: Person, assistant: Person, student: Person, made: Submission, here: str
) -> None:
    press(instructor.web, here, f"{here}/comments", text="Rubbish.")
    number = student.api.get(f"{here}/comments").json()[0]["id"]
    assert assistant.web.post(f"/comments/{number}/withdraw").status_code == 403
    press(instructor.web, here, f"/comments/{number}/withdraw")
    assert student.api.get(f"{here}/comments").json() == []
    assert "Rubbish." not in student.web.get(here).text
    log = instructor.web.get(f"/courses/{instructor_course(made)}/log").text
    assert "text: Rubbish." in log


def instructor_course(made: Submission) -> int:
    return made.assignment.course_id


def test_a_comment_is_about_an_attempt_of_that_student(
    db: Session, assignment: Assignment, instructor: Person, other_student: Person, here: str
) -> None:
    foreign = attempt(db, assignment, other_student, 1.0)
    said = {"text": "See here.", "submission_id": str(foreign.id)}
    assert instructor.api.post(f"{here}/comments", json=said).status_code == 404


def test_the_api_does_the_same(
    course: Course, student: Person, instructor: Person, here: str
) -> None:
    asked = {"exercise": "sum", "text": "Line 3 is right."}
    appeal = student.api.post(f"{here}/appeals", json=asked).json()
    assert (appeal["outcome"], appeal["comments"][0]["text"]) == (None, "Line 3 is right.")
    (waiting,) = instructor.api.get(f"/courses/{course.id}/appeals").json()
    assert waiting == appeal
    answer = f"/appeals/{appeal['id']}/answer"
    words = {"text": "You are right.", "points": 10}
    assert instructor.api.post(answer, json=words).status_code == 428
    match = {"If-Match": instructor.api.get(here).headers["etag"]}
    done = instructor.api.post(answer, json=words, headers=match).json()
    assert (done["outcome"], done["comments"][-1]["text"]) == ("changed", "You are right.")
    assert student.api.get(here).json()["score"] == 40


def test_a_comment_that_is_sent_twice_is_there_once(
    student: Person, assistant: Person, here: str
) -> None:
    typed = filled(assistant.web, here, f"{here}/comments") | {"text": "Well done."}
    for _ in range(2):
        assert assistant.web.post(f"{here}/comments", data=typed).status_code == 303
    assert student.web.get(here).text.count("Well done.") == 1
    press(assistant.web, here, f"{here}/comments", text="Well done.")
    assert student.web.get(here).text.count('<p class="said">Well done.') == 2


@pytest.mark.parametrize("ask_back", ["", "yes"])
def test_an_answer_that_is_sent_twice_is_said_once(
    student: Person, assistant: Person, here: str, ask_back: str
) -> None:
    appeal = ask(student, here)
    typed = filled(assistant.web, here, f"{appeal}/answer") | {"text": "Look at line 4."}
    typed |= {"ask": ask_back} if ask_back else {}
    for _ in range(2):
        assert assistant.web.post(f"{appeal}/answer", data=typed).status_code == 303
    assert student.web.get(here).text.count("Look at line 4.") == 1


def test_whoever_answers_what_somebody_else_has_answered_meanwhile_is_told(
    student: Person, instructor: Person, assistant: Person, here: str
) -> None:
    appeal = ask(student, here)
    typed = filled(assistant.web, here, f"{appeal}/answer") | {"text": "It is right."}
    press(instructor.web, here, f"{appeal}/answer", text="Which one?", ask="yes")
    refused = assistant.web.post(f"{appeal}/answer", data=typed)
    assert refused.status_code == 409
    for said in ("Somebody has written here meanwhile", "Which one?", "It is right."):
        assert said in refused.text
    assert "It is right." not in student.web.get(here).text
    assert press(assistant.web, here, f"{appeal}/answer", text="It is right.").status_code == 303
