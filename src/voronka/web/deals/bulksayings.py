"""What bulk work and tags left in a deal's history: their own sentences, and the mark that an act was one of many."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from voronka.kernel.models import Event

from .telling import Said, Teller, line, quoted

#: How the `why` of an event names its act.
MARK = "bulk:"


def say_bulk(event: Event, teller: Teller) -> Said | None:
    """The sentence of an event that only bulk work or tags make."""
    if event.kind == "deal.tagged":
        return _tagged(event, teller)
    return _restored(event, teller) if event.kind == "deal.restored" else None


def marked(said: Said, event: Event) -> Markup:
    """The title of what was done, with the way to its act when it was one of many."""
    number = event.why.removeprefix(MARK)
    if not event.why.startswith(MARK) or not number.isdecimal():
        return said.title
    link = Markup('<a class="v-link v-s" href="{}">{}</a>').format(reverse("bulk-act", args=[number]), _("in bulk"))
    return Markup("{}, {}").format(said.title, link)


def _tagged(event: Event, teller: Teller) -> Said:
    parts = [*(f"+{title}" for title in event.data["added"]), *(f"\u2212{title}" for title in event.data["removed"])]
    text = line(_("%(who)s, tags: %(tags)s"), who=teller.who(event), tags=", ".join(parts))
    return Said(title=text, icon="deal.tagged")


def _restored(event: Event, teller: Teller) -> Said:
    text = (
        pgettext("she", "%(who)s took back %(act)s")
        if teller.she(event)
        else pgettext("he", "%(who)s took back %(act)s")
    )
    return Said(title=line(text, who=teller.who(event), act=quoted(event.data.get("title", ""))), icon="deal.restored")
