"""Of one person's reads a few run at once; nobody else waits for the others."""

from __future__ import annotations

import asyncio

import pytest

from app.errors import TooMany
from app.http import turns
from app.http.dependencies import cookie_name


def read(who: str, path: str = "/submissions/1", **odd: str) -> dict[str, object]:
    """A request of somebody who is signed in, and has a token."""
    said = [("cookie", f"{cookie_name()}={who}; theme=x"), ("authorization", f"Bearer {who}")]
    scope: dict[str, object] = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(name.encode(), text.encode()) for name, text in said if who],
    }
    return scope | odd


async def held(scope: dict[str, object], running: list[object], over: asyncio.Event) -> None:
    async with turns.turn(scope):
        running.append(scope)
        await over.wait()


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("scope", "at_once"),
    [
        (read("sam"), turns.AT_ONCE),
        (read("sam", "/api/v1/submissions/1"), turns.AT_ONCE),
        (read(""), 10),
        (read("sam", "/submissions/1/events"), 10),
        (read("sam", method="POST"), 10),
        (read("sam", "/static/page.css"), 10),
    ],
    ids=[
        "a page",
        "a read of the API",
        "nobody is signed in",
        "a stream",
        "a change",
        "a file of ours",
    ],
)
def test_so_many_of_ten_run_at_once(scope: dict[str, object], at_once: int) -> None:
    async def work() -> None:
        running: list[object] = []
        over = asyncio.Event()
        tasks = [asyncio.create_task(held(scope, running, over)) for _ in range(10)]
        await _settled()
        assert len(running) == at_once
        over.set()
        await asyncio.gather(*tasks)
        assert len(running) == 10

    asyncio.run(work())


def test_nobody_waits_for_somebody_elses() -> None:
    async def work() -> None:
        running: list[object] = []
        over = asyncio.Event()
        tasks = [asyncio.create_task(held(read("sam"), running, over)) for _ in range(10)]
        await _settled()
        tasks.append(asyncio.create_task(held(read("olga"), running, over)))
        await _settled()
        assert read("olga") in running
        over.set()
        await asyncio.gather(*tasks)

    asyncio.run(work())


def test_other_cookies_and_headers_make_nobody_somebody_else() -> None:
    async def work() -> None:
        running: list[object] = []
        over = asyncio.Event()
        scopes = [read("sam") for _ in range(10)]
        for number, scope in enumerate(scopes):
            cookie = f"{cookie_name()}=sam; other={number}"
            scope["headers"] = [(b"cookie", cookie.encode()), (b"authorization", b"%d" % number)]
        tasks = [asyncio.create_task(held(scope, running, over)) for scope in scopes]
        await _settled()
        assert len(running) == turns.AT_ONCE
        over.set()
        await asyncio.gather(*tasks)

    asyncio.run(work())


def test_a_line_that_does_not_move_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_S", 0.01)

    async def work() -> None:
        running: list[object] = []
        over = asyncio.Event()
        tasks = [asyncio.create_task(held(read("sam"), running, over)) for _ in range(3)]
        await _settled()
        with pytest.raises(TooMany):
            await held(read("sam"), running, over)
        over.set()
        await asyncio.gather(*tasks)
        await held(read("sam"), running, over)

    asyncio.run(work())


def test_a_line_ends_somewhere_and_is_forgotten_when_it_is_empty() -> None:
    async def work() -> None:
        running: list[object] = []
        over = asyncio.Event()
        tasks = [asyncio.create_task(held(read("sam"), running, over)) for _ in range(turns.LINE)]
        await _settled()
        with pytest.raises(TooMany, match="waiting already"):
            await held(read("sam"), running, over)
        over.set()
        await asyncio.gather(*tasks)
        await held(read("sam"), running, over)

    asyncio.run(work())
