"""whoever teaches a course looks at it as a student does"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_LINKS = {"student_view_course_id": "courses", "student_view_user_id": "users"}


def upgrade() -> None:
    """Bring the database to this revision."""
    for column, table in _LINKS.items():
        op.add_column("sign_ins", sa.Column(column, sa.Integer(), nullable=True))
        name = op.f(f"fk_sign_ins_{column}_{table}")
        op.create_foreign_key(name, "sign_ins", table, [column], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    """Take it back to the one before: every student view ends, and nothing else is lost."""
    for column in _LINKS:
        op.drop_column("sign_ins", column)
