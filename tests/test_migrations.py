"""Migrations follow one another in one line, numbered in the order in which they run."""

from __future__ import annotations

from importlib.resources import files

from alembic.config import Config
from alembic.script import ScriptDirectory


def test_migrations_stand_in_one_line_in_the_order_of_their_numbers() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    numbers = [one.revision for one in scripts.walk_revisions()]
    assert numbers == [f"{number:04}" for number in range(len(numbers), 0, -1)]
