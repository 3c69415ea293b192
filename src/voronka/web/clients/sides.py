"""Two clients side by side: what each says, where they differ, what will be there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from voronka.clients.filters import IDENTITY_TITLES
from voronka.clients.merging import choice
from voronka.clients.models import Company
from voronka.clients.tags import known_tags, shown
from voronka.deals.models import Deal
from voronka.staff.models import Person
from voronka.web import formats

#: Columns of which a person chooses one side; of all the rest both sides stay.
CHOICES = ("name", "responsible_id")
#: Between several values of one side; an address has commas of its own.
APART = "; "
#: The column of a line where one side stays by a rule that nobody may change.
FIXED = "-"


@dataclass(frozen=True)
class Line:
    """One row of the table. With a `column` one of the two is chosen, `chosen` at first; else both stay."""

    title: str
    this: str
    other: str
    column: str = ""
    chosen: str = ""

    @property
    def open(self) -> bool:
        """Whether a person may choose; else a rule has."""
        return self.column not in ("", FIXED)

    @property
    def differ(self) -> bool:
        return self.this != self.other

    @property
    def result(self) -> str:
        if self.column:
            return self.other if self.chosen == "other" else self.this
        return joined(part for side in (self.this, self.other) for part in side.split(APART))


def side_by_side(this: Company, other: Company, person: Person) -> list[Line]:
    both, known = (this, other), known_tags()
    lines = [
        _choice(_("Name"), "name", this.name, other.name, this, other),
        Line(_("People"), *(joined(one.contacts.order_by("pk").values_list("name", flat=True)) for one in both)),
    ]
    for kind, title in IDENTITY_TITLES.items():
        lines.append(Line(capfirst(str(title)), *(joined(_identities(one, kind)) for one in both)))
    lines.append(
        Line(_("Addresses"), *(joined(one.addresses.order_by("pk").values_list("text", flat=True)) for one in both))
    )
    lines.append(Line("ИНН", *(joined(one.requisites.order_by("pk").values_list("inn", flat=True)) for one in both)))
    led, led_other = (str(one.responsible or "") for one in both)
    lines.append(_choice(_("Led by"), "responsible_id", led, led_other, this, other))
    lines.append(Line(_("Tags"), *(joined(tag.title for tag in shown(one.tags, known)) for one in both)))
    lines.append(Line(_("Deals"), *(_deals(one, person) for one in both)))
    return [line for line in lines if line.this or line.other]


def chosen(form: Mapping[str, str], this: Company, other: Company) -> dict[str, Any]:
    """Values of the columns of which a form names a side."""
    sides = {"this": this, "other": other}
    return {column: getattr(sides[form[column]], column) for column in CHOICES if form.get(column) in sides}


def _choice(title: str, column: str, mine: str, theirs: str, this: Company, other: Company) -> Line:
    rows = [{column: getattr(one, column)} for one in (this, other)]
    changed = choice.chosen({column: choice.FULLER}, rows[0], rows[1], {})
    return Line(title, mine, theirs, column=column, chosen="other" if changed else "this")


def _identities(company: Company, kind: str) -> Sequence[str]:
    found = [one for contact in company.contacts.prefetch_related("identities") for one in contact.identities.all()]
    return [formats.phone(one.value) if kind == "phone" else one.value for one in found if one.kind == kind]


def joined(values: Iterable[str]) -> str:
    return APART.join(dict.fromkeys(filter(None, values)))


def _deals(company: Company, person: Person) -> str:
    found = Deal.objects.visible_to(person).filter(company=company)
    count, total = found.count(), found.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    said = ngettext("%(count)s deal", "%(count)s deals", count) % {"count": count}
    return f"{said}, {formats.money(total, get_language() or 'ru')}" if count else ""
