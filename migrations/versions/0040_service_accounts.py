"""programs have accounts of their own, beside people"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
_CHECKS = {
    "people_have_email": "(kind = 'person') = (email IS NOT NULL)",
    "no_sign_in": "kind = 'person' OR (external_id IS NULL AND password_hash IS NULL)",
    "course_of_service": "kind = 'service' OR course_id IS NULL",
}


def upgrade() -> None:
    """Bring the database to this revision: everybody who is there is a person."""
    op.add_column("users", sa.Column("kind", sa.String(), server_default="person", nullable=False))
    op.add_column("users", sa.Column("course_id", sa.Integer(), nullable=True))
    op.alter_column("users", "email", existing_type=sa.String(), nullable=True)
    name = op.f("fk_users_course_id_courses")
    op.create_foreign_key(name, "users", "courses", ["course_id"], ["id"], ondelete="SET NULL")
    op.create_index(op.f("ix_users_course_id"), "users", ["course_id"])
    for check, rule in _CHECKS.items():
        op.create_check_constraint(op.f(f"ck_users_{check}"), "users", rule)
    op.create_index(
        "uq_users_service_name",
        "users",
        [sa.text("coalesce(course_id, 0)"), sa.text("lower(name)")],
        unique=True,
        postgresql_where=sa.text("kind = 'service' AND active"),
    )


def downgrade() -> None:
    """Take it back: each service account becomes a closed account with an address of nobody's.

    What it did stays its own, and its tokens work no more. For which course it was is lost.
    """
    op.drop_index("uq_users_service_name", "users")
    for check in _CHECKS:
        op.drop_constraint(op.f(f"ck_users_{check}"), "users")
    op.execute(
        "UPDATE users SET email = 'service-account-' || id || '@invalid', active = false,"
        " is_admin = false WHERE kind = 'service'"
    )
    op.drop_column("users", "course_id")
    op.alter_column("users", "email", existing_type=sa.String(), nullable=False)
    op.drop_column("users", "kind")
