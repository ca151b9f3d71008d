"""Makes .venv and installs Chainrule into it. Standard library only; any Python 3 can read it.

Run by `make`. Does nothing when nothing changed since the last time, and waits when another
run is at it. `--dev` adds what the tests and checks need.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "chainrule-setup.json"
FLOOR = (3, 11)
EXTRAS = ("web", "worker", "local")


def main():
    """Set up, or say in plain words what is in the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    parser.add_argument("--torch-index", default="", help="a package index with torch's CPU build")
    options = parser.parse_args()
    check_python()
    try:
        with open(__file__) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            set_up(options.dev, options.torch_index)
    except PermissionError:
        stop(
            f"{VENV} cannot be written by this user.",
            "Work in a copy of your own, or let the folder's owner run `make setup`.",
        )


def check_python():
    """Refuse a Python that is too old or lacks what makes virtual environments."""
    found = "{}.{}".format(*sys.version_info[:2])
    if sys.version_info < FLOOR:
        stop(
            f"Chainrule needs Python 3.11 or newer; {sys.executable} is {found}.",
            "Install a newer one and name it: make setup PYTHON=python3.12",
        )
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        stop(
            f"This Python {found} cannot make virtual environments (no ensurepip).",
            f"On Debian and Ubuntu: apt-get install python{found}-venv",
        )


def set_up(dev, torch_index):
    """Bring .venv in line with pyproject.toml and requirements.lock."""
    done = read_stamp()
    wanted = set(EXTRAS) | ({"dev"} if dev else set())
    now = fingerprint()
    if done.get("fingerprint") == now and wanted <= set(done.get("extras", [])):
        return
    wanted |= set(done.get("extras", []))
    if done.get("place", str(VENV)) != str(VENV) or not works(VENV / "bin" / "python"):
        make_venv()
    STAMP.unlink(missing_ok=True)
    print("Installing Chainrule's packages; the first time takes a minute or two ...", flush=True)
    if torch_index:
        pin = next(line for line in lock_text().split() if line.startswith("torch=="))
        pip("install", "--no-deps", "--index-url", torch_index, pin)
    target = "{}[{}]".format(ROOT, ",".join(sorted(wanted)))
    pip("install", "--constraint", str(ROOT / "requirements.lock"), "--editable", target)
    STAMP.write_text(json.dumps({"fingerprint": now, "extras": sorted(wanted), "place": str(VENV)}))


def fingerprint():
    """Changes with anything that calls for another installation."""
    parts = [str(VENV), lock_text(), (ROOT / "pyproject.toml").read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def lock_text():
    return (ROOT / "requirements.lock").read_text()


def read_stamp():
    try:
        return json.loads(STAMP.read_text()) if works(VENV / "bin" / "python") else {}
    except (OSError, ValueError):
        return {}


def works(python):
    """Whether this interpreter will do: one copied from elsewhere, or older, may not."""
    check = f"import pip, sys; sys.exit(sys.version_info < {FLOOR})"
    try:
        return subprocess.run([str(python), "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def make_venv():
    if VENV.exists():
        shutil.rmtree(str(VENV))
    run(sys.executable, "-m", "venv", str(VENV))


def pip(*arguments):
    run(str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", *arguments)


def run(*command):
    """Run quietly; show everything it said if it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )
    if result.returncode:
        sys.stderr.write(result.stdout.decode(errors="replace"))
        stop(
            "This command failed, with the output above: {}".format(" ".join(command)),
            "Nothing half done is kept for finished: mend the cause and run `make setup` again.",
        )


def stop(problem, remedy):
    sys.exit(f"setup: {problem}\nsetup: {remedy}")


if __name__ == "__main__":
    main()
