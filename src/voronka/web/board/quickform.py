"""The form inside a tile: what it starts from, and what was changed in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils.translation import gettext as _

from voronka.clients.tags import known_tags, shown, titles_of
from voronka.deals import fields, queries
from voronka.deals.actions import Edit, Step, StepChange
from voronka.deals.actions.assign_deal import may_assign
from voronka.deals.models import Deal
from voronka.kernel.errors import Conflict, FieldErrors
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.web.deals import steps
from voronka.web.deals.card import people
from voronka.web.deals.fieldrows import raw_text

#: Fields of the deal that a tile shows and lets change.
OWN = ("title", "amount")


@dataclass(frozen=True, kw_only=True)
class QuickForm:
    """`typed`: what stands in the inputs; `seen`: what stood there when they were shown, so that of two people who
    change one thing neither overwrites the other unseen."""

    deal: Deal
    known: Mapping[str, fields.FieldSpec]
    people: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    typed: Mapping[str, str]
    seen: Mapping[str, str]

    @classmethod
    def shown(cls, deal: Deal, person: Person) -> Self:
        """As the deal stands."""
        known = {key: spec for key, spec in fields.specs(person.actor).items() if key in OWN and spec.editable}
        task = queries.nearest_tasks([deal.pk]).get(deal.pk)
        values = {key: raw_text(spec, fields.value_of(deal, spec)) for key, spec in known.items()} | _others(deal, task)
        return cls(
            deal=deal,
            known=known,
            people=people(deal) if may_assign(deal, by=person.actor) else [],
            kinds=[] if task else [(kind.key, kind.title) for kind in steps.kinds()],
            typed=values,
            seen=values,
        )

    def sent(self, form: Mapping[str, str]) -> "QuickForm":
        """As it came back."""
        typed = {key: form.get(key, "").strip() for key in (*self.typed, "kind")}
        seen = {key: form.get(f"seen_{key}", "").strip() for key in self.seen}
        return QuickForm(
            **{**vars(self), "typed": {**typed, "task": seen["task"], "due_iso": seen["due_iso"]}, "seen": seen}
        )

    def against(self, now: "QuickForm") -> "QuickForm":
        """What was typed, over what stands there by now: sent again, it is written over it knowingly."""
        typed = {key: self.typed[key] if key in self.touched else value for key, value in now.typed.items()}
        return QuickForm(**{**vars(now), "typed": typed})

    @property
    def touched(self) -> frozenset[str]:
        return frozenset(key for key, value in self.seen.items() if self.typed[key] != value)

    def edit(self) -> Edit:
        """Raises FieldErrors."""
        touched = self.touched
        own = [key for key in OWN if key in touched and key in self.known]
        tags, before = ({one.casefold(): one for one in titles_of(side["tags"])} for side in (self.typed, self.seen))
        gone = before.keys() - tags.keys()
        return Edit(
            values={key: self.typed[key] for key in own},
            seen={key: self.seen[key] for key in own},
            tags=[tags[key] for key in tags if key not in before],
            untag=[key for key, tag in known_tags().items() if tag.title.casefold() in gone] if gone else [],
            step=self._step() if touched & {"step", "due_at"} else None,
            to=self._person() if "responsible" in touched else None,
            led=_number(self.seen["responsible"]),
        )

    def _step(self) -> Step | StepChange:
        title, when = self.typed["step"], self.typed["due_at"]
        if not title:
            raise FieldErrors({"step": _("What is to be done?")})
        due_at = steps.read_when({"when": steps.AT, "due_at": when})
        if not self.seen["task"]:
            kind = next((kind for kind in steps.kinds() if kind.key == self.typed["kind"]), None)
            if kind is None:
                raise FieldErrors({"kind": _("Choose what it is.")})
            return Step(kind=kind, title=title, due_at=due_at)
        seen_at = _moment(self.seen["due_iso"])
        return StepChange(
            task=_number(self.seen["task"]) or 0,
            title=title,
            # a field of minutes must not round the seconds away
            due_at=seen_at if when == self.seen["due_at"] else due_at,
            seen=(self.seen["step"], seen_at),
        )

    def _person(self) -> Person:
        people = Person.objects.filter(is_active=True).select_related("role")
        found = people.filter(pk=_number(self.typed["responsible"]) or 0).first()
        if found is None:
            raise FieldErrors({"responsible": _("Choose from the list.")})
        return found


def theirs(conflict: Conflict, now: QuickForm) -> dict[str, str]:
    """By field: what somebody made of it meanwhile."""
    text = _("Meanwhile: %(value)s. Save again to put yours.")
    shown = {**now.typed, "responsible": dict(now.people).get(now.typed["responsible"], "")}
    return {key: text % {"value": shown.get(key) or _("empty")} for key in conflict.changed}


def _others(deal: Deal, task: Task | None) -> dict[str, str]:
    return {
        "tags": ", ".join(tag.title for tag in shown(deal.tags, known_tags())) if deal.tags else "",
        "responsible": str(deal.responsible_id or ""),
        "task": str(task.pk) if task else "",
        "step": task.title if task else "",
        "due_at": steps.local_input(task.due_at) if task else "",
        "due_iso": task.due_at.isoformat() if task else "",
    }


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise FieldErrors({"due_at": _("When?")}) from error
