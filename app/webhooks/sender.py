"""Owns sending what waits in the outbox: a thread of each web process, with a loop of its own.

Many requests are under way at once, few of them to one endpoint, and a part of them to endpoints
that failed last, or took long: whoever answers late, or not at all, holds up nobody else.
It is no task of the workers: those sit next to hostile code, and have neither a way out of their
network nor the key that secrets are made with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from math import inf
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from app.infrastructure import database
from app.infrastructure.clock import now
from app.webhooks import outbox, signatures, transport, upkeep
from app.webhooks.outbox import Claimed

log = structlog.get_logger(__name__)
AT_ONCE, UNSTEADY_AT_ONCE = 100, 50
"""Requests of one process under way at the same time, and those to endpoints that failed last,
or answered late."""
_LOOK_S, _AWAY_S, _FINISH_S = 0.5, 5.0, 5.0
"""Pauses between two looks, and after one that went wrong; how long requests may take to be
finished when the process ends."""
_TIDY_EACH_S, _TIDY_S = 300.0, 1.0
"""How often what is old is deleted, and for how long at a time."""
_NAME = "Chainrule-Webhooks"
Result = TypeVar("Result")


@contextmanager
def at_work() -> Iterator[None]:
    """Have webhooks sent inside."""
    ended = Event()
    thread = Thread(
        target=lambda: asyncio.run(_Sender().rounds(ended)), name="webhooks", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(2 * _FINISH_S)


class _Sender:
    """Requests that are under way, each a task of the loop."""

    def __init__(self) -> None:
        self._sending: dict[asyncio.Task[None], Claimed] = {}
        self._rows = ThreadPoolExecutor(4, thread_name_prefix="webhook-rows")

    async def rounds(self, ended: Event) -> None:
        """Send what is due until the end, and finish what is under way then."""
        tidied = -inf
        while not ended.is_set():
            pause = await self._round()
            if monotonic() - tidied > _TIDY_EACH_S:
                await self._tidy()
                tidied = monotonic()
            await self._wait(pause)
        if self._sending:
            await asyncio.wait(self._sending, timeout=_FINISH_S)
        for task in self._sending:
            task.cancel()

    async def _round(self) -> float:
        """Begin what there is room for; how long to wait for the next."""
        unsteady = sum(one.is_unsteady for one in self._sending.values())
        most, most_unsteady = AT_ONCE - len(self._sending), UNSTEADY_AT_ONCE - unsteady
        if most < 1:
            return _LOOK_S
        claimed = await self._in_session(lambda session: outbox.claim(session, most, most_unsteady))
        for one in claimed or ():
            task = asyncio.create_task(self._send(one))
            self._sending[task] = one
            task.add_done_callback(self._sending.pop)
        return _AWAY_S if claimed is None else _LOOK_S

    async def _tidy(self) -> None:
        """Delete what is old: each part by itself, so that none is in vain."""
        began = monotonic()
        while await self._in_session(upkeep.forget) and monotonic() - began < _TIDY_S:
            pass

    async def _wait(self, pause: float) -> None:
        """Until one request is over, or for the pause."""
        if self._sending:
            done = asyncio.FIRST_COMPLETED
            await asyncio.wait(self._sending, timeout=pause, return_when=done)
        else:
            await asyncio.sleep(pause)

    async def _send(self, one: Claimed) -> None:
        if monotonic() > one.send_before:
            await self._in_session(lambda session: outbox.put_back(session, one))
            return
        headers = signatures.headers(one.keys, one.message_id, now(), one.body)
        headers |= {"content-type": "application/json", "user-agent": _NAME}
        answer = await transport.post(one.url, headers, one.body)
        state = await self._in_session(lambda session: outbox.settle(session, one, answer))
        log.info(
            "webhook.sent" if answer.is_success else "webhook.not_delivered",
            endpoint=str(one.endpoint_id),
            message=one.message_id,
            status=answer.status,
            took_ms=answer.took_ms,
            tries=one.tries,
            state=state,
        )

    async def _in_session(self, work: Callable[[Session], Result]) -> Result | None:
        """What `work` gives, committed; None where it could not be done.

        What was sent and could not be settled is sent again when its lease is over.
        """

        def committed() -> Result:
            with database.session() as session:
                made = work(session)
                session.commit()
            return made

        try:
            return await asyncio.get_running_loop().run_in_executor(self._rows, committed)
        except (DBAPIError, PoolTimeoutError) as error:
            log.warning("webhook.database_away", error=type(error).__name__)
        except Exception:  # nothing that one delivery brings up may end all of them
            log.exception("webhook.round_failed")
        return None
