"""a course has sections, tutors who see theirs, and extensions for them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("course_id", "title"),
    )
    op.create_table(
        "section_members",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("section_id", "user_id"),
    )
    op.create_index("ix_section_members_user_id", "section_members", ["user_id"])
    _roles("student", "tutor", "assistant", "instructor")
    op.alter_column("extensions", "user_id", nullable=True)
    op.add_column("extensions", sa.Column("section_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_extensions_section_id_sections"),
        *("extensions", "sections", ["section_id"], ["id"]),
        ondelete="CASCADE",
    )
    op.create_index("ix_extensions_section_id", "extensions", ["section_id"])
    op.create_unique_constraint(
        "uq_extensions_section", "extensions", ["assignment_id", "section_id"]
    )
    op.create_check_constraint(
        op.f("ck_extensions_whose"), "extensions", "(user_id IS NULL) <> (section_id IS NULL)"
    )


def _roles(*roles: str) -> None:
    op.drop_constraint(op.f("ck_enrolments_role"), "enrolments")
    there = ", ".join(f"'{role}'" for role in roles)
    op.create_check_constraint(op.f("ck_enrolments_role"), "enrolments", f"role IN ({there})")


def downgrade() -> None:
    """Take it back to the one before; who saw a section only is a student then."""
    op.execute("DELETE FROM extensions WHERE section_id IS NOT NULL")
    op.drop_constraint(op.f("ck_extensions_whose"), "extensions")
    op.drop_column("extensions", "section_id")
    op.alter_column("extensions", "user_id", nullable=False)
    op.execute("UPDATE enrolments SET role = 'student' WHERE role = 'tutor'")
    _roles("student", "assistant", "instructor")
    op.drop_table("section_members")
    op.drop_table("sections")
