"""Owns the routes about the caller's own tokens: listed, made, revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from app.api.changes import Text
from app.api.routing import LARGEST_ID, Caller, errors, router, unkept_answer
from app.api.views import View
from app.http.dependencies import Db
from app.identity.authentication import LONGEST_DAYS
from app.identity.programs import own_tokens
from app.models import ApiToken

TokenId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The token's number.")]
NAME = r"^[^\x00]*[^\s\x00][^\x00]*$"


class TokenView(View):
    """A token, but not what is sent as one: nobody can look that up."""

    id: int
    name: str
    hint: str = Field(description="Its last four characters.")
    scopes: list[str]
    course_id: int | None = Field(description="The only course that it is for, if any.")
    created_at: datetime
    expires_at: datetime | None = Field(description="Null: it works until it is revoked.")
    last_used_at: datetime | None = Field(description="To the minute; null: never.")

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        """A token that works."""
        return cls.model_validate(token)


class MadeToken(TokenView):
    """A new token, and this once what to send."""

    token: str = Field(description="Shown only now: `Authorization: Bearer` and this.")


class NewToken(BaseModel):
    """A token that is to be."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=NAME, max_length=80, description="What uses it.")
    scopes: list[Text] = Field(min_length=1, max_length=50)
    course_id: int | None = Field(None, ge=1, le=LARGEST_ID, description="Only for this course.")
    days: int | None = Field(
        None, ge=1, le=LONGEST_DAYS, description="How long it works; null: until it is revoked."
    )


@router.get("/tokens", tags=["people"], summary="One's own tokens", responses=errors(403))
def list_tokens(actor: Caller, session: Db) -> list[TokenView]:
    """Those that work, newest first; with a token for one course that course's.

    Scope: `tokens:write`.
    """
    return [TokenView.of(one) for one in own_tokens.listed(session, actor)]


@router.post(
    "/tokens",
    tags=["people"],
    summary="Make a token of one's own",
    status_code=201,
    responses=errors(400, 403, 404, 409, 413),
    dependencies=[Depends(unkept_answer)],
)
def make_token(new: NewToken, actor: Caller, session: Db) -> MadeToken:
    """It has no scope, course or day more than what makes it (403). Scope: `tokens:write`."""
    made, secret = own_tokens.issue(
        session, actor, new.name.strip(), new.scopes, course_id=new.course_id, days=new.days
    )
    session.commit()
    return MadeToken(**TokenView.of(made).model_dump(), token=secret)


@router.delete(
    "/tokens/{token_id}",
    tags=["people"],
    summary="Revoke a token of one's own",
    status_code=204,
    responses=errors(403, 404),
)
def revoke_token(token_id: TokenId, actor: Caller, session: Db) -> None:
    """It may be the one that is sent with this. Scope: `tokens:write`."""
    own_tokens.revoke(session, actor, token_id)
    session.commit()
