"""Where an inquiry goes: whose client, which deal, which funnel (IN-2, IN-5, CU-5), and those who walk in (IN-1)."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connections

from voronka.clients.models import Company, Contact, Identity
from voronka.deals.actions import take_deal
from voronka.deals.models import Deal
from voronka.intake.actions import receive_walk_in, settle_next
from voronka.intake.models import Entry
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.models import Event
from voronka.tasks.models import Task

from .conftest import Post


@pytest.fixture
def inquire(source, deliver, drain):
    """`inquire(phone=…, comment=…)`: one inquiry from the site, settled; returns its entry."""
    site = source("json", title="Сайт")

    def sent(**body) -> Entry:
        deliver(Post(site, json.dumps(body), "application/json"))
        (entry,) = drain()
        return entry

    return sent


def close(deal: Deal) -> None:
    Deal.objects.filter(pk=deal.pk).update(closed_at=clock.now())


def test_a_new_client_gets_a_deal_and_a_task_in_five_minutes(inquire, quests):
    entry = inquire(name="Ирина", phone="89213384017", comment="Квест")

    deal, task = Deal.objects.select_related("stage__funnel").get(), Task.objects.get()
    assert (deal.stage.funnel.title, deal.stage.title) == ("Первые продажи", "Неразобранное")
    assert (deal.responsible, deal.brand, deal.is_repeat) == (None, quests.brand, False)
    assert (task.title, task.due_at - entry.settled_at < timedelta(minutes=5, seconds=1)) == ("Обработать заявку", True)
    assert Deal.objects.visible_to(quests.colleague).exists()
    assert not Deal.objects.visible_to(quests.stranger).exists()


def test_an_inquiry_of_a_client_with_an_open_deal_joins_it(inquire):
    deal = inquire(phone="89213384017", comment="Первый вопрос", utm_source="yandex").deal
    entry = inquire(phone="+7 921 338-40-17", comment="Второй вопрос", utm_source="vk")

    deal.refresh_from_db()
    assert (entry.account, entry.deal, Deal.objects.count()) == (Entry.Account.ATTACHED, deal, 1)
    assert (deal.first_touch["utm"], deal.last_touch["utm"]) == ({"source": "yandex"}, {"source": "vk"})
    assert deal.is_unread
    assert Event.objects.get(kind="inquiry.attached").data["text"] == "Второй вопрос"


def test_a_known_client_without_an_open_deal_goes_to_repeat_sales(inquire):
    first = inquire(phone="89213384017", utm_source="yandex", comment="раз").deal
    close(first)
    deal = inquire(phone="89213384017", utm_source="vk", comment="два").deal

    assert (deal.funnel.title, deal.is_repeat, deal.company_id) == ("Повторные продажи", True, first.company_id)
    assert deal.first_touch["utm"] == {"source": "yandex"}
    assert deal.last_touch["utm"] == {"source": "vk"}


def test_what_a_known_client_tells_anew_is_learnt(inquire):
    inquire(phone="89213384017", comment="раз")
    inquire(name="Ирина", phone="89213384017", email="i@example.ru", comment="два")

    assert Contact.objects.get().name == "Ирина"
    assert set(Identity.objects.values_list("value", flat=True)) == {"+79213384017", "i@example.ru"}


def test_an_address_of_somebody_else_is_not_taken_over(inquire):
    inquire(email="i@example.ru", comment="раз")
    inquire(phone="89213384017", comment="два")
    inquire(phone="89213384017", email="i@example.ru", comment="три")

    assert Identity.objects.count() == 2
    assert Company.objects.count() == 2


def test_two_first_inquiries_of_one_client_at_once_make_one_client(source, deliver):
    """Every pair is settled by two workers at the same time."""
    site, pairs = source("json"), 10
    bodies = [{"phone": f"892133840{n:02d}", "submission_id": f"{n}-{turn}"} for n in range(pairs) for turn in range(2)]
    deliver(*[Post(site, json.dumps(body), "application/json") for body in bodies])
    barrier = threading.Barrier(2)

    def work():
        barrier.wait()
        while settle_next():
            pass
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Company.objects.count() == Deal.objects.count() == pairs
    accounts = list(Entry.objects.values_list("account", flat=True))
    assert (accounts.count("deal"), accounts.count("attached")) == (pairs, pairs)


# -- walk-ins -------------------------------------------------------------------------------


def test_a_walk_in_is_the_authors_own_deal(quests):
    came = receive_walk_in(by=quests.owner.actor, name="Ирина", phone="8 921 338-40-17")

    assert (came.outcome, came.deal.responsible, came.deal.channel) == ("opened", quests.owner, "walk_in")
    assert came.deal.stage.title == "Взято в работу"
    assert came.deal.brand == quests.brand
    entry = Entry.objects.get()
    assert (entry.account, entry.deal, entry.source.title) == ("deal", came.deal, "Вошли с улицы")


def test_a_walk_in_whose_inquiry_waits_is_taken(inquire, quests):
    deal = inquire(phone="89213384017").deal
    came = receive_walk_in(by=quests.owner.actor, name="", phone="89213384017")

    assert (came.outcome, came.deal.pk, came.deal.responsible) == ("taken", deal.pk, quests.owner)


def test_a_walk_in_of_the_authors_own_client(inquire, quests):
    deal = inquire(phone="89213384017").deal
    take_deal(deal.pk, by=quests.partner.actor)
    came = receive_walk_in(by=quests.owner.actor, name="Ирина", phone="89213384017")

    assert (came.outcome, came.deal.pk) == ("joined", deal.pk)


def test_a_walk_in_led_by_somebody_else(inquire, quests):
    deal = inquire(phone="89213384017").deal
    take_deal(deal.pk, by=quests.colleague.actor)
    came = receive_walk_in(by=quests.owner.actor, name="Ирина", phone="89213384017", text="Ждёт у стойки")

    assert (came.outcome, came.led_by) == ("led", quests.colleague)
    assert Event.objects.filter(kind="inquiry.attached", deal_id=deal.pk).count() == 1
    assert not Deal.objects.visible_to(quests.owner).filter(pk=deal.pk).exists()


def test_a_phone_that_is_none_is_asked_for_again(quests):
    with pytest.raises(FieldErrors) as told:
        receive_walk_in(by=quests.owner.actor, name="Ирина", phone="12")
    assert set(told.value.errors) == {"phone"}
    assert not Entry.objects.exists()


def test_who_opens_no_deals_enters_no_walk_ins(quests):
    with pytest.raises(Refusal):
        receive_walk_in(by=quests.administrator.actor, name="Ирина", phone="89213384017")
