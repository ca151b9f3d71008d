"""Owns what a submission is asked: fresh probes, drawn from the submission's secret seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Any, NamedTuple

from torch import Tensor

from graders.exercises import EXERCISES
from graders.model.exercise import Exercise
from graders.probes.probe import Probe
from graders.probes.template import KEPT, Part, Template, WrittenTable, template

Request = tuple[dict[str, Any], bytes]
"""The header of a request to a cell (limits are for its caller to add), and its body."""


class Requests(NamedTuple):
    """What a cell is asked about one submission."""

    ordinary: Request
    """With PyTorch as it is."""
    direct: Request
    """Without autograd: forward and backward are called by the grader."""


@dataclass(frozen=True, eq=False)
class Plan:
    """All probes of one submission, in the order in which they are run."""

    slugs: tuple[str, ...]
    template: Template
    draws: Tensor

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        """Made when somebody asks: a request needs no more than their numbers."""
        return self.template.filled(self.draws)

    def prepared(self) -> Iterator[Probe]:
        """The probes that give points, each with all that is expected of it; for the time in which
        a cell works."""
        for probe in chain.from_iterable(map(self.asked, self.slugs)):
            _ = probe.wanted_outputs, probe.wanted_grads
            yield probe

    @cached_property
    def _by_slug(self) -> dict[str, list[Probe]]:
        found: dict[str, list[Probe]] = {slug: [] for slug in self.slugs}
        for probe in self.probes:
            found[probe.exercise.slug].append(probe)
        return found

    @cached_property
    def _asked_by_slug(self) -> dict[str, list[Probe]]:
        return {
            slug: [probe for probe in probes if probe.gives_points]
            for slug, probes in self._by_slug.items()
        }

    def of(self, slug: str) -> list[Probe]:
        """The probes of one exercise; none where it is not asked for."""
        return self._by_slug.get(slug, [])

    def requests(self, source: bytes, recorded: bool = False) -> Requests:
        """What a cell is asked, for an ordinary and for a direct run.

        `recorded` asks an ordinary run everything, and for PyTorch's record of what it did: for a
        host where autograd cannot be taken out of a process.
        """
        shared = template(tuple(EXERCISES[slug] for slug in self.slugs), recorded)
        return Requests(*(self._request(part, source) for part in (shared.ordinary, shared.direct)))

    def _request(self, part: Part, source: bytes) -> Request:
        entries, others = _called(tuple(EXERCISES[slug] for slug in self.slugs))
        header = {
            "v": 1,
            "source": len(source),
            "entries": entries,
            "others": others,
            "tensors": part.tensors,
            "probes": part.probes,
            "more": part.more,
        }
        return header, source + part.body(self.draws)

    def asked(self, slug: str) -> list[Probe]:
        """The probes of one exercise that give points: those that every file is asked."""
        return self._asked_by_slug.get(slug, [])


@lru_cache(KEPT)
def _called(exercises: tuple[Exercise, ...]) -> tuple[WrittenTable, WrittenTable]:
    """The exercises whose entries are looked for, steps' included; and all others, whose names are
    then no names of these."""
    called = dict.fromkeys(one.slug for one in exercises if not one.steps)
    for one in exercises:
        called |= dict.fromkeys(step.entry for step in one.steps)
    others = (slug for slug in EXERCISES if slug not in called)
    return WrittenTable({slug: _names(slug) for slug in called}), WrittenTable(
        {slug: _names(slug) for slug in others}
    )


def _names(slug: str) -> dict[str, object]:
    exercise = EXERCISES[slug]
    also = ["".join(phrase.split()) for phrase in exercise.phrases]
    return {"names": list(exercise.entries), "also": also, "inputs": len(exercise.inputs)}


def draw_plan(slugs: Sequence[str], seed: bytes) -> Plan:
    """The probes for these exercises; the same seed gives the same ones. Raises KeyError."""
    shared = template(tuple(EXERCISES[slug] for slug in slugs))
    return Plan(tuple(slugs), shared, shared.drawn(seed))
