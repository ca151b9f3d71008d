"""Everything that a person sees in a browser, one module for each group of pages."""

from fastapi import APIRouter, Depends

from app.pages import (
    account,
    assignments,
    check,
    compare,
    courses,
    drafts,
    gradebook,
    graders,
    people,
    sign_in,
    site,
    submissions,
)
from app.pages.fields import check_fields

PARTS = (
    sign_in,
    account,
    courses,
    people,
    drafts,
    assignments,
    check,
    compare,
    submissions,
    gradebook,
    graders,
    site,
)

router = APIRouter(include_in_schema=False, dependencies=[Depends(check_fields)])
for part in PARTS:
    router.include_router(part.router)
