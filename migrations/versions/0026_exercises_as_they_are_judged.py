"""what a run has judged is kept until the submission is settled"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "early_results",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=False),
        sa.Column("report", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column(
            "judged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("submission_id", "slug"),
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_table("early_results")
