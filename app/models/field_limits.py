"""Owns how long each text may be that people type: for every form, file and command alike."""

from __future__ import annotations

from app.errors import Unprocessable

LONGEST = {
    "code": 60,
    "comment": 5_000,
    "email": 254,
    "external_id": 200,
    "name": 200,
    "reason": 2_000,
    "statement": 50_000,
    "term": 60,
    "title": 200,
    "url": 2_000,
}


def wrong_length(field: str, text: str) -> str | None:
    """What to say of a text that is too long for its field; None where it fits."""
    longest, name = LONGEST[field], field.replace("_", " ")
    if len(text) <= longest:
        return None
    return f"The {name} has {len(text)} letters; {longest} is the most. Shorten it."


def fitting(field: str, text: str | None) -> str | None:
    """The text, for `sqlalchemy.orm.validates`; raises Unprocessable where it is too long."""
    if wrong := wrong_length(field, text or ""):
        raise Unprocessable(f"Nothing was changed. {wrong}", errors={field: wrong})
    return text
