"""Owns /metrics for Prometheus: what is asked of this service, and what the workers get done.

Numbers about submissions come from Postgres, so every process tells the same. Those about requests
are each process's own; several share them where PROMETHEUS_MULTIPROC_DIR names a folder.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from itertools import accumulate, groupby

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.http.dependencies import Db
from app.http.watching.request_log import REGISTRY
from app.infrastructure.clock import now
from app.models import CounterTotal, DeliveryState, Kind, Status, Submission
from app.scheduling import cell_registry, counters
from app.scheduling.fair_shares import REGRADE
from app.settings import settings
from app.webhooks import upkeep

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def show_metrics(request: Request, session: Db) -> Response:
    """The numbers, to whoever sends the token of the settings; without one, to this machine."""
    if not _may_see(request):
        raise NotFound("There is nothing at this address. Perhaps it was mistyped.")
    totals = counters.count(session)
    families = [
        *_now(session),
        *_webhooks(session),
        *_present(session),
        *_ever(totals),
        *_of_cells(totals),
    ]
    session.commit()
    registry = CollectorRegistry()
    registry.register(_Families(families))
    text = generate_latest(registry) + generate_latest(_requests())
    return Response(text, media_type=CONTENT_TYPE_LATEST)


def _may_see(request: Request) -> bool:
    token = settings().metrics_token
    if token:  # an empty one is none: it would let everybody in
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    # A proxy on this machine passes on what strangers ask, and says so.
    forwarded = {"forwarded", "x-forwarded-for"} & set(request.headers)
    return not forwarded and request.client is not None and _is_loopback(request.client.host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _requests() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


class _Families(Collector):
    """Families that are made already."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _now(session: Session) -> Iterator[Metric]:
    """How things stand at this moment."""
    counts = dict(
        session.execute(
            select(Submission.status, func.count())
            .where(Submission.kind == Kind.ATTEMPT)
            .group_by(Submission.status)
        ).all()
    )
    standing = GaugeMetricFamily(
        "chainrule_submissions",
        "Submissions that are there, by status; trials are none.",
        labels=["status"],
    )
    for status in Status:
        standing.add_metric([status.value], counts.get(status, 0))
    yield standing
    yield from _waiting(session)


def _waiting(session: Session) -> Iterator[Metric]:
    """What waits for a worker, and for how long."""
    order = case(
        (Submission.priority >= REGRADE, "regrade"),
        (Submission.kind == Kind.TRIAL, "trial"),
        else_="live",
    )
    kind_of = select(order.label("kind"), Submission.queued_at).where(
        Submission.status == Status.QUEUED
    )
    queued = kind_of.subquery()
    waiting = session.execute(
        select(queued.c.kind, func.count(), func.min(queued.c.queued_at)).group_by(queued.c.kind)
    )
    depth = GaugeMetricFamily(
        "chainrule_queue_depth", "Submissions that wait for a worker.", labels=["kind"]
    )
    oldest = GaugeMetricFamily(
        "chainrule_queue_oldest_seconds", "How long the oldest of them waits.", labels=["kind"]
    )
    found = {kind: (number, since) for kind, number, since in waiting}
    for kind in ("live", "trial", "regrade"):
        number, since = found.get(kind, (0, now()))
        depth.add_metric([kind], number)
        oldest.add_metric([kind], max(0.0, (now() - since).total_seconds()))
    yield depth
    yield oldest


def _webhooks(session: Session) -> Iterator[Metric]:
    """What waits to be told to others, or was not."""
    numbers = upkeep.numbers(session)
    family = GaugeMetricFamily(
        "chainrule_webhooks",
        "Deliveries of webhooks in the last 30 days, by state; failed ones were given up.",
        labels=["state"],
    )
    for state in DeliveryState:
        family.add_metric([state.value], numbers.get(state, 0))
    yield family
    yield GaugeMetricFamily(
        "chainrule_webhooks_oldest_seconds",
        "How long the oldest that waits does so.",
        value=upkeep.oldest_s(session),
    )


def _present(session: Session) -> Iterator[Metric]:
    """Who grades at this moment."""
    processes = cell_registry.present(session)
    family = GaugeMetricFamily(
        "chainrule_cells",
        "Processes that grade, by whether they have a warm cell.",
        labels=["state"],
    )
    missing = processes.get(None, 0)
    family.add_metric(["warm"], sum(processes.values()) - missing)
    family.add_metric(["missing"], missing)
    yield family


def _of_cells(totals: list[CounterTotal]) -> Iterator[Metric]:
    """What has happened to cells, and faults of ours, since the beginning."""
    counts = {total.label: total.count for total in totals if total.name == counters.CELLS}
    started = CounterMetricFamily("chainrule_cells_started", "Cells that were started.")
    started.add_metric([], counts.get(cell_registry.STARTED, 0))
    replaced = CounterMetricFamily(
        "chainrule_cells_replaced",
        "Cells replaced: after an odd run, since they were lost, or since they had served.",
        labels=["reason"],
    )
    faults = CounterMetricFamily(
        "chainrule_faults", "Faults of ours that had something done again.", labels=["kind"]
    )
    for reason in cell_registry.REPLACED:
        replaced.add_metric([reason], counts.get(f"replaced {reason}", 0))
    for kind in cell_registry.FAULTS:
        faults.add_metric([kind], counts.get(f"fault {kind}", 0))
    yield from (started, replaced, faults)


def _ever(totals: list[CounterTotal]) -> Iterator[Metric]:
    """What has been counted since the beginning; gradings of the last seconds come next time."""
    outcomes = CounterMetricFamily(
        "chainrule_outcomes",
        "Gradings by outcome: full, partial or none of the points; failed is a fault of ours.",
        labels=["outcome"],
    )
    trials = CounterMetricFamily(
        "chainrule_trials", "Trials without handing in, by the same outcomes.", labels=["outcome"]
    )
    notes = CounterMetricFamily(
        "chainrule_notes", "What happened in cells beside the checks, by kind.", labels=["kind"]
    )
    phases = HistogramMetricFamily(
        "chainrule_phase_seconds",
        "Time in each phase; queue is the wait, graded the whole from queued to graded.",
        labels=["phase"],
    )
    families = {counters.OUTCOMES: outcomes, counters.TRIALS: trials, counters.NOTES: notes}
    for (name, label), group in groupby(totals, lambda total: (total.name, total.label)):
        rows = list(group)
        if name == counters.PHASES:
            phases.add_metric([label], _buckets(rows), sum(row.total for row in rows))
        elif name in families:
            families[name].add_metric([label], rows[0].count)
    yield from (outcomes, trials, notes, phases)


def _buckets(rows: list[CounterTotal]) -> list[tuple[str, float]]:
    """Prometheus' buckets, each of which includes those before it."""
    counts = {row.bucket: row.count for row in rows}
    bounds = [f"{bound:g}" for bound in counters.BOUNDS_S] + ["+Inf"]
    running = accumulate(counts.get(place, 0) for place in range(len(bounds)))
    return list(zip(bounds, map(float, running), strict=True))
