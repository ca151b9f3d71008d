"""Owns whose rules of time hold: an assignment's, with what one student was given or spends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.models import Assignment, GivenExtension, LateDays, SectionMember, StoredGrade
from app.timing.terms import Terms
from app.timing.windows import Extension, Window


def hold(session: Session, assignment_id: int, *, to_change: bool = False) -> None:
    """Have nobody change an assignment's rules until the commit; or nobody hand in, `to_change`.

    So a hand-in is never measured by rules that were others when it was stored.
    """
    key = func.hashtextextended(f"terms {assignment_id}", 0)
    lock = func.pg_advisory_xact_lock if to_change else func.pg_advisory_xact_lock_shared
    session.execute(select(lock(key)))


def of(session: Session, assignment: Assignment, user_id: int) -> Terms:
    """The rules for one student."""
    is_exempt = select(StoredGrade.on_time).where(
        StoredGrade.assignment_id == assignment.id, StoredGrade.user_id == user_id
    )
    given = of_student(session, assignment.id, user_id)
    spent = select(LateDays.days).where(
        LateDays.assignment_id == assignment.id, LateDays.user_id == user_id
    )
    terms = assignment.terms.extended(one.extension for one in given)
    terms = terms.with_late_days(session.scalar(spent) or 0)
    return replace(terms, exempt=bool(session.scalar(is_exempt)))


def of_student(session: Session, assignment_id: int, user_id: int) -> list[GivenExtension]:
    """The extensions that hold for a student: their own, and those of their sections."""
    rows = _given(user_id).where(GivenExtension.assignment_id == assignment_id)
    return [given for given, _ in session.execute(rows.order_by(GivenExtension.id))]


def of_everybody(session: Session, assignment: Assignment) -> Callable[[int], Terms]:
    """The rules by user id, in as many queries for a thousand as for one."""
    usual = assignment.terms
    exempt = set(
        session.scalars(
            select(StoredGrade.user_id).where(
                StoredGrade.assignment_id == assignment.id, StoredGrade.on_time
            )
        )
    )
    given: dict[int, list[Extension]] = {}
    rows = _given().where(GivenExtension.assignment_id == assignment.id)
    for one, user_id in session.execute(rows):
        given.setdefault(user_id, []).append(one.extension)

    spent = select(LateDays.user_id, LateDays.days).where(LateDays.assignment_id == assignment.id)
    days = {row[0]: row[1] for row in session.execute(spent)}

    def terms(user_id: int) -> Terms:
        own = usual.extended(given[user_id]) if user_id in given else usual
        own = own.with_late_days(days.get(user_id, 0))
        return replace(own, exempt=True) if user_id in exempt else own

    return terms


def windows(
    session: Session, course_id: int, user_id: int | None = None
) -> dict[tuple[int, int], Window]:
    """The windows of a course that extensions and late days make others, by user and assignment id.

    Of everybody, or of one student.
    """
    of_course = Assignment.course_id == course_id
    given = (
        _given(user_id)
        .add_columns(Assignment)
        .join(Assignment, Assignment.id == GivenExtension.assignment_id)
        .where(of_course)
    )
    found: dict[tuple[int, int], Terms] = {}
    for one, whose, assignment in session.execute(given):
        key = whose, assignment.id
        found[key] = found.get(key, assignment.terms).extended([one.extension])
    spent = select(LateDays, Assignment).join(Assignment).where(of_course, LateDays.days > 0)
    if user_id is not None:
        spent = spent.where(LateDays.user_id == user_id)
    for row, assignment in session.execute(spent):
        key = row.user_id, assignment.id
        found[key] = found.get(key, assignment.terms).with_late_days(row.days)
    return {key: terms.window for key, terms in found.items()}


def windows_of(session: Session, course_id: int, user_id: int) -> dict[int, Window]:
    """The windows of one student's extensions in a course, by assignment id."""
    found = windows(session, course_id, user_id)
    return {assignment_id: window for (_, assignment_id), window in found.items()}


def _given(user_id: int | None = None) -> Select[GivenExtension, int]:
    """Extensions with each of those whom they are for; or those of one person."""
    of_section = SectionMember.section_id == GivenExtension.section_id
    whose: ColumnElement[int] = func.coalesce(GivenExtension.user_id, SectionMember.user_id)
    is_meant = whose.is_not(None) if user_id is None else whose.in_([user_id])
    if user_id is not None:
        of_section &= SectionMember.user_id == user_id
    return (
        select(GivenExtension, whose)
        .outerjoin(SectionMember, of_section)
        .where(is_meant)
        .execution_options(populate_existing=True)
    )
