"""Scripts of talks on the card: which fit now, their steps, what was said already, blanks filled for this deal."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONArray
from django.utils.translation import gettext as _

from voronka.deals import fields
from voronka.deals.access import require_change
from voronka.deals.models import Deal
from voronka.kernel import actor, clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal

from . import values
from .models import Ticked
from .queries import in_force
from .schema import Script
from .steps import Work, placeholder

_STEP = re.compile(r"^(\d{1,2})[.)]\s+")


@dataclass(frozen=True)
class Part:
    """A piece of a script. `step`: its number, None for what is read between the steps."""

    step: int | None
    text: str


def parts(text: str) -> list[Part]:
    """A script by its lines; one that begins with «1.» is a step. Steps are numbered as they stand, whatever was
    written.
    """
    found: list[Part] = []
    steps = 0
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _STEP.match(line)
        steps += bool(match)
        found.append(Part(steps if match else None, line[match.end() :] if match else line))
    return found


def of_deal(deal: Deal, kinds: Collection[str] = ()) -> list[Script]:
    """Scripts for this deal now, those for its stage or its next task first. `kinds`: keys of its open tasks' kinds."""
    current = in_force()
    ref = current.places.stages.get(deal.stage_id, "")
    scripts = current.process.scripts
    fitting = [one for one in scripts if ref in one.stages or not set(kinds).isdisjoint(one.task_kinds)]
    return fitting + [one for one in scripts if not one.stages and not one.task_kinds]


def ticked(deal: Deal) -> set[tuple[str, int]]:
    """Steps said since the deal came to its stage: (key of the script, step). A query unless
    `with_ticked` has read it.
    """
    said = getattr(deal, "steps_said", None)
    if said is None:
        said = Ticked.objects.filter(deal=deal, ticked_at__gte=deal.stage_entered_at).values_list("script", "step")
    return {(script, step) for script, step in said}


def with_ticked(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """Each with what `ticked` asks for."""
    said = Ticked.objects.filter(deal=OuterRef("pk"), ticked_at__gte=OuterRef("stage_entered_at"))
    return deals.annotate(steps_said=ArraySubquery(said.values_list(JSONArray("script", "step"))))


def tick(deal_id: int, script: str, steps: Sequence[int], *, done: bool, by: Actor) -> Deal:
    """Mark steps of a script as said, or not said after all. Raises Refusal. Kept for whoever is in the card: no event
    tells of it.
    """
    with transaction.atomic():
        deal = Deal.objects.select_for_update(no_key=True).get(pk=deal_id)
        require_change(by, deal)
        found = next((one for one in in_force().process.scripts if one.key == script), None)
        known = {part.step for part in parts(found.text)} if found else set()
        if not steps or not known.issuperset(steps):
            raise Refusal(_("This script has changed: open the card anew."), rule="script")
        Ticked.objects.filter(deal=deal, script=script, step__in=steps).delete()
        if done:
            now, who = clock.now(), by.person_id
            Ticked.objects.bulk_create(
                Ticked(deal=deal, script=script, step=step, ticked_by_id=who, ticked_at=now) for step in steps
            )
    return deal


def filler(deal: Deal, by: Actor) -> Callable[[str], str | None]:
    """What stands for a placeholder when this person reads it, None when nobody knows it: a field that the role does
    not see stays blank.
    """
    now, seen, process = clock.now(), fields.specs(by), in_force().process
    work = Work(
        deal=deal,
        company=deal.company,
        contact=deal.contact,
        rule="",
        title="",
        by=actor.system("script"),
        now=now,
        due_at=now,
        process=process,
    )
    declared = fields.specs()

    def fill(name: str) -> str | None:
        if not process.outline.knows(values.PLACEHOLDER, name):
            return None
        return "—" if name in declared and name not in seen else placeholder(work, name)

    return fill
