"""Writes the lock files beside this one: for each part of the service, exact versions and hashes.

Run by `make lock`, in an environment that has uv. What is pinned stays as it is while it fits;
`make lock LOCK=--upgrade` takes the newest of everything.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent
SETUP = ["uv", "setuptools"]
GPU = re.compile(r"torch|triton|cuda-|nvidia-")
_PINS = re.compile(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", re.MULTILINE | re.DOTALL)
Pins = dict[str, str]


def main() -> None:
    """Lock everything together, so that all parts agree, and then each part by itself."""
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text())["project"]
    base, extras = project["dependencies"], project["optional-dependencies"]
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.lock"
        known = {name: pin for path in FOLDER.glob("*.lock") for name, pin in read(path).items()
                 if path.stem != "torch-cpu"}  # fmt: skip
        whole.write_text("".join(known.values()))
        everything = [*base, *SETUP, *(name for extra in extras.values() for name in extra)]
        compiled(everything, whole, *sys.argv[1:])
        web = compiled([*base, *extras["web"]], Path(folder) / "web", "-c", str(whole))
        worker = compiled(extras["worker"], Path(folder) / "worker", "-c", str(whole))
        local = compiled([*base, *extras["local"]], Path(folder) / "local", "-c", str(whole))
        setup = compiled(SETUP, Path(folder) / "setup", "-c", str(whole))
        torch = {name: pin for name, pin in worker.items() if GPU.match(name)}
        write("setup", setup)
        write("web", web)
        write("worker", without(worker, torch))
        write("torch", torch)
        write("local", without(local, web))
        write("dev", without(read(whole), setup | web | worker | local))


def compiled(requirements: list[str], output: Path, *options: str) -> Pins:
    """What uv makes of these requirements."""
    command = ["uv", "pip", "compile", "-", "--quiet", "--output-file", str(output), *options]
    command += ["--override", str(FOLDER / "overrides.txt")]
    forms = ["--universal", "--python-version", "3.11", "--generate-hashes"]
    plain = ["--no-header", "--no-annotate"]
    text = "\n".join(requirements)
    subprocess.run([*command, *forms, *plain], input=text, text=True, check=True)
    return read(output)


def read(path: Path) -> Pins:
    """A lock file's pins by name."""
    return {re.split(r"[=\[ ]", pin, maxsplit=1)[0]: pin for pin in _PINS.findall(path.read_text())}


def without(pins: Pins, others: Pins) -> Pins:
    return {name: pin for name, pin in pins.items() if name not in others}


def write(part: str, pins: Pins) -> None:
    (FOLDER / f"{part}.lock").write_text("".join(pins[name] for name in sorted(pins)))


if __name__ == "__main__":
    main()
