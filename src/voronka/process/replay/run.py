"""Going through all deals of a period, in the worker, with progress; it can be left, and comes back as a notice."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from voronka.deals.models import Deal
from voronka.kernel import clock
from voronka.kernel.rows import insert_many
from voronka.notices.actions import notify
from voronka.staff.models import Person
from voronka.staff.queries import company_zone

from .. import document
from ..models import Trial, TrialFigure
from . import past
from .kin import Kin
from .simulate import simulate
from .tally import Key, Side
from .world import World, ground

#: Deals at a time; after each part the trial says how far it is.
CHUNK = 1000
#: Of a deal no condition asks these.
UNASKED = ("audience", "watchers", "first_touch", "last_touch", "loss_comment")


def run(trial_id: int) -> None:
    """Replay the two documents of a trial. One that was thrown away meanwhile is left."""
    trial = Trial.objects.filter(pk=trial_id, ended_at=None).select_related("base", "person").first()
    if trial is None:
        return
    since, end = trial.created_at - timedelta(days=trial.days), trial.created_at
    roles = dict(Person.objects.values_list("pk", "role__key"))
    shared, kin = ground(company_zone(), roles), Kin()
    worlds = [World(document.trusted(text), shared, kin) for text in (trial.base.document, trial.document)]
    kinds = worlds[0].kinds | worlds[1].kinds
    sides = [Side(), Side()]
    for deals in _chunks(trial):
        kin.come(deals)
        for one in past.read(deals, since=since, kinds=kinds):
            for world, side in zip(worlds, sides, strict=True):
                effects = simulate(one, world, since=since, end=end)
                side.add(one.deal.pk, one.deal.responsible_id, effects)
        trial.done += len(deals)
        if not Trial.objects.filter(pk=trial.pk).update(done=trial.done):
            return
    _keep(trial, sides)


def deals_of(trial: Trial):
    """Deals that stood somewhere in the period."""
    since = trial.created_at - timedelta(days=trial.days)
    return Deal.objects.filter(Q(closed_at=None) | Q(closed_at__gte=since), created_at__lt=trial.created_at)


def _chunks(trial: Trial) -> Iterator[list[Deal]]:
    last = 0
    while deals := list(deals_of(trial).filter(pk__gt=last).order_by("pk").defer(*UNASKED)[:CHUNK]):
        yield deals
        last = deals[-1].pk


def _keep(trial: Trial, sides: list[Side]) -> None:
    keys: dict[Key, None] = dict.fromkeys(key for side in sides for key in side.counts)
    figures = [
        TrialFigure(
            trial=trial,
            kind=kind,
            rule=rule,
            step=step,
            before=sides[0].counts[kind, rule, step],
            after=sides[1].counts[kind, rule, step],
            deals=sorted(sides[1].deals.get((kind, rule, step), ())),
            deals_before=sorted(sides[0].deals.get((kind, rule, step), ())),
        )
        for kind, rule, step in keys
    ]
    people = {
        str(person): [sides[0].people[person], sides[1].people[person]]
        for person in {*sides[0].people, *sides[1].people}
        if sides[0].people[person] != sides[1].people[person]
    }
    with transaction.atomic():
        if figures:
            insert_many(figures)
        trial.people, trial.ended_at = people, clock.now()
        trial.save(update_fields=["people", "ended_at"])
        with translation.override(trial.person.language):
            notify(
                [trial.person],
                kind="rule",
                key=f"trial:{trial.pk}",
                title=_("The check on history is ready"),
                body=_("Deals replayed: {number}").format(number=trial.done),
                url=f"/process/trials/{trial.pk}",
            )
