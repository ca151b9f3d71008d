"""How mail reaches the server: over TLS, in one sender's hands, again after it was away."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.identity import links
from app.infrastructure import database
from app.infrastructure.clock import now
from app.mail import letters, outbox, postman
from app.models import Delivery, Mail, User, Via
from app.settings import Settings, settings
from tests.support.outside.mail import mail_server
from tests.support.processes.server import nobody
from tests.support.processes.smtp_server import PASSWORD, USER

Use = Callable[[str], None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, db: Session) -> Iterator[Use]:
    """Has this process send mail by a server, and none that waits from elsewhere."""

    def used(url: str) -> None:
        monkeypatch.setenv("CHAINRULE_SMTP_URL", url)
        settings.cache_clear()

    db.execute(update(Mail).values(delivery=Delivery.NEEDLESS))
    db.commit()
    yield used
    monkeypatch.undo()
    settings.cache_clear()


def mailed(db: Session, user: User) -> Mail:
    """A mail that waits for somebody."""
    with database.session() as session:
        (link,) = links.give(session, [session.get_one(User, user.id)], by=Via.COMMAND)
        session.commit()
    return db.scalars(select(Mail).where(Mail.link_id == link.id)).one()


def certificate(folder: Path) -> Path:
    """A certificate for this machine, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    own = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now() - timedelta(1)).not_valid_after(now() + timedelta(1))
    signed = made.add_extension(own, critical=False).sign(key, hashes.SHA256())
    kinds = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / "certificate.pem"
    private = key.private_bytes(*kinds, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_password_goes_over_tls_alone_and_to_a_server_that_is_trusted(
    db: Session, use: Use, newcomer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = certificate(tmp_path)
    with mail_server(tmp_path, own) as server:
        who = f"{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}"
        use(f"smtp://{who}")
        mail = mailed(db, newcomer)
        assert postman.deliver() is False
        db.refresh(mail)
        assert "CERTIFICATE_VERIFY_FAILED" in mail.said
        monkeypatch.setenv("SSL_CERT_FILE", str(own))
        db.execute(update(Mail).where(Mail.id == mail.id).values(due_at=now()))
        db.commit()
        assert postman.deliver() is True
        assert server.of(newcomer.email)["tls"] is True
        db.refresh(mail)
        assert (mail.delivery, mail.tries) == (Delivery.SENT, 2)


def test_a_server_without_tls_gets_no_password_unless_that_is_said(
    db: Session, use: Use, newcomer: User, tmp_path: Path
) -> None:
    with mail_server(tmp_path) as server:
        use(f"smtp://u:secret@127.0.0.1:{server.port}")
        mail = mailed(db, newcomer)
        assert postman.deliver() is False
        db.refresh(mail)
        assert "STARTTLS" in mail.said
        assert server.letters == []


def test_while_the_server_is_away_mail_waits_longer_each_time_and_is_given_up_at_last(
    db: Session, use: Use, newcomer: User
) -> None:
    use(f"smtps://u:secret@{nobody()}")
    mail = mailed(db, newcomer)
    pauses = []
    while mail.delivery is Delivery.WAITING:
        db.execute(update(Mail).where(Mail.id == mail.id).values(due_at=now()))
        db.commit()
        assert postman.deliver() is False
        db.refresh(mail)
        pauses.append(round((mail.due_at - now()).total_seconds() / 60))
        db.commit()
    assert (mail.delivery, mail.tries) == (Delivery.FAILED, outbox.MOST_TRIES)
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == 240
    assert "ConnectionRefusedError" in mail.said
    assert "secret" not in mail.said


def test_a_mail_is_in_one_senders_hands_and_comes_back_when_that_one_dies(
    db: Session, use: Use, newcomer: User
) -> None:
    use(f"smtps://{nobody()}")
    mail = mailed(db, newcomer)
    with database.session() as dies, database.session() as lives:
        held = outbox.claim(dies)
        assert held is not None
        assert outbox.claim(lives) is None  # also while the first has not committed
        dies.commit()
        assert outbox.claim(lives) is None
        past = {"leased_until": now() - timedelta(seconds=1)}
        lives.execute(update(Mail).where(Mail.id == mail.id).values(past))
        again = outbox.claim(lives)
        assert again is not None
        lives.commit()
        assert again.id == held.id
        assert outbox.settle(dies, held, Delivery.FAILED) is False
        assert outbox.settle(lives, again, Delivery.SENT) is True
        lives.commit()


def test_a_mail_that_is_sent_twice_has_the_same_id_and_no_link_is_kept_of_it(
    db: Session, use: Use, newcomer: User
) -> None:
    use(f"smtps://{nobody()}")
    mail = mailed(db, newcomer)
    assert mail.link is not None
    first, second = (letters.written(db, mail, mail.link) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"]
    token = links.token(mail.link.id)
    assert token in first.get_content()
    assert token not in str(mail.__dict__)


def test_a_link_that_is_over_is_not_mailed(db: Session, use: Use, newcomer: User) -> None:
    use(f"smtps://{nobody()}")
    mail = mailed(db, newcomer)
    with database.session() as session:
        links.end(session, newcomer.id)
        session.commit()
    assert postman.deliver() is True
    db.refresh(mail)
    assert (mail.delivery, mail.said) == (Delivery.NEEDLESS, outbox.OVER)


@pytest.mark.parametrize(
    ("email", "delivery"),
    [
        ("a@b@c.example", Delivery.SENT),
        ("a,b@x.example", Delivery.SENT),
        ("zo\u00eb@x.example", Delivery.FAILED),
        ("a@x..example", Delivery.FAILED),
    ],
)
def test_a_strange_address_is_one_address_or_told_and_stops_no_other_mail(
    db: Session, use: Use, newcomer: User, email: str, delivery: Delivery, tmp_path: Path
) -> None:
    with mail_server(tmp_path) as server:
        use(f"smtp+plain://127.0.0.1:{server.port}")
        mail = mailed(db, newcomer)
        db.execute(update(Mail).where(Mail.id == mail.id).values(address=email))
        db.commit()
        assert postman.deliver() is True
        db.refresh(mail)
        assert mail.delivery is delivery
        assert bool(mail.said) is (delivery is Delivery.FAILED)
        assert [len(one["to"]) for one in server.letters] == [1] * (delivery is Delivery.SENT)


def test_a_name_adds_no_header(db: Session, use: Use, newcomer: User) -> None:
    use(f"smtps://{nobody()}")
    mail = mailed(db, newcomer)
    assert mail.link is not None
    mail.link.user.name = "Eve <eve@evil.example>, x"
    letter: EmailMessage = letters.written(db, mail, mail.link)
    assert [one.addr_spec for one in letter["To"].addresses] == [newcomer.email]
    db.rollback()


@pytest.mark.parametrize("url", ["mail.example", "http://x", "smtps://", "smtp://x:port", "smtp:x"])
def test_an_address_of_a_server_that_cannot_be_lets_nothing_start_and_is_not_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINRULE_SMTP_URL", url)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "smtp_url" in str(refused.value)
    assert "input_value" not in str(refused.value)


@pytest.mark.parametrize(
    "sender", ["nobody", "a@", "a@x.example, b@x.example", "A <a@x.example", "a b@x.example"]
)
def test_a_sender_that_is_no_address_lets_nothing_start(
    sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINRULE_MAIL_FROM", sender)
    with pytest.raises(ValidationError, match="write one address"):
        Settings()


@pytest.mark.parametrize(
    ("sender", "base_url", "read"),
    [
        ('"Zoë, staff" <z@x.example>', "https://x.example", "z@x.example"),
        ('"A, B" <a@b.example>', "https://x.example", "a@b.example"),
        ("", "https://chainrule.x.example", "no-reply@chainrule.x.example"),
        ("", "http://127.0.0.1:8000", "no-reply@[127.0.0.1]"),
    ],
)
def test_mail_is_from_who_is_set_or_from_the_services_own_host(
    sender: str, base_url: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAINRULE_MAIL_FROM", sender)
    monkeypatch.setenv("CHAINRULE_BASE_URL", base_url)
    settings.cache_clear()
    try:
        assert letters.sender().addr_spec == read
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_an_empty_address_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_SMTP_URL", "")
    assert not Settings().sends_mail
