"""A form was changed: its inquiries fail, wait, are diagnosed, mended and replayed; the balance adds up all the while."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from voronka.deals.models import Deal
from voronka.intake import queries
from voronka.intake.actions import mark_spam, mend_mapping, register_source, reject, replay
from voronka.intake.models import Entry, Source
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors, Refusal

from .conftest import SYSTEM, Post

TODAY = clock.now().date()
SPAN = {"first": TODAY - timedelta(days=1), "last": TODAY + timedelta(days=1)}


@pytest.fixture
def broken(source, deliver, drain) -> Source:
    """Three inquiries came under a name nobody knows: of two new clients, one of them twice, and a test of ours."""
    site = source("tilda", title="Форма «Подобрать квест»")
    for number, phone in enumerate(["+7 905 218-66-04", "+7 905 218-66-05", "+7 905 218-66-04"]):
        body = {"Имя": "Виктор Ежов", "Телефон_2": phone, "Игроков": "6", "tranid": f"1:{number}"}
        deliver(Post(site, json.dumps(body), "application/json"))
    deliver(Post(site, "test=test"))
    drain()
    return site


def test_failed_entries_say_why_and_keep_what_came(broken):
    failed = Entry.objects.filter(account="failed").first()

    assert failed.reason == "Нет ни телефона, ни почты."
    assert ("Телефон_2", "+7 905 218-66-04") in queries.entry_pairs(failed)
    assert failed.attempts.get().outcome == "failed"


def test_the_diagnosis_names_the_field_and_what_it_would_mend(broken):
    failed = Entry.objects.filter(account="failed").first()
    found = queries.diagnosis(failed)

    assert (found.field, found.target, found.mends) == ("Телефон_2", "phone", 3)
    assert (found.deals, found.attached) == (2, 1)


def test_mended_and_replayed_they_become_deals(broken, drain, quests):
    head, director = quests.head.actor, quests.director.actor
    failed = Entry.objects.filter(account="failed")
    seen = queries.preview(broken, {"Телефон_2": "phone"})
    assert seen.inquiry.phones == ["+79052186604"]

    mend_mapping(broken.pk, by=head, mapping={"Телефон_2": "phone", "Игроков": "deal.players"})
    assert replay([entry.pk for entry in failed], by=head) == 3
    drain()

    assert sorted(Entry.objects.values_list("account", flat=True)) == ["attached", "deal", "deal", "rejected"]
    assert {deal.fields["players"] for deal in Deal.objects.all()} == {6}
    assert queries.balance(quests.director, **SPAN).total.failed == 0
    assert replay([entry.pk for entry in Entry.objects.filter(account="deal")], by=director) == 0


def test_people_may_reject_and_mark_spam(broken, quests):
    head = quests.head.actor
    first, second, third = Entry.objects.filter(account="failed").order_by("pk")
    reject(first.pk, by=head, reason="Проверял наш маркетолог")
    mark_spam(second.pk, by=head)

    with pytest.raises(FieldErrors):
        reject(third.pk, by=head, reason=" ")
    with pytest.raises(Refusal):
        reject(first.pk, by=head, reason="ещё раз")
    with pytest.raises(Refusal):
        mark_spam(third.pk, by=quests.owner.actor)
    accounts = list(Entry.objects.order_by("pk").values_list("account", flat=True))
    assert accounts == ["rejected", "spam", "failed", "rejected"]


def test_the_balance_adds_up_and_each_number_opens_its_entries(broken, quests):
    balance = queries.balance(quests.director, **SPAN)
    (row,) = balance.rows

    assert row.tally.received == 4 == balance.total.received
    for account in queries.ACCOUNTS:
        page = queries.entries(quests.director, account=account, source_id=broken.pk, **SPAN)
        assert len(page.entries) == row.tally.by(account)
    days = queries.by_day(quests.director, **SPAN)
    assert sum(tally.received for tally in days.values()) == 4
    assert len(days) == 3


def test_a_day_is_a_day_of_the_companys_zone(source, quests):
    site = source("json")
    late = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)  # 2 March, 00:30 in Moscow
    Entry.objects.create(source=site, received_at=late, body=b"{}")

    day = datetime(2026, 3, 2).date()
    assert queries.balance(quests.director, first=day, last=day).total.received == 1
    assert queries.by_day(quests.director, first=day, last=day)[day].waiting == 1
    before = day - timedelta(days=1)
    assert queries.balance(quests.director, first=before, last=before).total.received == 0


def test_pages_follow_each_other_without_gaps(source, quests):
    site, at = source("json"), clock.now()
    Entry.objects.bulk_create([Entry(source=site, received_at=at, body=b"{}") for _ in range(25)])

    seen, after = [], ""
    while True:
        page = queries.entries(quests.director, after=after, limit=10)
        seen += [entry.pk for entry in page.entries]
        after = page.next
        if not after:
            break
    assert seen == sorted(Entry.objects.values_list("pk", flat=True), reverse=True)
    assert queries.entries(quests.director, after="вздор~x").entries


def test_who_sees_the_ledger(broken, quests):
    other = register_source(by=SYSTEM, title="Другой бренд", profile="json", brand=quests.other_brand)

    assert set(Source.objects.visible_to(quests.director)) == {broken, other}
    assert set(Source.objects.visible_to(quests.head)) == {broken}
    assert Entry.objects.visible_to(quests.head).count() == 4
    assert not Entry.objects.visible_to(quests.owner).exists()
    assert not Entry.objects.visible_to(quests.stranger).exists()


def test_a_mapping_leads_to_known_fields_only(broken, quests):
    with pytest.raises(FieldErrors) as told:
        mend_mapping(broken.pk, by=quests.head.actor, mapping={"A": "deal.nothing", "B": "phone", "C": "players"})
    assert set(told.value.errors) == {"A", "C"}
