"""Nobody asks for more pages than a person can, and what was sent meanwhile is kept."""

from __future__ import annotations

from pathlib import Path

import httpx

from app.models import Assignment
from tests.support.cast import Person
from tests.support.processes.server import served


def test_one_page_too_many_is_told_when_to_come_back_and_others_notice_nothing(
    student: Person, other_student: Person, assignment: Assignment, tmp_path: Path
) -> None:
    with served(tmp_path, CHAINRULE_PAGE_LIMIT="3/minute") as server:
        browsers = [
            httpx.Client(base_url=server.url, cookies=person.cookie, trust_env=False, verify=False)
            for person in (student, other_student)
        ]
        with browsers[0] as mine, browsers[1] as theirs:
            answers = [mine.get("/account") for _ in range(4)]
            assert [answer.status_code == 429 for answer in answers] == [False] * 3 + [True]
            assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
            assert "Wait" in answers[-1].text
            assert "Try again" in answers[-1].text
            sent = mine.post(
                f"/assignments/{assignment.id}/submissions", data={"code": "x = 'mine'"}
            )
            assert sent.status_code == 429
            assert "nothing is lost" in sent.text
            assert "x = &#39;mine&#39;" in sent.text
            assert theirs.get("/account").status_code == 200
