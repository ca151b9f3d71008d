"""hints in steps, and which of them somebody has looked at"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.add_column(
        "assignments",
        sa.Column("hints_in_steps", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "hint_looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("step BETWEEN 1 AND 3", name="step"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "slug", "step"),
    )


def downgrade() -> None:
    """Take it back to the one before; who looked at which hint when is lost with the table."""
    op.drop_table("hint_looks")
    op.drop_column("assignments", "hints_in_steps")
