"""Clients leave as a file."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record


def export_clients(*, by: Actor, form: str, facts: Mapping[str, Any]) -> None:
    """By the right to take lists out, and recorded with what was asked for. Raises Refusal."""
    if not by.may("export_deals"):
        raise Refusal(_("Your role may not take the list out as a file."), rule="role")
    with transaction.atomic():
        record("clients.exported", Refs(audience=[f"p:{by.person_id}"]), by=by, data={"form": form, **facts})
