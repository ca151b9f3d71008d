"""Owns the web application: what is mounted where, and what every request passes through."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from app import api, log, pages
from app.guards import install_guards
from app.replies import install_replies, reply_to


def create_app() -> FastAPI:
    """The application that uvicorn serves (`--factory app.web:create_app`)."""
    log.configure()
    web = FastAPI(
        title="Chainrule",
        version="1",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    install_guards(web, reply_to)
    install_replies(web)
    web.mount("/static", StaticFiles(packages=[("app", "static")]), name="static")
    web.include_router(api.router)
    web.include_router(pages.router)
    return web
