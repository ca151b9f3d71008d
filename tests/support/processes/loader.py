"""The program of the tests' own loader: it has loaded `chainrule web`, and forks it when told.

Loading takes ten times as long as all that a web server does until it listens. Each line of input
is JSON: the arguments, the environment, the file of the log, and constants of modules that are
others there; answered is the new process's id.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
from pathlib import Path

from cli.main import main

_WHAT_UVICORN_LOADS = ("app.web", "app.http.connections", "uvicorn.lifespan.on", "uvloop")


def serve() -> None:
    """Fork for each line, until the input ends."""
    for name in _WHAT_UVICORN_LOADS:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is loaded is not looked through by each of them again
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody need ask how they ended
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the run, which ends this then
    while asked := sys.stdin.readline():
        pid = os.fork()
        if not pid:
            _run(**json.loads(asked))
        print(pid, flush=True)


def _run(
    arguments: list[str], environment: dict[str, str], log: str, constants: dict[str, object]
) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with open(os.devnull) as nothing, Path(log).open("wb") as written:
        os.dup2(nothing.fileno(), 0)
        for descriptor in (1, 2):
            os.dup2(written.fileno(), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    for name, value in constants.items():
        module, _, constant = name.rpartition(".")
        assert hasattr(sys.modules[module], constant), name
        setattr(sys.modules[module], constant, value)
    sys.argv[1:] = arguments
    main()
    sys.exit()


if __name__ == "__main__":
    serve()
