"""Keys are files in a folder of the operator's; the newest signs, and all of them verify."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from app.errors import Unavailable, Unprocessable
from app.settings import settings
from app.signing import keys, signed_texts

SAID = {"statement": "receipt", "file": {"sha256": "00"}, "student": {"name": "Sami Müller 🦉"}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder, as a new installation has it."""
    monkeypatch.setenv("CHAINRULE_RECEIPT_KEYS", str(tmp_path / "keys"))
    settings.cache_clear()
    yield tmp_path / "keys"
    settings.cache_clear()


def test_the_first_text_makes_a_key_that_others_on_the_machine_cannot_read(folder: Path) -> None:
    text = signed_texts.signed(SAID)
    assert signed_texts.opened(text).statement == SAID
    (private,) = folder.glob("*.private.pem")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_text_that_was_signed_before_a_rotation_stays_valid(folder: Path) -> None:
    before = signed_texts.signed(SAID)
    made = keys.rotate()
    after = signed_texts.signed(SAID)
    assert signed_texts.opened(before).kid != signed_texts.opened(after).kid == made
    assert signed_texts.opened(before).statement == SAID


def test_a_rotation_leaves_one_private_key_and_every_public_one(folder: Path) -> None:
    for _ in range(3):
        keys.rotate()
    assert len(list(folder.glob("*.private.pem"))) == 1
    assert len(list(folder.glob("*.public.pem"))) == len(keys.public_set()["keys"]) == 3
    assert all("d" not in key for key in keys.public_set()["keys"])


def test_many_at_once_who_find_no_key_make_one(folder: Path) -> None:
    with ThreadPoolExecutor(16) as many:
        kids = set(many.map(lambda _: keys.signing_key().kid, range(64)))
    assert len(kids) == len(keys.public_keys()) == 1


def test_a_key_whose_file_was_taken_away_verifies_no_more(folder: Path) -> None:
    text = signed_texts.signed(SAID)
    keys.rotate()
    (folder / f"{signed_texts.opened(text).kid}.public.pem").unlink()
    with pytest.raises(Unprocessable, match="not known here"):
        signed_texts.opened(text)


def test_a_folder_that_cannot_be_used_is_told_and_nothing_is_signed(folder: Path) -> None:
    folder.write_text("a file, where the folder should be")
    assert not keys.can_sign()
    with pytest.raises(Unavailable, match="is safe"):
        signed_texts.signed(SAID)


def test_white_space_in_a_text_does_not_count(folder: Path) -> None:
    text = signed_texts.signed(SAID)
    broken = "\r\n  ".join(text[i : i + 60] for i in range(0, len(text), 60))
    assert signed_texts.opened(broken).statement == SAID


def test_any_changed_letter_is_found(folder: Path) -> None:
    text = signed_texts.signed(SAID)
    for place in range(0, len(text) - 2, 7):  # the last letter has bits that mean nothing
        if text[place] != ".":
            changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
            with pytest.raises(Unprocessable):
                signed_texts.opened(changed)


@pytest.mark.parametrize(
    "text", ["", "hello", "a.b.c", "..", "é.é.é", "e30.e30.e30", "A" * 60_000, "\0.\0.\0"]
)
def test_what_is_no_signed_text_is_refused(text: str, folder: Path) -> None:
    with pytest.raises(Unprocessable):
        signed_texts.opened(text)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_no_other_algorithm_is_believed(algorithm: str, folder: Path) -> None:
    """Neither none at all, nor one that takes the public key for a shared secret."""
    header, body, _ = signed_texts.signed(SAID).split(".")
    forged = jws.extract_compact(f"{header}.{body}.".encode()).headers() | {"alg": algorithm}
    import json
    from base64 import urlsafe_b64encode

    head = urlsafe_b64encode(json.dumps(forged).encode()).decode().rstrip("=")
    with pytest.raises(Unprocessable, match="signature does not fit"):
        signed_texts.opened(f"{head}.{body}.AAAA")


def test_a_text_of_another_service_is_refused_though_its_key_has_our_keys_name(
    folder: Path,
) -> None:
    kid = keys.signing_key().kid
    theirs = OKPKey.generate_key("Ed25519")
    header = {"alg": "Ed25519", "kid": kid, "typ": "chainrule-statement"}
    forged = jws.serialize_compact(header, b"{}", theirs, algorithms=["Ed25519"])
    with pytest.raises(Unprocessable, match="signature does not fit"):
        signed_texts.opened(forged)
