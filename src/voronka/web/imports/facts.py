"""What the page of an import shows."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voronka.clients.models import Company
from voronka.imports import queries
from voronka.imports.models import Import, Row
from voronka.web.requests import PersonRequest

from . import columns

PAGE = 100
#: Fates in the order of the figures: key → title before and after, tone of the badge, ink of the bar.
FATES = {
    "made": (gettext_lazy("Will be made"), gettext_lazy("Made"), "plan", "var(--v-st6)"),
    "updated": (gettext_lazy("Will be updated"), gettext_lazy("Updated"), "", "var(--v-st4)"),
    "joined": (gettext_lazy("Will join"), gettext_lazy("Joined"), "acc", "var(--v-st2)"),
    "skipped": (gettext_lazy("Will be skipped"), gettext_lazy("Skipped"), "", "var(--v-lost)"),
    "refused": (gettext_lazy("Can't be brought in"), gettext_lazy("Not brought in"), "late", "var(--v-late-fill)"),
    "undone": (gettext_lazy("Taken back"), gettext_lazy("Taken back"), "", "var(--v-lost)"),
    "kept": (gettext_lazy("Kept: changed since"), gettext_lazy("Kept: changed since"), "today", "var(--v-today-fill)"),
}
_BEFORE = (Import.State.CHECKING, Import.State.READY)


def of(one: Import, request: PersonRequest) -> dict[str, Any]:
    counts = queries.tally(one)
    looked = sum(counts.values())
    coming = sum(counts[key] for key in ("made", "updated", "joined"))
    facts: dict[str, Any] = {
        "one": one,
        "counts": counts,
        "coming": coming,
        "looked": looked,
        "percent": _percent(one, counts),
        "bar": [(counts[key], FATES[key][3]) for key in FATES if counts[key]],
        "sums": queries.sums(one),
        "reasons": queries.reasons(one, Row.State.REFUSED),
        "kept": queries.reasons(one, Row.State.KEPT),
        "editable": one.state in _BEFORE,
        "may_undo": one.state in (Import.State.DONE, Import.State.PAUSED) and coming > 0,
        **rows_of(one, request),
    }
    if one.state in _BEFORE:
        facts |= {"columns": columns.columns_of(one), "choices": columns.choices(one), "words": columns.words_of(one)}
    return facts


def rows_of(one: Import, request: PersonRequest) -> dict[str, Any]:
    """A page of rows of the fate that the address asks for."""
    fate, reason, after = (request.GET.get(name, "") for name in ("fate", "reason", "after"))
    fate = fate if fate in FATES else ""
    last = int(after) if after.isdecimal() and len(after) < 10 else 0
    found = queries.rows(one, state=fate, reason=reason, after=last)
    page = list(found[: PAGE + 1])
    shown = page[:PAGE]
    more = {"fate": fate, "reason": reason, "after": str(shown[-1].number)} if len(page) > PAGE else None
    seen = Company.objects.visible_to(request.user).filter(pk__in=[row.company for row in shown if row.company])
    return {
        "one": one,
        "rows": shown,
        "fate": fate,
        "fates": {key: (title[0] if one.state in _BEFORE else title[1], title[2]) for key, title in FATES.items()},
        "tallies": _tallies(one, fate),
        "seen": set(seen.values_list("pk", flat=True)),
        "more": urlencode(more) if more else "",
    }


def _tallies(one: Import, fate: str) -> list[dict[str, Any]]:
    """How many rows of each fate, each figure a link to them; together they are the whole."""
    counts = queries.tally(one)
    address = reverse("import", args=[one.pk])
    titles = {key: title[0] if one.state in _BEFORE else title[1] for key, title in FATES.items()}
    shown = [key for key in FATES if counts[key] or key not in ("undone", "kept")]
    return [
        {"title": _("All rows"), "count": sum(counts.values()), "url": address, "current": not fate},
        *(
            {
                "title": titles[key],
                "count": counts[key],
                "url": f"{address}?fate={key}",
                "current": key == fate,
                "tone": "late" if key == "refused" else "",
            }
            for key in shown
        ),
    ]


def _percent(one: Import, counts: Any) -> int:
    """How far the job is that works now."""
    if one.state == Import.State.READING:
        return min(99, round(100 * one.read / one.size)) if one.size else 0
    if one.state == Import.State.CHECKING:
        return round(100 * one.checked / max(one.total, 1))
    if one.state == Import.State.UNDOING:
        gone, left = counts["undone"] + counts["kept"], counts["made"] + counts["updated"] + counts["joined"]
        return round(100 * gone / max(gone + left, 1))
    return round(100 * one.done / max(one.total, 1))
