"""A move is taken back within moments, with what rules did because of it; histories of fields."""

import json

import pytest

from voronka.catalogue.models import Product
from voronka.deals.actions import add_line, change_deal, move_deal, take_back_move
from voronka.deals.models import Deal
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Event
from voronka.tasks.models import Task
from voronka.testing.office import Office

FORM = "application/x-www-form-urlencoded"


def moved(office: Office, deal: Deal, to: str, **given) -> Event:
    move_deal(deal.pk, by=office.cast.owner.actor, to=office.stage(to), **given)
    return Event.objects.filter(deal_id=deal.pk, kind="deal.moved").latest("pk")


def open_tasks(deal: Deal) -> list:
    return sorted(Task.objects.filter(deal=deal, done_at=None).values_list("title", "responsible_id"))


def test_the_toast_takes_a_move_back(office: Office, as_person):
    deal = office.deal()
    browser = as_person(office.cast.owner)
    answer = browser.put(f"/deals/{deal.pk}/stage", f"stage={office.stage('picked').pk}", content_type=FORM)
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    back = browser.post(undo["url"], undo["values"])
    assert back.status_code == 200
    assert Deal.objects.get(pk=deal.pk).stage_id == deal.stage_id
    assert "вернула назад" in browser.get(f"/deals/{deal.pk}/history").content.decode()
    assert browser.post(undo["url"], undo["values"]).status_code == 409


def test_a_hand_over_by_a_rule_is_taken_back_too(office: Office):
    """PR-11: the booking handed the deal to the administrator; taken back it is as it was."""
    deal = office.deal(stage="picked")
    before = Deal.objects.get(pk=deal.pk)
    tasks = open_tasks(deal)
    move = moved(office, deal, "booked", values=office.booked())
    assert Deal.objects.get(pk=deal.pk).responsible == office.cast.administrator
    take_back_move(deal.pk, move.pk, by=office.cast.owner.actor)
    now = Deal.objects.get(pk=deal.pk)
    assert (now.stage_id, now.responsible_id, now.audience) == (before.stage_id, before.responsible_id, before.audience)
    assert open_tasks(deal) == tasks


def test_a_loss_is_taken_back(office: Office):
    deal = office.deal()
    reason = deal.funnel.loss_reasons.first()
    move = moved(office, deal, "lost", loss_reason=reason, loss_comment="Передумали")
    take_back_move(deal.pk, move.pk, by=office.cast.owner.actor)
    now = Deal.objects.get(pk=deal.pk)
    assert (now.stage_id, now.closed_at, now.loss_reason_id, now.loss_comment) == (deal.stage_id, None, None, "")


def test_it_is_refused_late_to_others_and_when_the_deal_went_on(office: Office, clock):
    deal = office.deal()
    first = moved(office, deal, "picked")
    with pytest.raises(Refusal):
        take_back_move(deal.pk, first.pk, by=office.cast.partner.actor)
    clock.advance(minutes=2)
    with pytest.raises(Refusal):
        take_back_move(deal.pk, first.pk, by=office.cast.owner.actor)
    second = moved(office, deal, "taken")
    move_deal(deal.pk, by=office.cast.partner.actor, to=office.stage("picked"))
    with pytest.raises(Refusal):
        take_back_move(deal.pk, second.pk, by=office.cast.owner.actor)


def test_a_stranger_takes_nothing_back(office: Office, as_person):
    deal = office.deal()
    move = moved(office, deal, "picked")
    for person in (office.cast.stranger, office.cast.partner):
        assert as_person(person).post(f"/deals/{deal.pk}/stage/undo", {"event": move.pk}).status_code == 404


def test_a_field_tells_who_gave_it_which_value(office: Office, as_person):
    deal = office.deal()
    change_deal(deal.pk, by=office.cast.owner.actor, values={"players": "6"})
    change_deal(deal.pk, by=office.cast.partner.actor, values={"players": "8"})
    page = as_person(office.cast.owner).get(f"/deals/{deal.pk}/fields/players/history").content.decode()
    assert page.index("8\xa0чел.") < page.index(office.cast.owner.name)
    assert "6\xa0чел.</span> →" in page
    assert office.cast.partner.name in page
    stranger = as_person(office.cast.stranger)
    assert stranger.get(f"/deals/{deal.pk}/fields/players/history").status_code == 404
    assert as_person(office.cast.owner).get(f"/deals/{deal.pk}/fields/nothing/history").status_code == 404


def test_the_amount_tells_of_goods(office: Office, as_person):
    deal = office.deal()
    product = Product.objects.filter(price__gt=0).first()
    add_line(deal.pk, by=office.cast.owner.actor, product=product)
    page = as_person(office.cast.owner).get(f"/deals/{deal.pk}/fields/amount/history").content.decode()
    assert product.name in page
