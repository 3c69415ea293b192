from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record


def export_deals(*, by: Actor, form: str, facts: Mapping[str, Any]) -> None:
    """Deals leave as a file: by right only, and recorded with what was asked for. Raises Refusal."""
    if not by.may("export_deals"):
        raise Refusal(_("Your role may not take the list out as a file."), rule="role")
    with transaction.atomic():
        record("deals.exported", Refs(audience=[f"p:{by.person_id}"]), by=by, data={"form": form, **facts})
