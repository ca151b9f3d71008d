"""A message that cannot be acknowledged breaks the connection, or it counts as work for ever."""

from __future__ import annotations

from typing import Any

import pytest
from celery.worker import consumer
from kombu.message import Message
from redis.exceptions import ConnectionError as RedisAway

from worker.processes.reconnecting import Consumer


class Lost:
    """A channel to a Redis that went away."""

    no_ack_consumers = None

    def basic_ack(self, *_: Any, **__: Any) -> None:
        raise RedisAway

    def basic_reject(self, *_: Any, **__: Any) -> None:
        raise RedisAway


@pytest.mark.parametrize("way", ["ack_log_error", "reject_log_error"])
def test_the_loss_reaches_whoever_connects_anew(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(consumer.Consumer, "create_task_handler", lambda _: lambda message: message)
    take = Consumer.create_task_handler(object.__new__(Consumer))
    taken = take(Message(body="", channel=Lost(), delivery_tag="1"))
    with pytest.raises(RedisAway):
        getattr(taken, way)(None, (RedisAway,))
