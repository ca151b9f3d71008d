"""A request that is meant for another name, or comes from another site, is turned away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from app.settings import Settings
from tests.support.processes.server import Server, served
from tests.support.processes.stack import Stack

NAME = "grade.example.edu"


@pytest.fixture(scope="module")
def server(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    names = {"CHAINRULE_BASE_URL": f"https://{NAME}", "CHAINRULE_HOSTS": "web, inside.example"}
    with served(folder, **names) as running:
        yield running


def ask(server: Server, path: str, host: str) -> int:
    return httpx.get(
        server.url + path, headers={"Host": host}, trust_env=False, verify=False
    ).status_code


@pytest.mark.parametrize(
    "host", [NAME, NAME.upper(), f"{NAME}:443", f"{NAME}:", "web", "web:8000", "inside.example"]
)
def test_the_names_of_the_settings_are_answered_to_at_any_port(server: Server, host: str) -> None:
    assert ask(server, "/sign-in", host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"{NAME}.evil.example", f"evil.example:{NAME}", "127.0.0.1", "", f"{NAME}."],
)
@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/me", "/static/type.css"])
def test_another_name_is_told_where_the_service_is(server: Server, host: str, path: str) -> None:
    assert ask(server, path, host) == 421


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_watchers_ask_by_whatever_name_they_have(server: Server, path: str) -> None:
    assert ask(server, path, "10.0.0.7:8000") == 200


def test_metrics_without_a_token_are_asked_by_a_name_of_this_machine(server: Server) -> None:
    """The browser of somebody on this machine must not fetch them for another site."""
    assert ask(server, "/metrics", "127.0.0.1:8000") == 200
    assert ask(server, "/metrics", "evil.example") == 421


def test_metrics_with_a_token_are_asked_by_any_name(stack: Stack, tmp_path: Path) -> None:
    with served(tmp_path, CHAINRULE_METRICS_TOKEN="known") as server:
        headers = {"Host": "web:8000", "Authorization": "Bearer known"}
        answer = httpx.get(f"{server.url}/metrics", headers=headers, trust_env=False, verify=False)
    assert answer.status_code == 200


def test_a_local_copy_goes_by_each_name_of_this_machine(stack: Stack) -> None:
    for host in ("localhost", "127.0.0.1:1", "[::1]:8000"):
        answer = httpx.get(
            f"{stack.url}/sign-in", headers={"Host": host}, trust_env=False, verify=False
        )
        assert answer.status_code == 200
    rebound = httpx.get(
        f"{stack.url}/sign-in", headers={"Host": "evil.example"}, trust_env=False, verify=False
    )
    assert rebound.status_code == 421
    assert stack.url in rebound.text


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (f"https://{NAME}", 303),
        (f"http://{NAME}", 403),
        (f"https://{NAME}:8443", 403),
        ("https://web", 403),
        (f"https://{NAME}.evil.example", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_an_origin_counts_with_its_scheme_and_port(
    server: Server, origin: str, status: int
) -> None:
    """Whoever can change what plain http answers must not post to the site under https."""
    headers = {"Host": NAME, "Origin": origin}
    answer = httpx.post(f"{server.url}/sign-out", headers=headers, trust_env=False, verify=False)
    assert answer.status_code == status


@pytest.mark.parametrize("hosts", ["https://a.example", "a.example:80", "a/b", "*"])
def test_a_list_of_hosts_holds_names_alone(hosts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_HOSTS", hosts)
    with pytest.raises(ValidationError, match="write names alone"):
        Settings()
