"""Whose token this is and what it may: the first request of any program."""

from typing import Any

from ninja import Router, Schema

from ..door import ApiRequest, Door

router = Router(auth=Door(""), tags=["me"])


class MeShape(Schema):
    person: int
    name: str
    role: str
    token: str
    scopes: list[str]


@router.get("", response=MeShape)
def who_am_i(request: ApiRequest) -> dict[str, Any]:
    """Any token may ask this."""
    caller = request.caller
    return {
        "person": caller.person.pk,
        "name": caller.person.name,
        "role": caller.person.role.key,
        "token": caller.title,
        "scopes": sorted(caller.scopes),
    }
