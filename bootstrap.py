"""Makes .venv and installs Chainrule into it. Standard library only; any Python 3 can read it.

Run by `make`. Does nothing when nothing changed since the last time, and waits when another
run is at it. `--dev` adds what the tests and checks need.
"""

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SOURCES = ("app", "cli", "graders", "migrations", "worker", "tests", "bench")
STAMP = VENV / "chainrule-setup.json"
FLOOR = (3, 11)
PYTHON, UV = str(VENV / "bin" / "python"), str(VENV / "bin" / "uv")
LOCKS = ROOT / "requirements"
PARTS = ("web", "worker", "local")
UV_NAMES = {"index-url": "UV_DEFAULT_INDEX", "find-links": "UV_FIND_LINKS"}


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
            compile_sources()
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
    """Bring .venv in line with pyproject.toml and the lock files."""
    done = read_stamp()
    wanted = {*PARTS, *(["dev"] if dev else []), *done.get("parts", [])}
    now = fingerprint()
    if done.get("fingerprint") == now and wanted <= set(done.get("parts", [])):
        return
    if done.get("place", str(VENV)) != str(VENV) or not works(VENV / "bin" / "python"):
        make_venv()
    STAMP.unlink(missing_ok=True)
    print("Installing Chainrule's packages; the first time takes a while ...", flush=True)
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", "install", *locked("setup"))
    uv("--no-deps", *locked(*sorted(wanted)))
    install_torch(torch_index)
    uv("--no-deps", "--build-constraints", str(LOCKS / "setup.lock"), "--editable", str(ROOT))
    compile_packages()
    run(PYTHON, "-c", "import torch, numpy, app.web, worker.tasks")
    STAMP.write_text(json.dumps({"fingerprint": now, "parts": sorted(wanted), "place": str(VENV)}))


def install_torch(index):
    """Its CPU build, where an index or a folder with it is named; else what PyPI has.

    What PyPI has is built for GPUs, and brings gigabytes. A named index is trusted as it is, since
    it has a build for each Python and processor; all else must have the hash in the lock files.
    """
    pin = next(line.split()[0] for line in lines("torch") if line.startswith("torch=="))
    if index:
        uv("--no-deps", "--default-index", index, pin)
    elif not (settings_of_pip().get("UV_FIND_LINKS") and cpu_build_at_hand()):
        uv("--no-deps", *locked("torch"))


def compile_packages():
    """Compile everything once: uv does not, and a cell, which may write nothing, cannot.

    What does not compile is no module, but a template or a test of another Python.
    """
    folder = subprocess.check_output(
        [PYTHON, "-c", "import sysconfig as s; print(s.get_path('purelib'))"]
    )
    call([PYTHON, "-m", "compileall", "-q", "-j", "0", folder.decode().strip()])


def compile_sources():
    """Compile what has changed of our own, for the same reason, and for each process that starts.

    Where this user may not write there, each compiles for itself.
    """
    sources = [str(ROOT / name) for name in SOURCES if (ROOT / name).exists()]
    call([PYTHON, "-m", "compileall", "-q", "-j", "0", *sources])


def cpu_build_at_hand():
    """Install the build that a folder of pip's holds; false if it holds none for this Python."""
    return call([UV, "pip", "install", "--no-deps", *locked("torch-cpu")]).returncode == 0


def locked(*parts):
    """The options that install these parts."""
    files = [word for part in parts for word in ("-r", str(LOCKS / (part + ".lock")))]
    return ["--require-hashes", *files]


def lines(part):
    return (LOCKS / (part + ".lock")).read_text().splitlines()


def settings_of_pip():
    """Where pip is set to look for packages, in uv's words."""
    said = call([PYTHON, "-m", "pip", "config", "list"]).stdout.decode()
    found = {}
    for name, value in re.findall(r"^\S*?([a-z-]+)='(.*)'$", said, re.MULTILINE):
        if name in UV_NAMES:
            found.setdefault(UV_NAMES[name], value)
    return found


def fingerprint():
    """Changes with anything that calls for another installation."""
    files = [ROOT / "pyproject.toml", *sorted(LOCKS.glob("*.lock"))]
    texts = [str(VENV), *(path.read_text() for path in files)]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


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


def uv(*arguments):
    run(UV, "pip", "install", *arguments)


def call(command):
    """Run quietly, by pip's settings where uv has none of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["VIRTUAL_ENV"] = str(VENV)
    if command[0] == UV:
        environment = {**settings_of_pip(), **environment}
        if not os.access(os.path.expanduser("~"), os.W_OK):
            environment["UV_NO_CACHE"] = "1"
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    )


def run(*command):
    """Run quietly; show everything it said if it fails."""
    result = call(command)
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
