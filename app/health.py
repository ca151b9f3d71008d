"""Owns what watchers ask: /healthz (does this process run?) and /readyz (can it do its work?)."""

from __future__ import annotations

from typing import Literal

import redis
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import db
from app.settings import settings

router = APIRouter(include_in_schema=False)
Part = Literal["up", "away"]
_REDIS_S = 1.0


@router.get("/healthz")
def show_health() -> JSONResponse:
    """200 while the process answers at all; asks nobody else."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def show_readiness() -> JSONResponse:
    """200 `ready`; 200 `degraded` without Redis; 503 `unready` without Postgres.

    Without Redis uploads are taken and stored all the same, and graded when it is back: taking
    this server out of service would lose more than it saves.
    """
    database, broker = _database(), _broker()
    status = "unready" if database == "away" else "degraded" if broker == "away" else "ready"
    return JSONResponse(
        {"status": status, "postgres": database, "redis": broker},
        status_code=503 if status == "unready" else 200,
    )


def _database() -> Part:
    try:
        with db.session() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "away"
    return "up"


def _broker() -> Part:
    url = settings().redis_url.get_secret_value()
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=_REDIS_S, socket_timeout=_REDIS_S
        ) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return "away"
    return "up"
