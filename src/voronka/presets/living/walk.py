"""Deals on their way through a script: somebody takes them, talks, and moves them on. Rules do the rest."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from voronka.deals import kept
from voronka.deals.actions import AlreadyTaken, Step, add_note, change_deal, move_deal, take_deal
from voronka.deals.models import Deal, LossReason, Stage
from voronka.kernel import clock
from voronka.process import ticker
from voronka.staff.models import Person
from voronka.tasks.actions import cancel_task, complete_task, create_task
from voronka.tasks.models import Task, TaskKind
from voronka.tasks.queries import kinds

from .days import Days
from .people import Staff
from .script import DAY, Scene, Script, Span, Steps, Talk, Turn


@dataclass
class Walk:
    """`planned`: deals with an act ahead, and the stage it is meant for."""

    days: Days
    staff: Staff
    script: Script
    moved: Callable[[Deal, str], None] = lambda deal, ref: None
    planned: dict[int, int] = field(default_factory=dict)
    talked: set[tuple[int, int]] = field(default_factory=set)

    def look_around(self) -> None:
        """Whatever is open and has nothing ahead: also what rules have opened and moved."""
        open_deals = Deal.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True)
        for deal_id in [pk for pk in open_deals if pk not in self.planned]:
            self.look_at(self._deal(deal_id))

    def look_at(self, deal: Deal) -> None:
        if deal.taken_at is None:
            self._wait(deal)
            return
        stop = self.script.stops.get(self._ref(deal))
        if stop is None:
            return
        if stop.talk and (deal.pk, deal.stage_id) not in self.talked:
            self.talked.add((deal.pk, deal.stage_id))
            self._plan(deal, self._later(stop.talk.wait), lambda scene, talk=stop.talk: self._talk(scene, talk))
        elif stop.turns:
            turn = self.days.shares.pick(self._ref(deal), stop.turns, [turn.weight for turn in stop.turns])
            self._plan(deal, self._moment(deal, turn), lambda scene: self._turn(scene, turn))

    # -- an inquiry waits -----------------------------------------------------------------

    def _wait(self, deal: Deal) -> None:
        """Mostly answered in time; sometimes the alarm has to ring."""
        limit = deal.stage.limit_minutes or 15
        shares = self.days.shares.pick("wait", ((0.1, 0.95), (1.05, 2.8), (3, 9)), (86, 11, 3))
        asked_at = clock.now()
        moment = self._later((limit * shares[0], limit * shares[1]))
        for ring in range(limit, 3 * limit + 1, limit):
            if timedelta(minutes=ring) < moment - asked_at < timedelta(hours=3):
                self.days.at(asked_at + timedelta(minutes=ring, seconds=1), lambda: ticker.tick() and None)
        self.planned[deal.pk] = deal.stage_id
        self.days.at(moment, lambda: self._take(deal.pk))

    def _take(self, deal_id: int) -> None:
        del self.planned[deal_id]
        people = self.staff.on_duty(self.script.takes, clock.now())
        if people and Deal.objects.filter(pk=deal_id, taken_at=None, closed_at=None).exists():
            try:
                take_deal(deal_id, by=self.rng.choice(people).actor)
            except AlreadyTaken:
                return
        self.look_at(self._deal(deal_id))

    # -- somebody works -------------------------------------------------------------------

    def _plan(self, deal: Deal, moment: datetime, act: Callable[[Scene], None]) -> None:
        self.planned[deal.pk] = deal.stage_id
        self.days.at(moment, lambda: self._act(deal.pk, act))

    def _act(self, deal_id: int, act: Callable[[Scene], None]) -> None:
        """Whoever sits at the deal's seat today does it; on a day when nobody does, it waits for the next one."""
        deal = self._deal(deal_id)
        if deal.closed_at is not None or deal.stage_id != self.planned[deal_id]:
            del self.planned[deal_id]
            if deal.closed_at is None:
                self.look_at(deal)
            return
        now = clock.now()
        me = self.staff.at_seat(deal.seat_id or 0, now)
        if me is None:
            tomorrow = self.days.local(now).date() + timedelta(days=1)
            self.days.at(self.days.on(tomorrow, self.script.hours[0], 20), lambda: self._act(deal_id, act))
            return
        del self.planned[deal_id]
        with transaction.atomic():
            act(Scene(days=self.days, staff=self.staff, deal=deal, me=me))
        deal = self._deal(deal_id)
        if deal.closed_at is None:
            self.look_at(deal)

    def _talk(self, scene: Scene, talk: Talk) -> None:
        if talk.act:
            talk.act(scene)
        if talk.values and (values := talk.values(scene)):
            change_deal(scene.deal.pk, by=scene.me.actor, values=values)
        self._note(scene, talk.notes, 0.5)
        self._finish_tasks(scene, scene.one(talk.results))
        if talk.steps and self.rng.random() < 0.75:
            self._next_step(scene, talk.steps)

    def _turn(self, scene: Scene, turn: Turn) -> None:
        if turn.by:
            scene.me = self.staff.of_role(turn.by)[0]
        deal, by = scene.deal, scene.me.actor
        if turn.act:
            turn.act(scene)
        self._note(scene, turn.notes, 0.6)
        values = dict(turn.values(scene)) if turn.values else {}
        if not turn.to:
            self._finish_tasks(scene, "Сделано")
            change_deal(deal.pk, by=by, values=values)
            return
        to = self._stage(deal.funnel_id, turn.to)
        reason = self._reason(deal, turn)
        self._finish_tasks(scene, "Сделано", give_up=to.meaning == Stage.Meaning.LOST)
        asks_for_step = deal.funnel.next_step_required and to.meaning == Stage.Meaning.OPEN
        move_deal(
            deal.pk,
            by=by,
            to=to,
            values=values or None,
            loss_reason=reason,
            loss_comment=scene.one(self.script.loss_comments) if reason and reason.comment_required else "",
            next_step=self._step(scene) if asks_for_step else None,
        )
        self.moved(deal, f"{deal.funnel.key}/{turn.to}")

    # -- tasks ----------------------------------------------------------------------------

    def _finish_tasks(self, scene: Scene, result: str, *, give_up: bool = False) -> None:
        """Those people set themselves and those of `by_hand`; rules finish their own."""
        for task in Task.objects.filter(deal=scene.deal, done_at=None).order_by("pk"):
            if give_up and task.rule == "":
                cancel_task(task.pk, by=scene.me.actor)
            elif task.rule == "" or task.rule in self.script.by_hand:
                complete_task(task.pk, by=scene.me.actor, result=result)

    def _next_step(self, scene: Scene, steps: Steps) -> None:
        kind, title = self._one_step(steps)
        create_task(
            by=scene.me.actor,
            kind=kind,
            title=title,
            due_at=self._on_the_quarter(self._later((90, 1800))),
            responsible=scene.me,
            deal_id=scene.deal.pk,
            company=scene.deal.company,
            deal_audience=scene.deal.audience,
        )

    def _step(self, scene: Scene) -> Step:
        title = self.rng.choice(("Позвонить и уточнить", "Спросить, дошло ли", "Договориться о дне"))
        return Step(kind=_kind("call"), title=title, due_at=self._on_the_quarter(self._later((300, 2 * DAY))))

    def _one_step(self, steps: Steps) -> tuple[TaskKind, str]:
        kind, title = self.rng.choice([(step[0], step[1]) for step in steps])
        return _kind(kind), str(title)

    def _on_the_quarter(self, moment: datetime) -> datetime:
        return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0) + timedelta(minutes=15)

    def _note(self, scene: Scene, notes, share: float) -> None:
        if notes and self.rng.random() < share:
            add_note(scene.deal.pk, by=scene.me.actor, text=scene.one(notes))

    # -- when and what --------------------------------------------------------------------

    def _moment(self, deal: Deal, turn: Turn) -> datetime:
        if turn.at is None:
            return self._later(turn.wait)
        return max(turn.at(self._scene(deal)), clock.now() + timedelta(minutes=self.rng.randint(20, 90)))

    def _later(self, wait: Span) -> datetime:
        opens, closes = self.script.hours
        return self.days.after(clock.now(), *wait, opens=opens, closes=closes)

    def _scene(self, deal: Deal) -> Scene:
        return Scene(days=self.days, staff=self.staff, deal=deal, me=deal.responsible or self._anybody)

    def _reason(self, deal: Deal, turn: Turn) -> LossReason | None:
        if not turn.reasons:
            return None
        keys, weights = zip(*turn.reasons, strict=True)
        key = self.days.shares.pick((deal.funnel_id, turn.reasons), keys, weights)
        reasons = kept.loss_reasons().values()
        return next(reason for reason in reasons if (reason.funnel_id, reason.key) == (deal.funnel_id, key))

    def _deal(self, deal_id: int) -> Deal:
        return kept.dressed(Deal.objects.all()).get(pk=deal_id)

    def _stage(self, funnel_id: int, key: str) -> Stage:
        stages = kept.stages().values()
        return next(stage for stage in stages if (stage.funnel_id, stage.key) == (funnel_id, key))

    def _ref(self, deal: Deal) -> str:
        return f"{deal.funnel.key}/{deal.stage.key}"

    @property
    def rng(self):
        return self.days.rng

    @property
    def _anybody(self) -> Person:
        return next(iter(self.staff.people.values()))


def _kind(key: str) -> TaskKind:
    return next(kind for kind in kinds().values() if kind.key == key)
