"""Owns the demo of a local stack: a course, those who sign in to it, and an assignment of all seven
exercises; a class is in `students`.

Making it again changes nothing but what is missing.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Conflict, NotFound, NotSignedIn
from app.grading import stored_files
from app.identity import accounts, authentication
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, Enrolment, Role, Submission, User, Via
from app.settings import settings
from app.teaching import assignments, courses
from app.teaching.drafts import Draft
from cli.stack.demo import credentials, students
from cli.stack.demo.credentials import Credentials, DemoFile
from cli.stack.folder import DataFolder
from graders.exercises import COURSE_TEXT

DOMAIN = "demo.example"
CODE, TITLE = "demo", "Deep learning: autograd from scratch"
ASSIGNMENT = "Backpropagation by hand"
STATEMENT = """\
Write the forward and the backward pass of each exercise below as a `torch.autograd.Function`, and
hand in **one Python file** with all of them.

What else is in your file, such as imports, experiments or prints, may stay. What you have not
written yet may be missing; it simply has no points so far.

Hand in as often as you like until the due date: you see at once what is right and what is not
right yet, and your best attempt counts.
"""
POINTS = 10
STAFF = {"instructor": "Ines Torres", "assistant": "Amir Saleh"}
STUDENTS = {"student": "Sam Rivera", "student2": "Toni Berg"}
_STUDENT_SCOPES = ["courses:read", "submissions:read", "submissions:write"]


def make(folder: DataFolder) -> None:
    """Make what is missing of the demo, and demo.json anew."""
    with database.session() as session:
        demo = _made(session, credentials.read(folder))
        session.commit()
    credentials.write(folder, demo)


def reset(folder: DataFolder) -> DemoFile:
    """Make the demo anew, without anything that was done in it; passwords stay.

    Raises Conflict where the database is not that of the stack in this folder and has no demo yet,
    or where a course may be a real one; Failure where the folder cannot be written.
    """
    folder.require_writable()
    with database.session() as session:
        _require_place(session, folder)
        forget(session, CODE)
        demo = _made(session, credentials.read(folder))
        session.commit()
    credentials.write(folder, demo)
    return demo


def _require_place(session: Session, folder: DataFolder) -> None:
    """Raise Conflict where a demo, with people and tokens of its own, would be new on a site that
    is none of `make run`."""
    address = settings().database_url.get_secret_value()
    is_local = folder.environment().get("CHAINRULE_DATABASE_URL") == address
    if not is_local and session.scalar(select(Course.id).where(Course.code == CODE)) is None:
        raise Conflict(
            f"This database is not that of a `make run` in {folder.path}, and has no demo course. "
            "A demo brings accounts of staff whose passwords are in a file, so none was made here."
        )


def forget(session: Session, code: str) -> None:
    """Delete the demo's course with all work in it; accounts and the log stay. Raises Conflict."""
    course = session.scalar(select(Course).where(Course.code == code).with_for_update())
    if course is None:
        return
    _require_demo(session, course)
    theirs = select(Assignment.id).where(Assignment.course_id == course.id)
    session.execute(delete(Submission).where(Submission.assignment_id.in_(theirs)))
    gone = {"code": course.code, "title": course.title, "demo": "made anew"}
    audit.record(session, Via.COMMAND, Action.COURSE_DELETED, course_id=course.id, before=gone)
    session.flush()
    session.execute(delete(Course).where(Course.id == course.id))
    stored_files.forget(session)


def _require_demo(session: Session, course: Course) -> None:
    """Raise Conflict unless a course is the demo's, with its people and nobody else in it."""
    inside = select(User.email).join(Enrolment, Enrolment.user_id == User.id)
    others = inside.where(Enrolment.course_id == course.id, ~User.email.endswith(f"@{DOMAIN}"))
    if who := session.scalar(others.limit(1)):
        raise Conflict(
            f"{who} takes part in the course {course.code!r}, so it may be a real one: nothing was "
            "changed."
        )
    teaches = (Enrolment.course_id == course.id) & (Enrolment.role == Role.INSTRUCTOR)
    own = inside.where(teaches, User.email == f"instructor@{DOMAIN}")
    if course.title != TITLE or session.scalar(own) is None:
        raise Conflict(
            f"The course {course.code!r} is not called {TITLE!r}, or instructor@{DOMAIN} does not "
            "teach it, so it may be a real one: nothing was changed."
        )


def _made(session: Session, demo: DemoFile) -> DemoFile:
    """The demo with all that was missing."""
    course = _course(session)
    people = {
        role: _person(session, course, role, name, demo)
        for role, name in {**STAFF, **STUDENTS}.items()
    }
    assignment = _assignment(session, course)
    if settings().demo_class:
        students.make(session, course, assignment, [people[one] for one in STUDENTS])
    demo.url, demo.course_id = settings().base_url, course.id
    demo.assignment_id = assignment.id
    for role in ("instructor", *STUDENTS):
        _token(session, people[role], role, demo)
    return demo


def _course(session: Session) -> Course:
    try:
        return courses.get(session, CODE)
    except NotFound:
        return courses.add(session, CODE, TITLE)


def _person(session: Session, course: Course, role: str, name: str, demo: DemoFile) -> User:
    email = f"{role}@{DOMAIN}"
    user = accounts.find(session, email)
    if user is None:
        user = accounts.add(session, email, name)
    if session.get(Enrolment, (course.id, user.id)) is None:
        courses.enrol(session, course, user, Role(role.rstrip("2")))
    if role not in demo.users or user.password_hash is None:
        demo.users[role] = Credentials(email, secrets.token_urlsafe(9))
        accounts.set_password(session, user, demo.users[role].password)
    return user


def _assignment(session: Session, course: Course) -> Assignment:
    mine = Assignment.course_id == course.id, Assignment.title == ASSIGNMENT
    found = session.scalar(select(Assignment).where(*mine).order_by(Assignment.id).limit(1))
    return found or assignments.create(
        session,
        course.id,
        Draft(
            title=ASSIGNMENT,
            statement=STATEMENT,
            points=dict.fromkeys(COURSE_TEXT, POINTS),
            due_at=now() + timedelta(weeks=2),
        ),
    )


def _token(session: Session, user: User, role: str, demo: DemoFile) -> None:
    try:
        authentication.actor_of_token(session, demo.tokens.get(role, ""))
    except NotSignedIn:
        scopes = list(authentication.SCOPES) if role == "instructor" else _STUDENT_SCOPES
        demo.tokens[role] = authentication.issue_token(session, user, f"demo ({role})", scopes)
