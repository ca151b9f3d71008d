"""Owns the site administrator's page of mail: what was sent, waits, or was not sent, and why."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from app.http.dependencies import Db, SignedIn
from app.http.routes import page_routes
from app.identity import site_permissions
from app.mail import outbox
from app.models import Delivery
from app.rendering.templates import page

router = page_routes("/accounts/mail")
MOST_SHOWN = 200


@router.get("")
def show(request: Request, session: Db, person: SignedIn, only: Delivery | None = None) -> Response:
    """The newest mails; `only` those of which this became."""
    site_permissions.require_admin(person)
    return page(
        request,
        "accounts_mail.html",
        person,
        mails=outbox.recent(session, only, MOST_SHOWN),
        numbers=outbox.numbers(session),
        only=only,
        most=MOST_SHOWN,
        kinds=list(Delivery),
    )


@router.post("/hasten")
def hasten(session: Db, person: SignedIn) -> Response:
    """Try all that waits now."""
    site_permissions.require_admin(person)
    outbox.hasten(session)
    session.commit()
    return RedirectResponse("/accounts/mail", 303)
