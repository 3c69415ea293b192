"""The chain of centres line by line: each test replays a sentence of its process (PR-6, PR-9, TR-2)."""

from datetime import UTC, datetime

import pytest

from voronka.deals.actions import change_deal, take_deal
from voronka.deals.models import Deal, Funnel
from voronka.kernel.errors import MissingFields, Refusal
from voronka.process.queries import active
from voronka.tasks.models import Task

from .steps import next_deal, said, set_aside, tasks, told, where

PRESET = "fitness"

BOUGHT = {"service": "full", "amount": 34900, "ends_on": "15.12.2026", "paid": "да"}


@pytest.fixture
def club(story):
    return story


def writes(club, deal: Deal, **values) -> str:
    """What the manager fills in, and where the deal is then."""
    change_deal(deal.pk, by=club.manager.actor, values=values)
    return where(deal)


def test_leads_and_memberships_are_two_funnels(club):
    assert [stage.title for stage in Funnel.objects.get(key="leads").stages.all()] == [
        "Новый", "В работе", "Интерес подтверждён", "Нет интереса",
    ]  # fmt: skip
    assert Funnel.objects.get(key="leads").kind == "qualification"


def test_a_lead_waits_no_longer_than_fifteen_minutes(club):
    deal = club.arrives("leads/new")
    assert tasks(deal) == ["Обработать лид"]
    club.later(minutes=16)
    assert told(club.manager) == told(club.head) == ["Ирина Соколова ждёт ответа 16 минут"]
    take_deal(deal.pk, by=club.manager.actor)
    assert where(deal) == "leads/work" and tasks(deal) == ["Узнать, интересно ли"]
    club.later(days=1, hours=1)
    assert "Сутки без решения: Ирина Соколова" in told(club.head)


def test_an_interest_becomes_a_deal_on_the_stage_that_is_filled_in(club):
    lead = club.deal("leads/work", club.manager)
    club.goes(lead, "interest", club.manager)
    assert where(next_deal(lead)) == "memberships/undated"
    second = club.deal("leads/work", club.manager, fields={"visit_date": "20.11.2026"})
    club.goes(second, "interest", club.manager)
    assert where(next_deal(second)) == "memberships/dated"
    assert set_aside() == []


def test_no_interest_needs_a_reason_and_dear_is_remembered(club):
    lead = club.deal("leads/work", club.manager)
    with pytest.raises(MissingFields):
        club.goes(lead, "no", club.manager)
    club.goes(lead, "no", club.manager, reason="dear")
    assert tasks(lead) == [] and not Deal.objects.exclude(pk=lead.pk).exists()
    lead.company.refresh_from_db()
    assert lead.company.segments == ["price"]


def test_the_stage_follows_the_card(club):
    deal = club.deal("memberships/undated", club.manager)
    assert writes(club, deal, visit_date="20.11.2026") == "memberships/dated"
    assert writes(club, deal, visit_date="") == "memberships/undated"
    assert writes(club, deal, visit_date="20.11.2026", service="full", amount=34900) == "memberships/dated"
    assert writes(club, deal, ends_on="15.12.2026") == "memberships/dated"
    assert writes(club, deal, paid="да") == "memberships/bought"
    assert writes(club, deal, paid="нет") == "memberships/dated"


def test_nobody_drags_a_membership(club):
    deal = club.deal("memberships/undated", club.manager)
    with pytest.raises(Refusal):
        club.goes(deal, "bought", club.manager)
    club.goes(deal, "lost", club.manager, reason="dear")
    assert where(deal) == "memberships/lost"


def test_the_end_of_a_membership_opens_its_renewal(club):
    deal = club.deal("memberships/undated", club.manager)
    writes(club, deal, **BOUGHT)
    closed_at = Deal.objects.get(pk=deal.pk).closed_at
    club.at(datetime(2026, 12, 15, 12, 0, tzinfo=UTC))
    assert where(deal) == "memberships/bought"
    club.at(datetime(2026, 12, 16, 6, 0, tzinfo=UTC))
    assert where(deal) == "memberships/ended"
    assert deal.closed_at == closed_at  # the sale stays in the month of the sale
    renewal = next_deal(deal)
    assert (where(renewal), renewal.responsible) == ("memberships/undated", club.manager)


def test_fourteen_and_three_days_before_the_end_somebody_renews(club):
    deal = club.deal("memberships/undated", club.manager)
    writes(club, deal, **BOUGHT)
    club.at(datetime(2026, 12, 1, 8, 0, tzinfo=UTC))
    assert tasks(deal) == []
    club.at(datetime(2026, 12, 1, 9, 1, tzinfo=UTC))
    assert tasks(deal) == ["Продлить: Ирина Соколова, до 15 декабря"]
    assert said(deal) == ["bought", "ends-14"]
    Task.objects.filter(deal=deal).delete()
    club.at(datetime(2026, 12, 12, 9, 1, tzinfo=UTC))
    assert tasks(deal) == ["Три дня до окончания: Ирина Соколова"]
    assert said(deal) == ["bought", "ends-14", "ends-3"]


def test_a_visit_is_met_at_reception_and_asked_about_after(club):
    deal = club.deal("memberships/undated", club.manager, location=club.administrator.locations.get())
    writes(club, deal, visit_date="24.11.2026", visit_time="18:30")
    (visit,) = Task.objects.filter(deal=deal, done_at=None)
    assert (visit.responsible, visit.due_at) == (club.administrator, datetime(2026, 11, 24, 15, 30, tzinfo=UTC))
    club.at(datetime(2026, 11, 23, 9, 1, tzinfo=UTC))
    assert said(deal) == ["visit-tomorrow"]  # noon of the day before
    club.at(datetime(2026, 11, 25, 9, 1, tzinfo=UTC))
    assert "Как прошёл визит: Ирина Соколова" in tasks(deal)


def test_cards_without_a_date_or_a_task_are_found_every_day(club):
    deal = club.deal("memberships/undated", club.manager)
    club.later(days=3, hours=1)
    assert "Не заполнено «Планирует прийти»: Ирина Соколова" in tasks(deal)
    Task.objects.filter(deal=deal).delete()
    Deal.objects.filter(pk=deal.pk).update(next_step_at=None)
    club.at(datetime(2026, 11, 24, 6, 31, tzinfo=UTC))
    assert "Следующее дело: Ирина Соколова, Планирует прийти, дата не указана" in tasks(deal)


def test_people_of_sales_and_of_marketing_have_articles_of_their_own(club):
    sections = {article.section for article in active().articles}
    assert sections == {"Отдел продаж", "Ресепшен", "Маркетинг"}


def test_on_monday_the_head_goes_through_the_cards(club):
    club.at(datetime(2026, 11, 23, 6, 46, tzinfo=UTC))
    assert Task.objects.get(responsible=club.head).title == "Планёрка: разобрать ошибки в карточках"
