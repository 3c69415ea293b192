"""Fields in words: their types, what they hold, who may."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from voronka.deals.models import FieldDef
from voronka.staff.models import Role


def type_titles() -> dict[str, str]:
    """Types that are made on screen, in order of offering."""
    return {
        "text": _("Text"),
        "long_text": _("Long text"),
        "number": pgettext("field type", "Number"),
        "money": _("Money"),
        "date": _("Date"),
        "time": _("Time"),
        "datetime": _("Date and time"),
        "yes_no": _("Yes or no"),
        "choice": _("Choice of one"),
        "choices": _("Choice of several"),
        "person": _("Colleague"),
        "location": _("Location"),
        "product": _("Item of the catalogue"),
        "client": _("Client"),
        "file": _("Files"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "link": pgettext("field type", "Link"),
    }


def rights(row: FieldDef, roles: Iterable[Role]) -> str:
    """«sees Head; changes Director», nothing when everybody may."""
    titles = {role.key: role.title for role in roles}
    parts = [(_("seen by: %(who)s"), row.seen_by), (_("changed by: %(who)s"), row.edited_by)]
    told = [text % {"who": ", ".join(titles.get(key, key) for key in keys)} for text, keys in parts if keys]
    return "; ".join(told)
