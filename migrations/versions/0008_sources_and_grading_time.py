"""equal files are stored once; how much of the workers' time each person has used"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "sources",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "stored_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_sources")),
    )
    op.execute(
        "UPDATE submissions SET sha256 = encode(sha256(source), 'hex') "
        "WHERE sha256 <> encode(sha256(source), 'hex')"
    )
    op.execute(
        "INSERT INTO sources (sha256, content, size) "
        "SELECT DISTINCT ON (sha256) sha256, source, octet_length(source) FROM submissions"
    )
    op.drop_column("submissions", "source")
    op.create_foreign_key(
        op.f("fk_submissions_sha256_sources"), "submissions", "sources", ["sha256"], ["sha256"]
    )
    op.create_index(op.f("ix_submissions_sha256"), "submissions", ["sha256"])
    op.create_table(
        "grading_time",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_grading_time_user_id_users")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_grading_time")),
    )
    op.drop_index("ix_submissions_queue", "submissions")
    op.drop_column("submissions", "turn")
    _index_queue("priority", "queued_at")


def _index_queue(*columns: str) -> None:
    op.create_index(
        "ix_submissions_queue",
        "submissions",
        list(columns),
        postgresql_where=sa.text("status = 'queued'"),
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_index("ix_submissions_queue", "submissions")
    op.add_column(
        "submissions", sa.Column("turn", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    _index_queue("priority", "turn", "queued_at")
    op.drop_table("grading_time")
    op.add_column("submissions", sa.Column("source", sa.LargeBinary(), nullable=True))
    op.execute(
        "UPDATE submissions SET source = content FROM sources "
        "WHERE sources.sha256 = submissions.sha256"
    )
    op.alter_column("submissions", "source", nullable=False)
    op.drop_index(op.f("ix_submissions_sha256"), "submissions")
    op.drop_constraint(op.f("fk_submissions_sha256_sources"), "submissions", type_="foreignkey")
    op.drop_table("sources")
