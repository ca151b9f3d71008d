"""what numbers about a class ask of a report, in columns beside it

Postgres reads them off each report, those that are there already as well.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_CHECKS = """
CREATE FUNCTION checks_that(report jsonb, stood text) RETURNS varchar[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg((one ->> 'family') || '/' || (one ->> 'name') ORDER BY place)
    FROM jsonb_array_elements(
        CASE jsonb_typeof(report -> 'checks') WHEN 'array' THEN report -> 'checks' END
    ) WITH ORDINALITY AS checks(one, place)
    WHERE one ->> 'status' = stood
$$
"""


def upgrade() -> None:
    """Bring the database to this revision."""
    op.execute(_CHECKS)
    op.execute(  # at once, as each by itself would write the whole table anew
        "ALTER TABLE exercise_results"
        " ADD COLUMN misconception varchar"
        " GENERATED ALWAYS AS (report #>> '{diagnosis,name}') STORED,"
        " ADD COLUMN passed varchar[] GENERATED ALWAYS AS (checks_that(report, 'passed')) STORED,"
        " ADD COLUMN failed varchar[] GENERATED ALWAYS AS (checks_that(report, 'failed')) STORED"
    )
    op.create_index(
        "ix_exercise_results_misconception",
        "exercise_results",
        ["misconception", "slug", "submission_id"],
        postgresql_where=sa.text("misconception IS NOT NULL"),
    )
    op.create_index(
        "ix_exercise_results_full",
        "exercise_results",
        ["submission_id", "slug"],
        postgresql_where=sa.text("score >= max_score"),
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_index("ix_exercise_results_full", "exercise_results")
    op.drop_index("ix_exercise_results_misconception", "exercise_results")
    for name in ("failed", "passed", "misconception"):
        op.drop_column("exercise_results", name)
    op.execute("DROP FUNCTION checks_that(jsonb, text)")
