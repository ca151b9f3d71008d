"""Owns the errors that people and programs see: each has its HTTP status and plain words."""

from __future__ import annotations

_AWAY_S = "5"


class Problem(Exception):
    """Something the caller must be told. `detail` says what happened and what to do."""

    status = 400
    title = "This could not be done"

    def __init__(self, detail: str, *, errors: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or {}
        self.headers: dict[str, str] = {}
        """What the answer carries besides."""


class NotSignedIn(Problem):
    """No session or token, or one that has ended."""

    status = 401
    title = "Please sign in"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.headers = {"www-authenticate": "Bearer"}


class Forbidden(Problem):
    """Known to the caller, but not theirs to do."""

    status = 403
    title = "This is not yours to do"


class NotFound(Problem):
    """Absent, or not to be known by this caller."""

    status = 404
    title = "There is nothing here"


class Conflict(Problem):
    """Right in itself, but not in the present state."""

    status = 409
    title = "Not possible as things stand"


class Stale(Conflict):
    """Made for what has been changed meanwhile."""

    title = "Somebody else changed this meanwhile"


class Gone(Problem):
    """Was there once, and has served, or is over."""

    status = 410
    title = "This is over"


class PreconditionFailed(Problem):
    """Made for another version than there is."""

    status = 412
    title = "It has changed meanwhile"


class PreconditionRequired(Problem):
    """Says not for which version it was made."""

    status = 428
    title = "Say what you have seen"


class TooLarge(Problem):
    """More bytes than the service takes."""

    status = 413
    title = "The file is too large"


class Misdirected(Problem):
    """Sent to a name that is not ours."""

    status = 421
    title = "This is another address"


class Unprocessable(Problem):
    """A field is missing or cannot be used; `errors` names each."""

    status = 422
    title = "Something in the form needs another look"


class TooMany(Problem):
    """A rate limit; `retry_after` is in seconds."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.headers = {"retry-after": str(retry_after)}


class Unavailable(Problem):
    """A part of the service is away for now."""

    status = 503
    title = "The service is away for a moment"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.headers = {"retry-after": _AWAY_S}
