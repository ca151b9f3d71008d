"""Owns the cast: people who are new in each test, with a browser session and an API token each."""

from __future__ import annotations

import itertools
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache

import httpx

from app.http.dependencies import cookie_name
from app.identity import authentication, passwords
from app.infrastructure import database
from app.models import Assignment, Course, Role, User
from app.teaching import assignments, courses
from app.teaching.drafts import Draft
from graders.exercises import COURSE_TEXT
from tests.support import rows

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)
_UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # or each client would make one


@lru_cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)  # made once: each costs as long as an attacker's guess


class Person:
    """Somebody with an account. `web` is signed in as a browser is, `api` holds a token."""

    def __init__(self, user: User, url: str, scopes: list[str], closing: ExitStack) -> None:
        self.user = user
        self.email = user.email
        self.password = PASSWORD
        self._url = url
        self._scopes = scopes
        self._closing = closing

    @cached_property
    def cookie(self) -> dict[str, str]:
        """A sign-in of this person's, as a browser keeps it."""
        return {cookie_name(): rows.sign_in(self.user.id)}

    @cached_property
    def web(self) -> httpx.Client:
        """A client that is signed in like a browser; it does not follow redirects."""
        return self._client(self._url, cookies=self.cookie)

    @cached_property
    def api(self) -> httpx.Client:
        """A client of /api/v1 with the scopes that are usual for this person's role."""
        return self.api_with(*self._scopes)

    def api_with(self, *scopes: str, course_id: int | None = None) -> httpx.Client:
        """A client of /api/v1 whose token has just these scopes."""
        return self.client_of(self.token(*scopes, course_id=course_id))

    def client_of(self, token: str) -> httpx.Client:
        """A client of /api/v1 that sends this token, whoever's it is."""
        return self._client(self._url + "/api/v1", headers={"Authorization": f"Bearer {token}"})

    def token(self, *scopes: str, course_id: int | None = None) -> str:
        """A new bearer token with these scopes."""
        return rows.token(self.user.id, list(scopes), course_id)

    def _client(
        self,
        url: str,
        *,
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Client:
        client = httpx.Client(
            base_url=url,
            cookies=cookies,
            headers=headers,
            timeout=60,
            trust_env=False,
            verify=_UNUSED,
        )
        return self._closing.enter_context(client)


class Cast:
    """Makes people and enrols them."""

    STUDENT_SCOPES = ["courses:read", "submissions:read", "submissions:write"]

    def __init__(self, url: str, closing: ExitStack) -> None:
        self._url = url
        self._closing = closing

    def person(
        self,
        name: str,
        course: Course | None = None,
        role: Role = Role.STUDENT,
        *,
        is_admin: bool = False,
    ) -> Person:
        """A new account, in `course` with `role` where one is given."""
        email = f"{name.lower().replace(' ', '.')}.{next(_numbers)}@cast.example"
        course_id = course.id if course else None
        user = rows.person(
            email, name, _password_hash(), is_admin=is_admin, course_id=course_id, role=role
        )
        teaches = role is not Role.STUDENT or user.is_admin
        scopes = list(authentication.SCOPES) if teaches else self.STUDENT_SCOPES
        return Person(user, self._url, scopes, self._closing)

    def course(self, title: str = "Deep learning") -> Course:
        """A new course."""
        with database.session() as session:
            course = courses.add(session, f"course-{next(_numbers)}", title)
            session.commit()
        return course

    def assignment(self, course: Course, **draft: object) -> Assignment:
        """A new open assignment: all seven exercises, 10 points each, unless `draft` says else."""
        fields = {"title": "Backpropagation", "points": dict.fromkeys(COURSE_TEXT, 10.0), **draft}
        with database.session() as session:
            made = assignments.create(session, course.id, Draft(**fields))  # type: ignore[arg-type]
            session.commit()
        return made


@contextmanager
def cast_of(url: str) -> Iterator[Cast]:
    """A cast whose clients are closed at the end."""
    with ExitStack() as closing:
        yield Cast(url, closing)
