"""The readable page of the API, written from its own description."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from markupsafe import Markup

from voronka.api.v1 import v1
from voronka.web.requests import PersonRequest


@dataclass(frozen=True, kw_only=True)
class Value:
    """A parameter or a field of a body."""

    name: str
    type: str
    required: bool
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Operation:
    method: str
    path: str
    id: str
    title: str
    text: str
    parameters: list[Value]
    body_text: str
    body: list[Value]
    answer: str


@dataclass(frozen=True, kw_only=True)
class Shape:
    name: str
    text: str
    fields: list[Value]


@login_required
@require_safe
def reference(request: PersonRequest) -> HttpResponse:
    schema = v1.get_openapi_schema()
    shapes = schema["components"]["schemas"]
    by_tag: dict[str, list[Operation]] = {}
    for path, operations in schema["paths"].items():
        for method, facts in operations.items():
            by_tag.setdefault(facts["tags"][0], []).append(_operation(method, path, facts, shapes))
    shown = {
        "current": "",
        "groups": by_tag,
        "shapes": [_shape(name, facts) for name, facts in sorted(shapes.items()) if name.endswith(("Shape", "Whole"))],
        "prose": prose,
        "base": request.build_absolute_uri("/api/v1"),
    }
    return render(request, "tokens/reference.html", shown)


def _operation(method: str, path: str, facts: Mapping[str, Any], shapes: Mapping[str, Any]) -> Operation:
    content = facts.get("requestBody", {}).get("content", {})
    body = next((_resolved(kind["schema"], shapes) for kind in content.values()), {})
    return Operation(
        method=method.upper(),
        path=path,
        id=facts["operationId"],
        title=facts["summary"],
        text=facts.get("description", ""),
        parameters=[
            Value(
                name=one["name"],
                type=type_of(one["schema"]),
                required=one.get("required", False),
                where=one["in"],
            )
            for one in facts.get("parameters", ())
        ],
        body_text=body.get("description", ""),
        body=_fields(body),
        answer=_answer(facts["responses"]),
    )


def _answer(responses: Mapping[Any, Any]) -> str:
    """«201 DealShape» of the answer when all is well."""
    status = next(str(code) for code in responses if str(code).startswith("2"))
    content = (responses.get(int(status)) or responses.get(status) or {}).get("content", {})
    shape = next((type_of(kind["schema"]) for kind in content.values()), "")
    return f"{status} {shape}".strip()


def _shape(name: str, facts: Mapping[str, Any]) -> Shape:
    return Shape(name=name, text=facts.get("description", ""), fields=_fields(facts))


def _fields(schema: Mapping[str, Any]) -> list[Value]:
    required = schema.get("required", ())
    return [
        Value(name=name, type=type_of(facts), required=name in required)
        for name, facts in schema.get("properties", {}).items()
    ]


def _resolved(schema: Mapping[str, Any], shapes: Mapping[str, Any]) -> Mapping[str, Any]:
    return shapes[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def type_of(schema: Mapping[str, Any]) -> str:
    """A schema in a word or two: «integer or null», «list of DealShape», «one of a, b»."""
    if "$ref" in schema:
        return _name(schema["$ref"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(one) for one in schema["anyOf"]))
    kind = schema.get("type", "")
    if kind == "array":
        return f"[{type_of(schema.get('items', {}))}]"
    return f"{kind} {schema['format']}" if "format" in schema else kind


def prose(text: str) -> Markup:
    """A description, with its `names` as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )


def _name(reference: str) -> str:
    """The name of a shape; a page of them is called «Page_DealShape_» there."""
    return re.sub(r"^Page_(\w+)_$", r"Page[\1]", reference.rpartition("/")[2])
