"""Owns the links in the API's description: what can be asked next of what was just made or read.

They follow from the schemas and the paths: whatever answers with one thing that has a number leads
to each operation whose path ends its numbers with that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_HERE = "#/components/schemas/"
_NUMBERS = re.compile(r"{(\w+)}")
OF = {
    "Accepted": "submission_id",
    "AppealView": "appeal_id",
    "AssignmentView": "assignment_id",
    "CommentView": "comment_id",
    "CourseView": "course_id",
    "ExportView": "export_id",
    "ExtensionView": "extension_id",
    "RegradeView": "regrade_id",
    "SectionView": "section_id",
    "ServiceAccountView": "account_id",
    "SubmissionView": "submission_id",
    "Tried": "submission_id",
    "WebhookView": "webhook_id",
}
"""By the model of an answer the number in paths that is its `id`."""


def put_into(document: dict[str, Any]) -> None:
    """Give each answer that has a number of its own the links from it."""
    asked: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        numbers = _NUMBERS.findall(path)
        if len(numbers) == 1:
            names = [one["operationId"] for one in methods.values()]
            asked.setdefault(numbers[0], []).extend(names)
    for answer, model in _answers(document):
        number = OF.get(model, "")
        if links := {name: _link(name, number) for name in asked.get(number, ())}:
            answer["links"] = links


def _answers(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each good answer of JSON with the name of its model."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                if status < "300" and "$ref" in schema:
                    yield answer, schema["$ref"].removeprefix(_HERE)


def _link(operation: str, number: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": {number: "$response.body#/id"}}
