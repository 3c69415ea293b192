"""Which field of the form is what: the table of a source's mapping and what its last delivery would say under it."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from voronka.intake.inquiry import Inquiry
from voronka.intake.models import Source
from voronka.intake.queries import Preview
from voronka.intake.vocabulary import TARGETS, target_of
from voronka.web.formats import money, phone


@dataclass(frozen=True, kw_only=True)
class Row:
    """One incoming field. `target`: what people said it is; `guess`: what its name says."""

    name: str
    value: str
    target: str
    guess: str

    @property
    def why(self) -> str:
        if self.target:
            return _("said by you")
        return _("by its name") if self.guess else _("goes into the inquiry as it is")

    @property
    def sure(self) -> int:
        """Ticks of three."""
        return 3 if self.target else 2 if self.guess else 0


def sent_mapping(sent: QueryDict) -> dict[str, str]:
    """The mapping of a posted table; «» means «by its name»."""
    pairs = zip(sent.getlist("name"), sent.getlist("target"), strict=False)
    return {name: target for name, target in pairs if name and target}


def rows(source: Source, seen: Preview | None, mapping: dict[str, str]) -> list[Row]:
    """Fields of the last delivery in its order, then those that were mapped but did not come."""
    values = dict(reversed(seen.pairs)) if seen else {}
    names = [*dict.fromkeys(name for name, _value in (seen.pairs if seen else []) if name)]
    names += [name for name in (*mapping, *source.mapping) if name not in names]
    return [
        Row(name=name, value=values.get(name, ""), target=mapping.get(name, ""), guess=target_of(name) or "")
        for name in dict.fromkeys(names)
    ]


def title_of(target: str, targets: list[tuple[str, str]]) -> str:
    """A target in words, also those that only names lead to."""
    named = {
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "middle_name": _("Middle name"),
        "form": _("Form"),
        "page": _("Page"),
        "referrer": _("Came from"),
    }
    return dict(targets).get(target) or named.get(target) or str(TARGETS.get(target, target))


def understood(inquiry: Inquiry, targets: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What will be known of the inquiry: (what, value)."""
    titles = dict(targets)
    told = [
        (_("Name"), inquiry.name),
        (_("Phone"), ", ".join(phone(number) for number in inquiry.phones)),
        (_("E-mail"), ", ".join(inquiry.emails)),
        *((titles.get(kind, kind), value) for kind, value in inquiry.handles.items()),
        (_("Subject"), inquiry.title),
        (_("Message"), inquiry.text),
        (_("Amount"), money(inquiry.amount) if inquiry.amount is not None else ""),
        *((titles.get(f"deal.{key}", key), value) for key, value in inquiry.fields.items()),
        *inquiry.answers,
        (_("Form"), inquiry.form),
        (_("Page"), inquiry.page),
        (_("Came from"), inquiry.referrer),
        (_("Marks"), " · ".join([*inquiry.utm.values(), *inquiry.clicks])),
    ]
    return [(what, value) for what, value in told if value]
