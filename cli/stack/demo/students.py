"""Owns the class of the demo: forty students in the eighth week of their course.

What they handed in is made of the formulas that the graders themselves are tested with, right or
with one of the known mistakes, and waits to be graded like everything else; only later than what
is handed in meanwhile. Each time it is made it is the same class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.grading import submissions
from app.grading.rules import admission, lateness, members
from app.grading.uploads import Upload
from app.identity import accounts
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import (
    Assignment,
    Course,
    Enrolment,
    GivenExtension,
    Role,
    Submission,
    Team,
    TeamInvitation,
    TeamMember,
    User,
)
from app.scheduling.fair_shares import REGRADE
from app.teaching import assignments, courses
from app.teaching.drafts import Draft
from graders.exercises import EXERCISES
from graders.mutation.writing.styles import PREAMBLE, STYLES, Writing, class_in

NAMES = (
    "Adaeze Okafor", "Aiko Mori", "Alejandra Ruiz", "Anders Holm", "Anna Kowalska",
    "Bilal Hussain", "Camille Laurent", "Chidi Eze", "Daniel Cohen", "Diego Fernandes",
    "Elif Yilmaz", "Emma Lindqvist", "Farah Haddad", "Felix Baumann", "Giulia Conti", "Hana Kim",
    "Ibrahim Diallo", "Ivan Petrov", "Jonas Weber", "Julia Santos", "Kofi Mensah", "Lena Novak",
    "Leo Virtanen", "Linh Tran", "Maria Papadaki", "Mateo Silva", "Mei Tanaka", "Nadia Rahman",
    "Noah Clark", "Olivia Byrne", "Priya Nair", "Rafael Costa", "Sara Haile", "Tomas Horak",
    "Wei Zhang", "Yara Mansour", "Yusuf Demir", "Zofia Wrona",
)  # fmt: skip
STUCK, COPIED = "Jonas Weber", ("Lena Novak", "Kofi Mensah")
POINTS = 10
PROJECT = ("softmax", "logsumexp")
_NOTE = (
    "# chain rule!! dz/dx = dz/dy * dy/dx  (draw the boxes first, then go backwards box by box)\n"
)
"""What those who share a file have in it, and nobody else."""
_LEAD_H = 26
"""How long before the due date people hand in, on the whole; careless ones are late."""


@dataclass(frozen=True)
class Sheet:
    """An assignment: its exercises, in how many days it is due, and the mistake that many make."""

    title: str
    slugs: tuple[str, ...]
    due_days: int
    mistakes: dict[str, str]


SHEETS = (
    Sheet("Sheet 1: sums", ("addition", "sum"), -47, {"sum": "upstream gradient not expanded"}),
    Sheet("Sheet 2: products", ("addition", "product", "composition"), -37,
          {"product": "gradients swapped"}),
    Sheet("Sheet 3: bends", ("relu", "sigmoid"), -26,
          {"sigmoid": "upstream gradient forgotten", "relu": "slope 1 at the corner"}),
    Sheet("Sheet 4: vectors", ("dot-product", "matrix-vector-product"), -16,
          {"matrix-vector-product": "outer product transposed"}),
    Sheet("Sheet 5: a layer", ("linear", "softmax"), -2,
          {"linear": "gradient of the bias summed along the wrong dimension",
           "softmax": "only the diagonal"}),
)  # fmt: skip


@dataclass(frozen=True)
class Student:
    """How somebody works: `skill` and `care` from 0 to 1."""

    user: User
    style: Writing
    skill: float
    care: float


@dataclass(frozen=True)
class HandIn:
    """A file at a time."""

    student: Student
    at: datetime
    source: str


def make(session: Session, course: Course, current: Assignment, known: Sequence[User] = ()) -> None:
    """Make the class, its sheets and what it handed in, unless it is there. The caller commits.

    `known` are students of the course who work on the sheets with it, but not on `current` yet.
    """
    title = Assignment.title == SHEETS[0].title
    if session.scalar(select(exists().where(Assignment.course_id == course.id, title))):
        return
    random = Random("eight weeks")  # noqa: S311 (a class to look at, and no secret)
    moment = now().replace(second=0, microsecond=0)
    students = [_student(_member(session, course, name), random) for name in NAMES]
    guests = [_student(user, random) for user in known]
    for sheet in SHEETS:
        due = (moment + timedelta(days=sheet.due_days)).replace(hour=21, minute=59, second=59)
        made = assignments.create(
            session,
            course.id,
            Draft(
                title=sheet.title,
                points=dict.fromkeys(sheet.slugs, POINTS),
                opens_at=due - timedelta(days=12),
                due_at=due,
                closes_at=due + timedelta(days=5) if sheet.due_days < -5 else None,
                late_amount=10.0,
                late_cap=50.0,
            ),
        )
        for one in _class_work([*students, *guests], sheet, due, random):
            _store(session, made, one)
    _extend(session, made)
    for one in _first_steps(students, current, moment, random):
        _store(session, current, one)
    _project(session, course, [*guests, *students], moment)


def _project(
    session: Session, course: Course, students: Sequence[Student], moment: datetime
) -> None:
    """A project of pairs: three have begun, and a fourth has asked a mate who has not answered."""
    due = (moment + timedelta(days=6)).replace(hour=21, minute=59, second=59)
    draft = Draft(
        "Project in pairs",
        dict.fromkeys(PROJECT, POINTS),
        due_at=due,
        late_amount=10.0,
        team_size=2,
        teams_until=due - timedelta(days=3),
    )
    made = assignments.create(session, course.id, draft)
    pairs = [students[first : first + 2] for first in range(0, 6, 2)]
    for number, (sender, mate) in enumerate(pairs, 1):
        _team(session, made, number, sender.user, mate.user)
        wrong = {"softmax": "only the diagonal"} if number == 1 else {}
        at = moment - timedelta(hours=5 * number)
        _store(session, made, HandIn(sender, at, _file(sender, PROJECT, wrong)))
    asks, asked = students[6].user, students[7].user
    team = _team(session, made, len(pairs) + 1, asks)
    session.add(TeamInvitation(team_id=team.id, user_id=asked.id, invited_by_id=asks.id))


def _team(session: Session, sheet: Assignment, number: int, *members_: User) -> Team:
    team = Team(assignment_id=sheet.id, title=f"Team {number}")
    session.add(team)
    session.flush()
    for one in members_:
        session.add(TeamMember(assignment_id=sheet.id, user_id=one.id, team_id=team.id))
    session.flush()
    return team


def _extend(session: Session, sheet: Assignment) -> None:
    """Whoever teaches the course gives somebody more time who was late."""
    teaches = Enrolment.course_id == sheet.course_id, Enrolment.role == Role.INSTRUCTOR
    teacher = session.scalar(select(Enrolment.user_id).where(*teaches).limit(1))
    late = select(Submission.user_id).where(Submission.assignment_id == sheet.id, Submission.late)
    student = session.scalar(late.order_by(Submission.submitted_at).limit(1))
    if teacher is None or student is None or sheet.due_at is None:
        return
    given = GivenExtension(
        assignment_id=sheet.id,
        user_id=student,
        due_at=sheet.due_at + timedelta(days=3),
        reason="Was ill in the week before.",
        given_by_id=teacher,
    )
    session.add(given)
    lateness.follow(session, sheet, [student])


def _member(session: Session, course: Course, name: str) -> User:
    email = name.lower().replace(" ", ".") + "@demo.example"
    user = accounts.find(session, email)
    if user is None:
        user = accounts.add(session, email, name)
    if session.get(Enrolment, (course.id, user.id)) is None:
        courses.enrol(session, course, user, Role.STUDENT)
    return user


def _student(user: User, random: Random) -> Student:
    skill, care = random.betavariate(3, 1.6), random.betavariate(5, 1)
    return Student(user, random.choice(STYLES), skill, care)


def _store(session: Session, assignment: Assignment, one: HandIn) -> None:
    owner = one.student.user
    whose = members.of(session, assignment, owner.id)
    submissions.store(
        session,
        Actor(owner),
        owner,
        assignment,
        Upload("functions.py", one.source.encode()),
        attempt=1 + admission.latest_attempt(session, assignment, *whose.users),
        priority=REGRADE,
        rules=assignment.terms,
        whose=whose,
        began_at=one.at,
    )


def _class_work(
    students: Sequence[Student], sheet: Sheet, due: datetime, random: Random
) -> Iterator[HandIn]:
    """What the class hands in for a sheet, in the order in which it does."""
    found: list[HandIn] = []
    for student in students:
        if random.random() < student.care + 0.1:
            found += _attempts(student, sheet, due, random)
    found += _shared(students, sheet, due)
    yield from sorted(found, key=lambda one: one.at)


def _attempts(student: Student, sheet: Sheet, due: datetime, random: Random) -> Iterator[HandIn]:
    """One after another, with fewer mistakes in each, until all is right or the will is gone."""
    is_stuck = student.user.name == STUCK and len(sheet.slugs) > 2
    wrong = _beginnings(student, sheet, random)
    at = due - timedelta(hours=2 + random.expovariate(1 / _LEAD_H))
    at += timedelta(hours=30) if student.care < 0.6 else timedelta()
    for number in range(1, 10 if is_stuck else 7):
        yield HandIn(student, at, _file(student, sheet.slugs, wrong))
        if not wrong or (not is_stuck and random.random() > 0.35 + 0.6 * student.care):
            return
        if not is_stuck and random.random() < 0.3 + 0.6 * student.skill:
            wrong.pop(random.choice(sorted(wrong)))
        at += timedelta(minutes=random.randint(4, 35 * number))


def _beginnings(student: Student, sheet: Sheet, random: Random) -> dict[str, str]:
    """The mistake of a first attempt, by exercise."""
    if student.user.name == STUCK and len(sheet.slugs) > 2:
        return dict(sheet.mistakes)
    wrong = {}
    for slug in sheet.slugs:
        exercise = EXERCISES[slug]
        if exercise.steps or random.random() < 0.15 + 0.65 * student.skill:
            continue
        known = [one.name for one in exercise.misconceptions]
        is_usual = slug in sheet.mistakes and random.random() < 0.7
        wrong[slug] = sheet.mistakes[slug] if is_usual else random.choice(known[:6])
    return wrong


def _shared(students: Sequence[Student], sheet: Sheet, due: datetime) -> Iterator[HandIn]:
    """One file of two people, with a mistake that nobody else makes, at the fourth sheet."""
    if "dot-product" in sheet.slugs:
        author, friend = (one for name in COPIED for one in students if one.user.name == name)
        wrong = {"matrix-vector-product": "upstream gradient summed"}
        source = _NOTE + _file(author, sheet.slugs, wrong)
        yield HandIn(author, due - timedelta(hours=5), source)
        yield HandIn(friend, due - timedelta(minutes=50), source.replace("dzdy", "grad"))


def _first_steps(
    students: Sequence[Student], current: Assignment, moment: datetime, random: Random
) -> Iterator[HandIn]:
    """The first who began with what is due next, within the last two days."""
    for student in sorted(students, key=lambda one: -one.care)[:9]:
        written = tuple(current.points)[: random.randint(2, len(current.points))]
        sheet = Sheet(current.title, written, 0, {"product": "gradients swapped"})
        wrong = _beginnings(student, sheet, random)
        at = moment - timedelta(hours=random.uniform(1, 46))
        yield HandIn(student, at, _file(student, written, wrong))


def _file(student: Student, slugs: Sequence[str], wrong: dict[str, str]) -> str:
    """A file of all these exercises, wrong where `wrong` says so."""
    classes = []
    for slug in slugs:
        exercise = EXERCISES[slug]
        if not exercise.steps:
            named = (one for one in exercise.misconceptions if one.name == wrong.get(slug))
            classes.append(class_in(student.style, exercise, next(named, None)))
    return PREAMBLE + "".join(classes)
