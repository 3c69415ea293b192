"""Deals walk through a funnel at random, by valid and forbidden steps, beside a plain model that says what must come.

`VORONKA_WALKS=3000` walks so many steps instead of the few of every day.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from voronka.clients.actions import register_client
from voronka.deals.actions import Step, assign_deal, change_deal, create_deal, move_deal, plan_step, take_deal
from voronka.deals.models import Deal, Funnel, LossReason, Passage, Stage
from voronka.kernel import actor
from voronka.kernel import clock as kernel_clock
from voronka.kernel.errors import MissingFields, Refusal
from voronka.presets import catalogue
from voronka.process import ticker
from voronka.process.actions import activate
from voronka.tasks.actions import cancel_task
from voronka.tasks.models import Task, TaskKind
from voronka.testing.cast import Cast
from voronka.testing.plugin import Clock

STEPS = int(os.environ.get("VORONKA_WALKS") or 60)
ORDER = ["unsorted", "taken", "picked", "booked", "call1", "played", "reviewed", "lost"]
FIELDS = {"game_date": "28.11.2026", "game_time": "15:00", "programme": "lab-13"}
RULES = """\
  - key: chase
    title: Два дня в работе
    when: {event: stage_time, stages: [first/taken], after: 2 days, every: 1 day}
    then:
      - {do: create_task, kind: check, title: Поторопить, due: 1 day, for: {role: head}}
"""


class Walk(RuleBasedStateMachine):
    """The model: stage, who leads, which fields, how many tasks are open, and when the stage was entered."""

    cast: Cast
    clock: Clock

    @initialize()
    def arrive(self):
        client = actor.client("форма")
        contact = register_client(by=client, name="Ирина Соколова")
        funnel = Funnel.objects.get(key="first")
        self.deal = create_deal(
            by=client, funnel=funnel, company=contact.company, contact=contact, brand=self.cast.brand
        )
        self.stage, self.led_by, self.filled, self.tasks = "unsorted", None, set(), 0
        self.entered, self.chased = kernel_clock.now(), 0

    @rule()
    @precondition(lambda self: self.led_by is None)
    def take(self):
        take_deal(self.deal.pk, by=self.cast.owner.actor)
        self._enter("taken", by=self.cast.owner)

    @rule(who=st.sampled_from(["owner", "colleague", "stranger"]))
    @precondition(lambda self: self.led_by is not None)
    def take_what_is_taken(self, who):
        person = getattr(self.cast, who)
        if person == self.led_by:
            return
        with pytest.raises(Refusal):
            take_deal(self.deal.pk, by=person.actor)

    @rule(
        key=st.sampled_from(ORDER),
        who=st.sampled_from(["owner", "head", "director", "stranger"]),
        commented=st.booleans(),
    )
    def move(self, key, who, commented):
        person = getattr(self.cast, who)
        to = Stage.objects.select_related("funnel").get(funnel__key="first", key=key)
        given = {
            "loss_reason": LossReason.objects.get(funnel=to.funnel, key="other"),
            "loss_comment": "да" * commented,
        }
        said = self._expected(key, person, commented)
        if said is None:
            move_deal(self.deal.pk, by=person.actor, to=to, **(given if key == "lost" else {}))
            if key != self.stage:
                self._enter(key, by=person)
            return
        with pytest.raises(said):
            move_deal(self.deal.pk, by=person.actor, to=to, **(given if key == "lost" else {}))

    @rule(key=st.sampled_from(sorted(FIELDS)), empty=st.booleans())
    def fill(self, key, empty):
        change_deal(self.deal.pk, by=self.cast.director.actor, values={key: "" if empty else FIELDS[key]})
        (self.filled.discard if empty else self.filled.add)(key)

    @rule()
    def plan(self):
        step = Step(
            kind=TaskKind.objects.get(key="call"), title="Позвонить", due_at=kernel_clock.now() + timedelta(days=9)
        )
        plan_step(self.deal.pk, by=self.cast.director.actor, step=step)
        self.tasks += 1

    @rule()
    @precondition(lambda self: self.tasks > 0)
    def drop(self):
        cancel_task(
            Task.objects.filter(deal=self.deal, done_at=None).order_by("id").first().pk, by=self.cast.director.actor
        )
        self.tasks -= 1

    @rule()
    def hand_over(self):
        assign_deal(self.deal.pk, by=self.cast.director.actor, to=self.cast.owner)
        if self.stage == "unsorted":
            self._enter("taken", by=self.cast.owner)
        self.led_by = self.cast.owner

    @rule(hours=st.integers(1, 60))
    def wait(self, hours):
        self.clock.advance(hours=hours)
        ticker.tick()
        self._chase()

    @invariant()
    def agree(self):
        if not hasattr(self, "deal"):
            return
        deal = Deal.objects.select_related("stage").get(pk=self.deal.pk)
        assert deal.stage.key == self.stage
        assert deal.responsible == self.led_by
        assert (deal.closed_at is not None) == (self.stage in ("reviewed", "lost"))
        assert {key for key in FIELDS if deal.fields.get(key)} == self.filled
        assert (deal.next_step_at is not None) == (self.tasks > 0)
        assert Passage.objects.get(deal=deal, left_at=None).stage == deal.stage
        assert Task.objects.filter(deal=deal, rule="chase").count() == self.chased

    def _expected(self, key, person, commented):
        """None when it goes, else what says no, in the order of the guards."""
        if person == self.cast.stranger:
            return Refusal
        if key == self.stage:
            return None
        if key == "unsorted" or self.stage in ("reviewed", "lost"):
            return Refusal
        if key == "booked" and person == self.cast.head:
            return Refusal
        if key == "lost":
            return None if commented else MissingFields
        here, there = ORDER.index(self.stage), ORDER.index(key)
        if there < here:
            return Refusal
        if [one for one in ORDER[here + 1 : there] if one != "unsorted"]:
            return Refusal
        missing = key == "booked" and set(FIELDS) - self.filled
        return MissingFields if missing or (key != "reviewed" and not self.tasks) else None

    def _enter(self, key, *, by):
        self.stage, self.led_by = key, self.led_by or by
        self.entered, self.turns = kernel_clock.now(), 0

    def _chase(self):
        """The server leaves a step in a card that has none; then one task for each look at which a new day has come."""
        if self.stage in ("taken", "picked", "booked", "call1", "played") and self.tasks == 0:
            self.tasks = 1
        if self.stage == "taken":
            turns = max(0, (kernel_clock.now() - self.entered - timedelta(days=1)) // timedelta(days=1))
            if turns > self.turns:
                self.turns, self.chased, self.tasks = turns, self.chased + 1, self.tasks + 1


@pytest.mark.django_db
def test_deals_and_a_plain_model_never_part(cast, clock):
    text = catalogue.text("quests").replace(
        "    no_skipping: true\n", "    no_skipping: true\n    only_forward: true\n    next_step_required: true\n", 1
    )
    text = text.replace(
        "        required: [game_date, game_time, location, programme]\n",
        "        required: [game_date, game_time, programme]\n        may_enter: [manager, director]\n",
    )
    activate(text[: text.index("\nrules:")] + "\nrules:\n" + RULES, by=actor.system("test"))
    Walk.cast, Walk.clock = cast, clock
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=max(1, STEPS // 30), stateful_step_count=30, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
