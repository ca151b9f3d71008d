"""of a look at a hint, who of a team it was"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision; who looked before it handed the file in alone."""
    op.add_column("hint_looks", sa.Column("user_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE hint_looks SET user_id = submissions.user_id FROM submissions"
        " WHERE submissions.id = hint_looks.submission_id"
    )
    op.alter_column("hint_looks", "user_id", nullable=False)
    name = op.f("fk_hint_looks_user_id_users")
    op.create_foreign_key(name, "hint_looks", "users", ["user_id"], ["id"])


def downgrade() -> None:
    """Take it back to the one before; who of a team looked is lost with the column."""
    op.drop_column("hint_looks", "user_id")
