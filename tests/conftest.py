"""Fixtures for all tests: the running stack, its people, the database, the browser.

Tests run in several processes side by side (`make test`) or in one. Each process has a stack of its
own, with its own folder, Postgres, Valkey and ports, which starts once, when the first test that
needs it runs there.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.stack import kernel
from tests.support.browser import chromium
from tests.support.processes import forking, run
from tests.support.processes.stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import Session

    from app.models import Assignment, Course
    from tests.support.cast import Cast, Person
    from worker.sandbox import Cell

os.environ["OMP_NUM_THREADS"] = "1"  # there is a process for each core; numbers are few at a time
BROWSER_MISSING = "no Chromium here (Debian: apt-get install chromium-headless-shell)"
_SETTINGS = {  # tests come faster than people do; limits have tests of their own
    f"CHAINRULE_{kind}_LIMIT": "100000/minute" for kind in ("SIGN_IN", "SUBMIT", "API", "VISITOR")
} | {
    "CHAINRULE_SWEEP_SECONDS": "1",
    "CHAINRULE_WEBHOOK_NETWORKS": "127.0.0.0/8",  # where tests receive them
}


@pytest.fixture(autouse=True)
def marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test asks for by name, while it runs, is unknown before: then its mark has to tell."""
    yield
    if {"stack", "browser"} & {*request.fixturenames}:
        assert request.node.get_closest_marker("stack"), "it needs the service: mark it `stack`"


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The whole service, and this process's settings pointed at it."""
    with tempfile.TemporaryDirectory(prefix="chainrule-test-") as data:
        running = Stack(Path(data) / "data", port=0, **_SETTINGS).start()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (_SETTINGS | running.environment).items():
                patch.setenv(name, value)
            forget_settings()
            yield running
            forget_settings()
        assert running.stop() == 0, "\n".join(running.said)


def forget_settings() -> None:
    """Have this process read its settings anew, and connect anew where they say."""
    from app.infrastructure import database, pubsub, queue
    from app.settings import settings

    if database.engine.cache_info().currsize:
        database.engine().dispose()
    pubsub.forget()
    for remembered in (database.engine, queue.celery, settings):
        remembered.cache_clear()


@pytest.fixture(scope="session")
def cell() -> Iterator[Cell]:
    """One warm cell for this process's tests, each of which leaves it whole or has it replaced.

    It is bubblewrap's, or the one that CHAINRULE_ATTACKED names, such as `socket:/cells`.
    """
    from tests.support.cells import Settings
    from worker.sandbox import open_cell

    with open_cell(Settings(cell=os.environ.get("CHAINRULE_ATTACKED", "bubblewrap"))) as opened:
        yield opened


@pytest.fixture
def db(stack: Stack) -> Iterator[Session]:
    """A session for looking. It remembers what it loaded: `db.expire_all()` to look again."""
    from app.infrastructure import database

    with database.session() as session:
        yield session


@pytest.fixture
def cast(stack: Stack) -> Iterator[Cast]:
    """Makes courses, assignments and people beyond those below."""
    from tests.support.cast import cast_of

    with cast_of(stack.url) as made:
        yield made


@pytest.fixture
def course(cast: Cast) -> Course:
    """A course of this test's own."""
    return cast.course()


@pytest.fixture
def assignment(cast: Cast, course: Course) -> Assignment:
    """An open assignment of all seven exercises in that course, 10 points each."""
    return cast.assignment(course)


@pytest.fixture
def student(cast: Cast, course: Course) -> Person:
    """A student of the course."""
    return cast.person("Sam Student", course)


@pytest.fixture
def other_student(cast: Cast, course: Course) -> Person:
    """Another student of the course."""
    return cast.person("Olga Other", course)


@pytest.fixture
def tutor(cast: Cast, course: Course) -> Person:
    """A tutor in the course, of no section yet."""
    from app.models import Role

    return cast.person("Timo Tutor", course, Role.TUTOR)


@pytest.fixture
def assistant(cast: Cast, course: Course) -> Person:
    """An assistant in the course."""
    from app.models import Role

    return cast.person("Amir Assistant", course, Role.ASSISTANT)


@pytest.fixture
def instructor(cast: Cast, course: Course) -> Person:
    """The course's instructor."""
    from app.models import Role

    return cast.person("Ines Instructor", course, Role.INSTRUCTOR)


@pytest.fixture
def outsider(cast: Cast) -> Person:
    """The instructor of another course, with no part in this one."""
    from app.models import Role

    return cast.person("Otto Outsider", cast.course("Another course"), Role.INSTRUCTOR)


@pytest.fixture
def admin(cast: Cast) -> Person:
    """A site administrator."""
    return cast.person("Ada Admin", is_admin=True)


@pytest.fixture(scope="module")
def lasting_admin(stack: Stack) -> Iterator[Person]:
    """A site administrator for all tests of a file, whose deeds are in courses new for each."""
    from tests.support.cast import cast_of

    with cast_of(stack.url) as made:
        yield made.person("Ada Admin", is_admin=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    from tests.support.browser import launched

    with launched() as running:
        yield running


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A page of a browser that nobody has signed in with; paths are relative to the service."""
    from tests.support.browser import watched_page

    context = browser.new_context(base_url=stack.url)
    with watched_page(context) as opened:
        yield opened
    context.close()


@pytest.fixture
def sign_in(page: Page, stack: Stack) -> Callable[[Person], Page]:
    """Signs a person in with the browser of `page`, and returns that page."""

    def signed_in(person: Person) -> Page:
        page.context.clear_cookies()
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": stack.url}
                for name, value in person.cookie.items()
            ]
        )
        return page

    return signed_in


def pytest_configure(config: pytest.Config) -> None:
    """Leave nothing behind, even when killed."""
    if hasattr(config, "workerinput"):
        kernel.end_with_parent(signal.SIGTERM, os.getppid())
    else:
        config.stash[_CLEANER] = run.begin()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage among five thousand tests that come, and stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Wait until what the run leaves is cleared away."""
    forking.end()
    if cleaner := config.stash.get(_CLEANER, None):
        cleaner.communicate()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process a core: with more, tests of time limits meet those of a busy machine."""
    return len(os.sched_getaffinity(0))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick files first, then those on a stack, then those in the browser; of each, the long ones.

    A file's tests run one after another in one process, which has its fixtures then once.
    Playwright's loop stays in this thread once it runs, where other tests could start no loop.
    """
    for item in items:
        if {"stack", "browser"} & {*_fixtures(item)}:
            item.add_marker("stack")
    turns: dict[Path, tuple[bool, bool, bool]] = {}
    for item in items:
        browser, stack, quick = turns.get(item.path, (False, False, True))
        turns[item.path] = (
            browser or "browser" in _fixtures(item),
            stack or item.get_closest_marker("stack") is not None,
            quick and item.get_closest_marker("long") is None,
        )
    items.sort(key=lambda item: (turns[item.path], "browser" in _fixtures(item)))
    if chromium() is None and not os.environ.get("CI"):
        for item in items:
            if "browser" in _fixtures(item):
                item.add_marker(pytest.mark.skip(reason=BROWSER_MISSING))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it loudly when pages went untested."""
    skipped = terminalreporter.stats.get("skipped", [])
    if unrun := sum(BROWSER_MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.section("BROWSER TESTS NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{unrun} tests were not run: {BROWSER_MISSING}", red=True, bold=True)


_CLEANER = pytest.StashKey[subprocess.Popen[bytes]]()


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", []))
