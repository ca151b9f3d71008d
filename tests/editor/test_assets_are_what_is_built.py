"""What is vendored can be built anew from assets/, and its licences travel with it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "app" / "static" / "vendor"
ASSETS = ROOT / "assets"


def test_every_vendored_file_has_the_hash_that_is_written_down() -> None:
    sums: dict[str, str] = dict(
        line.split("  ")[::-1] for line in (VENDOR / "SHA256SUMS").read_text().splitlines()
    )
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "SHA256SUMS"
    }
    assert found == sums


def test_the_notices_name_the_licence_of_what_the_lock_file_brings_into_pages() -> None:
    notices = (VENDOR / "THIRD-PARTY.txt").read_text()
    packages = json.loads((ASSETS / "package-lock.json").read_text())["packages"]
    brought = {
        f"{path.removeprefix('node_modules/')} {package['version']} ({package['license']})"
        for path, package in packages.items()
        if path and not package.get("dev")
    }
    assert brought
    assert {line for line in brought if line not in notices} == set()


def test_the_lock_file_names_no_address_to_download_from() -> None:
    packages = json.loads((ASSETS / "package-lock.json").read_text())["packages"]
    assert [path for path, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for path, package in packages.items() if path)


def test_building_anew_gives_the_same_bytes() -> None:
    if shutil.which("npm") is None:
        pytest.skip("ASSETS NOT COMPARED: there is no npm here (Node 18 or newer)")
    installed = subprocess.run(["npm", "ci"], cwd=ASSETS, capture_output=True, text=True)
    if installed.returncode and not os.environ.get("CI"):
        pytest.skip(f"ASSETS NOT COMPARED: npm ci failed: {installed.stderr.strip()[-300:]}")
    assert installed.returncode == 0, installed.stderr
    check = subprocess.run(["npm", "run", "check"], cwd=ASSETS, capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr
