"""Rate limits: counted for each token, told in headers, and kept while Redis is away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.models import Assignment
from tests.support.cast import Person
from tests.support.processes.server import Server, nobody, served
from tests.support.processes.stack import Stack

LOW = {"CHAINRULE_API_LIMIT": "5/minute", "CHAINRULE_SUBMIT_LIMIT": "2/minute"}


@pytest.fixture(scope="module", params=["redis", "redis away"])
def server(
    request: pytest.FixtureRequest, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server with low limits, which nobody has come near: those in a test are new."""
    away = {"CHAINRULE_REDIS_URL": f"redis://{nobody()}/0"} if "away" in request.param else {}
    with served(tmp_path_factory.mktemp("web"), **LOW, **away) as running:
        yield running


def test_requests_past_the_limit_are_told_when_to_come_back(
    server: Server, student: Person
) -> None:
    with server.api(student.token("courses:read")) as api:
        answers = [api.get("/me") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    left = [re.match(r'"api";r=(\d+);t=\d+$', each.headers["ratelimit"]) for each in answers]
    assert [int(found[1]) for found in left if found] == [4, 3, 2, 1, 0, 0]
    assert {each.headers["ratelimit-policy"] for each in answers} == {'"api";q=5;w=60'}
    refusal = answers[-1]
    assert 1 <= int(refusal.headers["retry-after"]) <= 60
    assert refusal.headers["content-type"] == "application/problem+json"
    assert "Wait" in refusal.json()["detail"]


def test_uploads_have_a_limit_of_their_own(
    server: Server, student: Person, assignment: Assignment
) -> None:
    path = f"/assignments/{assignment.id}/submissions"
    with server.api(student.token("submissions:write")) as api:
        answers = [api.post(path, files={"file": ("a.py", b"x = 1\n")}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [202, 202, 429]
        assert answers[0].headers["ratelimit-policy"] == '"api";q=5;w=60, "submit";q=2;w=60'
        assert "was not taken" in answers[-1].json()["detail"]
        assert api.get("/me").status_code == 200


def test_one_token_does_not_use_up_anothers(
    server: Server, student: Person, other_student: Person
) -> None:
    with server.api(student.token("courses:read")) as api:
        assert [api.get("/me").status_code for _ in range(6)][-1] == 429
    with server.api(other_student.token("courses:read")) as api:
        assert api.get("/me").status_code == 200


def test_more_tokens_are_not_more_requests(server: Server, student: Person) -> None:
    answers = []
    for _ in range(6):
        with server.api(student.token("courses:read")) as api:
            answers.append(api.get("/me").status_code)
    assert answers == [200] * 5 + [429]
