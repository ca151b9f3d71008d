"""Owns a stack under test: what `make run` runs, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from cli.stack.demo.credentials import DemoFile, read
from cli.stack.folder import DataFolder
from tests.support.waiting import wait_for

CHAINRULE = str(Path(sys.executable).with_name("chainrule"))
START_S = 400.0
_LOADER = ["-m", "cli.stack.loader"]


class Stack:
    """A started stack. `said` is what it printed, line by line."""

    def __init__(self, data: Path, *, port: int = 0, **settings: str) -> None:
        self.folder = DataFolder(data)
        self.said: list[str] = []
        self._port = port
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where the web server listens."""
        return self.demo.url

    @property
    def demo(self) -> DemoFile:
        """What demo.json says."""
        return read(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        """The settings under which this stack's programs reach each other."""
        return self.folder.environment()

    @property
    def process(self) -> subprocess.Popen[str]:
        """The supervisor."""
        assert self._process is not None, "not started"
        return self._process

    @property
    def is_running(self) -> bool:
        """Whether it was started, and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Stack:
        """Start, and wait until it says that it is ready."""
        self.launch()
        wait_for(
            lambda: self._says("Chainrule is ready at") or self.process.poll() is not None,
            "the stack's ready line",
            seconds=START_S,
        )
        assert self._says("Chainrule is ready at"), "\n".join(self.said)
        return self

    def launch(self) -> None:
        """Start without waiting."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CHAINRULE_")
        }
        environment |= {"CHAINRULE_DATA": str(self.folder.path), "PORT": str(self._port)}
        environment |= {"CHAINRULE_DEMO_CLASS": "0"}  # half a thousand files to be graded
        self.said.clear()
        self._process = subprocess.Popen(
            [CHAINRULE, "up", "--with-parent"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment | self._settings,
            preexec_fn=heed_signals,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """Stop it, and return its exit status."""
        self.process.send_signal(how)
        return self.process.wait(START_S)

    def pids(self) -> dict[str, int]:
        """The running services' processes by name: web, worker, beat, postgres, valkey; and the
        loader, from which the first three are forked."""
        found = {}
        for pid in children(self.process.pid):
            with suppress(OSError):
                program = Path(f"/proc/{pid}/exe").readlink().name.removesuffix("-server")
                found["loader" if _words(pid)[1:3] == _LOADER else program] = pid
        for pid in children(found.get("loader", 0)):
            with suppress(OSError):
                words = _words(pid)
                if words[1:3] == _LOADER:  # and not a dead one, which has none
                    found[words[3]] = pid
        return found

    def log(self, service: str) -> str:
        """What a service has logged."""
        return (self.folder.logs / f"{service}.log").read_text()

    def _says(self, words: str) -> bool:
        return any(words in line for line in self.said)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.said.append(line.rstrip("\n"))


def _words(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def heed_signals() -> None:
    """Tests may run under nohup, which ignores hangups, or in the background of a script, where
    Ctrl-C is ignored; and what ignores a signal hands that on to what it starts."""
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def children(pid: int) -> list[int]:
    """The processes that this one has made and that still run."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def descendants(pid: int) -> list[int]:
    """All processes below this one."""
    below = children(pid)
    return below + [deeper for child in below for deeper in descendants(child)]


def alive(pids: list[int]) -> list[int]:
    """Those that still run; a dead one that nobody has collected yet does not."""
    found = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state not in "ZX":
            found.append(pid)
    return found
