"""What an operator's programs see: health, readiness, metrics, and who may see them."""

from __future__ import annotations

from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from app.models import Assignment
from tests.api.handing_in.test_handing_in import graded, hand_in
from tests.support.cast import Person
from tests.support.processes.server import served, served_anew
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for

TOKEN = "a token for Prometheus"
Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def fetch(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, trust_env=False, verify=False, timeout=30)


def metrics(url: str) -> Series:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(fetch(f"{url}/metrics").text)
        for sample in family.samples
    }


def value(found: Series, name: str, **labels: str) -> float:
    return found.get((name, frozenset(labels.items())), 0.0)


def test_a_whole_stack_is_healthy_and_ready(stack: Stack) -> None:
    assert fetch(f"{stack.url}/healthz").json() == {"status": "ok"}
    assert fetch(f"{stack.url}/readyz").json() == {
        "status": "ready",
        "postgres": "up",
        "redis": "up",
    }


def test_each_grading_is_counted_once_whoever_asks(
    stack: Stack, student: Person, assignment: Assignment, tmp_path: Path
) -> None:
    before = metrics(stack.url)
    for content in (b"x = 1\n", b"x = 2\n"):
        graded(student, hand_in(student, assignment, content))

    def counted() -> Series | None:
        found = metrics(stack.url)
        new = value(found, "chainrule_outcomes_total", outcome="none") - value(
            before, "chainrule_outcomes_total", outcome="none"
        )
        return found if new >= 2 else None

    found = wait_for(counted, "two more gradings in /metrics", seconds=40)
    for phase in ("queue", "graded"):
        new = value(found, "chainrule_phase_seconds_count", phase=phase) - value(
            before, "chainrule_phase_seconds_count", phase=phase
        )
        assert new >= 2
        buckets = sorted(
            (float(dict(labels)["le"]), count)
            for (name, labels), count in found.items()
            if name == "chainrule_phase_seconds_bucket" and ("phase", phase) in labels
        )
        counts = [count for _, count in buckets]
        assert counts == sorted(counts)
        assert counts[-1] == value(found, "chainrule_phase_seconds_count", phase=phase)
    with served(tmp_path) as beside:
        also = metrics(beside.url)
        assert value(also, "chainrule_outcomes_total", outcome="none") >= value(
            found, "chainrule_outcomes_total", outcome="none"
        )
        wait_for(
            lambda: _totals(metrics(stack.url)) == _totals(metrics(beside.url)),
            "both to tell the same totals, once nothing new settles between the two questions",
        )


def _totals(found: Series) -> Series:
    ever = ("chainrule_outcomes", "chainrule_notes", "chainrule_phase")
    return {key: count for key, count in found.items() if key[0].startswith(ever)}


def test_the_queue_and_requests_are_counted(stack: Stack, student: Person) -> None:
    before = metrics(stack.url)
    for _ in range(3):
        student.api.get("/me")
    after = metrics(stack.url)
    labels = {"method": "GET", "route": "/api/v1/me"}
    name = "chainrule_http_requests_total"
    new = value(after, name, **labels, status="200") - value(before, name, **labels, status="200")
    assert new == 3
    assert value(after, "chainrule_http_request_seconds_count", **labels) >= 3
    for kind in ("live", "trial", "regrade"):
        assert ("chainrule_queue_depth", frozenset({("kind", kind)})) in after
    for status in ("queued", "running", "graded", "failed"):
        assert ("chainrule_submissions", frozenset({("status", status)})) in after


def test_cells_and_what_happens_to_them_are_counted(
    stack: Stack, student: Person, assignment: Assignment
) -> None:
    def cells(found: Series) -> float:
        return value(found, "chainrule_cells", state="warm")

    before = wait_for(
        lambda: found if cells(found := metrics(stack.url)) else None, "warm cells in /metrics"
    )
    assert value(before, "chainrule_cells_started_total") >= cells(before)
    odd = {"reason": "odd"}
    graded(student, hand_in(student, assignment, b"import os\nos._exit(3)\n"))
    wait_for(
        lambda: (
            value(metrics(stack.url), "chainrule_cells_replaced_total", **odd)
            > value(before, "chainrule_cells_replaced_total", **odd)
        ),
        "the replacement in /metrics",
    )
    for kind in ("cell", "unavailable", "grading", "lease"):
        assert ("chainrule_faults_total", frozenset({("kind", kind)})) in before


def test_strange_requests_make_no_new_series(stack: Stack) -> None:
    for number in range(5):
        fetch(f"{stack.url}/api/v1/strange/{number}")
        httpx.request("PROPFIND", f"{stack.url}/api/v1/me", trust_env=False, verify=False)
    routes = {
        dict(labels)["route"] for (name, labels) in metrics(stack.url) if "http_requests" in name
    }
    methods = {
        dict(labels)["method"] for (name, labels) in metrics(stack.url) if "http_requests" in name
    }
    assert not any("strange" in route for route in routes)
    assert "other" in methods
    assert "PROPFIND" not in methods


def test_metrics_are_not_for_strangers(stack: Stack, tmp_path: Path) -> None:
    assert fetch(f"{stack.url}/metrics", **{"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    with served(tmp_path, CHAINRULE_METRICS_TOKEN=TOKEN) as server:
        url = f"{server.url}/metrics"
        assert fetch(url).status_code == 404
        assert fetch(url, Authorization="Bearer something else").status_code == 404
        assert fetch(url, Authorization=f"Bearer {TOKEN}").status_code == 200


def test_several_processes_count_requests_together(stack: Stack, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    with served_anew(tmp_path, PROMETHEUS_MULTIPROC_DIR=str(shared)) as server:
        server.get("/api/v1/nothing")
        assert value(
            metrics(server.url), "chainrule_http_requests_total",
            method="GET", route="-", status="404",
        ) == 1  # fmt: skip
