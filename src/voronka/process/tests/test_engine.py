"""Rules at work: order, refusals, broken ones set aside, chains cut."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation

from voronka.deals.actions import move_deal, take_deal
from voronka.deals.actions.declare_field import FieldFacts, change_field, declare_field
from voronka.deals.models import Deal, Stage
from voronka.kernel import actor
from voronka.kernel.models import Event
from voronka.notices.models import Notice
from voronka.process import engine, outlook, queries, sentences, ticker
from voronka.process.actions import mend_rule
from voronka.process.models import BrokenRule
from voronka.process.steps import CreateTask
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db

TWO = """\
  - key: one
    title: Первое
    when: {event: deal_entered_stage, stages: [first/unsorted]}
    then:
      - {do: create_task, kind: call, title: Первое, due: 1 hour, for: nobody}
  - key: two
    title: Второе
    when: {event: deal_entered_stage, stages: [first/unsorted]}
    then:
      - {do: create_task, kind: mail, title: "Второе {client}", due: 1 hour, for: nobody}
"""


def test_rules_fire_in_document_order_and_sign_their_work(inquiry, process_of):
    process_of(TWO)
    deal = inquiry()
    tasks = Task.objects.filter(deal=deal).order_by("pk")
    assert [(task.rule, task.title) for task in tasks] == [("one", "Первое"), ("two", "Второе Ирина Соколова")]
    event = Event.objects.filter(kind="task.created", task_id=tasks[0].pk).get()
    assert (event.by_kind, event.why, event.depth) == ("rule", "one", 1)


def test_a_move_that_sets_a_rule_off_asks_the_base_little(inquiry, quests, django_assert_max_num_queries):
    """The way of every card every day: the move, its event, a rule that closes one task and makes another."""
    picked = Stage.objects.get(funnel__key="first", key="picked")
    first, second = (take_deal(inquiry(name).pk, by=quests.owner.actor) for name in ("Ирина", "Олег"))
    move_deal(first.pk, by=quests.owner.actor, to=picked)
    with django_assert_max_num_queries(24):
        move_deal(second.pk, by=quests.owner.actor, to=picked)
    assert Task.objects.filter(deal=second, rule="confirm").exists()


def test_a_rule_that_raises_is_undone_set_aside_and_told_and_the_card_works_on(
    inquiry, process_of, quests, monkeypatch
):
    process_of(TWO)
    works = CreateTask.run

    def fails_for_one(self, work):
        works(self, work)
        if work.rule == "one":
            raise ZeroDivisionError("half done")

    monkeypatch.setattr(CreateTask, "run", fails_for_one)
    deal = inquiry()
    assert list(Task.objects.filter(deal=deal).values_list("rule", flat=True)) == ["two"]
    assert BrokenRule.objects.get().rule == "one"
    assert Event.objects.filter(kind="rule.broken", deal_id=deal.pk).count() == 1
    assert Notice.objects.filter(person=quests.director, kind="alarm").exists()
    assert not Notice.objects.filter(person=quests.owner).exists()

    monkeypatch.setattr(CreateTask, "run", works)
    assert list(Task.objects.filter(deal=inquiry()).values_list("rule", flat=True)) == ["two"]
    mend_rule("one", by=quests.director.actor)
    assert list(Task.objects.filter(deal=inquiry()).values_list("rule", flat=True)) == ["one", "two"]


def test_a_refused_rule_is_undone_whole_and_said_in_the_history(inquiry, process_of, quests):
    """No administrator works at the deal's location, so it stays with the manager, without half of the rule."""
    process_of(
        """\
  - key: hand
    title: Передать
    when: {event: deal_entered_stage, stages: [first/taken]}
    then:
      - {do: create_task, kind: call, title: Прозвон, due: 1 hour, for: responsible}
      - {do: assign, to: {role: administrator}, keep_reading: true}
"""
    )
    deal = inquiry(location=quests.other_location)
    take_deal(deal.pk, by=quests.owner.actor)
    deal.refresh_from_db()
    assert (deal.responsible, deal.stage.key) == (quests.owner, "taken")
    assert not Task.objects.filter(deal=deal).exists()
    said = Event.objects.get(kind="rule.refused", deal_id=deal.pk)
    assert said.data["title"] == "Передать"
    assert "Администратор" in said.data["reason"]
    assert not BrokenRule.objects.exists()


def test_a_chain_without_end_is_cut_with_an_alarm(inquiry, process_of, quests):
    process_of(TWO)
    deal = inquiry()
    before = Task.objects.filter(deal=deal).count()
    deep = actor.system("loop")
    for number in range(engine.LIMIT):
        deep = deep.by_rule(f"r{number}")
    event = Event.objects.get(kind="deal.created", deal_id=deal.pk)
    with transaction.atomic():
        engine.react([event], deep)
    assert Task.objects.filter(deal=deal).count() == before
    assert Event.objects.get(kind="rule.cut", deal_id=deal.pk).data["depth"] == engine.LIMIT
    assert Notice.objects.filter(person=quests.director, kind="alarm").exists()


def test_a_rule_keeps_silent_when_an_earlier_one_has_moved_the_deal_on(inquiry, process_of, quests, monkeypatch):
    process_of(TWO)
    works = CreateTask.run

    def moves_on(self, work):
        works(self, work)
        if work.rule == "one":
            to = work.deal.funnel.stages.get(key="taken")
            move_deal(work.deal.pk, by=work.by, to=to)

    monkeypatch.setattr(CreateTask, "run", moves_on)
    deal = inquiry()
    assert Deal.objects.get(pk=deal.pk).stage.key == "taken"
    assert list(Task.objects.filter(deal=deal).values_list("rule", flat=True)) == ["one"]


ONLY_LARGE = """\
  - key: large
    title: Большая компания
    when: {event: deal_entered_stage, stages: [first/unsorted]}
    if: [all, [players, ">=", 10], [brand, in, [chas-iks]]]
    then:
      - {do: create_task, kind: call, title: Позвонить самому, due: 1 hour, for: nobody}
"""


@pytest.mark.parametrize(("players", "tasks"), [(12, 1), (9, 0), (None, 0)])
def test_a_condition_is_a_filter_over_the_deal_with_keys_for_rows(inquiry, process_of, players, tasks):
    process_of(ONLY_LARGE)
    deal = inquiry(fields={"players": players} if players else None)
    assert Task.objects.filter(deal=deal).count() == tasks


def test_a_condition_is_said_in_the_sentence(inquiry, process_of):
    process_of(ONLY_LARGE)
    process = queries.active()
    with translation.override("en"):
        said = sentences.rule(process.rules[0], process)
    assert said.startswith("When a deal comes to «Неразобранное», if Игроков")
    assert "Час Икс" in said


def test_a_timer_whose_condition_fails_when_it_is_due_is_over(inquiry, process_of, quests, clock):
    process_of(
        """\
  - key: late
    title: Долго
    when: {event: stage_time, stages: [first/taken], after: 1 hour}
    if: [players, ">=", 10]
    then:
      - {do: create_task, kind: check, title: Проверить, due: 1 hour, for: responsible}
"""
    )
    deal = inquiry()
    take_deal(deal.pk, by=quests.owner.actor)
    clock.advance(hours=1)
    ticker.tick()
    assert ticker.tick() == 0
    assert not Task.objects.filter(deal=deal).exists()


def test_what_is_next_is_told_in_words_of_this_deal(inquiry, quests, clock):
    deal = inquiry()
    (coming, *_rest) = outlook.what_next(deal)
    assert coming.at == clock.now() + timedelta(minutes=5)
    assert "Ирина Соколова ждёт ответа" in coming.text
    take_deal(deal.pk, by=quests.owner.actor)
    deal.refresh_from_db()
    told = outlook.what_next(deal)
    assert [coming.rule for coming in told] == ["day-without-booking", "confirm"]
    assert told[1].at is None and "«Подобрали игру»" in told[1].cancels


def test_a_condition_may_name_a_field_made_on_screen_as_it_is_now(inquiry, process_of, quests):
    by = quests.director.actor
    field = declare_field(by=by, facts=FieldFacts(title="Гостей", type="number"))
    process_of(ONLY_LARGE.replace("[players,", f"[{field.key},"))
    assert Task.objects.filter(deal=inquiry(fields={field.key: "12"})).count() == 1
    assert Task.objects.filter(deal=inquiry(fields={field.key: "9"})).count() == 0
    process = queries.active()
    assert "Гостей" in sentences.rule(process.rules[0], process)
    change_field(field.pk, by=by, facts=FieldFacts(title="Гостей", type="text"))
    assert Task.objects.filter(deal=inquiry(fields={field.key: "12"})).count() == 0
    with translation.override("en"):
        assert "can't be read" in sentences.rule(process.rules[0], process)
