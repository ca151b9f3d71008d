"""Owns the examples in the API's description: one for each body that is sent, and each answer.

They are made of the schemas and of `values`, so that a new field has one as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.api.description.values import FILES, MOMENT, NUMBER, SENT, TOLD

Schema = Mapping[str, Any]
_HERE = "#/components/schemas/"
_KINDS = {
    str: "string",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
    bool: "boolean",
    type(None): "null",
}
UNKNOWN = "…"
"""Stands where a text has no example in `values`; a test finds it."""


def put_into(document: dict[str, Any]) -> None:
    """Give each body and each answer of the document's operations an example."""
    schemas = document["components"]["schemas"]
    for operation in _operations(document):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            content["example"] = _sent(schemas, content["schema"], kind)
        for status, answer in operation["responses"].items():
            if status < "300":
                for kind, content in answer.get("content", {}).items():
                    content["example"] = _told(schemas, content, kind)


def _operations(document: Schema) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _sent(schemas: Schema, schema: Schema, kind: str) -> Any:
    name = FILES.get(kind) or schema.get("$ref", "").removeprefix(_HERE)
    return SENT[name] if name in SENT else _example(schemas, schema, name)


def _told(schemas: Schema, content: Schema, kind: str) -> Any:
    return TOLD[kind] if kind in TOLD else _example(schemas, content["schema"], kind)


def _example(schemas: Schema, schema: Schema, name: str, model: str = "") -> Any:
    """An example of what stands under a name, in a model if it is in one."""
    if (known := f"{model}.{name}") in TOLD:
        return TOLD[known]
    if name in TOLD and _fits(TOLD[name], schema):
        return TOLD[name]
    if "$ref" in schema:
        model = schema["$ref"].removeprefix(_HERE)
        return _of_model(schemas, model) if model not in TOLD else TOLD[model]
    if "anyOf" in schema:
        return _example(schemas, schema["anyOf"][0], name, model)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "array":
        return [_example(schemas, schema["items"], name, model)]
    return _plain(schema)


def _fits(value: Any, schema: Schema) -> bool:
    kinds = {one.get("type") for one in schema.get("anyOf", [schema])}
    return "enum" not in schema and _KINDS[type(value)] in kinds


def _of_model(schemas: Schema, model: str) -> Any:
    schema = schemas[model]
    if "properties" not in schema:
        return _example(schemas, schema, model)
    return {
        name: _example(schemas, field, name, model) for name, field in schema["properties"].items()
    }


def _plain(schema: Schema) -> Any:
    kind, form = schema.get("type"), schema.get("format")
    if kind == "string":
        return {"date-time": MOMENT, "uuid": NUMBER}.get(form or "", UNKNOWN)
    return {"boolean": False, "integer": 1, "number": 1.0, "object": {}}.get(kind or "")
