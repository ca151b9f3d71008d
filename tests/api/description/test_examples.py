"""Each operation in the API's description shows what is sent and answered, and that is true."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from jsonschema_rs import validator_for

from app.api.description.examples import UNKNOWN
from app.api.description.values import SENT
from app.web import create_app

DOCUMENT = create_app().openapi()


class Shown(NamedTuple):
    """What one operation takes or answers, of one kind."""

    operation: str
    where: str
    content: dict[str, Any]


def _shown() -> list[Shown]:
    found = []
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            name = operation["operationId"]
            bodies = {"body": operation.get("requestBody", {})}
            good = {at: one for at, one in operation["responses"].items() if at < "300"}
            for where, one in (bodies | good).items():
                kinds = one.get("content", {})
                found += [Shown(name, f"{where} {kind}", kinds[kind]) for kind in kinds]
    return found


SHOWN = _shown()
NAMES = [f"{one.operation} {one.where}" for one in SHOWN]


@pytest.mark.parametrize("one", SHOWN, ids=NAMES)
def test_an_example_is_what_its_schema_says(one: Shown) -> None:
    schema = one.content.get("schema", {}) | {"components": DOCUMENT["components"]}
    wrong = validator_for(schema, validate_formats=True).iter_errors(one.content["example"])
    assert [(error.message, error.instance_path) for error in wrong] == []
    assert UNKNOWN not in json.dumps(one.content["example"], ensure_ascii=False)


def test_what_answers_nothing_says_so_and_all_else_is_shown() -> None:
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            good = {at: one for at, one in operation["responses"].items() if at < "300"}
            assert good
            assert all(("content" in one) == (at != "204") for at, one in good.items())


def test_no_example_is_of_something_that_is_never_sent() -> None:
    sent = {
        one.content["schema"]["$ref"].rpartition("/")[2]
        for one in SHOWN
        if one.where == "body application/json"
    }
    assert SENT.keys() - {"an upload"} == sent


def test_what_is_made_leads_to_what_can_be_asked_of_it() -> None:
    made = DOCUMENT["paths"]["/api/v1/courses"]["post"]["responses"]["201"]["links"]
    assert {"show_course", "change_course", "make_assignment", "show_gradebook"} <= made.keys()
    assert made["show_course"] == {
        "operationId": "show_course",
        "parameters": {"course_id": "$response.body#/id"},
    }


def test_each_operation_has_a_short_name_of_its_own() -> None:
    operations = [
        one["operationId"] for methods in DOCUMENT["paths"].values() for one in methods.values()
    ]
    assert len(operations) == len(set(operations))
    assert not [one for one in operations if "api_v1" in one or len(one) > 40]
    assert not [name for name in DOCUMENT["components"]["schemas"] if "__" in name]
