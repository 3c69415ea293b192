"""Rules that move deals and fill fields, set off by fields and tasks; guards hold for them as for people."""

import pytest

from voronka.deals.actions import change_deal, move_deal, take_deal
from voronka.deals.models import Deal, Stage
from voronka.kernel.models import Event
from voronka.process import document
from voronka.process.steps import CreateTask
from voronka.tasks.actions import complete_task
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db

RULES = """\
  - key: call
    title: Позвонить
    when: {event: deal_entered_stage, stages: [first/taken]}
    then:
      - {do: create_task, kind: call, title: Позвонить, due: 1 hour, for: responsible}
  - key: called
    title: Дозвонились
    when: {event: task_done, kinds: [call], stages: [first/taken]}
    then:
      - {do: set_field, field: occasion, value: birthday, unless_filled: true}
      - {do: move, to: first/picked}
  - key: many
    title: Большая компания
    when: {event: field_changed, fields: [players]}
    if: [players, ">=", 20]
    then:
      - {do: create_task, kind: mail, title: "{players} игроков: два зала?", due: 1 day, for: responsible}
"""


@pytest.fixture
def taken(inquiry, process_of, quests) -> Deal:
    process_of(RULES)
    return take_deal(inquiry().pk, by=quests.owner.actor)


def call_of(deal: Deal) -> Task:
    return Task.objects.get(deal=deal, rule="call", done_at=None)


def test_a_done_task_fills_a_field_and_moves_the_deal(taken, quests):
    complete_task(call_of(taken).pk, by=quests.owner.actor, result="Договорились")
    taken.refresh_from_db()
    assert taken.stage.key == "picked"
    moved = Event.objects.get(kind="deal.moved", deal_id=taken.pk, stage_id=taken.stage_id)
    assert (moved.by_kind, moved.why) == ("rule", "called")


def test_what_a_person_wrote_is_spared(taken, quests):
    change_deal(taken.pk, by=quests.owner.actor, values={"occasion": "corporate"})
    complete_task(call_of(taken).pk, by=quests.owner.actor, result="Договорились")
    taken.refresh_from_db()
    assert (taken.fields["occasion"], taken.stage.key) == ("corporate", "picked")


def test_on_another_stage_the_task_sets_nothing_off(taken, quests):
    call = call_of(taken)
    move_deal(taken.pk, by=quests.owner.actor, to=Stage.objects.get(funnel=taken.funnel, key="picked"))
    complete_task(call.pk, by=quests.owner.actor, result="Позже")
    assert not Event.objects.filter(deal_id=taken.pk, by_kind="rule", why="called").exists()


def test_a_guard_refuses_a_rule_s_move_and_the_history_says_so(taken, process_of, quests):
    """«Бронь» asks for a date of the game, also from a rule; what the rule did before is undone."""
    process_of(RULES.replace("to: first/picked", "to: first/booked"))
    complete_task(call_of(taken).pk, by=quests.owner.actor, result="Договорились")
    taken.refresh_from_db()
    assert (taken.stage.key, "occasion" in taken.fields) == ("taken", False)
    assert Event.objects.get(kind="rule.refused", deal_id=taken.pk).data["rule"] == "called"


@pytest.mark.parametrize(("players", "tasks"), [("8", 0), ("24", 1)])
def test_a_changed_field_is_asked_its_condition(taken, quests, players, tasks):
    change_deal(taken.pk, by=quests.owner.actor, values={"players": players})
    made = Task.objects.filter(deal=taken, rule="many")
    assert [task.title for task in made] == [f"{players} игроков: два зала?"] * tasks


def test_rules_are_sentences(taken):
    from voronka.process.queries import active
    from voronka.process.sentences import rule as sentence

    process = active()
    said = {one.key: sentence(one, process) for one in process.rules}
    assert "«Позвонить»" in said["call"] and any(isinstance(step, CreateTask) for step in process.rules[0].then)
    assert all("{" not in text for text in said.values())
    assert document.load(document.write(process)) == process


@pytest.mark.parametrize("step", ["{do: move, to: first/lost}", "{do: move, to: first/lost, reason: nothing}"])
def test_a_loss_by_a_rule_needs_a_reason_of_the_funnel(process_of, quests, step):
    with pytest.raises(document.DocumentErrors, match="причину"):
        process_of(RULES.replace("{do: move, to: first/picked}", step))


def test_titles_are_in_the_reader_s_language(quests):
    from django.utils import translation

    from voronka.process.queries import active

    for language, title in (("en", "Location"), ("ru", "Локация")):
        with translation.override(language):
            assert active().outline.title("field", "location") == title
