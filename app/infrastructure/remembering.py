"""Owns what a request that only looks asks the database once, however many need to know it.

Half of what a page asks it would else ask again: what somebody may do here, whether there are
extensions or late days in this course. A session remembers answers once `begin` was called for it,
and forgets all of them with every statement that is no SELECT, so that nobody sees what was before.
While something in it is changed and not yet sent to the database it neither remembers nor recalls.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import ORMExecuteState, Session

P = ParamSpec("P")
T = TypeVar("T")
_KEPT = "remembered"


def begin(session: Session) -> None:
    """Have this session remember, for a request that changes nothing."""
    session.info[_KEPT] = {}


def remembered(
    ask: Callable[Concatenate[Session, P], T],
) -> Callable[Concatenate[Session, P], T]:
    """A question whose answer a session that remembers asks for once.

    Its arguments are its key. Everybody gets the same answer, so that nobody may change it.
    """

    @wraps(ask)
    def asked(session: Session, /, *args: P.args, **options: P.kwargs) -> T:
        kept: dict[object, Any] | None = session.info.get(_KEPT)
        if kept is None or session.new or session.dirty or session.deleted:
            return ask(session, *args, **options)
        key = (ask, args, *options.items())
        if key not in kept:
            kept[key] = ask(session, *args, **options)
        answer: T = kept[key]
        return answer

    return asked


def learn(session: Session, question: Callable[..., T], answer: T, *args: object) -> None:
    """Remember the answer to a question with these arguments, which something else has told."""
    kept: dict[object, Any] | None = session.info.get(_KEPT)
    if kept is not None:
        kept[getattr(question, "__wrapped__"), args] = answer  # noqa: B009 (it is none of Callable's)


def forget(session: Session, *_: object) -> None:
    """Ask everything anew."""
    if kept := session.info.get(_KEPT):
        kept.clear()


def forget_unless_looking(state: ORMExecuteState) -> None:
    """Ask everything anew after a statement that is no SELECT."""
    if not state.is_select:
        forget(state.session)
