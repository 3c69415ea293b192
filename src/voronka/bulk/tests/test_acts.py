"""Bulk work: what is previewed happens, what is refused says why, stopping stops, undo puts back what nobody touched."""

from datetime import timedelta

import pytest

from voronka.bulk import queries, work
from voronka.bulk.actions import begin_act, stop_act, undo_act
from voronka.bulk.kinds import Assign, DraftThem, Move, Plan, TagThem
from voronka.bulk.models import Act, Row
from voronka.bulk.preview import preview
from voronka.bulk.tests.base import state_of_base
from voronka.clients.models import Identity
from voronka.clients.tags import active_tags
from voronka.deals.actions import change_deal, decide_approval, send_draft
from voronka.deals.models import Approval, Deal, Stage
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.models import Event
from voronka.messages.models import Message
from voronka.notices.models import Notice
from voronka.tasks.models import Task, TaskKind

pytestmark = pytest.mark.django_db


def do(kind, deals, person) -> Act:
    """Begin it and let the worker's job run."""
    act = begin_act(kind, [deal.pk for deal in deals], by=person.actor)
    work.run(act.pk)
    act.refresh_from_db()
    return act


def take_back(act, person) -> Act:
    undo_act(act.pk, by=person.actor)
    work.undo(act.pk)
    act.refresh_from_db()
    return act


def test_handing_over_does_what_one_by_one_does_and_comes_back(office):
    cast = office.cast
    deals = [office.deal(f"Клиент {number}") for number in range(5)]
    office.step(deals[0])
    untaken = office.inquiry()
    before = state_of_base()
    act = do(Assign(to=cast.colleague), [*deals, untaken], cast.head)
    assert act.state == Act.State.DONE
    assert set(Deal.objects.values_list("responsible", flat=True)) == {cast.colleague.pk}
    untaken.refresh_from_db()
    assert untaken.stage.key == "taken"
    assert not Deal.objects.visible_to(cast.owner).exists()
    assert Task.objects.filter(deal=deals[0], done_at=None, responsible=cast.owner).count() == 0
    event = Event.objects.filter(deal_id=deals[1].pk, kind="deal.assigned").get()
    assert (event.person_id, event.why) == (cast.head.pk, f"bulk:{act.pk}")
    take_back(act, cast.head)
    assert state_of_base() == before
    assert queries.progress(act).undone == 6
    assert Deal.objects.visible_to(cast.owner).count() == 6


def test_deals_that_somebody_worked_on_since_are_kept_and_listed(office):
    cast = office.cast
    deals = [office.deal(f"Клиент {number}") for number in range(3)]
    act = do(Assign(to=cast.colleague), deals, cast.head)
    change_deal(deals[1].pk, by=cast.colleague.actor, values={"amount": "5000"})
    take_back(act, cast.head)
    owners = dict(Deal.objects.values_list("pk", "responsible"))
    assert [owners[deal.pk] for deal in deals] == [cast.owner.pk, cast.colleague.pk, cast.owner.pk]
    assert [row.deal_id for row in queries.rows(act, Row.State.KEPT)] == [deals[1].pk]


def test_a_move_says_before_what_it_then_refuses(office):
    cast = office.cast
    ready = office.deal("Готова", stage="picked")
    change_deal(ready.pk, by=cast.owner.actor, values=office.booked())
    lacking = office.deal("Без даты", stage="picked")
    there = office.deal("Уже там", stage="booked", **office.booked())
    chosen = [ready, lacking, there]
    kind = Move.read({"stage": office.stage("booked").pk})
    told = preview(Deal.objects.filter(pk__in=[deal.pk for deal in chosen]), kind, cast.head.actor)
    assert (told.changing, told.same, told.staying) == (1, 1, 1)
    assert told.examples[0].deal == ready
    before = state_of_base()
    act = do(kind, chosen, cast.head)
    found = queries.progress(act)
    assert (found.done, found.same, found.refused) == (1, 1, 1)
    assert queries.reasons(act, Row.State.REFUSED) == [(told.groups[0].reason, 1)]
    assert "дата игры" in told.groups[0].reason
    # the rule of this stage handed it to the administrator and made tasks: all of it comes back
    ready.refresh_from_db()
    assert ready.responsible == cast.administrator
    take_back(act, cast.head)
    assert state_of_base() == before


def test_a_move_that_needs_a_yes_is_asked_for_each_and_goes_with_it(office):
    cast = office.cast
    Stage.objects.filter(pk=office.stage("picked").pk).update(approver="head")
    deals = [office.deal(f"Клиент {number}") for number in range(2)]
    kind = Move(to=office.stage("picked"))
    told = preview(Deal.objects.filter(pk__in=[deal.pk for deal in deals]), kind, cast.owner.actor)
    assert told.changing == 2 and "после согласия" in told.examples[0].judgement.new
    act = do(kind, deals, cast.owner)
    assert {row.reason for row in queries.rows(act, Row.State.REFUSED)} == {
        "У руководителя запрошено согласие: с ним сделка и перейдёт."
    }
    asked = list(Approval.objects.filter(decided_at=None).order_by("deal"))
    assert [one.deal_id for one in asked] == [deal.pk for deal in deals]
    decide_approval(asked[0].pk, by=cast.head.actor, approved=True)
    assert [Deal.objects.get(pk=deal.pk).stage.key for deal in deals] == ["picked", "taken"]


def test_a_task_in_every_deal_but_closed_ones(office, clock):
    cast = office.cast
    deals = [office.deal(f"Клиент {number}") for number in range(3)]
    kind = Plan(kind=TaskKind.objects.get(key="call"), text="Поздравить", due_at=clock.now() + timedelta(days=1))
    before = state_of_base()
    act = do(kind, deals, cast.owner)
    assert Task.objects.filter(title="Поздравить", responsible=cast.owner).count() == 3
    take_back(act, cast.owner)
    assert state_of_base() == before


def test_tags_are_hung_on_and_taken_off(office):
    cast = office.cast
    deals = [office.deal(f"Клиент {number}") for number in range(3)]
    do(TagThem.read({"add": "Корпоратив, VIP"}), deals, cast.owner)
    before = state_of_base()
    kind = TagThem.read({"add": "день рождения", "remove": "vip"})
    told = preview(Deal.objects.all(), kind, cast.owner.actor)
    assert (told.changing, told.examples[0].judgement.old, told.examples[0].judgement.new) == (
        3,
        "vip",
        "день рождения",
    )
    act = do(kind, deals, cast.owner)
    titles = {key: tag.title for key, tag in active_tags().items()}
    assert {tuple(titles[key] for key in deal.tags) for deal in Deal.objects.all()} == {("Корпоратив", "день рождения")}
    take_back(act, cast.owner)
    assert state_of_base() == before


def test_others_deals_are_refused_with_the_reason_of_one_by_one(office):
    cast = office.cast
    mine, foreign = office.deal("Моя"), office.deal("Чужая", by=cast.colleague)
    act = do(Assign(to=cast.partner), [mine, foreign], cast.owner)
    assert queries.progress(act).refused == 1
    assert [row.deal_id for row in queries.rows(act, Row.State.REFUSED)] == [foreign.pk]
    foreign.refresh_from_db()
    assert foreign.responsible == cast.colleague


def test_a_stopped_act_leaves_the_rest_alone_and_can_be_taken_back(office):
    cast = office.cast
    deals = [office.deal(f"Клиент {number}") for number in range(4)]
    act = begin_act(Assign(to=cast.colleague), [deal.pk for deal in deals], by=cast.head.actor)
    stop_act(act.pk, by=cast.head.actor)
    work.run(act.pk)
    assert queries.progress(act).waiting == 4
    assert set(Deal.objects.values_list("responsible", flat=True)) == {cast.owner.pk}
    act.refresh_from_db()
    assert act.state == Act.State.STOPPED


def test_a_job_that_runs_again_does_nothing_twice(office):
    cast = office.cast
    act = do(Assign(to=cast.colleague), [office.deal()], cast.head)
    events = Event.objects.count()
    work.run(act.pk)
    assert Event.objects.count() == events


def test_whoever_began_a_long_act_is_told_of_its_end(office, clock, monkeypatch):
    cast = office.cast
    do(Assign(to=cast.colleague), [office.deal("Быстро")], cast.head)
    assert not Notice.objects.filter(kind="bulk").exists()
    act = begin_act(Assign(to=cast.colleague), [office.deal("Долго").pk], by=cast.head.actor)
    clock.advance(minutes=1)
    work.run(act.pk)
    told = Notice.objects.get(kind="bulk")
    assert (told.person, told.url, told.title) == (cast.head, f"/bulk/{act.pk}", f"Готово: {act.title}")
    assert "1" in told.body
    monkeypatch.setattr(work, "LONG", timedelta(0))
    take_back(act, cast.head)
    told.refresh_from_db()
    assert told.title == f"Возвращено: {act.title}"


def test_only_who_did_it_takes_it_back(office):
    cast = office.cast
    act = do(Assign(to=cast.colleague), [office.deal()], cast.head)
    with pytest.raises(Refusal):
        undo_act(act.pk, by=cast.owner.actor)
    with pytest.raises(Refusal):
        stop_act(act.pk, by=cast.owner.actor)


def test_wrong_arguments_name_their_field(office):
    for kind, arguments, field in (
        (Assign, {"person": "0"}, "person"),
        (Move, {"stage": "x"}, "stage"),
        (Move, {"stage": office.stage("lost").pk}, "loss_reason"),
        (Plan, {"task_kind": "call", "due_at": "вчера"}, "due_at"),
        (Plan, {"task_kind": "нет", "due_at": (clock.now() + timedelta(days=1)).isoformat()}, "task_kind"),
    ):
        with pytest.raises(FieldErrors) as wrong:
            kind.read(arguments)
        assert list(wrong.value.errors) == [field]
    with pytest.raises(Refusal):
        begin_act(Assign(to=office.cast.colleague), [], by=office.cast.head.actor)


def with_mail(deal, address: str = "irina@example.ru"):
    Identity.objects.create(contact=deal.contact, kind="email", value=address)
    return deal


def test_a_draft_in_every_deal_is_filled_from_its_card_and_comes_back_unless_sent(office, settings):
    settings.EMAIL_URL = "smtp://localhost"
    cast = office.cast
    ready, sent = with_mail(office.deal("Ирина Соколова")), with_mail(office.deal("Анна Белова"), "anna@example.ru")
    silent, foreign = office.deal("Без почты"), with_mail(office.deal("Чужая", by=cast.colleague))
    change_deal(ready.pk, by=cast.owner.actor, values={"players": "8"})
    letter = {"channel": "email", "subject": "Квест", "text": "{Имя}, вас {игроков}?"}
    kind = DraftThem.read(letter)
    told = preview(Deal.objects.order_by("pk"), kind, cast.owner.actor)
    assert [(one.judgement.to, one.judgement.new) for one in told.examples] == [
        ("irina@example.ru", "Ирина, вас 8\xa0чел.?"),
        ("anna@example.ru", "Анна, вас {игроков}?"),
    ]
    assert {group.deals[0] for group in told.groups} == {silent, foreign}
    before = state_of_base()
    act = do(kind, [ready, sent, silent, foreign], cast.owner)
    assert (queries.progress(act).done, queries.progress(act).refused) == (2, 2)
    again = preview(Deal.objects.filter(pk=ready.pk), kind, cast.owner.actor)
    assert again.staying == 1, "one draft in a deal"
    draft = Message.objects.get(deal=sent)
    assert (draft.state, draft.subject, draft.written_by) == ("draft", "Квест", cast.owner)
    with pytest.raises(FieldErrors, match="игроков"):
        send_draft(sent.pk, draft.pk, by=cast.owner.actor, text=draft.text)
    send_draft(sent.pk, draft.pk, by=cast.owner.actor, text="Анна, ждём вас")
    draft.refresh_from_db()
    assert (draft.state, draft.text) == ("queued", "Анна, ждём вас")
    with pytest.raises(Refusal):
        send_draft(sent.pk, draft.pk, by=cast.owner.actor, text="Ещё раз")
    take_back(act, cast.owner)
    assert [row.deal_id for row in queries.rows(act, Row.State.KEPT)] == [sent.pk]
    assert Message.objects.get() == draft
    draft.delete()
    assert state_of_base() == before
    for wrong, field in (("", "text"), ("{Имя}, {нет такого}", "text")):
        with pytest.raises(FieldErrors) as error:
            DraftThem.read({**letter, "text": wrong})
        assert list(error.value.errors) == [field]


def test_the_preview_counts_a_full_stage_as_the_deals_come_to_it(office):
    cast, stage = office.cast, office.funnel.stages.filter(key="picked")
    deals = [office.deal(f"Клиент {number}") for number in range(3)]
    chosen = Deal.objects.filter(pk__in=[deal.pk for deal in deals])
    stage.update(wip_limit=2)
    told = preview(chosen, Move.read({"stage": office.stage("picked").pk}), cast.head.actor)
    assert (told.changing, told.warned, told.staying) == (3, 1, 0)
    stage.update(wip_enforced=True)
    kind = Move.read({"stage": office.stage("picked").pk})
    told = preview(chosen, kind, cast.head.actor)
    assert (told.changing, told.warned, told.staying) == (2, 0, 1)
    assert queries.progress(do(kind, deals, cast.head)).refused == 1
