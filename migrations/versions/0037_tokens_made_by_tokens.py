"""a token that another one made is revoked together with that"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision; which tokens made which before is not known."""
    op.add_column("api_tokens", sa.Column("made_by_token_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_api_tokens_made_by_token_id_api_tokens"),
        "api_tokens",
        "api_tokens",
        ["made_by_token_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_api_tokens_made_by_token_id"), "api_tokens", ["made_by_token_id"])


def downgrade() -> None:
    """Take this revision back; tokens that tokens made then outlive them."""
    op.drop_column("api_tokens", "made_by_token_id")
