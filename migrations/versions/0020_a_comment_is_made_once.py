"""a comment that is sent twice is made once"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.add_column("idempotency_keys", sa.Column("comment_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_idempotency_keys_comment_id_comments"),
        "idempotency_keys",
        "comments",
        ["comment_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index("ix_idempotency_keys_comment_id", "idempotency_keys", ["comment_id"])
    _made("submission_id, assignment_id, comment_id")


def _made(columns: str) -> None:
    op.drop_constraint(op.f("ck_idempotency_keys_made"), "idempotency_keys")
    op.create_check_constraint(
        op.f("ck_idempotency_keys_made"), "idempotency_keys", f"num_nonnulls({columns}) = 1"
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.execute("DELETE FROM idempotency_keys WHERE comment_id IS NOT NULL")
    _made("submission_id, assignment_id")
    op.drop_column("idempotency_keys", "comment_id")
