"""Owns the routes about receipts and result sheets, and about checking one."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.api.routing import Caller, errors, router
from app.api.views import View
from app.api.work.submissions import SubmissionId
from app.grading import receipts
from app.grading.receipts import Verified
from app.http.dependencies import Db
from app.signing import signed_texts


class SignedView(View):
    """Something that the service has signed."""

    text: str = Field(description="A compact JWS with Ed25519; `/receipts/keys.json` has the keys.")
    statement: dict[str, Any] = Field(description="What it says.")

    @classmethod
    def of(cls, text: str) -> Self:
        """A signed text."""
        return cls(text=text, statement=dict(signed_texts.opened(text).statement))


class SignedText(BaseModel):
    """A receipt or result sheet, from whomever."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(max_length=signed_texts.LONGEST)


class VerifiedView(View):
    """What a genuine one says, and how the service's records differ from it."""

    genuine: Literal[True]
    kid: str = Field(description="The key that signed it.")
    statement: dict[str, Any]
    has_record: bool = Field(description="Whether the hand-in is still in the service's records.")
    differences: list[str] = Field(description="In sentences; none where the records agree.")

    @classmethod
    def of(cls, found: Verified) -> Self:
        """What was found of it."""
        return cls(
            genuine=True,
            kid=found.kid,
            statement=dict(found.statement),
            has_record=found.has_record,
            differences=found.differences,
        )


@router.get(
    "/submissions/{submission_id}/receipt",
    tags=["submissions"],
    summary="The signed receipt of a hand-in",
    responses=errors(403, 404, 409),
)
def show_receipt(submission_id: SubmissionId, actor: Caller, session: Db) -> SignedView:
    """As it was given when the file came in. Scope: `submissions:read`."""
    text = receipts.of_submission(session, actor, submission_id)
    session.commit()
    return SignedView.of(text)


@router.get(
    "/submissions/{submission_id}/result-sheet",
    tags=["submissions"],
    summary="The score of a submission, signed",
    responses=errors(403, 404, 409),
)
def show_result_sheet(submission_id: SubmissionId, actor: Caller, session: Db) -> SignedView:
    """With the graders' version and the hash of the seed, as it stands now.

    409 until it is graded. Scope: `submissions:read`.
    """
    return SignedView.of(receipts.result_sheet(session, actor, submission_id))


@router.post(
    "/receipts/verify",
    tags=["submissions"],
    summary="Check a receipt or a result sheet",
    responses=errors(400, 413),
)
def verify_receipt(sent: SignedText, actor: Caller, session: Db) -> VerifiedView:
    """422 with the reason for what the service has not signed. Any scope will do."""
    return VerifiedView.of(receipts.verify(session, sent.text))
