"""a course has a term; the log outlives courses and assignments that were empty and are deleted"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LINKS = {"course_id": "courses", "assignment_id": "assignments"}


def upgrade() -> None:
    """Bring the database to this revision."""
    op.add_column(
        "courses", sa.Column("term", sa.String(), server_default=sa.text("''"), nullable=False)
    )
    for column, table in _LINKS.items():
        op.drop_constraint(
            f"fk_audit_entries_{column}_{table}", "audit_entries", type_="foreignkey"
        )


def downgrade() -> None:
    """Take this revision back; what the log says of deleted things stays, without a link."""
    for column, table in _LINKS.items():
        op.create_foreign_key(
            f"fk_audit_entries_{column}_{table}",
            "audit_entries",
            table,
            [column],
            ["id"],
            postgresql_not_valid=True,
        )
    op.drop_column("courses", "term")
