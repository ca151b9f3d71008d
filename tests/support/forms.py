"""Owns the forms of a page, as a browser sends them: with every field as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import httpx

Form = tuple[str, str, dict[str, str]]


class Forms(HTMLParser):
    """The forms of a page: where each is sent, and its fields as a browser would fill them."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self.choices: list[dict[str, list[str]]] = []
        """What each of them has to tick, and to choose from."""
        self._area = ""
        self._select = ""
        self._is_chosen = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            address = given.get("action", self.address)
            self.found.append((given.get("method", "get").upper(), address, {}))
            self.choices.append({})
        elif self.found and "formaction" in given:
            self.found.append(("POST", given["formaction"], dict(self.found[-1][2])))
            self.choices.append(self.choices[-1])
        elif self.found and "name" in given:
            self._field(tag, given)
        elif tag == "option" and self._select:
            self._option(given)

    def _option(self, given: dict[str, str]) -> None:
        if "value" in given:
            self.choices[-1].setdefault(self._select, []).append(given["value"])
        if "selected" in given or not self._is_chosen:
            self._area, self.found[-1][2][self._select] = "", given.get("value", "")
            self._area = "" if "value" in given else self._select
            self._is_chosen = True

    def _field(self, tag: str, given: dict[str, str]) -> None:
        fields = self.found[-1][2]
        self._area = given["name"] if tag == "textarea" else ""
        self._select = given["name"] if tag == "select" else ""
        self._is_chosen = False
        is_box = given.get("type") in ("checkbox", "radio")
        if is_box:
            self.choices[-1].setdefault(given["name"], []).append(given.get("value", "on"))
        if tag in ("input", "textarea", "select") and (not is_box or "checked" in given):
            fields[given["name"]] = given.get("value", "on" if is_box else "")

    def handle_data(self, data: str) -> None:
        if self._area:
            fields = self.found[-1][2]
            fields[self._area] = fields.get(self._area, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "option") and self._area:
            fields = self.found[-1][2]
            fields[self._area] = fields[self._area].removeprefix("\n")
        self._area = ""
        if tag == "select":
            self._select = ""


def forms(client: httpx.Client, address: str) -> Iterator[Form]:
    """All forms of a page."""
    yield from Forms(address, client.get(address).text).found


def filled(client: httpx.Client, address: str, action: str) -> dict[str, str]:
    """The fields of the form on a page that is sent to `action`."""
    found = [fields for _, where, fields in forms(client, address) if where == action]
    assert found, f"{address} has no form for {action}"
    return found[0]


def press(client: httpx.Client, address: str, action: str, **changes: str) -> httpx.Response:
    """Press the button of that form, with some fields changed."""
    return client.post(action, data=filled(client, address, action) | changes)
