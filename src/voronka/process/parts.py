"""Parts of the system that rules speak of and that may not be at work in this company.

A document may name them all; screens show only what works. Which are at work is told by `voronka.wiring.PARTS`.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

INBOX, TELEPHONY, PAYMENTS, BOOKINGS, MEMBERSHIPS, WORKS, SURVEYS = (
    "inbox", "telephony", "payments", "bookings", "memberships", "works", "surveys",
)  # fmt: skip

TITLES = {
    INBOX: _("the inbox"),
    TELEPHONY: _("telephony"),
    PAYMENTS: _("payments"),
    BOOKINGS: _("bookings"),
    MEMBERSHIPS: _("memberships"),
    WORKS: pgettext_lazy("part of the system", "works"),
    SURVEYS: _("surveys"),
}


def is_at_work(part: str) -> bool:
    """Whether what the part tells happens here. Nothing («») is always at work."""
    table: Mapping[str, str] = import_string(settings.VORONKA_PARTS)
    return not part or (part in table and import_string(table[part])())
