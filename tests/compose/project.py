"""Drives docker-compose: one throw-away project with its own network, volumes and secrets."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_UP_SECONDS = 1500
_STEP_SECONDS = 120


@dataclass(frozen=True)
class Project:
    """A compose project, by name; `port` is where its web service listens on loopback."""

    name: str
    port: int
    environment: dict[str, str]

    @classmethod
    def fresh(cls) -> Project:
        """A project that shares nothing with another one on this machine."""
        port = _free_port()
        chosen = {
            "POSTGRES_PASSWORD": secrets.token_hex(16),
            "REDIS_PASSWORD": secrets.token_hex(16),
            "CHAINRULE_LISTEN": f"127.0.0.1:{port}",
            "CHAINRULE_BASE_URL": f"http://127.0.0.1:{port}",
        }
        return cls(f"chainrule-test-{secrets.token_hex(3)}", port, {**os.environ, **chosen})

    @property
    def url(self) -> str:
        """Where the web service answers."""
        return self.environment["CHAINRULE_BASE_URL"]

    def compose(self, *words: str, timeout: int = _STEP_SECONDS, text: str | None = None) -> str:
        """Run a compose command and return what it printed; fails with its complaint."""
        return self.piped(*words, timeout=timeout, data=(text or "").encode()).decode()

    def piped(self, *words: str, timeout: int = _STEP_SECONDS, data: bytes = b"") -> bytes:
        """The same, with bytes going in and coming out."""
        done = subprocess.run(
            [*_program(), "-p", self.name, *words],
            cwd=ROOT,
            env=self.environment,
            input=data,
            capture_output=True,
            timeout=timeout,
        )
        assert done.returncode == 0, f"{words}: {done.stdout[-2000:]!r}{done.stderr[-4000:]!r}"
        return done.stdout

    def up(self, *options: str, **scales: int) -> None:
        """Start all services; returns when the web service has been started."""
        scale = [word for name, count in scales.items() for word in ("--scale", f"{name}={count}")]
        self.compose("up", "--detach", *options, *scale, timeout=_UP_SECONDS)

    def down(self) -> None:
        """Stop everything and remove what it kept."""
        self.compose("down", "--volumes", "--timeout", "20", timeout=_UP_SECONDS)

    def chainrule(self, *words: str, text: str | None = None) -> str:
        """The operator's command line, inside the web container."""
        return self.compose("exec", "-T", "web", "python", "-m", "cli.main", *words, text=text)

    def containers(self, service: str) -> list[str]:
        """The ids of a service's running containers."""
        return self.compose("ps", "-q", service).split()


def kill_as_the_host_does(container: str) -> None:
    """SIGKILL to a container's process: `docker kill` would count as an order to stay down."""
    pid = docker("inspect", "--format", "{{.State.Pid}}", container)
    command = ("--pid", "host", "--user", "0", "--entrypoint", "sh", "chainrule-web")
    docker("run", "--rm", *command, "-c", f"kill -KILL {pid}")


def docker(*words: str) -> str:
    """Run a docker command and return what it printed."""
    done = subprocess.run(
        ["docker", *words], capture_output=True, text=True, timeout=_STEP_SECONDS, check=True
    )
    return done.stdout.strip()


def _program() -> list[str]:
    return ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
