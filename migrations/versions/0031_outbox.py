"""mails with password links wait in an outbox"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "mails",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("due_at", moment, server_default=sa.func.now(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", moment, nullable=True),
        sa.Column(
            "delivery",
            sa.String(length=16),
            server_default=sa.text("'waiting'"),
            nullable=False,
        ),
        sa.Column("settled_at", moment, nullable=True),
        sa.Column("said", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint(
            "delivery IN ('waiting', 'sent', 'failed', 'needless')",
            name=op.f("ck_mails_delivery"),
        ),
        sa.ForeignKeyConstraint(["link_id"], ["password_links.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mails_link_id", "mails", ["link_id"])
    op.create_index(
        "ix_mails_waiting", "mails", ["due_at"], postgresql_where=sa.text("delivery = 'waiting'")
    )
    op.create_index("ix_mails_settled", "mails", ["settled_at"])


def downgrade() -> None:
    """Take this revision back; mails that wait are not sent, and their links are still listed."""
    op.drop_table("mails")
