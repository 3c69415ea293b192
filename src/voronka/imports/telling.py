"""Telling whoever began an import that it has ended."""

from django.utils import translation
from django.utils.translation import gettext as _

from voronka.notices.actions import notify

from .models import Import, Row
from .queries import tally


def tell_ended(one: Import) -> None:
    """A notice that leads to the page of the import. Inside the transaction that ends it."""
    with translation.override(one.person.language):
        notify([one.person], kind="bulk", key=one.why, title=_title(one), body=_body(one), url=f"/imports/{one.pk}")


def _title(one: Import) -> str:
    if one.state == Import.State.UNDONE:
        return _("Taken back: %(title)s") % {"title": one.title}
    return _("Brought in: %(title)s") % {"title": one.title}


def _body(one: Import) -> str:
    counts = tally(one)
    if one.state == Import.State.UNDONE:
        facts = {"undone": counts[Row.State.UNDONE], "kept": counts[Row.State.KEPT]}
        return _("Taken back: %(undone)s, changed since and kept: %(kept)s.") % facts
    facts = {"made": counts[Row.State.MADE], "updated": counts[Row.State.UPDATED], "bad": counts[Row.State.REFUSED]}
    return _("New clients: %(made)s, updated: %(updated)s, not brought in: %(bad)s.") % facts
