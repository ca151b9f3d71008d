"""Owns what watchers ask: /healthz (does this process run?) and /readyz (can it do its work?)."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import redis
from anyio import CapacityLimiter, move_on_after, to_thread
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from app.infrastructure import database, redis_clients
from app.scheduling import cell_registry
from app.signing import keys

router = APIRouter(include_in_schema=False)
Part = Literal["up", "away"]
_REDIS_S, _LONGEST_S = 1.0, 3.0


@router.get("/healthz")
async def show_health() -> JSONResponse:
    """200 while the process answers at all; asks nobody else."""
    return JSONResponse({"status": "ok"})


@lru_cache
def _threads() -> CapacityLimiter:
    """Threads of this page's own: those of the other pages may all be waiting for Postgres."""
    return CapacityLimiter(4)


@router.get("/readyz")
async def show_readiness() -> JSONResponse:
    """200 `ready`; 200 `degraded` without Redis; 503 `unready` without Postgres.

    Without Redis uploads are taken and stored all the same, and graded when it is back: taking
    this server out of service would lose more than it saves. What does not answer in time is away.
    """
    postgres: Part = "away"
    broker: Part = "away"
    has_autograd = False
    can_sign = await to_thread.run_sync(keys.can_sign, limiter=_threads())
    with move_on_after(_LONGEST_S):
        broker = await to_thread.run_sync(_broker, abandon_on_cancel=True, limiter=_threads())
        postgres, has_autograd = await to_thread.run_sync(
            _postgres, abandon_on_cancel=True, limiter=_threads()
        )
    status = "unready" if postgres == "away" else "degraded" if broker == "away" else "ready"
    return JSONResponse(
        {"status": status, "postgres": postgres, "redis": broker}
        | ({"cells": "with autograd"} if has_autograd else {})
        | ({"receipts": "no key"} if not can_sign else {}),
        status_code=503 if status == "unready" else 200,
    )


def _postgres() -> tuple[Part, bool]:
    """Whether it answers, and whether some cell could not do without autograd."""
    try:
        with database.session() as session:
            return "up", cell_registry.have_autograd(session)
    except SQLAlchemyError:
        return "away", False


def _broker() -> Part:
    try:
        with redis_clients.client(connect_s=_REDIS_S) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return "away"
    return "up"
