"""Owns the web application: what is mounted where, and what every request passes through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from app import api, pages
from app.http.error_handlers import answer, install_replies
from app.http.security import install_guards
from app.http.watching import health, metrics
from app.http.watching.request_log import install_access
from app.infrastructure import garbage_collection, logs, queue
from app.mail import postman
from app.webhooks import sender


def create_app() -> FastAPI:
    """The application that uvicorn serves (`--factory app.web:create_app`).

    All routes are in one list: of a router within a router each is compared with the path
    three times, and dearly.
    """
    logs.configure()
    web = FastAPI(
        title="Chainrule",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # to whatever the Host header says
        lifespan=_life,
    )
    install_guards(web, answer)
    install_access(web)
    install_replies(web)
    web.mount("/static", StaticFiles(packages=[("app", "static")]), name="static")
    for router in (health.router, metrics.router, api.router):
        web.router.routes += router.routes
    api.install_reference(web)
    web.router.routes += pages.ROUTES
    return web


@asynccontextmanager
async def _life(_web: FastAPI) -> AsyncIterator[None]:
    await run_in_threadpool(queue.warm)
    garbage_collection.settle()
    with postman.at_work(), sender.at_work():
        yield
