"""Owns what somebody honest does meanwhile: looks at a page, hands a file in, again and again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from statistics import median

import httpx

from bench import SOLUTION
from bench.floods.scene import Scene

_PAGE_EVERY_S, _HAND_IN_EVERY_S, _LOOK_S = 0.2, 1.0, 0.05
_PATIENCE_S = 60.0


@dataclass
class Honest:
    """Somebody's day: how long each page and each grading took, in seconds."""

    scene: Scene
    pages: list[float] = field(default_factory=list)
    gradings: list[float] = field(default_factory=list)
    refused: int = 0

    def work(self, seconds: float) -> None:
        """Do so for so long, and end what was begun."""
        over = time.monotonic() + seconds
        looking = threading.Thread(target=self._look, args=(over,))
        looking.start()
        while time.monotonic() < over:
            began = time.monotonic()
            self._hand_in()
            time.sleep(max(0.0, began + _HAND_IN_EVERY_S - time.monotonic()))
        looking.join()

    def told(self) -> str:
        """One line of it."""
        pages, gradings = _told(self.pages), _told(self.gradings)
        refused = f"   {self.refused} refused" if self.refused else ""
        return f"page {pages}   hand-in {gradings}{refused}"

    def _look(self, over: float) -> None:
        url = self.scene.stack.url + self.scene.path("")[:-1]
        with httpx.Client(cookies=self.scene.honest.cookie, timeout=60, trust_env=False) as browser:
            while time.monotonic() < over:
                began = time.monotonic()
                try:
                    answer = browser.get(url)
                    self.refused += answer.status_code != 200
                except httpx.TransportError:
                    self.refused += 1
                self.pages.append(time.monotonic() - began)
                time.sleep(_PAGE_EVERY_S)

    def _hand_in(self) -> None:
        began = time.monotonic()
        try:
            self._until_graded(began)
        except httpx.TransportError:
            self.refused += 1
        self.gradings.append(time.monotonic() - began)

    def _until_graded(self, began: float) -> None:
        api = self.scene.honest.api
        file = {"file": ("right.py", SOLUTION.read_bytes())}
        answer = api.post(self.scene.path("submissions"), files=file, timeout=_PATIENCE_S)
        if answer.status_code != 202:
            self.refused += 1
            return
        path = f"/submissions/{answer.json()['id']}"
        while time.monotonic() < began + _PATIENCE_S:
            if api.get(path, timeout=_PATIENCE_S).json().get("status") == "graded":
                return
            time.sleep(_LOOK_S)


def _told(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    return f"median {1000 * median(seconds):6.0f} ms, worst {1000 * max(seconds):6.0f} ms"
