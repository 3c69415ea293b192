"""Guards of roles, of a head's yes, and of stages that follow the data: they bind people, not rules."""

import pytest

from voronka.deals.actions import (
    ask_approval,
    assign_deal,
    assign_deals,
    copy_deal,
    create_deal,
    decide_approval,
    move_deal,
    take_deal,
    transfer_deal,
)
from voronka.deals.models import Approval, Funnel, LossReason, Stage
from voronka.kernel import actor
from voronka.kernel.errors import MissingFields, Refusal
from voronka.kernel.models import Event
from voronka.notices.models import Notice

RULE = actor.system("timer").by_rule("some-rule")
BOOKING = {"game_date": "28.11.2026", "place": "Лофт"}


@pytest.fixture
def taken(cast, inquiry):
    return take_deal(inquiry().pk, by=cast.owner.actor)


@pytest.fixture
def guarded(stage):
    """`guarded("booked", approver="head")`: the stage with another guard."""

    def write(key: str, **columns) -> Stage:
        Stage.objects.filter(pk=stage(key).pk).update(**columns)
        return stage(key)

    return write


def test_a_role_that_may_not_bring_deals_here_is_refused_and_a_rule_is_not(taken, cast, guarded):
    to = guarded("booked", may_enter=["head"], required=[])
    with pytest.raises(Refusal) as no:
        move_deal(taken.pk, by=cast.owner.actor, to=to)
    assert no.value.rule == "role"
    assert move_deal(taken.pk, by=cast.head.actor, to=to).stage == to
    assert move_deal(taken.pk, by=RULE, to=guarded("won", may_enter=["head"])).stage.key == "won"


def test_a_stage_that_follows_the_data_is_not_entered_by_hand(taken, cast, guarded):
    to = guarded("booked", derived=True, required=[])
    with pytest.raises(Refusal) as no:
        move_deal(taken.pk, by=cast.director.actor, to=to)
    assert no.value.rule == "derived"
    assert move_deal(taken.pk, by=RULE, to=to).stage == to


def test_a_yes_of_the_head_makes_the_move_and_both_are_told(taken, cast, guarded):
    to = guarded("booked", approver="head")
    with pytest.raises(MissingFields):
        move_deal(taken.pk, by=cast.owner.actor, to=to)
    with pytest.raises(Refusal) as no:
        move_deal(taken.pk, by=cast.owner.actor, to=to, values=BOOKING)
    assert no.value.rule == "approval"
    approval = ask_approval(taken.pk, by=cast.owner.actor, to=to, values=BOOKING)
    assert [notice.person for notice in Notice.objects.all()] == [cast.head]
    for other in (cast.owner, cast.director, cast.stranger):
        with pytest.raises(Refusal):
            decide_approval(approval.pk, by=other.actor, approved=True)
    deal = decide_approval(approval.pk, by=cast.head.actor, approved=True)
    assert (deal.stage, deal.fields["place"]) == (to, "loft")
    assert Notice.objects.filter(person=cast.owner).exists()
    with pytest.raises(Refusal):
        decide_approval(approval.pk, by=cast.head.actor, approved=False)


def test_a_no_leaves_the_deal_and_asking_again_replaces_what_waited(taken, cast, guarded, stage):
    reason = LossReason.objects.get(key="price")
    to = guarded("lost", approver="head")
    first = ask_approval(taken.pk, by=cast.owner.actor, to=to, loss_reason=reason)
    second = ask_approval(taken.pk, by=cast.owner.actor, to=to, loss_reason=reason, loss_comment="Дорого")
    with pytest.raises(Refusal):
        decide_approval(first.pk, by=cast.head.actor, approved=True)
    deal = decide_approval(second.pk, by=cast.head.actor, approved=False, comment="Предложите скидку")
    assert deal.stage == stage("work")
    assert Approval.objects.get(pk=second.pk).comment == "Предложите скидку"
    assert Event.objects.filter(kind="approval.refused", deal_id=deal.pk).exists()


def test_a_head_needs_nobody_s_yes(taken, cast, guarded):
    assert (
        move_deal(taken.pk, by=cast.head.actor, to=guarded("booked", approver="head", required=[])).stage.key
        == "booked"
    )


def test_a_deal_goes_to_another_funnel_with_all_it_holds(taken, cast):
    other = Funnel.objects.create(key="warm", title="Подогрев")
    to = Stage.objects.create(funnel=other, key="dear", title="Дорого", position=0)
    with pytest.raises(Refusal):
        transfer_deal(taken.pk, by=cast.owner.actor, to=to)
    deal = transfer_deal(taken.pk, by=RULE, to=to)
    assert (deal.funnel, deal.stage, deal.responsible) == (other, to, cast.owner)
    assert deal.passages.filter(left_at=None).get().stage == to
    moved = Event.objects.filter(kind="deal.moved", deal_id=deal.pk).latest("id")
    assert (moved.funnel_id, moved.data["from_funnel"]) == (other.pk, "Первые продажи")


def test_a_full_stage_has_no_room_whichever_way_a_deal_comes(cast, inquiry, guarded, taken):
    """Moves are refused elsewhere; here deals are made, taken and handed over, one by one and many at once."""
    guarded("work", wip_limit=1, wip_enforced=True)
    waiting, owner = inquiry(), cast.owner.actor
    funnel, company = Funnel.objects.get(pk=taken.funnel_id), waiting.company
    ways = {
        "taken": lambda: take_deal(waiting.pk, by=owner),
        "handed over": lambda: assign_deal(waiting.pk, by=cast.head.actor, to=cast.colleague),
        "made": lambda: create_deal(by=owner, funnel=funnel, company=company, responsible=cast.owner),
        "made by a rule": lambda: create_deal(by=RULE, funnel=funnel, company=company, responsible=cast.owner),
        "copied": lambda: copy_deal(taken.pk, by=owner, parts=()),
    }
    for name, way in ways.items():
        with pytest.raises(Refusal) as no:
            way()
        assert no.value.rule == "wip", name
    assert [no.rule for no in assign_deals([waiting.pk], by=cast.head.actor, to=cast.colleague).values()] == ["wip"]
    born = create_deal(by=actor.client("Сайт"), funnel=funnel, company=company, responsible=cast.owner)
    assert born.stage.key == "work", "an inquiry is never lost"

    guarded("work", wip_limit=1, wip_per="responsible")
    both = [taken.pk, born.pk]
    assert len(assign_deals(both, by=cast.head.actor, to=cast.colleague)) == 1, "the second finds the hands full"
    guarded("work", wip_enforced=False)
    assert assign_deals(both, by=cast.head.actor, to=cast.colleague) == {}
