"""one spelling of an address; a key of a form can have made an assignment"""

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEYS = "idempotency_keys"
_UNIQUE = (("users", "email"), ("users", "external_id"), ("courses", "code"))


def upgrade() -> None:
    """Bring the database to this revision."""
    for table, column in _UNIQUE:
        _compose(sa.table(table, sa.column("id"), sa.column(column)), column)
    op.alter_column(_KEYS, "submission_id", nullable=True)
    op.add_column(_KEYS, sa.Column("assignment_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_idempotency_keys_assignment_id"), _KEYS, ["assignment_id"])
    op.create_foreign_key(
        op.f("fk_idempotency_keys_assignment_id_assignments"),
        _KEYS,
        "assignments",
        ["assignment_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_idempotency_keys_made"), _KEYS, "num_nonnulls(submission_id, assignment_id) = 1"
    )


def _compose(table: sa.TableClause, column: str) -> None:
    """Compose the letters of every value, but of those that two rows would then have in common.

    Two people may use such accounts, so both stay; each is still found by its own spelling.
    """
    rows = op.get_bind().execute(sa.select(table.c.id, table.c[column])).all()
    same = defaultdict(list)
    for number, value in rows:
        if value is not None:
            same[_spelt(value).lower()].append((number, value))
    for spellings in same.values():
        ((number, value), *others) = spellings
        if others:
            ids = ", ".join(str(one) for one, _ in sorted(spellings))
            print(f"{table.name} {ids} have one {column} in two spellings", file=sys.stderr)
        elif _spelt(value) != value:
            op.execute(table.update().where(table.c.id == number).values({column: _spelt(value)}))


def _spelt(value: str) -> str:
    return unicodedata.normalize("NFC", value)


def downgrade() -> None:
    """Take it back to the one before, which takes any spelling."""
    op.drop_constraint(op.f("ck_idempotency_keys_made"), _KEYS)
    op.execute("DELETE FROM idempotency_keys WHERE submission_id IS NULL")
    op.drop_column(_KEYS, "assignment_id")
    op.alter_column(_KEYS, "submission_id", nullable=False)
