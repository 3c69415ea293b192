"""What sentences about events are made of: who is spoken of, and the words for money and moments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

from voronka.clients.models import Note
from voronka.deals.fields import FieldSpec
from voronka.kernel import clock
from voronka.kernel.models import Event
from voronka.web import formats

from .fieldrows import Choices, language
from .names import is_she


@dataclass(frozen=True, kw_only=True)
class Teller:
    """What sentences need to know besides the event: people's names, fields, titles of rules, the client; `deals` are
    those of the linked ones that the reader sees, `imports` what imports have brought in, by `why`."""

    people: Mapping[int, str]
    known: Mapping[str, FieldSpec | None]
    choices: Choices
    rules: Callable[[str], str]
    client: str
    notes: Mapping[int, Note] = field(default_factory=dict)
    deals: frozenset[int] = frozenset()
    imports: Mapping[str, str] = field(default_factory=dict)

    def who(self, event: Event) -> Markup:
        """Who did it, in bold; a rule and an import sign their work, the client goes by name."""
        if event.by_kind == "rule":
            return Markup("{}").format(_("By the rule “%(rule)s”") % {"rule": self.rules(event.why)})
        if event.why in self.imports:
            return Markup("{}").format(_("Import “%(title)s”") % {"title": self.imports[event.why]})
        if event.person_id is not None and event.person_id in self.people:
            return bold(self.people[event.person_id])
        if event.by_kind == "client":
            return bold(self.client)
        return Markup("{}").format(_("Voronka"))

    def she(self, event: Event) -> bool:
        return event.by_kind not in ("rule", "import") and is_she(self.people.get(event.person_id or 0, ""))

    def tells(self, key: str) -> bool:
        """Whether a change of this field is told: one that the reader may not see is not."""
        return self.known.get(key, True) is not None

    def name(self, person_id: Any) -> str:
        return self.people.get(person_id, _("nobody"))


@dataclass(frozen=True, kw_only=True)
class Said:
    """`kind` as in parts/timeline.html: say, note, small, big. `icon` names a kind of web.icons.ENTRIES."""

    title: Markup
    body: Markup | str = ""
    kind: str = "small"
    icon: str = ""
    tone: str = ""


def bold(text: object) -> Markup:
    return Markup("<b>{}</b>").format(text)


def quoted(text: object) -> str:
    return f"«{text}»"


def line(template: str, **parts: object) -> Markup:
    """A translated sentence with parts escaped; what must stay Markup is given as Markup."""
    return Markup(template) % parts


def money(amount: Any) -> str:
    try:
        return formats.money(Decimal(str(amount)), language()) if amount not in (None, "") else ""
    except InvalidOperation:
        return str(amount)


def moment(text: Any) -> str:
    if not text:
        return ""
    zone, now = timezone.get_current_timezone(), clock.now()
    moment = datetime.fromisoformat(text)
    near = formats.when(moment, now=now, zone=zone, language=language())
    same_day = moment.astimezone(zone).date() == now.astimezone(zone).date()
    return f"{formats.words(language()).today} {near}" if same_day else near


def inquiry_body(data: Mapping[str, Any]) -> Markup:
    """What the client wrote: text, answers of a form or quiz, goods of a cart, payment."""
    parts = [Markup("<p>{}</p>").format(data["text"])] if data.get("text") else []
    answers = [(question, answer) for question, answer in data.get("answers") or [] if answer]
    if answers:
        rows = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(q, a) for q, a in answers)
        parts.append(Markup('<dl class="v-answers">{}</dl>').format(rows))
    for item in data.get("lines") or []:
        quantity = formats.number(item.get("quantity") or 1, language())
        parts.append(Markup("<p>{} × {}, {}</p>").format(item.get("name", ""), quantity, money(item.get("amount"))))
    payment = data.get("payment") or {}
    if payment.get("paid"):
        parts.append(Markup("<p>{}</p>").format(_("Paid: %(amount)s") % {"amount": money(payment.get("amount"))}))
    return Markup("").join(parts)
