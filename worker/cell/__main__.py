"""Owns the start of a cell: become nobody, warm up, listen, serve."""

from __future__ import annotations

import gc
import os
import socket
import sys
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def _listeners(options: dict[str, str]) -> tuple[socket.socket, socket.socket]:
    """Sockets for ordinary and for direct runs: handed in (`CHAINRULE_CELL_FD`, two numbers with a
    comma between them), or made at `CHAINRULE_CELL_SOCKET`, the second with `.direct` at its end.

    Where that is a folder, the sockets are named after the host, so that replicas can share it.
    """
    if "CHAINRULE_CELL_FD" in options:
        one, two = (int(number) for number in options["CHAINRULE_CELL_FD"].split(","))
        return socket.socket(fileno=one), socket.socket(fileno=two)
    path = Path(options["CHAINRULE_CELL_SOCKET"])
    if path.is_dir():
        path = path / f"{os.uname().nodename}.sock"
    return _listening(path), _listening(path.with_name(f"{path.name}.direct"))


def _listening(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o666)
    listener.listen()
    return listener


def _control(options: dict[str, str]) -> socket.socket | None:
    """The way to whoever started the cell (`CHAINRULE_CELL_CONTROL`); a service has none."""
    descriptor = options.get("CHAINRULE_CELL_CONTROL")
    return socket.socket(fileno=int(descriptor)) if descriptor else None


def _settle_in() -> dict[str, str]:
    """Leaves nothing of the environment but what torch needs; gives the options that were in it."""
    gc.disable()  # until it is warm: what comes until then stays
    options = {name: os.environ[name] for name in os.environ if name.startswith("CHAINRULE_CELL_")}
    os.environ.clear()
    os.environ.update(dict.fromkeys(THREADS, "1"))
    # An installation that lives apart from this interpreter; and nothing of the current folder.
    sys.path[:] = [entry for entry in sys.path if entry not in ("", os.getcwd())]
    os.chdir("/")
    if "CHAINRULE_CELL_SITE" in options:
        sys.path.append(options["CHAINRULE_CELL_SITE"])
    return options


def main() -> None:
    """Runs the cell for as long as it is wanted."""
    options = _settle_in()
    from .isolation import jail
    from .process import hugepages
    from .warmup import stand_ins

    jail.drop_root(int(options.get("CHAINRULE_CELL_UID", "65534")))
    stand_ins.put()
    import torch

    torch.set_num_threads(1)
    from . import harness
    from .hardening import refusals
    from .isolation import defences
    from .process import log, origin, parent

    harness.warm_up()
    harness.find_out()
    os.environ.clear()
    listeners, control = _listeners(options), _control(options)
    limits = parent.Options(
        int(options.get("CHAINRULE_CELL_CHILDREN", "4")),
        int(options.get("CHAINRULE_CELL_SUBMISSIONS", "500")),
    )
    if control is None:
        log.keep(os.dup(1))
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)
    walls = jail.Jail(jail.readable_paths(), refusals.texts())
    if control is None:
        found = defences.examine(walls) | harness.autograd()
        log.say("cell.started", defences=found)
        if lacking := defences.missing(found):  # a worker will not use it, and say so
            log.say("cell.below_the_floor", "error", lacking=lacking)
    hugepages.settle()
    code = origin.Origin(walls, listeners, control, limits).run()
    os._exit(code)  # torch takes half a second to tidy up


main()
