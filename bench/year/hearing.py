"""Owns what an LMS hears by webhooks: an endpoint of its own, and what its messages amount to."""

from __future__ import annotations

from typing import Any

from standardwebhooks import Webhook

from bench.year.books import Book
from bench.year.course import Taught
from bench.year.lms import Lms
from tests.support.outside.receiver import Receiver
from tests.support.waiting import wait_for

_PATH = "/lms"
_SETTLING_S = 600.0


class Hearing:
    """An endpoint of the course, and what came to it, each message once by its id."""

    def __init__(self, lms: Lms, taught: Taught, receiver: Receiver) -> None:
        self._lms, self._taught, self._receiver = lms, taught, receiver
        asked = {"title": "The LMS", "url": receiver.url(_PATH)}
        made = lms.post(f"/courses/{taught.id}/webhooks", asked)
        self._at = f"/webhooks/{made['id']}"
        self._verifier = Webhook(lms.get(f"{self._at}/secret")["secret"])

    def faults(self, book: Book) -> list[str]:
        """In words: what was told late or never, or is not as in the gradebook."""
        wait_for(self._all_told, "all webhooks to be delivered", seconds=_SETTLING_S)
        messages = self._messages()
        return [*self._unordered(messages), *self._untrue(messages, book), *self._missed(messages)]

    def _all_told(self) -> bool:
        numbers = self._lms.get(self._at)["deliveries"]
        return not numbers["waiting"]

    def _messages(self) -> list[dict[str, Any]]:
        first: dict[str, dict[str, Any]] = {}
        for one in self._receiver.at(_PATH):
            first.setdefault(one.id, self._verifier.verify(one.body, one.headers))
        return list(first.values())

    def _unordered(self, messages: list[dict[str, Any]]) -> list[str]:
        """Submissions of which a message came after a later one."""
        last: dict[str, str] = {}
        faults = []
        for one in messages:
            submission = one["data"].get("submission", {}).get("id")
            if submission and one["timestamp"] < last.get(submission, ""):
                faults.append(f"{submission} was told of in another order")
            if submission:
                last[submission] = one["timestamp"]
        return faults

    def _untrue(self, messages: list[dict[str, Any]], book: Book) -> list[str]:
        """Grades that are not what was told of them last."""
        told: dict[tuple[int, str], dict[str, Any]] = {}
        for one in messages:
            if one["type"] == "grade.changed":
                (student,) = one["data"]["students"]
                told[one["data"]["assignment"]["id"], student["sis_user_id"]] = one["data"]["grade"]
        faults = []
        for number, (scores, _) in book.items():
            for assignment, score in zip(self._taught.assignments, scores, strict=True):
                grade = told.get((assignment, number), {"score": None, "excused": False})
                heard = None if grade["excused"] else grade["score"]
                if heard != score:
                    faults.append(f"{number} in {assignment}: {score}, and was told {heard}")
        return faults

    def _missed(self, messages: list[dict[str, Any]]) -> list[str]:
        """Hand-ins of which nobody was told."""
        told = {one["data"]["submission"]["id"] for one in messages if "submission" in one["data"]}
        return [f"{one} was never told of" for one in self._taught.receipts if one not in told]
