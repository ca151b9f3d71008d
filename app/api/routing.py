"""Owns what all API routes share: the router, who calls, how often they may, what errors look like.

Reads carry an ETag and answer 304 to whoever has the same already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.responses import StreamingResponse

from app.api import sis_ids
from app.api.idempotency import once, read_body
from app.api.sis_ids import OF_ASSIGNMENT, OF_COURSE, OF_USER
from app.errors import Unprocessable
from app.http.dependencies import Db, bearer, unkept
from app.http.routes import QuickRoute
from app.identity.authentication import Actor
from app.infrastructure import rate_limits
from app.settings import settings

LARGEST_ID = 2**31 - 1
_NUMBER_OR = r"^([1-9][0-9]{{0,9}}|{}[^\x00-\x1f]+)$"
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_MEANINGS = {
    400: "The request cannot be read, for instance a broken multipart form.",
    401: "No bearer token, or one that is unknown, expired or revoked.",
    403: "The token's scopes, or the holder's role in this course, do not cover this.",
    404: "There is no such thing, or it is not for this caller to know of.",
    409: "Not possible as things stand: the assignment is closed, or no attempts are left.",
    408: "The upload took too long to arrive.",
    412: "It has changed since the `ETag` in `If-Match` was given; nothing was changed.",
    413: "The file is larger than the service takes.",
    421: "The request was sent to another host name than the service's.",
    422: "A field or parameter is missing or cannot be used; `errors` names each.",
    428: "`If-Match` is missing: it says for which version a change was made.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    500: "A fault of the service. Nothing that was handed in is lost.",
    503: "The database cannot be reached for now; try again in a few seconds.",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These error answers, for a route's description."""
    return {status: {"description": _MEANINGS[status], "content": _PROBLEM} for status in statuses}


class ConditionalRoute(QuickRoute):
    """A route whose whole 200 answers to GET carry an ETag."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, with If-None-Match heeded around it."""
        handle = super().get_route_handler()

        async def conditional(request: Request) -> Response:
            await read_body(request)
            response = await handle(request)
            if (
                request.method != "GET"
                or response.status_code != 200
                or isinstance(response, StreamingResponse)
            ):
                return response
            etag = response.headers.get("etag") or _etag(bytes(response.body))
            if _is_known(etag, request.headers.get("if-none-match", "")):
                return Response(status_code=304, headers={"etag": etag})
            response.headers["etag"] = etag
            return response

        return conditional


class Router(APIRouter):
    """A router of which the routes that change something heed an Idempotency-Key."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Add a route; it may answer what a key can be answered."""
        if "GET" not in options["methods"]:
            endpoint = once(endpoint, options["status_code"] or 200)
            options["responses"] = {**errors(400, 403, 409), **options["responses"]}
        super().add_api_route(path, endpoint, **options)


def etag_of(view: BaseModel) -> str:
    """The ETag of something that can be changed, to be compared with an If-Match."""
    return _etag(view.model_dump_json().encode())


def _etag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _is_known(etag: str, given: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in tags or "*" in tags


def allow(request: Request, name: str, rate: str, actor: Actor) -> None:
    """Count this request against a limit, and say in the answer's headers what is left of it.

    Raises ratelimits.Exceeded.
    """
    try:
        allowance = rate_limits.take(name, rate, actor.key)
    except rate_limits.Exceeded as exceeded:
        _tell(request, exceeded.allowance)
        raise
    _tell(request, allowance)


def _tell(request: Request, allowance: rate_limits.Allowance) -> None:
    known = getattr(request.state, "allowances", {})
    request.state.allowances = told = known | {allowance.name: allowance}
    for name in allowance.headers():
        request.state.headers[name] = ", ".join(one.headers()[name] for one in told.values())


def caller(request: Request, session: Db) -> Actor:
    """Who holds the request's token; raises NotSignedIn, ratelimits.Exceeded, Unprocessable."""
    actor = bearer(request, session)
    request.state.user_id = actor.user.id
    allow(request, "api", settings().api_limit, actor)
    _check_query(request)
    return actor


def _check_query(request: Request) -> None:
    """Refuse a parameter that would be passed over: its sender would get more than they asked for.

    One sent twice is refused, too, as only the last of them would count.
    """
    known = set(_asked(request.scope["route"].dependant))
    wrong = {}
    for name in request.query_params:
        times = len(request.query_params.getlist(name))
        if name not in known:
            takes = ", ".join(f"`{one}`" for one in sorted(known)) or "none"
            wrong[name[:80]] = f"is not known here; this address takes {takes}"
        elif times > 1:
            wrong[name] = f"was sent {times} times; send it once"
    if wrong:
        fields = "; ".join(f"`{name}` {message}" for name, message in wrong.items())
        raise Unprocessable(f"In this address {fields}.", errors=wrong)


def _asked(dependant: Dependant) -> Iterator[str]:
    """The query parameters of a route, and of all that it depends on."""
    yield from (one.alias for one in dependant.query_params)
    for deeper in dependant.dependencies:
        yield from _asked(deeper)


def unkept_answer(response: Response) -> None:
    """A dependency of routes whose answers let somebody in: no cache keeps them."""
    unkept(response)


Caller = Annotated[Actor, Depends(caller)]


def _course_number(
    course_id: Annotated[
        str,
        Path(
            max_length=300,
            pattern=_NUMBER_OR.format(OF_COURSE),
            description=f"The course's number, or `{OF_COURSE}` and its code.",
        ),
    ],
    actor: Caller,
    session: Db,
) -> int:
    return _known(sis_ids.course(session, course_id))


def _assignment_number(
    assignment_id: Annotated[
        str,
        Path(
            max_length=300,
            pattern=_NUMBER_OR.format(OF_ASSIGNMENT),
            description=f"The assignment's number, or `{OF_ASSIGNMENT}` and its external id.",
        ),
    ],
    actor: Caller,
    session: Db,
) -> int:
    return _known(sis_ids.assignment(session, assignment_id))


def _user_number(
    user_id: Annotated[
        str,
        Path(
            max_length=300,
            pattern=_NUMBER_OR.format(OF_USER),
            description=f"The person's number, or `{OF_USER}` and their external id.",
        ),
    ],
    actor: Caller,
    session: Db,
) -> int:
    return _known(sis_ids.user(session, user_id))


def _known(number: int | None) -> int:
    """The number, or one that nothing has: what is named by an id that nobody has is answered as
    any other thing that is not there, or not for this caller to know of."""
    return LARGEST_ID if number is None else min(number, LARGEST_ID)


class _Person(StringConvertor):
    """What stands for somebody in a path where other words mean other things."""

    regex = f"[0-9]+|{OF_USER}[^/]+"


register_url_convertor("person", _Person())
AssignmentId = Annotated[int, Depends(_assignment_number)]
CourseId = Annotated[int, Depends(_course_number)]
UserId = Annotated[int, Depends(_user_number)]
router = Router(
    prefix="/api/v1",
    route_class=ConditionalRoute,
    responses=errors(401, 421, 422, 429, 500, 503),
    generate_unique_id_function=lambda route: route.name,
)
