"""Owns how roster files are read, as spreadsheets, registrars and LMSs write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.errors import Conflict, Problem, Unprocessable
from app.identity import accounts
from app.models import Role
from app.teaching import courses, sections

COLUMNS = ("email", "name", "external_id", "role", "section", "status")
_PARTS = ("first_name", "last_name")
_SAID: Mapping[str, str] = {
    "email": "e_mail email_address e_mail_address mail",
    "name": "full_name display_name student",
    "first_name": "given_name givenname",
    "last_name": "surname family_name familyname",
    "external_id": "id_number idnumber user_id sis_user_id sourcedid usersourcedid student_id",
    "login": "login_id sis_login_id username",
    "role": "roles",
    "section": "sections section_id classsourcedid",
    "status": "enabled",
}
_MEANT = {other: name for name, others in _SAID.items() for other in others.split()}
"""Columns of Canvas, Moodle, OneRoster and registrars, and what we call them."""
_ROLES = {
    "learner": Role.STUDENT,
    "teacher": Role.INSTRUCTOR,
    "editingteacher": Role.INSTRUCTOR,
    "ta": Role.ASSISTANT,
    "aide": Role.ASSISTANT,
    "teaching assistant": Role.ASSISTANT,
    "non-editing teacher": Role.ASSISTANT,
}
_HERE = {"", "active", "enrolled", "true"}
_GONE = {"deleted", "inactive", "tobedeleted", "completed", "suspended", "false", "dropped"}
_ASKED = (
    "The first line must name the columns, such as email,name,external_id,role,section "
    "(only email is needed)."
)
_NO_PERSON = "points possible"
"""What the second line of a gradebook from Canvas begins with."""
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Line:
    """What one line says, checked by itself. Who has no `email` in it is known by an external id.

    `leaves`: whoever it is about is no longer to be in the course.
    """

    number: int
    email: str
    name: str
    is_named: bool
    external_id: str | None
    role: Role | None
    sections: tuple[str, ...] = ()
    leaves: bool = False


@dataclass
class RosterFile:
    """The lines that are right by themselves, and what is wrong with the others, by number."""

    lines: list[Line] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)


def decoded(content: bytes) -> tuple[str, bool]:
    """The text of a file, and whether it was none in UTF-8 but as Windows writes it.

    Raises Unprocessable for what is no text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), False
    if b"\0" in content or content.startswith(b"PK"):
        raise Unprocessable(
            "The roster is no text file, so nobody was added. Export it as "
            "“CSV UTF-8” and choose it again."
        )
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), True


def read(text: str) -> RosterFile:
    """What a file says; a line that is there twice counts once.

    Who is there twice with different sections is in all of them.
    """
    found = RosterFile()
    found_rows = rows(text)
    seen: dict[str, Line] = {}
    known: set[tuple[str, ...]] = set()
    number = 1
    try:
        number, head = next(found_rows, (1, []))
        columns = _columns(head, found)
        for number, row in found_rows:
            if tuple(row) in known or row[0].lower().startswith(_NO_PERSON):
                continue
            known.add(tuple(row))
            try:
                _take(_line(number, row, columns), found.lines, seen)
            except Problem as problem:
                found.errors[number] = problem.detail
    except csv.Error as error:
        found.errors[number + 1] = (
            f"From here on the file cannot be read as CSV ({error}). Is a quotation mark missing?"
        )
    except Problem as problem:
        found.errors[number] = problem.detail
    return found


def rows(text: str) -> Iterator[Row]:
    """The rows that are not blank, each with the number of its first line.

    Lines may end in any way, and cells be parted by commas, semicolons or tabs, as in line one; or
    as a line `sep=;` before it says.
    """
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    said = re.match(r"\s*\"?sep=(.)\"?[,;\t]*\n", text)
    if said:
        text = "\n" * said.group().count("\n") + text[said.end() :]
    head = text.lstrip().partition("\n")[0]
    delimiter = said[1] if said else max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True, strict=True)
    before = 0
    for row in reader:
        if any(cell.strip() for cell in row):
            yield before + 1, [cell.strip() for cell in row]
        before = reader.line_num


def _columns(head: list[str], found: RosterFile) -> list[str]:
    """The names of the columns, as we write them; raises Conflict."""
    while head and not head[-1]:
        head = head[:-1]
    names = [re.sub(r"[\s_-]+", "_", cell.lower()) for cell in head]
    if "usersourcedid" in names:  # then the other one is that of an enrolment
        names = ["enrolment" if name == "sourcedid" else name for name in names]
    names = [_MEANT.get(name, name) for name in names]
    used = {*COLUMNS, *_PARTS, *(["login"] if "email" not in names else [])}
    if "email" not in names and "external_id" not in names and "login" in names:
        names[names.index("login")] = "email"
    known = [name for name in names if name in used]
    if not {"email", "external_id"} & set(known):
        named = ", ".join(cell[:40] for cell in head[:10]) or "nothing"
        raise Conflict(f"{_ASKED} It names: {named}.")
    if twice := {name for name in known if known.count(name) > 1}:
        raise Conflict(f"The first line names a column twice: {', '.join(sorted(twice))}.")
    found.unused = [
        cell[:40] for cell, name in zip(head, names, strict=True) if name and name not in used
    ]
    return names


def _take(line: Line, lines: list[Line], seen: dict[str, Line]) -> None:
    """Add a line to the others; who is there already is in one more section. Raises Conflict.

    Who leaves one section and stays in another stays, in the sections that they are not out of.
    """
    named = f"id {line.external_id}" if line.external_id else ""
    keys = [key for key in (line.email.lower(), named) if key]
    before = next((seen[key] for key in keys if key in seen), None)
    if before is not None:
        whole = _together(before, line)
        if replace(line, **_told_alike(whole)) != whole:
            key = next(key for key in keys if key in seen)
            raise Conflict(f"{key} is on line {before.number} already, with something else.")
        lines[lines.index(before)], line = whole, whole
    else:
        lines.append(line)
    seen |= dict.fromkeys(keys, line)


def _together(before: Line, line: Line) -> Line:
    """What two lines about one person say of their sections, and of their staying."""
    staying = [one for one in (before, line) if not one.leaves]
    held = [section for one in staying or (before, line) for section in one.sections]
    return replace(before, sections=tuple(dict.fromkeys(held)), leaves=not staying)


def _told_alike(whole: Line) -> dict[str, Any]:
    return {name: getattr(whole, name) for name in ("number", "sections", "leaves")}


def _line(number: int, row: list[str], columns: list[str]) -> Line:
    """One row, checked by itself; raises Problem."""
    while len(row) > len(columns) and not row[-1]:
        row = row[:-1]
    if len(row) > len(columns):
        raise Conflict(
            f"There are {len(row)} cells, but the first line names {len(columns)} columns. "
            "A cell with a comma in it needs quotation marks around it."
        )
    cell = dict(zip(columns, row, strict=False))
    external_id, login = cell.get("external_id", ""), cell.get("login", "")
    email = cell.get("email") or (login if "@" in login else "")
    if email or not external_id:
        email = accounts.clean_email(email)
    named = cell.get("name") or " ".join(filter(None, (cell.get(part) for part in _PARTS)))
    given = accounts.clean_external_id(external_id, email)
    return Line(
        number=number,
        email=email,
        name=accounts.clean_name(named, email or external_id),
        is_named=bool(named),
        external_id=given,
        role=_role(cell["role"]) if cell.get("role") else None,
        sections=tuple(sections.checked(cell.get("section", ""))),
        leaves=_leaves(cell.get("status", "")),
    )


def _role(word: str) -> Role:
    return _ROLES.get(word.strip().lower()) or courses.role_named(word)


def _leaves(status: str) -> bool:
    """Whether a status says that somebody has left; raises Unprocessable for an unknown one."""
    if (word := status.strip().lower()) not in _HERE | _GONE:
        raise Unprocessable(
            f"{status[:40]!r} is no status; use active or deleted.", errors={"status": "unknown"}
        )
    return word in _GONE
