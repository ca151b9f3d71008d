"""Owns what the database says: each change of a status as it was committed, and what came of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection

import psycopg
from sqlalchemy import make_url

from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

Row = tuple[object, ...]
_WATCH = """
CREATE TABLE IF NOT EXISTS transitions (
    id bigserial PRIMARY KEY, submission uuid, old text, new text,
    at timestamptz DEFAULT clock_timestamp());
CREATE OR REPLACE FUNCTION note_transition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO transitions (submission, old, new) VALUES (NEW.id, OLD.status, NEW.status);
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER transitions AFTER UPDATE OF status ON submissions
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.assignment_id = {0:d})
    EXECUTE FUNCTION note_transition();
"""
_FORGET = "DROP FUNCTION IF EXISTS note_transition CASCADE; DROP TABLE IF EXISTS transitions"
_ALLOWED = {
    ("queued", "running"),
    ("running", "queued"),  # given back: nothing was told to anybody but that it waits again
    ("running", "graded"),
    ("running", "failed"),
}


class Record:
    """Looks at the demo's assignment in the stack's database; waits while Postgres is away."""

    def __init__(self, stack: Stack) -> None:
        url = make_url(stack.environment["CHAINRULE_DATABASE_URL"])
        self._where = {"host": str(url.query["host"]), "user": url.username, "dbname": url.database}
        self._assignment = stack.demo.assignment_id
        with self._connect() as connection:
            connection.execute(_WATCH.format(self._assignment))

    def rows(self, query: str, *values: object) -> list[Row]:
        """What a query finds, asked again until Postgres answers."""

        def ask() -> list[list[Row]]:
            try:
                with self._connect() as connection:
                    return [connection.execute(query, values).fetchall()]
            except psycopg.OperationalError:
                return []

        return wait_for(ask, query, seconds=60)[0]

    def open(self) -> set[str]:
        """The submissions that wait or are being graded."""
        found = self.rows(
            "SELECT id FROM submissions WHERE status IN ('queued', 'running') "
            "AND assignment_id = %s",
            self._assignment,
        )
        return {str(row[0]) for row in found}

    def settled_at(self, submissions: Collection[str]) -> float | None:
        """When the last of these was settled, by the machine's clock; None while one is open."""
        count, last = self.rows(
            "SELECT count(*), extract(epoch FROM max(graded_at))::float8 FROM submissions "
            "WHERE id = ANY(%s::uuid[]) AND status IN ('graded', 'failed')",
            list(submissions),
        )[0]
        return float(str(last)) if count == len(submissions) else None

    def scores(self) -> dict[str, Row]:
        """Status, score and a digest of all reports, by submission."""
        found = self.rows(
            "SELECT s.id, s.status, s.score, count(r.id), md5(string_agg(r.report::text, '' "
            "ORDER BY r.position)) FROM submissions s LEFT JOIN exercise_results r "
            "ON r.submission_id = s.id WHERE s.assignment_id = %s GROUP BY s.id",
            self._assignment,
        )
        return {str(row[0]): row[1:] for row in found}

    def faults(self) -> list[str]:
        """What was against the rules, in words: gradings that doubled, statuses that went back."""
        seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
        faults = []
        for submission, old, new in self.rows(
            "SELECT submission, old, new FROM transitions ORDER BY id"
        ):
            if (old, new) not in _ALLOWED:
                faults.append(f"{submission} went from {old} to {new}")
            seen[str(submission)][str(new)] += 1
        faults += [
            f"{one} was graded {c['graded']} times" for one, c in seen.items() if c["graded"] > 1
        ]
        return faults

    def claims(self) -> Counter[int]:
        """How many submissions took how many claims."""
        found = self.rows(
            "SELECT claims, count(*) FROM submissions WHERE assignment_id = %s GROUP BY claims",
            self._assignment,
        )
        return Counter(dict(found))  # type: ignore[arg-type]

    def forget(self) -> None:
        """Note no more transitions, and keep none."""
        with self._connect() as connection:
            connection.execute(_FORGET)

    def grade_all_again(self) -> None:
        """Queue everything as a regrade, on the same seeds."""
        with self._connect() as connection:
            connection.execute(
                "UPDATE submissions SET status = 'queued', priority = 10, claims = 0 "
                "WHERE assignment_id = %s",
                (self._assignment,),
            )

    def _connect(self) -> psycopg.Connection[Row]:
        return psycopg.connect(**self._where)  # type: ignore[arg-type]
