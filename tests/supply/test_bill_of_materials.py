"""A bill of materials is made by the image itself, of all that is in it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from supply import sbom

SCRIPT = Path(sbom.__file__)


@pytest.fixture(scope="module")
def bill() -> dict[str, object]:
    """As it is made in an image: the script comes by standard input, and nothing else is there."""
    done = subprocess.run(
        [sys.executable, "-", "chainrule-web"],
        input=SCRIPT.read_text(),
        capture_output=True,
        text=True,
        cwd="/",
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_it_has_every_python_package_with_its_version(bill: dict[str, object]) -> None:
    components = bill["components"]
    assert isinstance(components, list)
    found = {one["purl"] for one in components}
    for name in ("fastapi", "sqlalchemy", "torch"):
        assert f"pkg:pypi/{name}@{version(name)}".replace("+", "%2B") in found


def test_it_is_cyclonedx_and_each_reference_leads_somewhere(bill: dict[str, object]) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    components, dependencies = bill["components"], bill["dependencies"]
    assert isinstance(components, list)
    assert isinstance(dependencies, list)
    refs = [one["bom-ref"] for one in components]
    assert len(set(refs)) == len(refs)
    assert dependencies == [{"ref": "chainrule-web", "dependsOn": refs}]
    for one in components:
        assert one["type"] == "library"
        assert one["name"]
        assert one["version"]


def test_debians_packages_and_the_scripts_of_pages_are_in_it(tmp_path: Path) -> None:
    status = tmp_path / "status"
    status.write_text(
        "Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\n"
        "Version: 1:1.2.13.dfsg-1\nDescription: one\n two\n\n"
        "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1\n"
    )
    (found,) = sbom.debian(status)
    assert found["purl"] == "pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1?arch=amd64"
    assert found["version"] == "1:1.2.13.dfsg-1"
    notices = Path(__file__).parents[2] / "app" / "static" / "vendor" / "THIRD-PARTY.txt"
    assert "pkg:npm/%40codemirror/state" in " ".join(
        str(one["purl"]) for one in sbom.pages(notices)
    )
    assert list(sbom.pages(tmp_path / "none")) == []
