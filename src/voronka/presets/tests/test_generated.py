"""A generated company obeys what actions and the gate keep true, row by row; and the tables come out as they were."""

import pytest
from django.db import connection

from voronka.clients.models import Company, Contact
from voronka.deals.access import audience_of
from voronka.deals.models import Deal, Passage
from voronka.kernel import clock
from voronka.kernel.models import Event, Installation
from voronka.presets.generated.build import NotOurs, build
from voronka.process import queries, ticker
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_generated_company_is_true_in_every_row():
    before, now = _definitions(), clock.now()
    build(deals=400, progress=lambda line: None)
    assert _definitions() == before
    assert Deal.objects.count() == 400
    assert Contact.objects.count() >= 400

    deals = list(Deal.objects.select_related("stage", "responsible__role"))
    assert {deal.stage.meaning for deal in deals} >= {"open", "won", "lost"}
    for deal in deals:
        handed = bool(deal.responsible and deal.responsible.role.sees == "location")
        place = {"location": deal.location_id, "handed_to_location": handed}
        seen = audience_of(brand=deal.brand_id, seat=deal.seat_id, watchers=deal.watchers, **place)
        assert sorted(deal.audience) == seen
        assert (deal.closed_at is not None) == deal.stage.is_closing
    _companies_are_seen_with_their_deals()
    _nearest_steps_are_kept()
    assert Passage.objects.filter(left_at=None).count() == 400
    assert not Event.objects.filter(at__gt=clock.now()).exists()
    assert ticker.find(queries.in_force(), now, ticker.Memory()) == 0
    _it_replaces_its_own_company_and_no_other()


def _companies_are_seen_with_their_deals():
    for company in Company.objects.prefetch_related("deals"):
        tokens = {token for deal in company.deals.all() for token in deal.audience}
        assert set(company.audience) == tokens | set(company.home)
        assert company.audience


def _nearest_steps_are_kept():
    nearest: dict[int, object] = {}
    for task in Task.objects.filter(done_at=None).order_by("-due_at"):
        nearest[task.deal_id] = task.due_at
    assert dict(Deal.objects.exclude(next_step_at=None).values_list("pk", "next_step_at")) == nearest


def _it_replaces_its_own_company_and_no_other():
    build(deals=120, seed=2, progress=lambda line: None)
    assert Deal.objects.count() == 120
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE kernel_installation IS NULL")
    with pytest.raises(NotOurs):
        build(deals=100, progress=lambda line: None)
    assert Installation.objects.count() == 1 and Deal.objects.count() == 120


def _definitions() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
        indexes = cursor.fetchall()
        cursor.execute("SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint ORDER BY 1, 2")
        constraints = cursor.fetchall()
        cursor.execute("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1")
        return [*indexes, *constraints, *cursor.fetchall()]
