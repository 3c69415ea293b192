from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from voronka.notices.actions import notify

from ..outline import Outline
from ..values import Text
from . import _facts, _people
from ._base import BaseStep, Work


class Notify(BaseStep):
    """Tell people. `urgent`: also by push, and again each time the rule fires."""

    do: Literal["notify"]
    to: Annotated[list[_people.Somebody], Field(min_length=1)]
    title: Text
    text: Text | None = None
    urgent: bool = False
    needs = "nothing"

    def run(self, work: Work) -> None:
        people = {person.pk: person for whom in self.to for person in _people.find(whom, work)}
        if not people:
            return
        notify(
            list(people.values()),
            kind="urgent" if self.urgent else "rule",
            key=f"{work.rule}:{_about(work)}",
            title=self.title.fill(_facts.of(work, self.title)),
            body=self.text.fill(_facts.of(work, self.text)) if self.text else "",
            heading=work.title,
            url=_page(work),
            urgent=self.urgent,
        )

    def sentence(self, outline: Outline) -> str:
        names = _(" and ").join(_people.words(whom, outline) for whom in self.to)
        return _("tell {people}: «{title}»").format(people=names, title=self.title)


def _about(work: Work) -> str:
    return str(work.deal.pk) if work.deal else f"c{work.company.pk}" if work.company else ""


def _page(work: Work) -> str:
    return f"/deals/{work.deal.pk}" if work.deal else f"/clients/{work.company.pk}" if work.company else "/day"
