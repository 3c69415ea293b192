"""Version 1 put together: its resources, its refusals, its description."""

from typing import Any

from ninja import NinjaAPI

from voronka import __version__

from .problems import CONTENT_TYPE, Problem, answer_for
from .resources import (
    clients,
    deals,
    details,
    events,
    files,
    lines,
    me,
    merges,
    moves,
    notes,
    setup,
    tags,
    tasks,
    views,
)

_REFUSALS = {
    "401": "No token, or one that was ended.",
    "403": "The token's scopes or the role of its person don't open this.",
    "404": "No such thing, or not yours to see.",
    "409": "A rule refuses, somebody was first, or the version is an old one.",
    "412": "If-Match names an old version.",
    "422": "Values are wrong or missing: `errors` names the fields.",
    "429": "Too many requests: wait for Retry-After seconds.",
}
_WRITES = ("post", "put", "patch", "delete")


class Api(NinjaAPI):
    """Adds to the description what every operation shares."""

    def get_openapi_schema(self, **where: Any) -> Any:
        schema = super().get_openapi_schema(**where)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        said = {"content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                for status, text in _REFUSALS.items():
                    operation["responses"].setdefault(status, {"description": text, **said})
                if method in _WRITES:
                    operation.setdefault("parameters", []).append(_KEY)
                if method in ("put", "patch"):
                    operation["parameters"].append(_MATCH)
        return schema


_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key with the same request within a day gets the same answer, and is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The ETag of the version to change; 412 when there is a newer one.",
    "schema": {"type": "string", "pattern": '^"[0-9a-f]{1,40}"$'},
}

v1 = Api(title="Voronka", version=__version__, urls_namespace="api-v1", docs_url=None)
answer_for(v1)
v1.add_router("/me", me.router)
v1.add_router("/deals", deals.router)
v1.add_router("/deals", moves.router)
v1.add_router("/deals", lines.router)
v1.add_router("/deals", tags.of_deals)
v1.add_router("", clients.router)
v1.add_router("", merges.clients)
v1.add_router("", merges.deals)
v1.add_router("", tags.of_clients)
v1.add_router("", details.router)
v1.add_router("/tasks", tasks.router)
v1.add_router("", notes.router)
v1.add_router("", files.router)
v1.add_router("", setup.router)
v1.add_router("", tags.of_company)
v1.add_router("", views.router)
v1.add_router("/events", events.router)
