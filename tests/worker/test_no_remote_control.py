"""Workers take their work, and orders from nobody."""

from __future__ import annotations

import redis

from app.infrastructure import queue
from app.settings import settings
from tests.support.processes.stack import Stack


def test_no_worker_listens_to_celerys_remote_control(stack: Stack) -> None:
    """Whoever can write to Redis could stop a worker, or have it say what it runs."""
    assert not queue.celery().control.ping(timeout=1.0)
    with redis.Redis.from_url(settings().redis_url.get_secret_value()) as broker:
        keys = [key.decode() for key in broker.keys("*")]
    assert not [key for key in keys if "pidbox" in key and not key.endswith("reply.celery.pidbox")]
