"""The documentation keeps up with what it documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import Settings

SETTINGS = (Path(__file__).parents[1] / "docs" / "settings.md").read_text()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_described_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    default = field.default
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    shown = "none" if default is None else f"`{default}`"
    assert f"| `CHAINRULE_{name.upper()}` | {shown} | {field.description} |" in SETTINGS
