"""The check on history: what a draft would have done to what really happened, and that it does nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.deals.actions import change_deal, move_deal, take_deal
from voronka.deals.models import Deal, Stage
from voronka.kernel.models import Event
from voronka.process import drafts, trials
from voronka.process.models import TrialFigure
from voronka.process.replay.run import run
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db

RULE = {
    "key": "slow",
    "title": "Висит",
    "when": {"event": "stage_time", "stages": ["first/taken"], "after": "6 hours", "every": "6 hours"},
    "if": ["players", ">=", 10],
    "then": [{"do": "create_task", "kind": "check", "title": "Висит", "due": "1 day", "for": "responsible"}],
}


@pytest.fixture
def history(quests, inquiry, clock):
    """A big deal that hung for 26 hours before its booking was picked, and a small one that hung as long."""
    big, small = (take_deal(inquiry(name).pk, by=quests.owner.actor) for name in ("Ирина Соколова", "Олег Круглов"))
    change_deal(big.pk, by=quests.owner.actor, values={"players": "12"})
    change_deal(small.pk, by=quests.owner.actor, values={"players": "4"})
    clock.advance(hours=26)
    for deal in (big, small):
        move_deal(deal.pk, by=quests.owner.actor, to=Stage.objects.get(funnel__key="first", key="picked"))
    clock.advance(hours=1)
    change_deal(big.pk, by=quests.owner.actor, values={"players": "2"})
    clock.advance(hours=1)
    return big, small


def replayed(person, days=30) -> dict[tuple[str, str], TrialFigure]:
    trial = trials.begin(person, by=person.actor, days=days)
    run(trial.pk)
    trial.refresh_from_db()
    assert trial.ended_at
    assert trial.done == trial.total
    return {(one.kind, one.rule): one for one in trial.figures.all()}


def test_a_draft_is_counted_beside_the_process_in_force(quests, history):
    big, _small = history
    drafts.edit(lambda editor: editor.put(("rules",), RULE), what="Правило", by=quests.director.actor)
    before = (Task.objects.count(), Event.objects.filter(deal_id=big.pk).count(), Deal.objects.get(pk=big.pk).version)
    found = replayed(quests.director)
    # every six hours of 26, and only for the deal that was big then
    assert (found["task", "slow"].before, found["task", "slow"].after) == (0, 4)
    assert found["task", "slow"].deals == [big.pk]
    # what works already is counted alike on both sides: both deals came to the stage
    assert (found["task", "contact"].before, found["task", "contact"].after) == (2, 2)
    assert Task.objects.filter(rule="contact").count() == 2
    assert (
        Task.objects.count(),
        Event.objects.filter(deal_id=big.pk).count(),
        Deal.objects.get(pk=big.pk).version,
    ) == before


def test_moves_that_the_draft_would_refuse_are_told_by_stage(quests, history):
    def strict(editor):
        editor.change(("funnels", "first", "stages", "picked"), {"required": ["occasion"]})

    drafts.edit(strict, what="Поле", by=quests.director.actor)
    figure = replayed(quests.director)["stuck", "first/picked"]
    assert (figure.before, figure.after, len(figure.deals)) == (0, 2, 2)


def test_a_deal_that_a_rule_moves_is_followed_until_the_next_real_move(quests, history):
    def moving(editor):
        when = {"event": "stage_time", "stages": ["first/taken"], "after": "1 hour"}
        editor.put(
            ("rules",), {"key": "on", "title": "Дальше", "when": when, "then": [{"do": "move", "to": "first/picked"}]}
        )

    drafts.edit(moving, what="Правило", by=quests.director.actor)
    found = replayed(quests.director)
    assert (found["move", "on"].before, found["move", "on"].after) == (0, 2)
    # once when the rule moved it, once when it really came there
    assert (found["task", "confirm"].before, found["task", "confirm"].after) == (2, 4)


def test_what_is_older_than_the_period_is_left_out(quests, history, clock):
    clock.advance(days=20)
    drafts.edit(lambda editor: editor.put(("rules",), RULE), what="Правило", by=quests.director.actor)
    assert ("task", "slow") not in replayed(quests.director, days=7)


def test_a_condition_about_the_client_and_the_tasks_is_asked_of_many_deals_at_once(quests, history, inquiry, clock):
    big, _small = history
    condition = ["all", ["client.name", "has", "ирина"], ["client.contacts", "some", ["name", "has", "ирина"]]]
    drafts.edit(
        lambda editor: editor.put(("rules",), RULE | {"if": condition}), what="Правило", by=quests.director.actor
    )
    with CaptureQueriesContext(connection) as few:
        figure = replayed(quests.director)["task", "slow"]
    assert (figure.before, figure.after, figure.deals) == (0, 4, [big.pk])
    for number in range(3):
        deal = take_deal(inquiry(f"Ирина {number}").pk, by=quests.owner.actor)
        clock.advance(hours=7)
        move_deal(deal.pk, by=quests.owner.actor, to=Stage.objects.get(funnel__key="first", key="picked"))
    with CaptureQueriesContext(connection) as many:
        figure = replayed(quests.director)["task", "slow"]
    assert (figure.after, len(figure.deals)) == (7, 4)
    # contacts of further clients cost a query each: they hang on rows that hang on the deal
    assert len(many) <= len(few) + 3


def test_a_field_counts_as_filled_when_it_was_filled_before_the_move(quests, history):
    """Both deals had players when they moved; the occasion of one was told later."""
    big, _small = history
    change_deal(big.pk, by=quests.owner.actor, values={"occasion": "birthday"})

    def strict(editor):
        editor.change(("funnels", "first", "stages", "picked"), {"required": ["players", "occasion"]})

    drafts.edit(strict, what="Поле", by=quests.director.actor)
    assert replayed(quests.director)["stuck", "first/picked"].after == 2

    drafts.edit(
        lambda editor: editor.change(("funnels", "first", "stages", "picked"), {"required": ["players"]}),
        what="Поле",
        by=quests.director.actor,
    )
    assert ("stuck", "first/picked") not in replayed(quests.director)
