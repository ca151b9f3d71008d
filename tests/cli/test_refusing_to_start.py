"""Where `make run` cannot start it says why and what to do, and changes nothing."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.support.processes.command import chainrule

pytestmark = [pytest.mark.stack, pytest.mark.long]


def test_where_student_code_cannot_be_shut_in_it_does_not_start(folder: Path) -> None:
    nowhere = {"CHAINRULE_CELL": "nothing", "CHAINRULE_WORKER_CONCURRENCY": "1"}
    refused = chainrule("up", "--port", "0", data=folder, CHAINRULE_DEMO_CLASS="0", **nowhere)
    assert refused.returncode == 1
    assert "CHAINRULE_CELL is 'nothing'" in refused.stdout
    assert "Student code cannot be shut in here" in refused.stderr
    assert "Chainrule is ready" not in refused.stdout


def test_a_taken_port_is_named_with_another_to_try(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = chainrule("up", data=folder, PORT=str(port))
    assert refused.returncode == 1
    assert f"Port {port}" in refused.stderr
    assert f"PORT={port + 1}" in refused.stderr


@pytest.mark.parametrize("port", ["abc", "70000", "-1", "80.5"])
def test_what_is_no_port_is_told_which_numbers_are(port: str, folder: Path) -> None:
    refused = chainrule("up", data=folder, PORT=port)
    assert refused.returncode == 2
    told = " ".join(refused.stderr.replace("│", " ").split())
    assert f"'{port}' is not a port. Give a number from 0 to 65535" in told


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = chainrule("up", "--port", "0", data=tmp_path / "file" / "data")
    assert refused.returncode == 1
    assert "CHAINRULE_DATA" in refused.stderr


def test_data_of_another_postgres_version_is_left_alone(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("9\n")
    refused = chainrule("up", "--port", "0", data=folder)
    assert refused.returncode == 1
    assert "PostgreSQL 9" in refused.stderr
    assert os.listdir(folder / "postgres") == ["PG_VERSION"]
