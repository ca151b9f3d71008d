"""The queue is fair: nobody waits for all of somebody else's files, and previews come last."""

from app.models import Role
from tests.support.cast import Cast
from tests.worker.handing_in import (
    claim,
    claimed,
    graded_next,
    hand_in,
    look,
    regrade,
    workers,
)


def test_fifty_uploads_of_one_student_do_not_delay_another(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    eager, calm = quiet.person("Eager", course), quiet.person("Calm", course)
    flood = [hand_in(eager, assignment) for _ in range(50)]
    single = hand_in(calm, assignment)
    order = [graded_next() for _ in range(51)]
    assert order.index(single) <= 1
    assert [one for one in order if one != single] == flood


def test_files_of_equals_are_taken_as_they_came(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    people = [quiet.person(f"Student {number}", course) for number in range(5)]
    came = [hand_in(person, assignment) for person in people]
    assert [graded_next() for _ in came] == came


def test_a_file_is_passed_by_nothing_that_the_same_person_hands_in_later(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    eager = quiet.person("Eager", course)
    came = [hand_in(eager, assignment) for _ in range(5)]
    order = []
    for _ in range(10):
        order.append(graded_next())
        came.append(hand_in(eager, assignment))
    assert order == came[:10]


def test_a_preview_waits_behind_live_work(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    student = quiet.person("Sam", course)
    teacher = quiet.person("Ines", course, Role.INSTRUCTOR)
    old = hand_in(student, assignment)
    graded_next()
    again = regrade(teacher, assignment)
    live = [hand_in(student, assignment) for _ in range(3)]
    assert [graded_next() for _ in range(4)] == [*live, again[old]]


def test_a_preview_has_the_attempts_seed_and_all_tries(quiet: Cast) -> None:
    course = quiet.course()
    teacher = quiet.person("Ines", course, Role.INSTRUCTOR)
    assignment = quiet.assignment(course)
    old = hand_in(quiet.person("Sam", course), assignment)
    graded_next()
    new = regrade(teacher, assignment)[old]
    again = claimed()
    assert (again.id, again.of_id, again.seed, again.claims) == (new, old, look(old).seed, 1)


def test_previews_leave_a_worker_to_live_work(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    teacher = quiet.person("Ines", course, Role.INSTRUCTOR)
    workers(3)
    for number in range(4):
        hand_in(quiet.person(f"Student {number}", course), assignment)
        graded_next()
    regrade(teacher, assignment)
    assert [claim() is not None for _ in range(3)] == [True, True, False]
    live = hand_in(quiet.person("Sam", course), assignment)
    assert claimed().id == live


def test_a_preview_takes_no_place_of_whose_file_it_is(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    student = quiet.person("Sam", course)
    workers(2)
    hand_in(student, assignment)
    graded_next()
    regrade(quiet.person("Ines", course, Role.INSTRUCTOR), assignment)
    claimed()
    live = hand_in(student, assignment)
    assert claimed().id == live
