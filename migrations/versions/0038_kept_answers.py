"""what a program was answered whose request had a key is kept for a day"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision.

    What programs sent with a key within the last day is forgotten: sent again, it is done again.
    """
    op.execute("DELETE FROM idempotency_keys WHERE key !~ '^form [0-9a-f]{64}$'")
    op.drop_column("idempotency_keys", "digest")
    op.create_table(
        "kept_answers",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_kept_answers_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_created_at"), "kept_answers", ["created_at"])


def downgrade() -> None:
    """Take this revision back; what was answered is forgotten, as it is by the way up."""
    op.drop_table("kept_answers")
    op.add_column("idempotency_keys", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.execute("UPDATE idempotency_keys SET digest = decode(substr(key, 6), 'hex')")
    op.alter_column("idempotency_keys", "digest", nullable=False)
