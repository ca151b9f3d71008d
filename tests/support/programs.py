"""Owns programs in tests: service accounts that were made by API, and clients with their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx

from app.identity.authentication import SCOPES
from app.models import Course
from tests.support.cast import Person

ALL = [scope for scope in SCOPES if scope != "submissions:write"]
"""What a service account can have."""


@dataclass(frozen=True)
class Program:
    """A service account, and who looks after it."""

    maker: Person
    id: int

    @classmethod
    def of(cls, maker: Person, course: Course | None, name: str = "Moodle") -> Program:
        """A new one, for a course or for None the whole site."""
        where = f"/courses/{course.id}/service-accounts" if course else "/service-accounts"
        made = maker.api.post(where, json={"name": name})
        assert made.status_code == 201, made.text
        return cls(maker, made.json()["id"])

    @property
    def at(self) -> str:
        """Where it is, below /api/v1."""
        return f"/service-accounts/{self.id}"

    def token(self, *scopes: str, **more: Any) -> str:
        """A new token of it."""
        wanted = {"name": "nightly", "scopes": list(scopes), **more}
        made = self.maker.api.post(f"{self.at}/tokens", json=wanted)
        assert made.status_code == 201, made.text
        return str(made.json()["token"])

    @cached_property
    def api(self) -> httpx.Client:
        """A client with all scopes that it can have."""
        return self.api_with(*ALL)

    def api_with(self, *scopes: str) -> httpx.Client:
        """A client whose token has just these scopes."""
        return self.maker.client_of(self.token(*scopes))

    def set_active(self, active: bool) -> httpx.Response:
        """Close it, or open it again."""
        match = {"If-Match": self.maker.api.get(self.at).headers["etag"]}
        return self.maker.api.patch(self.at, json={"active": active}, headers=match)
