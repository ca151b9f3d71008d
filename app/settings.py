"""Owns every setting of the service: its name, its default, what it means."""

from __future__ import annotations

import re
from contextlib import suppress
from email.policy import default
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from limits import parse
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _readable(rate: str) -> str:
    parse(rate)  # raises ValueError
    return rate


def _names(hosts: str) -> str:
    names = [name.strip() for name in hosts.lower().split(",") if name.strip()]
    if any(not _HOST.fullmatch(name) for name in names):
        raise ValueError("write names alone, without scheme, port or path: a.example,b.example")
    return ",".join(names)


def _set(given: object) -> object:
    return given or None


def _smtp(url: SecretStr | None) -> SecretStr | None:
    parts = urlsplit(url.get_secret_value() if url else "smtp://nobody")
    if parts.scheme not in SMTP_PORTS or not parts.hostname:
        raise ValueError("write it as smtps://user:password@host:465, smtp:// or smtp+plain://")
    parts.port  # noqa: B018 (raises ValueError)
    return url


def _sender(given: str | None) -> str | None:
    with suppress(IndexError):  # which Python raises for some that are none
        read = default.header_factory("From", given or "a@b.example")
        if len(read.addresses) == 1 and not read.defects and read.addresses[0].domain:
            return given
    raise ValueError("write one address, such as Chainrule <chainrule@uni.example>")


def _networks(given: str | None) -> str | None:
    for network in given.split(",") if given else ():
        ip_network(network.strip())  # raises ValueError
    return given


Rate = Annotated[str, AfterValidator(_readable)]
Hosts = Annotated[str, AfterValidator(_names)]
_HOST = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]")
SMTP_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Settings(BaseSettings):
    """Read from the environment (`CHAINRULE_<NAME>`), or from files in /run/secrets.

    `docs/settings.md` describes each one; a test holds that.
    """

    model_config = SettingsConfigDict(
        env_prefix="CHAINRULE_",
        secrets_dir=[p for p in ("/run/secrets",) if Path(p).is_dir()] or None,
        extra="ignore",
        hide_input_in_errors=True,
    )

    database_url: SecretStr = Field(
        default=SecretStr("postgresql+psycopg:///chainrule"),
        description="Where Postgres is, as an SQLAlchemy URL with the psycopg driver.",
    )
    redis_url: SecretStr = Field(
        default=SecretStr("redis://127.0.0.1:6379/0"),
        description="Where Redis or Valkey is (`redis://host:port/0`, or "
        "`unix:///path/of/socket?db=0`): "
        "task queue, rate limits and live events, nothing that must last.",
    )
    base_url: Annotated[str, AfterValidator(lambda url: url.rstrip("/"))] = Field(
        default="http://127.0.0.1:8000",
        description="The address people use. With https, cookies are Secure and HSTS is sent.",
    )
    hosts: Hosts | None = Field(
        default=None,
        description="Names besides the base address's that requests may come to, with commas.",
    )
    data: Path = Field(
        default=Path(".chainrule"),
        description="The folder of the embedded stack (`make run`): database, logs, demo.json.",
    )
    receipt_keys: Path | None = Field(
        default=None,
        description="The folder of the service's keys, of receipts, links and kept answers; "
        "`receipt-keys` in the data folder when not set.",
    )
    cell: str = Field(
        default="bubblewrap",
        description="How cells are started: `bubblewrap`, or `socket:/path` of a cell service.",
    )
    cell_wall_seconds: float = Field(
        default=10.0, gt=0, description="Wall-clock time one submission may take, in seconds."
    )
    cell_cpu_seconds: int = Field(
        default=10, gt=0, description="CPU time one submission may take, in seconds."
    )
    cell_memory_mb: int = Field(
        default=512, ge=64, description="Memory one submission may add to a warm cell, in MiB."
    )
    cell_submissions: int = Field(
        default=500, gt=0, description="Submissions after which a cell is replaced by a fresh one."
    )
    worker_concurrency: int | None = Field(
        default=None,
        gt=0,
        description="Files that one worker grades at a time; one for each core when not set.",
    )
    upload_limit_bytes: int = Field(
        default=262_144, gt=0, description="Largest file a student may upload, in bytes."
    )
    notebook_limit_bytes: int = Field(
        default=8_388_608,
        gt=0,
        description="Largest notebook with outputs, in bytes; its code has the limit of a file.",
    )
    quota_bytes: int = Field(
        default=20_971_520,
        gt=0,
        description="What a person's files in one course may have together, in bytes.",
    )
    upload_seconds: int = Field(
        default=120,
        gt=0,
        description="How long the body of a request may take to arrive, in seconds.",
    )
    session_days: int = Field(default=14, gt=0, description="Days until a sign-in expires.")
    invitation_days: int = Field(
        default=14,
        gt=0,
        le=365,
        description="Days that a link to set a first password works.",
    )
    new_password_days: int = Field(
        default=2,
        gt=0,
        le=365,
        description="Days that a link to set a new password works, for who has one.",
    )
    smtp_url: Annotated[SecretStr | None, BeforeValidator(_set), AfterValidator(_smtp)] = Field(
        default=None,
        description="The mail server: `smtps://user:password@host:465`, `smtp://host:587` with "
        "STARTTLS, or `smtp+plain://host:25` without TLS. Without one no mail is sent.",
    )
    mail_from: Annotated[str | None, BeforeValidator(_set), AfterValidator(_sender)] = Field(
        default=None,
        description="Who mail is from, such as `Chainrule <chainrule@uni.example>`; an address at "
        "the base address's host when not set.",
    )
    forgotten_limit: Rate = Field(
        default="3/hour",
        description="Mails for a new password that can be asked for an account; 20 times as many "
        "from one address.",
    )
    webhook_networks: Annotated[str | None, BeforeValidator(_set), AfterValidator(_networks)] = (
        Field(
            default=None,
            description="Networks inside to which webhooks may go all the same, and without TLS, "
            "with commas: `10.20.0.0/16,fd00:5::/32`. Else they go to the open internet alone.",
        )
    )
    lease_seconds: float = Field(
        default=4.0,
        gt=0,
        description="How long after a worker's last sign of life its submission goes to another.",
    )
    max_claims: int = Field(
        default=3, gt=0, description="How often a submission is tried before it is shown as failed."
    )
    demo_class: bool = Field(
        default=True,
        description="Whether the demo of `make run` has a class of forty and eight weeks of work.",
    )
    sweep_seconds: float = Field(
        default=2.0, gt=0, description="How often the sweeper looks for what was left behind."
    )
    sign_in_limit: Rate = Field(
        default="10/minute", description="Failed sign-ins allowed for an account from one address."
    )
    sign_in_line: int = Field(
        default=24,
        gt=0,
        description="Passwords that a web process checks, or has wait to be; others come back.",
    )
    submit_limit: Rate = Field(
        default="600/minute", description="Uploads allowed for a person, with all their tokens."
    )
    trial_limit: Rate = Field(
        default="30/minute", description="Trials without handing in, allowed for a person."
    )
    visitor_trials: bool = Field(
        default=False,
        description="Whether people without an account may have a file graded on the front page.",
    )
    visitor_limit: Rate = Field(
        default="6/minute",
        description="Files tried without an account, from one address; ten times as many from all.",
    )
    page_limit: Rate = Field(
        default="600/minute", description="Pages that a person may ask for, in all their browsers."
    )
    api_limit: Rate = Field(
        default="30000/minute",
        description="API requests allowed for a person, with all their tokens.",
    )
    streams_per_person: int = Field(
        default=8, gt=0, description="Event streams that a person may have open in a web process."
    )
    streams: int = Field(
        default=300, gt=0, description="Event streams that a web process keeps open in all."
    )
    head_seconds: float = Field(
        default=10.0, gt=0, description="Until a request's head must have come whole, in seconds."
    )
    body_seconds: float = Field(
        default=120.0,
        gt=0,
        description="Until the rest of a request must have come, in seconds.",
    )
    waiting_connections: int = Field(
        default=500,
        gt=0,
        description="Connections without a whole request that a web process keeps open.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="Who sends it as bearer token may read /metrics; unset, this machine may.",
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="How log lines are written."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is logged."
    )

    @property
    def grading_seconds(self) -> float:
        """What grading one submission may take: a run at its limit, all that follows stops in as
        much time again, and new cells."""
        return 2 * self.cell_wall_seconds + 30

    @property
    def answers_to(self) -> frozenset[str]:
        """The names under which the service is asked; this machine's go together."""
        address = urlsplit(self.base_url).netloc.lower()
        own = re.sub(r":\d*$", "", address)
        others = frozenset((self.hosts or own).split(","))
        return others | (THIS_MACHINE if own in THIS_MACHINE else {own})

    @property
    def receipt_key_folder(self) -> Path:
        """Where the keys of receipts and links are."""
        return self.receipt_keys or self.data / "receipt-keys"

    @property
    def webhook_network_list(self) -> list[IPv4Network | IPv6Network]:
        """The networks inside to which webhooks may go."""
        given = self.webhook_networks
        return [ip_network(network.strip()) for network in given.split(",")] if given else []

    @property
    def sends_mail(self) -> bool:
        """Whether links go out by mail."""
        return self.smtp_url is not None

    @property
    def secure(self) -> bool:
        """Whether people reach the service over https."""
        return self.base_url.startswith("https://")


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
