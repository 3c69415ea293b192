"""What rules do, step by step, set off by every kind of event."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from voronka.clients.actions import register_client
from voronka.clients.models import Company
from voronka.deals.actions import change_deal, move_deal, take_deal
from voronka.deals.models import Deal, LossReason, Stage
from voronka.hooks.models import Delivery, Hook
from voronka.kernel import actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Event
from voronka.messages.channels.memory import Memory
from voronka.messages.models import Message
from voronka.process import buttons, jobs, knocks, outlook, ticker
from voronka.process.models import Firing, Knock, Trace
from voronka.tasks.actions import cancel_task
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(monkeypatch):
    monkeypatch.setattr("voronka.wiring.CHANNELS", {"sms": "voronka.messages.channels.memory.Memory"})
    Memory.sent.clear()


@pytest.fixture
def taken(inquiry, process_of, quests):
    def made_by(rules: str) -> Deal:
        process_of(rules)
        return take_deal(inquiry().pk, by=quests.owner.actor)

    return made_by


def stage(ref: str) -> Stage:
    funnel, key = ref.split("/")
    return Stage.objects.get(funnel__key=funnel, key=key)


def lose(deal: Deal, quests, reason: str = "price") -> None:
    why = LossReason.objects.get(funnel=deal.funnel, key=reason)
    move_deal(deal.pk, by=quests.owner.actor, to=stage("first/lost"), loss_reason=why)


def test_a_lost_deal_opens_another_one_with_what_it_takes_along(taken, quests):
    deal = taken(
        """\
  - key: warm
    title: Дожать
    when: {event: deal_lost, funnels: [first], reasons: [price]}
    then:
      - {do: open_deal, at: partners/talks, title: "Снова {client}", copy: [players], responsible: same, link: продолжение}
"""
    )
    change_deal(deal.pk, by=quests.owner.actor, values={"players": "9", "budget": "10000"})
    lose(deal, quests)
    made = Deal.objects.get(funnel__key="partners")
    assert (made.title, made.fields, made.responsible) == ("Снова Ирина Соколова", {"players": 9}, quests.owner)
    assert deal.links_on.get().word == "продолжение"
    other = take_deal(deal.pk, by=quests.owner.actor)
    assert other.closed_at is not None


def test_a_deal_moves_to_another_funnel_and_waits_for_whoever_takes_it(taken, quests):
    deal = taken(
        """\
  - key: again
    title: К партнёрам
    when: {event: deal_lost}
    then:
      - {do: move_funnel, to: partners/new, release: true}
"""
    )
    lose(deal, quests)
    deal.refresh_from_db()
    assert (deal.funnel.key, deal.stage.key, deal.responsible, deal.closed_at) == ("partners", "new", None, None)
    assert Trace.objects.get(deal=deal).did == ["move_funnel"]


def test_the_rest_of_a_rule_waits_and_facts_cancel_it(taken, inquiry, quests, clock):
    rules = """\
  - key: remind
    title: Напомнить
    when: {event: deal_entered_stage, stages: [first/taken]}
    then:
      - {do: create_task, kind: call, title: Первая, due: 1 hour, for: responsible}
      - {do: wait, for: 2 days, unless: [left_stage, answered]}
      - {do: create_task, kind: call, title: Вторая, due: 1 hour, for: responsible}
"""
    first = taken(rules)
    second, third = (take_deal(inquiry(name).pk, by=quests.owner.actor) for name in ("Пётр", "Анна"))
    assert Trace.objects.get(deal=first).outcome == "waits"
    (coming,) = outlook.what_next(first)[:1]
    assert (coming.rule, coming.at) == ("remind", clock.now() + timedelta(days=2))
    clock.advance(days=1)
    move_deal(second.pk, by=quests.owner.actor, to=stage("first/picked"))
    Company.objects.filter(pk=third.company_id).update(last_interaction_at=clock.now())
    clock.advance(days=1)
    for _ in range(2):
        ticker.tick()
    assert list(Task.objects.filter(title="Вторая").values_list("deal", flat=True)) == [first.pk]
    going_on = Trace.objects.filter(deal=first).latest("id")
    assert going_on.parent_id == Trace.objects.filter(deal=first).earliest("id").pk


def test_a_wait_until_a_date_follows_the_date(taken, quests, clock):
    clock.set(datetime(2026, 11, 23, 9, tzinfo=UTC))
    deal = taken(
        """\
  - key: photos
    title: Фотографии
    when: {event: deal_entered_stage, stages: [first/taken]}
    then:
      - {do: wait, until: 1 day after game_date at 12:00}
      - {do: create_task, kind: mail, title: Отправить фотографии, due: 1 hour, for: responsible}
"""
    )
    clock.advance(days=30)
    ticker.tick()
    assert not Task.objects.filter(rule="photos").exists()
    change_deal(deal.pk, by=quests.owner.actor, values={"game_date": "30.12.2026"})
    assert Firing.objects.get(step=1).due_at == datetime(2026, 12, 31, 9, tzinfo=UTC)
    change_deal(deal.pk, by=quests.owner.actor, values={"game_date": "25.12.2026"})
    clock.set(datetime(2026, 12, 26, 9, tzinfo=UTC))
    ticker.tick()
    assert Task.objects.filter(rule="photos").count() == 1


WELCOME = """\
  - key: welcome
    title: Приветствие
    when: {event: contact_added}
    then:
      - {do: send_message, text: "{first_name}, это Час Икс", channels: [last, sms]}
      - {do: add_to_segment, segment: fans}
"""


def test_a_new_contact_is_welcomed_and_joins_a_segment(quests, process_of):
    process_of(WELCOME)
    irina = register_client(by=actor.client("форма"), name="Ирина Соколова", identities=[("phone", "+79213840617")])
    message = Message.objects.get()
    assert (message.channel, message.text, message.rule, message.state) == (
        "sms",
        "Ирина, это Час Икс",
        "welcome",
        "queued",
    )
    assert Company.objects.get(pk=irina.company_id).segments == ["fans"]


def test_a_message_long_past_its_moment_is_held_for_people(taken, clock):
    taken(
        """\
  - key: ping
    title: Написать
    when: {event: stage_time, stages: [first/taken], after: 1 hour}
    stale_after: 3 hours
    then:
      - {do: send_message, text: "Вы ещё с нами?", channels: [sms]}
"""
    )
    clock.advance(hours=5)
    ticker.tick()
    assert Message.objects.get().state == "held"


def test_a_control_group_is_left_out_and_told(taken, inquiry, quests):
    taken(
        """\
  - key: invite
    title: Пригласить
    when: {event: deal_entered_stage, stages: [first/taken]}
    holdout: 50
    then:
      - {do: create_task, kind: call, title: Пригласить, due: 1 hour, for: responsible}
"""
    )
    for number in range(30):
        take_deal(inquiry(f"Клиент {number}").pk, by=quests.owner.actor)
    done, out = (Trace.objects.filter(rule="invite", outcome=outcome).count() for outcome in ("done", "held_out"))
    assert done == Task.objects.filter(rule="invite").count() and done + out == 31
    assert 5 < out < 26


def test_in_turn_and_by_load(quests, process_of, inquiry):
    form = """\
  - key: share
    title: Раздать
    when: {{event: inquiry_arrived}}
    then:
      - {{do: assign, to: {{role: manager}}, choose: {how}}}
"""
    process_of(form.format(how="in_turn"))
    source = {"source_id": None}
    mine = [inquiry(f"К{number}", **source) for number in range(2)]
    assert all(Deal.objects.get(pk=deal.pk).responsible is None for deal in mine)  # opened by hand, no inquiry
    process_of(form.format(how="in_turn").replace("inquiry_arrived", "deal_created"))
    got = [Deal.objects.get(pk=inquiry(f"Т{number}").pk).responsible for number in range(6)]
    managers = {quests.owner, quests.partner, quests.colleague}
    assert set(got[:3]) == managers and got[3:] == got[:3]
    process_of(form.format(how="least_load").replace("inquiry_arrived", "deal_created"))
    Deal.objects.filter(responsible=quests.colleague).update(closed_at="2026-01-01T00:00:00Z")
    assert Deal.objects.get(pk=inquiry("Л").pk).responsible == quests.colleague


def test_a_button_is_for_its_roles_and_stages(taken, quests):
    deal = taken(
        """\
  - key: recall
    title: Перезвонить
    when: {event: button, label: Перезвонить завтра, roles: [manager], stages: [first/taken]}
    then:
      - {do: create_task, kind: call, title: Перезвонить, due: 1 day, for: responsible}
"""
    )
    assert [one.label for one in buttons.offered(deal, quests.owner.actor)] == ["Перезвонить завтра"]
    assert buttons.offered(deal, quests.director.actor) == []
    with pytest.raises(Refusal):
        buttons.press(deal.pk, "recall", by=quests.director.actor)
    buttons.press(deal.pk, "recall", by=quests.owner.actor)
    assert Task.objects.filter(rule="recall", deal=deal).count() == 1


def test_another_system_sets_a_rule_off_by_its_secret_address(taken, quests, client):
    deal = taken(
        """\
  - key: from-site
    title: Ответ сайта
    when: {event: webhook, deal: order.id, fields: {players: order.people}}
    then:
      - {do: create_task, kind: check, title: "Пришло: {players}", due: 1 hour, for: responsible}
"""
    )
    with pytest.raises(Refusal):
        knocks.renew_address("from-site", by=quests.owner.actor)
    secret = knocks.renew_address("from-site", by=quests.director.actor)

    def post(where: str, body: object):
        return client.post(f"/hooks/rules/{where}", json.dumps(body), content_type="application/json")

    assert post("wrong", {}).status_code == 404
    assert post(secret, [1]).status_code == 400
    assert post(secret, {"order": {"id": deal.pk, "people": 7}}).status_code == 202
    for _ in range(2):
        jobs.open_to(knock=Knock.objects.latest("id").pk)
    assert [task.title for task in Task.objects.filter(rule="from-site")] == ["Пришло: 7"]
    post(secret, {"order": {"id": 10**9}})
    jobs.open_to(knock=Knock.objects.latest("id").pk)
    assert Knock.objects.latest("id").why


def test_facts_of_other_modules_are_heard_by_name(taken, quests):
    deal = taken(
        """\
  - key: missed
    title: Пропущенный
    when: {event: call_missed}
    then:
      - {do: create_task, kind: call, title: "Перезвонить {client}", due: 15 minutes, for: responsible}
  - key: low
    title: Низкая оценка
    when: {event: survey_answered, highest: 6}
    then:
      - {do: notify, to: [{role: head}], title: "{client} недоволен"}
"""
    )
    refs = Refs(deal=deal.pk, company=deal.company_id, funnel=deal.funnel_id, stage=deal.stage_id)
    with transaction.atomic():
        for kind, data in (("call.missed", {"phone": "+7"}), ("survey.answered", {"score": 9})):
            record(kind, refs, by=actor.client("звонок"), data=data)
    assert [trace.rule for trace in Trace.objects.filter(deal=deal)] == ["missed"]
    (ran,) = outlook.what_was(deal)
    assert ran.title == "Пропущенный" and "«Перезвонить Ирина Соколова»" in ran.did and ran.because


def test_the_stage_follows_what_is_filled_in_and_not_the_hand(taken, quests):
    rules = """\
  - key: derive
    title: Стадия по данным
    when: {event: field_changed, fields: [game_date, programme]}
    then:
      - {do: derive_stage}
"""
    from voronka.presets import catalogue
    from voronka.process.actions import activate

    text = catalogue.text("quests")
    text = text.replace(
        "        title: Взято в работу\n", "        title: Взято в работу\n        derived: [number, filled]\n"
    )
    text = text.replace(
        "        title: Подобрали игру\n", "        title: Подобрали игру\n        derived: [game_date, filled]\n"
    )
    deal = taken(rules)
    activate(text[: text.index("\nrules:")] + "\nrules:\n" + rules, by=actor.system("test"))
    with pytest.raises(Refusal):
        move_deal(deal.pk, by=quests.owner.actor, to=stage("first/picked"))
    for value, key in (("28.11.2026", "picked"), ("", "taken")):
        change_deal(deal.pk, by=quests.owner.actor, values={"game_date": value})
        deal.refresh_from_db()
        assert deal.stage.key == key


def test_a_card_left_without_a_step_gets_one(taken, quests, clock):
    from voronka.presets import catalogue
    from voronka.process.actions import activate

    text = catalogue.text("quests").replace(
        "    no_skipping: true\n",
        "    no_skipping: true\n    next_step_required: true\n    next_step: {kind: call, title: Что дальше?, due: 1 hour}\n",
        1,
    )
    deal = taken("  - {key: x, title: Х, when: {event: deal_taken}, then: [{do: add_note, text: Взято}]}\n")
    activate(text[: text.index("\nrules:")] + "\nrules: []\n", by=actor.system("test"))
    ticker.tick()
    assert not deal.tasks.exists()  # somebody may still be at the card
    clock.advance(minutes=6)
    for _ in range(2):
        ticker.tick()
    task = deal.tasks.get()
    assert (task.title, task.responsible) == ("Что дальше?", quests.owner)
    cancel_task(task.pk, by=quests.owner.actor)
    clock.advance(minutes=6)
    ticker.tick()
    assert deal.tasks.filter(done_at=None).count() == 1


def test_other_systems_are_told_all_that_want_it_or_the_one_that_is_named(taken, quests, clock):
    told = [
        Hook.objects.create(person=quests.director, title=title, url="https://x", kinds=[kind], created_at=clock.now())
        for title, kind in (("1С", "task.done"), ("Склад", "rule.called"))
    ]
    deal = taken(
        """\
  - key: tell
    title: Сообщить
    when: {event: deal_taken}
    then:
      - {do: webhook, name: order, fields: [players]}
      - {do: webhook, name: bill, hook: 1С}
"""
    )
    order, bill = Event.objects.filter(kind="rule.called", deal_id=deal.pk).order_by("id")
    assert order.data == {"name": "order", "rule": "tell", "fields": {"players": None}}
    assert bill.data == {"name": "bill", "rule": "tell", "fields": {}, "hook": "1С"}
    deliveries = Delivery.objects.filter(event_id__in=[order.pk, bill.pk]).order_by("event_id")
    assert list(deliveries.values_list("hook", "event_id")) == [(told[1].pk, order.pk), (told[0].pk, bill.pk)]
