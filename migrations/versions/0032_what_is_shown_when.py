"""when students see which checks, their feedback and the score; the points of each family"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_PARTS = """
CREATE FUNCTION points_by_family(report jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_object_agg(family, jsonb_build_array(points, most)) FROM (
        SELECT one ->> 'family' AS family, sum((one ->> 'points')::numeric) AS points,
            sum((one ->> 'max_points')::numeric) AS most
        FROM jsonb_array_elements(
            CASE jsonb_typeof(report -> 'checks') WHEN 'array' THEN report -> 'checks' END
        ) AS checks(one)
        WHERE one ? 'max_points' AND one ->> 'family' IS NOT NULL
        GROUP BY one ->> 'family'
    ) AS families
$$
"""


def upgrade() -> None:
    """Bring the database to this revision."""
    op.execute(_PARTS)
    op.execute(
        "ALTER TABLE exercise_results"
        " ADD COLUMN parts jsonb GENERATED ALWAYS AS (points_by_family(report)) STORED"
    )
    op.add_column(
        "assignments",
        sa.Column("shown", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
    )
    meanwhile = sa.Column("meanwhile", sa.String(16), server_default="part", nullable=False)
    op.add_column("assignments", meanwhile)
    op.create_check_constraint(
        op.f("ck_assignments_meanwhile"), "assignments", "meanwhile IN ('part', 'none')"
    )
    op.add_column(
        "assignments", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Take it back to the one before: students see everything at once, as they did.

    What was set is lost with the columns; the log keeps it.
    """
    op.drop_constraint(op.f("ck_assignments_meanwhile"), "assignments")
    for name in ("released_at", "meanwhile", "shown"):
        op.drop_column("assignments", name)
    op.drop_column("exercise_results", "parts")
    op.execute("DROP FUNCTION points_by_family(jsonb)")
