"""Settings that a process cannot work with, and those that it can put right."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.settings import Settings


@pytest.mark.parametrize(
    "name", ["SIGN_IN_LIMIT", "SUBMIT_LIMIT", "TRIAL_LIMIT", "PAGE_LIMIT", "API_LIMIT"]
)
def test_a_rate_that_cannot_be_read_lets_nothing_start(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"CHAINRULE_{name}", "a great many")
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_a_slash_after_the_address_does_not_double_in_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHAINRULE_BASE_URL", "https://grade.example.edu/")
    assert Settings().base_url == "https://grade.example.edu"
