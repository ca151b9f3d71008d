"""Commands that start one part of the service alone, on a server where others run the rest."""

from __future__ import annotations

import resource
from collections.abc import Callable
from typing import Annotated, Any

import typer

from app.infrastructure import garbage_collection


def port_number(given: str) -> int:
    """A port as it is typed; raises typer.BadParameter."""
    try:
        number = int(given)
    except ValueError:
        number = -1
    if not 0 <= number <= 65535:
        raise typer.BadParameter(
            f"{given!r} is not a port. Give a number from 0 to 65535; 0 takes a free one."
        )
    return number


Port = Annotated[int, typer.Option(envvar="PORT", parser=port_number, help="0 takes a free one.")]


def web(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
) -> None:
    """Run the web server."""
    import uvicorn

    uvicorn.run(
        "app.web:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        timeout_graceful_shutdown=5,
        **web_options(),
    )


def web_options() -> dict[str, Any]:
    """uvicorn's, wherever our web server runs; as many connections as the system lets it have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return {
        "http": "app.http.connections:Connection",
        "ws": "none",
        "access_log": False,
        "server_header": False,
    }


def worker(
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, help="Files graded at a time; the setting's when not given."),
    ] = None,
) -> None:
    """Run a worker, which grades what waits."""
    load_worker()(concurrency)


def load_worker() -> Callable[[int | None], None]:
    """Load all of a worker; what is given back becomes one, and returns when it was told to end.

    Without the command of Celery's, which would load all its others with it, and a shell.
    """
    from worker.cell.warmup import stand_ins

    stand_ins.put()  # a judge compiles no more than a cell does
    import worker.tasks  # noqa: F401 (registers the tasks)
    from app.infrastructure.queue import celery

    def work(concurrency: int | None) -> None:
        garbage_collection.settle()  # once here, and not in each process of the pool
        options = {"without_gossip": True, "without_mingle": True, "loglevel": "WARNING"}
        celery().Worker(**options, concurrency=concurrency).start()

    return work


def beat(
    schedule: Annotated[str, typer.Option(help="Where beat keeps its times.")] = "/tmp/beat",  # noqa: S108
) -> None:
    """Run beat, which calls the sweeper. One is enough; without it nothing is lost, only later."""
    load_beat()(schedule)


def load_beat() -> Callable[[str], None]:
    """Load all of beat; what is given back becomes it."""
    from app.infrastructure.queue import celery

    def ask(schedule: str) -> None:
        celery().Beat(schedule=schedule, loglevel="WARNING").run()

    return ask
