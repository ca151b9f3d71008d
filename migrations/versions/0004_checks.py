"""checks without handing in"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.add_column(
        "submissions",
        sa.Column(
            "kind",
            sa.Enum(
                "hand-in",
                "check",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            server_default="hand-in",
            nullable=False,
        ),
    )
    op.drop_constraint(
        op.f("uq_submissions_assignment_id_user_id_attempt"), "submissions", type_="unique"
    )
    op.create_index(
        "uq_submissions_attempt",
        "submissions",
        ["assignment_id", "user_id", "attempt"],
        unique=True,
        postgresql_where=sa.text("kind = 'hand-in'"),
    )
    op.create_index(
        "ix_submissions_checks",
        "submissions",
        ["submitted_at"],
        postgresql_where=sa.text("kind = 'check'"),
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.execute("DELETE FROM submissions WHERE kind = 'check'")
    op.drop_index("ix_submissions_checks", table_name="submissions")
    op.drop_index("uq_submissions_attempt", table_name="submissions")
    op.create_unique_constraint(
        op.f("uq_submissions_assignment_id_user_id_attempt"),
        "submissions",
        ["assignment_id", "user_id", "attempt"],
    )
    op.drop_column("submissions", "kind")
