"""Owns the routes about service accounts: listed, made, closed and opened again, their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.administration.settings import IfMatch
from app.api.changes import Text, check_match
from app.api.paging import Paged
from app.api.people.tokens import NAME, MadeToken, TokenId, TokenView
from app.api.routing import LARGEST_ID, Caller, CourseId, errors, etag_of, router, unkept_answer
from app.api.views import View
from app.http.dependencies import Db
from app.identity.authentication import LONGEST_DAYS
from app.identity.programs import service_accounts
from app.models import ServiceAccount

AccountId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The service account's number.")]


class ServiceAccountView(View):
    """A program's own account."""

    id: int
    name: str
    course_id: int | None = Field(description="The only course that it is for; null: the site.")
    active: bool = Field(description="False: it is closed, and none of its tokens works.")
    created_at: datetime


class NewServiceAccount(BaseModel):
    """A service account that is to be."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(max_length=200, description="What it is: such as `Moodle`. Taken once.")


class ServiceAccountChange(BaseModel):
    """Whether it is to be open."""

    model_config = ConfigDict(extra="forbid")

    active: bool = Field(description="False closes it, true opens it again.")


class NewServiceToken(BaseModel):
    """A token of a service account that is to be."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=NAME, max_length=80, description="What uses it.")
    scopes: list[Text] = Field(min_length=1, max_length=50)
    days: int | None = Field(
        None, ge=1, le=LONGEST_DAYS, description="How long it works; null: until it is revoked."
    )


def _shown(account: ServiceAccount, response: Response) -> ServiceAccountView:
    view = ServiceAccountView.model_validate(account)
    response.headers["etag"] = etag_of(view)
    return view


@router.get(
    "/courses/{course_id}/service-accounts",
    tags=["people"],
    summary="A course's service accounts",
    responses=errors(403, 404),
)
def list_course_service_accounts(
    course_id: CourseId, actor: Caller, session: Db, pager: Paged
) -> list[ServiceAccountView]:
    """For who manages the course; closed ones too. Scopes: `tokens:write`, `courses:write`."""
    found = service_accounts.of_course(session, actor, course_id)
    return [ServiceAccountView.model_validate(one) for one in pager.cut(found, _number)]


@router.post(
    "/courses/{course_id}/service-accounts",
    tags=["people"],
    summary="Make a service account for a course",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
)
def make_course_service_account(
    course_id: CourseId, new: NewServiceAccount, actor: Caller, session: Db, response: Response
) -> ServiceAccountView:
    """It reaches this course alone, as an instructor does who hands in nothing of their own.

    Scopes: `tokens:write`, `courses:write`.
    """
    return _made(service_accounts.add(session, actor, new.name, course_id), session, response)


@router.get(
    "/service-accounts",
    tags=["people"],
    summary="All service accounts",
    responses=errors(403),
)
def list_service_accounts(actor: Caller, session: Db, pager: Paged) -> list[ServiceAccountView]:
    """For site administrators: those of the site and of courses, closed ones too.

    Scopes: `tokens:write`, `courses:write`.
    """
    found = service_accounts.of_site(session, actor)
    return [ServiceAccountView.model_validate(one) for one in pager.cut(found, _number)]


@router.post(
    "/service-accounts",
    tags=["people"],
    summary="Make a service account for the whole site",
    status_code=201,
    responses=errors(400, 403, 409, 413),
)
def make_service_account(
    new: NewServiceAccount, actor: Caller, session: Db, response: Response
) -> ServiceAccountView:
    """For site administrators. It makes courses, and reaches all.

    Scopes: `tokens:write`, `courses:write`.
    """
    return _made(service_accounts.add(session, actor, new.name, None), session, response)


def _made(account: ServiceAccount, session: Db, response: Response) -> ServiceAccountView:
    session.commit()
    response.headers["location"] = f"/api/v1/service-accounts/{account.id}"
    return _shown(account, response)


def _number(account: ServiceAccount) -> int:
    return account.id


@router.get(
    "/service-accounts/{account_id}",
    tags=["people"],
    summary="One service account",
    responses=errors(403, 404),
)
def show_service_account(
    account_id: AccountId, actor: Caller, session: Db, response: Response
) -> ServiceAccountView:
    """For who looks after it. Scopes: `tokens:write`, `courses:write`."""
    return _shown(service_accounts.get(session, actor, account_id), response)


@router.patch(
    "/service-accounts/{account_id}",
    tags=["people"],
    summary="Close a service account, or open it again",
    responses=errors(400, 403, 404, 409, 412, 413, 428),
)
def change_service_account(
    account_id: AccountId,
    change: ServiceAccountChange,
    actor: Caller,
    session: Db,
    response: Response,
    if_match: IfMatch = None,
) -> ServiceAccountView:
    """While it is closed none of its tokens works; what it did stays its own.

    Scopes: `tokens:write`, `courses:write`.
    """
    account = service_accounts.get(session, actor, account_id, held=True)
    check_match(if_match, etag_of(ServiceAccountView.model_validate(account)))
    service_accounts.set_active(session, actor, account_id, active=change.active)
    session.commit()
    return _shown(account, response)


@router.get(
    "/service-accounts/{account_id}/tokens",
    tags=["people"],
    summary="A service account's tokens",
    responses=errors(403, 404),
)
def list_service_account_tokens(
    account_id: AccountId, actor: Caller, session: Db
) -> list[TokenView]:
    """Those that work, newest first. Scopes: `tokens:write`, `courses:write`."""
    return [TokenView.of(one) for one in service_accounts.tokens(session, actor, account_id)]


@router.post(
    "/service-accounts/{account_id}/tokens",
    tags=["people"],
    summary="Make a token of a service account",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
    dependencies=[Depends(unkept_answer)],
)
def make_service_account_token(
    account_id: AccountId, new: NewServiceToken, actor: Caller, session: Db
) -> MadeToken:
    """It has no scope and no day more than the token that makes it (403), and ends with that.

    Scopes: `tokens:write`, `courses:write`.
    """
    made, secret = service_accounts.issue(
        session, actor, account_id, new.name.strip(), new.scopes, days=new.days
    )
    session.commit()
    return MadeToken(**TokenView.of(made).model_dump(), token=secret)


@router.delete(
    "/service-accounts/{account_id}/tokens/{token_id}",
    tags=["people"],
    summary="Revoke a token of a service account",
    status_code=204,
    responses=errors(403, 404),
)
def revoke_service_account_token(
    account_id: AccountId, token_id: TokenId, actor: Caller, session: Db
) -> None:
    """What was made with it ends, too. Scopes: `tokens:write`, `courses:write`."""
    service_accounts.revoke(session, actor, account_id, token_id)
    session.commit()
