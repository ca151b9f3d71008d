"""Owns where webhooks may go: out, and to no address inside, unless the operator allows that one.

What an address's name stands for is asked when it is connected to, and what was looked at is what
is connected to (app/webhooks/transport.py): a name may stand for something else a moment later.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from app.settings import settings

Address = IPv4Address | IPv6Address
_TRANSLATED = IPv6Network("64:ff9b::/96")
_OUTSIDE = IPv6Network("2000::/3")
_INSIDE = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")))
"""What not every version of Python knows to be no part of the open internet."""
_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024


def wrong(url: str) -> str | None:
    """What to say of an address that webhooks are not sent to; None where it may be one.

    A host that is a name is not looked up here.
    """
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "Write the address in plain ASCII letters, and a host's other letters as xn--."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is no address; one looks like https://lms.example.edu/chainrule."
    if parts.scheme not in ("https", "http") or not parts.hostname:
        return "The address begins with https:// and the name of a host."
    if parts.scheme == "http" and not _allowed():
        return "The address begins with https://, as what is sent are people's grades."
    if parts.username is not None or parts.password is not None:
        return "Leave the name and the password out: deliveries are signed instead."
    if "#" in url:
        return "Leave out what begins with #: it is never sent."
    if port is not None and port not in _PORTS and port < _FIRST_FREE_PORT:
        return f"Port {port} is not for web servers; use 443, or one from {_FIRST_FREE_PORT} on."
    return _wrong_literal(parts)


def _wrong_literal(parts: SplitResult) -> str | None:
    try:
        address = ip_address(parts.hostname or "")
    except ValueError:
        return None
    is_fine = may_reach([address], is_secret=parts.scheme == "https")
    return None if is_fine else "This address lies inside a network, where no webhook is sent."


def may_reach(found: Iterable[Address], *, is_secret: bool) -> bool:
    """Whether webhooks may go to a host that has all of these addresses.

    One that lies inside spoils them all. Without TLS, those alone will do that are allowed.
    """
    addresses = [meant(address) for address in found]
    return bool(addresses) and all(
        any(address in network for network in _allowed()) or (is_secret and is_outside(address))
        for address in addresses
    )


def meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one is another form of, or else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def is_outside(address: Address) -> bool:
    """Whether it is an address of the open internet, by what the registries say of its network."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if any(address in network for network in _INSIDE):
        return False
    return isinstance(address, IPv4Address) or (address in _OUTSIDE and address.teredo is None)


def _allowed() -> list[IPv4Network | IPv6Network]:
    return settings().webhook_network_list
