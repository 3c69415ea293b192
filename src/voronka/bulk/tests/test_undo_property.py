"""Property: any act on any deals of any process, taken back, leaves the base as it was."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka.bulk import work
from voronka.bulk.actions import begin_act, undo_act
from voronka.bulk.kinds import Assign, DraftThem, Move, Plan, TagThem
from voronka.bulk.tests.base import state_of_base
from voronka.clients.models import Contact
from voronka.deals.actions import tag_deals
from voronka.deals.models import Deal, LossReason, Stage
from voronka.kernel import clock
from voronka.tasks.models import TaskKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(office, settings):
    """Deals of every state: untaken, taken, with a step, booked and handed over, of another seat."""
    settings.EMAIL_URL = "smtp://localhost"
    cast = office.cast
    office.inquiry("Не взята")
    office.step(office.deal("С шагом"))
    office.deal("Готова к брони", stage="picked", **office.booked())
    office.deal("Забронирована", stage="booked", **office.booked())
    office.deal("Чужая", by=cast.colleague)
    for contact in Contact.objects.order_by("pk")[:3]:
        contact.identities.create(kind="email", value=f"client{contact.pk}@example.ru")
    tag_deals(Deal.objects.values_list("pk", flat=True)[:3], by=cast.director.actor, add=["старый"])
    return office


def acts(office):
    cast, stages = office.cast, list(Stage.objects.filter(funnel=office.funnel, is_active=True))
    reason = LossReason.objects.filter(funnel=office.funnel).first()
    kind = TaskKind.objects.get(key="call")
    return st.one_of(
        st.builds(
            lambda to, keep: Assign(to=to, keep_reading=keep),
            st.sampled_from([cast.owner, cast.partner, cast.colleague, cast.administrator, cast.head]),
            st.booleans(),
        ),
        st.sampled_from(stages).map(lambda to: Move(to=to, reason=reason if to.meaning == "lost" else None)),
        st.sampled_from([("vip", ""), ("vip, корпоратив", "старый"), ("", "старый")]).map(
            lambda words: TagThem.read({"add": words[0], "remove": words[1]})
        ),
        st.just(DraftThem(channel="email", text="{Имя}, ждём вас")),
        st.integers(1, 90).map(
            lambda hours: Plan(kind=kind, text="Поздравить", due_at=clock.now() + timedelta(hours=hours))
        ),
    )


def test_any_act_taken_back_leaves_the_base_as_it_was(company):
    ids = list(Deal.objects.values_list("pk", flat=True))
    cast = company.cast

    @given(
        kind=acts(company),
        chosen=st.sets(st.sampled_from(ids), min_size=1),
        by=st.sampled_from([cast.owner, cast.head, cast.director]),
    )
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def holds(kind, chosen, by):
        point = transaction.savepoint()
        before = state_of_base()
        act = begin_act(kind, sorted(chosen), by=by.actor)
        work.run(act.pk)
        undo_act(act.pk, by=by.actor)
        work.undo(act.pk)
        assert state_of_base() == before
        assert not act.rows.filter(state__in=("waiting", "done", "kept")).exists()
        transaction.savepoint_rollback(point)

    holds()
