"""The queue is fair: nobody waits for all of somebody else's files, and regrades come last."""

import uuid

from app.grading import submissions
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Role
from tests.support.cast import Cast, Person
from tests.worker.handing_in import claimed, graded_next, hand_in, look


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


def test_a_regrade_waits_behind_live_work(quiet: Cast) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    student = quiet.person("Sam", course)
    teacher = quiet.person("Ines", course, Role.INSTRUCTOR)
    old = hand_in(student, assignment)
    graded_next()
    _regrade(teacher, old)
    live = [hand_in(student, assignment) for _ in range(3)]
    assert [graded_next() for _ in range(4)] == [*live, old]


def test_a_regrade_keeps_the_seed_and_has_all_its_tries(quiet: Cast) -> None:
    course = quiet.course()
    teacher = quiet.person("Ines", course, Role.INSTRUCTOR)
    old = hand_in(quiet.person("Sam", course), quiet.assignment(course))
    graded_next()
    seed = look(old).seed
    _regrade(teacher, old)
    again = claimed()
    assert (again.id, again.seed, again.claims) == (old, seed, 1)


def _regrade(teacher: Person, submission_id: uuid.UUID) -> None:
    with database.session() as session:
        submissions.regrade(session, Actor(teacher.user), submission_id)
        session.commit()
