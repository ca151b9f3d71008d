"""Owns the browser that page tests drive: the system's Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "chrome")
"""The first of these is taken: without windows to draw, it needs a fifth of the time for a page."""


def chromium() -> str | None:
    """The path of Chromium, if there is one."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A running Chromium. As root it has to do without its own sandbox."""
    flags = [*_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield browser
        browser.close()


@contextmanager
def watched_page(context: BrowserContext) -> Iterator[Page]:
    """A page; at the end, an uncaught error of a script or a breach of the CSP fails the test."""
    troubles: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            troubles.append(message.text)

    context.on("console", console)
    context.on("weberror", lambda error: troubles.append(str(error.error)))
    yield context.new_page()
    assert not troubles, troubles
