"""whether checks are free, counted or off"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.add_column(
        "assignments",
        sa.Column(
            "checks",
            sa.Enum(
                "free",
                "counted",
                "off",
                name="checks",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            server_default="free",
            nullable=False,
        ),
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_column("assignments", "checks")
