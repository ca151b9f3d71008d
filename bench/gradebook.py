"""`python -m bench.gradebook`: how long pages of a large course take, beside a trivial page.

The course is put into the database directly: 1,000 students, 20 assignments, 100,000 attempts.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from sqlalchemy import text

from app.infrastructure import database
from app.models import Course, Role
from tests.conftest import forget_settings
from tests.support.cast import Person, cast_of
from tests.support.processes.stack import Stack, descendants

SEED = """
INSERT INTO users (email, name)
  SELECT 'student' || n || '@bench.example', 'Student ' || lpad(n::text, 5, '0')
  FROM generate_series(1, :students) n;
INSERT INTO enrolments (course_id, user_id, role)
  SELECT :course, id, 'student' FROM users WHERE email LIKE '%@bench.example';
INSERT INTO assignments (course_id, title, due_at)
  SELECT :course, 'Sheet ' || n, now() + (n - 10) * interval '7 days'
  FROM generate_series(1, :assignments) n;
INSERT INTO assignment_exercises (assignment_id, position, slug, points)
  SELECT a.id, p.place - 1, p.slug, 10 FROM assignments a,
    unnest(ARRAY['addition','product','sum','sigmoid','dot-product','matrix-vector-product',
      'composition']) WITH ORDINALITY AS p (slug, place) WHERE a.course_id = :course;
INSERT INTO sources (sha256, content, size) VALUES ('bench', 'x = 1', 5);
ALTER TABLE submissions DISABLE TRIGGER USER;
INSERT INTO submissions (id, assignment_id, user_id, submitted_by_id, attempt, filename, sha256,
    seed, submitted_at, status, graded_at, score, max_score, grader_version)
  SELECT gen_random_uuid(), a.id, u.id, u.id, n, 'mine.py', 'bench', 'seed',
    a.due_at - interval '3 days' + random() * interval '4 days', 'graded', now(),
    round((random() * 70)::numeric, 1), 70, '1'
  FROM assignments a, users u, generate_series(1, :attempts) n
  WHERE a.course_id = :course AND u.email LIKE '%@bench.example';
ALTER TABLE submissions ENABLE TRIGGER USER;
ALTER TABLE attempt_members DISABLE TRIGGER USER;
INSERT INTO attempt_members (submission_id, user_id, assignment_id)
  SELECT id, user_id, assignment_id FROM submissions WHERE sha256 = 'bench';
ALTER TABLE attempt_members ENABLE TRIGGER USER;
SELECT keep_grade(a.id, u.id) FROM assignments a, users u
  WHERE a.course_id = :course AND u.email LIKE '%@bench.example';
"""


def main() -> None:
    """Seed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--assignments", type=int, default=20)
    parser.add_argument("--attempts", type=int, default=5, help="of each student at each")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="chainrule-bench-") as folder:
        stack = Stack(Path(folder) / "data", CHAINRULE_PAGE_LIMIT="1000000/minute").start()
        try:
            os.environ.update(stack.environment)
            forget_settings()
            with cast_of(stack.url) as cast:
                course = cast.course()
                teacher = cast.person("Ines Instructor", course, Role.INSTRUCTOR)
                seed(course, options)
                _measure(stack, teacher, course, options.rounds)
        finally:
            stack.stop()


def seed(course: Course, options: argparse.Namespace) -> None:
    """Put students, assignments and attempts into a course, so many as the options say."""
    began = time.perf_counter()
    sizes = {name: getattr(options, name) for name in ("students", "assignments", "attempts")}
    with database.session() as session:
        database.be_patient(session.connection())
        for statement in SEED.split(";\n")[:-1]:
            named = {
                n: v for n, v in {"course": course.id, **sizes}.items() if f":{n}" in statement
            }
            session.execute(text(statement), named)
        session.commit()
    with database.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    number = options.students * options.assignments * options.attempts
    print(f"{options.students} students x {options.assignments} assignments, {number} attempts,")
    print(f"seeded in {time.perf_counter() - began:.1f} s\n")


def _measure(stack: Stack, teacher: Person, course: Course, rounds: int) -> None:
    with database.session() as session:
        columns = "SELECT min(id) FROM assignments WHERE course_id = :course"
        sheet = session.scalar(text(columns), {"course": course.id})
        columns = "SELECT min(id) FROM users WHERE email LIKE '%@bench.example'"
        student = session.scalar(text(columns))
    book = f"/courses/{course.id}/gradebook"
    pages = {
        "a trivial page: one's account": "/account",
        "gradebook, first view": book,
        "gradebook, all rows": f"{book}?rows=all",
        "gradebook, searched": f"{book}?q=00042",
        "gradebook, late and under half": f"{book}?mark=late&mark=failing&assignment={sheet}",
        "gradebook, by total": f"{book}?sort=-total",
        "gradebook as CSV": f"{book}.csv",
        "course, as staff": f"/courses/{course.id}",
        "assignment, as staff": f"/assignments/{sheet}",
        "one grade": f"/assignments/{sheet}/grades/{student}",
        "one student's grades": f"/courses/{course.id}/grades/{student}",
        "appeals": f"/courses/{course.id}/appeals",
        "analytics": f"/courses/{course.id}/analytics",
        "log": f"/courses/{course.id}/log",
    }
    print(f"{'page':<34}{'median':>10}{'least':>10}{'ratio':>9}{'CPU':>10}{'size':>11}")
    trivial = 0.0
    for name, path in pages.items():
        least = _say(stack, teacher.web, name, path, rounds, trivial)
        trivial = trivial or least
    _export(teacher.web, course)


def _export(web: httpx.Client, course: Course) -> None:
    """How long exports take: sent at once, and made in the background; and a page beside them."""
    at = f"/courses/{course.id}"
    print(f"\n{'export':<34}{'seconds':>10}{'a trivial page meanwhile':>30}")
    for name, what in {"everybody's grades": "grades.csv", "all hand-ins": "hand-ins"}.items():
        direct = at + ("/hand-ins.zip" if what == "hand-ins" else f"/{what}")
        with ThreadPoolExecutor(1) as beside:
            _say_export(f"{name}, sent at once", web, beside.submit(web.get, direct, timeout=600))
            made = beside.submit(_made, web, at, what)
            _say_export(f"{name}, in the background", web, made)


def _made(web: httpx.Client, at: str, what: str) -> None:
    """Have an export made, and wait for it."""
    web.post(f"{at}/exports", data={"what": what})
    while 'data-settled="no"' in web.get(f"{at}/exports/panel").text:
        time.sleep(0.5)


def _say_export(name: str, web: httpx.Client, made: Future[Any]) -> None:
    began, seconds = time.perf_counter(), []
    while not made.done():
        asked = time.perf_counter()
        web.get("/account")
        seconds.append(time.perf_counter() - asked)
        time.sleep(0.05)
    made.result()
    meanwhile = f"median {1000 * median(seconds):.0f} ms, most {1000 * max(seconds):.0f} ms"
    print(f"{name:<34}{time.perf_counter() - began:>8.1f} s{meanwhile:>30}", flush=True)


def _cpu_s(stack: Stack) -> float:
    """What web and Postgres have used of the processors by now."""
    those = [stack.pids()[name] for name in ("web", "postgres")]
    ticks = 0
    for pid in [one for top in those for one in (top, *descendants(top))]:
        with suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _say(
    stack: Stack, web: httpx.Client, name: str, path: str, rounds: int, trivial: float
) -> float:
    """Measure a page, print it, and give its least time; `trivial` is that of a trivial one."""
    seconds, size = [], 0
    used = _cpu_s(stack)
    for _ in range(rounds + 2):
        began = time.perf_counter()
        answer = web.get(path)
        seconds.append(time.perf_counter() - began)
        assert answer.status_code == 200, (path, answer.status_code)
        size = len(answer.content)
    milliseconds = [1000 * one for one in seconds[2:]]
    middle, least = median(milliseconds), min(milliseconds)
    cpu = 1000 * (_cpu_s(stack) - used) / (rounds + 2)
    ratio = least / (trivial or least)
    times = f"{middle:>7.0f} ms{least:>7.0f} ms{ratio:>9.1f}{cpu:>7.0f} ms"
    print(f"{name:<34}{times}{size / 1000:>8.0f} kB", flush=True)
    return least


if __name__ == "__main__":
    main()
