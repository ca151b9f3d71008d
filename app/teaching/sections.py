"""Owns the sections of a course: made, named, taken away, and who is in which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app import audit, versions
from app.audit import Action
from app.errors import Conflict, NotFound, Unprocessable
from app.grading.rules import lateness, terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.identity.spelling import spelt
from app.models import Assignment, Course, Enrolment, GivenExtension, Section, SectionMember
from app.models.field_limits import wrong_length

MOST = 100
_BETWEEN = re.compile(r"[,;|]")


def of_course(session: Session, course_id: int) -> list[Section]:
    """A course's sections, by title."""
    rows = select(Section).where(Section.course_id == course_id)
    return list(session.scalars(rows.order_by(Section.title, Section.id)))


def people(session: Session, section_id: int) -> list[int]:
    """The ids of those who are in a section."""
    rows = select(SectionMember.user_id).where(SectionMember.section_id == section_id)
    return list(session.scalars(rows.order_by(SectionMember.user_id)))


def seen(session: Session, actor: Actor, course_id: int) -> list[tuple[Section, list[int]]]:
    """A course's sections with who is in each, for staff; a tutor's own for a tutor.

    Raises NotFound, Forbidden.
    """
    rights = permissions.require(session, actor, Right.SEE_GRADEBOOK, course_id)
    found = [(one, people(session, one.id)) for one in of_course(session, course_id)]
    sees_all = Right.SEE_CLASS in rights
    return [(one, inside) for one, inside in found if sees_all or actor.user.id in inside]


def sizes(session: Session, course_id: int) -> dict[int, int]:
    """How many people of the course are in each section, by its id."""
    rows = (
        select(SectionMember.section_id, func.count())
        .join(Section, Section.id == SectionMember.section_id)
        .join(
            Enrolment,
            (Enrolment.course_id == Section.course_id)
            & (Enrolment.user_id == SectionMember.user_id),
        )
        .where(Section.course_id == course_id, Enrolment.active)
        .group_by(SectionMember.section_id)
    )
    return {row[0]: row[1] for row in session.execute(rows)}


def of_people(
    session: Session, course_id: int, users: Iterable[int] | None = None
) -> dict[int, list[Section]]:
    """The sections of everybody, or of these, who is in one, by user id, each by title."""
    rows = (
        select(SectionMember.user_id, Section)
        .join(Section, Section.id == SectionMember.section_id)
        .where(Section.course_id == course_id)
        .order_by(Section.title)
    )
    if users is not None:
        rows = rows.where(SectionMember.user_id.in_(users))
    found: dict[int, list[Section]] = {}
    for user_id, section in session.execute(rows):
        found.setdefault(user_id, []).append(section)
    return found


def named(text: str) -> list[str]:
    """The titles that somebody typed, parted by commas, semicolons or bars."""
    titles = (spelt(one.strip()) for one in _BETWEEN.split(text))
    return list(dict.fromkeys(one for one in titles if one))


def checked(text: str) -> list[str]:
    """The titles in a cell of a roster; raises Unprocessable where one cannot be a title."""
    return [_checked(title, ()) for title in named(text)]


def add(session: Session, actor: Actor, course_id: int, title: str) -> Section:
    """Make a section; raises NotFound, Forbidden, Conflict, Unprocessable."""
    permissions.course(session, actor, course_id, Right.MANAGE)
    hold(session, course_id)
    made = make(session, actor, course_id, title)
    session.flush()
    return made


def make(session: Session, actor: Actor, course_id: int, title: str) -> Section:
    """Like `add`, for whoever has made sure that the actor may, and holds the course."""
    there = of_course(session, course_id)
    made = Section(course_id=course_id, title=_checked(title, there))
    if len(there) >= MOST:
        raise Conflict(f"A course has {MOST} sections at most, so none was added.")
    session.add(made)
    after = {"title": made.title}
    audit.record(session, actor, Action.SECTION, course_id=course_id, after=after)
    return made


def rename(session: Session, actor: Actor, section_id: int, title: str) -> Section:
    """Give a section another title; raises NotFound, Forbidden, Unprocessable."""
    section = managed(session, actor, section_id)
    there = [one for one in of_course(session, section.course_id) if one.id != section_id]
    before, section.title = section.title, _checked(title, there)
    audit.record(
        session,
        actor,
        Action.SECTION,
        course_id=section.course_id,
        before={"title": before},
        after={"title": section.title},
    )
    session.flush()
    return section


def remove(session: Session, actor: Actor, section_id: int) -> Section:
    """Take a section away, nobody out of the course; raises NotFound, Forbidden, Conflict.

    A section with extensions stays: they are taken back first, where everybody sees them.
    """
    section = managed(session, actor, section_id)
    given = select(GivenExtension.id).where(GivenExtension.section_id == section_id).limit(1)
    if session.scalar(given) is not None:
        raise Conflict(
            f"{section.title} has extensions; take them back first, so that nobody loses time "
            "unseen. Nothing was changed."
        )
    before = {"title": section.title}
    audit.record(session, actor, Action.SECTION, course_id=section.course_id, before=before)
    session.delete(section)
    session.flush()
    return section


def put(
    session: Session,
    actor: Actor,
    course_id: int,
    user_id: int,
    titles: Sequence[str],
    *,
    seen: str | None = None,
) -> list[Section]:
    """Have somebody be in just these sections of a course, which are there.

    `seen` is the version of that which the actor has seen. Raises NotFound, Forbidden,
    Unprocessable, Stale.
    """
    permissions.course(session, actor, course_id, Right.MANAGE)
    hold(session, course_id)
    enrolment = session.get(Enrolment, (course_id, user_id))
    if enrolment is None:
        raise NotFound("This person is not in the course.")
    before = of_people(session, course_id).get(user_id, [])
    by_now = ", ".join(one.title for one in before) or "none"
    what = f"the sections of {enrolment.user.name}"
    versions.require_current(seen, version(before), what, f"By now: {by_now}.")
    there = {one.title.casefold(): one for one in of_course(session, course_id)}
    if unknown := [title for title in titles if title.casefold() not in there]:
        said = f"The course has no section {unknown[0][:80]!r}; add it first."
        raise Unprocessable(f"Nothing was changed. {said}", errors={"sections": said})
    wanted = [there[title.casefold()] for title in titles]
    followed = _put(session, actor, course_id, user_id, before, wanted)
    _follow(session, {number: [user_id] for number in followed})
    return wanted


def put_many(
    session: Session, actor: Actor, course_id: int, wanted: dict[int, Sequence[str]]
) -> None:
    """Like `put` for many people, by user id; makes the sections that are not there yet."""
    there = {one.title.casefold(): one for one in of_course(session, course_id)}
    held = of_people(session, course_id)
    followed: dict[int, list[int]] = {}
    for user_id, titles in wanted.items():
        for title in titles:
            if title.casefold() not in there:
                there[title.casefold()] = make(session, actor, course_id, title)
        session.flush()
        own = [there[title.casefold()] for title in titles]
        for number in _put(session, actor, course_id, user_id, held.get(user_id, []), own):
            followed.setdefault(number, []).append(user_id)
    _follow(session, followed)


def hold_terms(session: Session, course_id: int) -> None:
    """Have nobody hand in where a section has an extension, until the commit.

    For whoever is about to change many people: a hand-in holds the rules first, then its person.
    """
    extended = (
        select(GivenExtension.assignment_id)
        .join(Section, Section.id == GivenExtension.section_id)
        .where(Section.course_id == course_id)
    )
    for number in sorted(set(session.scalars(extended))):
        terms.hold(session, number, to_change=True)


def _follow(session: Session, followed: Mapping[int, Sequence[int]]) -> None:
    """Have what these people handed in be as late as the rules say by now, by assignment id."""
    for number, users in sorted(followed.items()):
        lateness.follow(session, session.get_one(Assignment, number), users)


def version(held: Iterable[Section]) -> str:
    """What a form that changes somebody's sections is filled in from."""
    return versions.of_facts({"sections": sorted(one.id for one in held)})


def _put(
    session: Session,
    actor: Actor,
    course_id: int,
    user_id: int,
    before: Sequence[Section],
    wanted: Sequence[Section],
) -> list[int]:
    """Change who is in what. The ids of assignments in which other rules hold for them now."""
    was, is_now = {one.id: one for one in before}, {one.id: one for one in wanted}
    changed = was.keys() ^ is_now.keys()
    if not changed:
        return []
    extended = select(GivenExtension.assignment_id).where(GivenExtension.section_id.in_(changed))
    followed = sorted(set(session.scalars(extended)))
    for assignment_id in followed:
        terms.hold(session, assignment_id, to_change=True)
    session.execute(
        delete(SectionMember).where(
            SectionMember.user_id == user_id, SectionMember.section_id.in_(was.keys() - is_now)
        )
    )
    session.add_all(
        SectionMember(section_id=number, user_id=user_id) for number in is_now.keys() - was
    )
    audit.record(
        session,
        actor,
        Action.SECTIONS_OF,
        course_id=course_id,
        user_id=user_id,
        before={"sections": [one.title for one in before]},
        after={"sections": [one.title for one in wanted]},
    )
    session.flush()
    return followed


def hold(session: Session, course_id: int) -> None:
    """Have nobody else change who is in which section of a course until the commit."""
    session.execute(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))


def managed(session: Session, actor: Actor, section_id: int) -> Section:
    """A section that nobody else changes until the commit; raises NotFound, Forbidden."""
    section = session.get(Section, section_id)
    absent = NotFound("There is no such section; perhaps somebody has taken it away already.")
    if section is None:
        raise absent
    try:
        permissions.course(session, actor, section.course_id, Right.MANAGE)
    except NotFound:
        raise absent from None
    hold(session, section.course_id)
    fresh = session.get(Section, section_id, populate_existing=True)
    if fresh is None:
        raise absent
    return fresh


def _checked(title: str, others: Iterable[Section]) -> str:
    title = spelt(title.strip())
    wrong = wrong_length("title", title)
    if not title or not title.isprintable():
        wrong = "A section needs a title of printable letters."
    elif _BETWEEN.search(title):
        wrong = "A section's title has no comma, semicolon or bar in it: they part sections."
    elif title.casefold() in {one.title.casefold() for one in others}:
        wrong = f"There is a section {title} already."
    if wrong:
        raise Unprocessable(f"Nothing was changed. {wrong}", errors={"title": wrong})
    return title
