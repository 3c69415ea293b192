"""What a token may: an area and how. The role of its person still holds, so a scope only ever takes away."""

from django.utils.translation import gettext_lazy as _

READ, WRITE = "read", "write"

#: area → its title; the areas that can only be read come last.
AREAS = {
    "deals": _("Deals with their lines"),
    "clients": _("Clients and contacts"),
    "tasks": _("Tasks"),
    "notes": _("Notes"),
    "files": _("Files"),
    "views": _("Saved views"),
    "setup": _("Funnels, fields, catalogue and people"),
    "events": _("Events"),
}
READ_ONLY = frozenset({"setup", "events"})

SCOPES = tuple(f"{area}:{way}" for area in AREAS for way in (READ, WRITE) if way == READ or area not in READ_ONLY)
