"""Runs the migrations against the database of the settings."""

from alembic import context

from app.infrastructure.database import be_patient, engine
from app.models import Base


def run() -> None:
    """Upgrade within one transaction, one process at a time."""
    with engine().connect() as connection:
        be_patient(connection)
        context.configure(
            connection=connection, target_metadata=Base.metadata, transaction_per_migration=True
        )
        with context.begin_transaction():
            # Several services may start at once: one migrates, the rest wait and find it done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(726173)")
            context.run_migrations()


run()
