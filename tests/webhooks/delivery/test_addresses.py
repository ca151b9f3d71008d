"""Webhooks go out, and to no address inside, in whatever form it is written."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

import pytest

from app.settings import Settings, settings
from app.webhooks import addresses, transport
from tests.support.outside.receiver import Receiver, receiving

INSIDE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.5"),
    *("192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1"),
    *("100::1", "5f00::1", "::127.0.0.1", "3fff::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1"),
    *("2002:7f00:1::1", "2002:a00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
)
OUTSIDE = (
    *("1.1.1.1", "8.8.8.8", "193.0.0.1", "2606:4700::1111", "2a00:1450:4001::200e"),
    *("::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"),
)


@pytest.mark.parametrize("inside", INSIDE)
def test_no_address_inside_is_reached_in_whatever_form(inside: str) -> None:
    assert not addresses.may_reach([ip_address(inside)], is_secret=True)


@pytest.mark.parametrize("outside", OUTSIDE)
def test_addresses_of_the_internet_are_reached_over_tls_alone(outside: str) -> None:
    assert addresses.may_reach([ip_address(outside)], is_secret=True)
    assert not addresses.may_reach([ip_address(outside)], is_secret=False)


def test_one_address_inside_spoils_all_that_a_name_stands_for() -> None:
    both = [ip_address("8.8.8.8"), ip_address("10.0.0.1")]
    assert not addresses.may_reach(both, is_secret=True)
    assert not addresses.may_reach([], is_secret=True)


@pytest.fixture
def lets_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The operator allows two networks."""
    monkeypatch.setenv("CHAINRULE_WEBHOOK_NETWORKS", "127.0.0.0/8, fd00:5::/32")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def lets_none_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The operator allows nothing inside."""
    monkeypatch.delenv("CHAINRULE_WEBHOOK_NETWORKS", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("lets_in")
def test_a_network_inside_that_the_operator_allows_is_reached_and_no_other() -> None:
    for one in ("127.0.0.1", "::ffff:127.0.0.1", "fd00:5::1"):
        assert addresses.may_reach([ip_address(one)], is_secret=False), one
    for one in ("10.0.0.1", "fd00:6::1", "169.254.169.254"):
        assert not addresses.may_reach([ip_address(one)], is_secret=True), one


def test_networks_that_cannot_be_read_let_nothing_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINRULE_WEBHOOK_NETWORKS", "my own network")
    with pytest.raises(ValueError, match="webhook_networks"):
        Settings()


@pytest.mark.usefixtures("lets_none_in")
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://lms.example.edu/", "https://"),
        ("ftp://lms.example.edu/", "https://"),
        ("lms.example.edu", "https://"),
        ("https:///path", "https://"),
        ("https://user:password@lms.example.edu/", "password"),
        ("https://@lms.example.edu/", "password"),
        ("https://lms.example.edu/#part", "#"),
        ("https://lms.example.edu:22/", "Port 22"),
        ("https://lms.example.edu:99999/", "no address"),
        ("https://[::1/", "no address"),
        ("https://[::1]/", "inside"),
        ("https://127.0.0.1/", "inside"),
        ("https://169.254.169.254/latest/meta-data", "inside"),
        ("https://lms.exämple.edu/", "ASCII"),
        ("https://lms.example.edu/a b", "ASCII"),
        ("https://lms.example.edu/\r\nhost: inside", "ASCII"),
        ("https://lms.example.edu\\@127.0.0.1/", "ASCII"),
    ],
)
def test_an_address_that_is_none_is_refused_in_plain_words(url: str, said: str) -> None:
    assert said in (addresses.wrong(url) or "")


@pytest.mark.usefixtures("lets_none_in")
@pytest.mark.parametrize(
    "url",
    [
        *("https://lms.example.edu", "https://lms.example.edu:8443/hook?key=1", "https://1.1.1.1/"),
        *("https://xn--exmple-cua.edu/", "https://[2606:4700::1111]/hook"),
    ],
)
def test_other_addresses_are_taken(url: str) -> None:
    assert addresses.wrong(url) is None


@pytest.fixture
def inside() -> Iterator[Receiver]:
    """A server inside."""
    with receiving() as running:
        yield running


def post(url: str) -> transport.Answer:
    return asyncio.run(transport.post(url, {}, b"{}"))


@pytest.mark.usefixtures("lets_none_in")
def test_a_scheme_in_capitals_is_looked_at_like_any_other(
    inside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = names(monkeypatch, "127.0.0.1")
    assert addresses.wrong("HTTPS://lms.example.edu/") is None
    assert addresses.wrong("HTTP://lms.example.edu/") is not None
    for scheme in ("HTTPS", "HTTP", "https", "http"):
        assert post(f"{scheme}://rebinding.example:{inside.port}/").said == transport.NOWHERE
    assert (len(asked), inside.messages) == (4, [])


@pytest.mark.usefixtures("lets_none_in")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0"])
def test_a_server_inside_hears_nothing_by_whatever_name(inside: Receiver, host: str) -> None:
    answer = post(f"https://{host}:{inside.port}/")
    assert (answer.status, answer.said) == (None, transport.NOWHERE)
    assert inside.messages == []


def names(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Have names be looked up so: each time the next answer, in the end the last one again."""
    asked: list[str] = []

    def looked_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return asked


@pytest.mark.usefixtures("lets_in")
def test_what_was_looked_at_is_what_is_connected_to_though_the_name_changes(
    inside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for another address a moment later is asked once, and never again."""
    asked = names(monkeypatch, "127.0.0.1", "10.0.0.1")
    answer = post(f"http://rebinding.example:{inside.port}/here")
    assert (answer.status, asked) == (200, ["rebinding.example"])
    assert inside.messages[0].headers["host"] == f"rebinding.example:{inside.port}"


@pytest.mark.usefixtures("lets_none_in")
def test_a_name_that_stands_for_an_address_inside_is_not_connected_to(
    inside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    names(monkeypatch, "127.0.0.1")
    assert post(f"https://rebinding.example:{inside.port}/").said == transport.NOWHERE
    assert inside.messages == []


@pytest.mark.usefixtures("lets_in")
def test_no_proxy_of_the_environment_is_asked(
    inside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert post(inside.url("/")).status == 200


@pytest.mark.usefixtures("lets_in")
def test_without_tls_where_tls_is_asked_for_nothing_is_told(inside: Receiver) -> None:
    answer = post(f"https://127.0.0.1:{inside.port}/")
    assert answer.status is None
    assert inside.messages == []


@pytest.mark.usefixtures("lets_in")
@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/hook;token=abc?x=1", "/hook;token=abc?x=1"),
        ("/a;b/c%20d?e", "/a;b/c%20d?e"),
        ("?x=1", "/?x=1"),
        ("", "/"),
    ],
)
def test_what_is_asked_for_is_what_was_given(inside: Receiver, path: str, asked: str) -> None:
    assert post(inside.url(path)).status == 200
    assert inside.messages[0].path == asked


@pytest.mark.usefixtures("lets_in")
def test_an_ipv6_address_is_named_as_servers_read_it(
    inside: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = names(monkeypatch, "127.0.0.1")
    assert post(f"http://[fd00:5::1]:{inside.port}/").status == 200
    assert asked == ["fd00:5::1"]
    assert inside.messages[0].headers["host"] == f"[fd00:5::1]:{inside.port}"
