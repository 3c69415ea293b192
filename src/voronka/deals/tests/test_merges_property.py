"""Undo is exact: whatever was merged, edited and undone, in the end each side is what it was with its own edits."""

from collections.abc import Iterable
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from voronka.clients.actions import (
    add_identity,
    add_note,
    change_company,
    remove_identity,
)
from voronka.clients.merges import holder_of
from voronka.clients.models import Address, Company, Contact, Identity, Merge
from voronka.clients.tags import tag_company
from voronka.deals.actions import (
    change_deal,
    create_deal,
    link_deals,
    merge_clients,
    merge_contacts,
    merge_deals,
    move_deal,
    undo_merge,
    undo_merges,
)
from voronka.deals.models import Deal, DealLink, Funnel, Stage
from voronka.deals.tests.merge_ground import BY, Rows, client_with_everything, first_funnel, whole
from voronka.kernel import clock
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.tasks.actions import create_task
from voronka.tasks.models import TaskKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def funnel(db):
    return first_funnel()


WHO = st.integers(0, 5)
STEP = st.one_of(
    st.tuples(st.sampled_from(["merge", "merge", "merge deals", "merge deals", "merge people", "link"]), WHO, WHO),
    st.tuples(st.just("undo"), WHO, st.booleans()),
    st.tuples(st.just("undo many"), WHO, WHO),
    st.tuples(
        st.sampled_from(
            ["rename", "tag", "note", "phone", "label", "deal", "forget", "subject", "task", "go on", "field", "unlink"]
        ),
        WHO,
        st.none(),
    ),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=2, max_size=9))
def test_after_any_merges_edits_and_undoing_each_side_is_what_it_was(funnel, steps):
    note(f"{steps}")
    with transaction.atomic():
        Story(funnel).play(steps)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


class Story:
    """Three clients with two deals each, what is done to them, and what each must be in the end."""

    def __init__(self, funnel: Funnel) -> None:
        self.funnel = funnel
        names = ("Ира", "Ирина Соколова", "Соколова Ирина")
        clients = [
            client_with_everything(funnel, name, "+79214471833", f"+7921000000{i}") for i, name in enumerate(names)
        ]
        self.ids = [one.pk for one in clients]
        for one in clients:
            create_deal(by=BY, funnel=funnel, company=one, title=f"вторая {one.name}")
        self.deals = list(Deal.objects.filter(company__in=self.ids).order_by("pk").values_list("pk", flat=True))
        link_deals(self.deals[0], other_id=self.deals[2], by=BY, word="перенос")
        link_deals(self.deals[0], other_id=self.deals[1], by=BY, word="вместе")
        self.expected = {pk: whole(pk) for pk in self.ids}
        self.added: set[tuple[str, int]] = set()

    def play(self, steps: list) -> None:
        for turn, (kind, one, other) in enumerate(steps):
            if kind == "undo":
                stand = list(Merge.objects.filter(undone_at=None, within=None).order_by("pk"))
                if stand:
                    undo_merge(stand[one % len(stand)].pk, by=BY, since_to_other=other)
            elif kind == "undo many":
                stand = list(Merge.objects.filter(undone_at=None, within=None).order_by("pk"))
                undo_merges(stand[min(one, other) : max(one, other) + 1], by=BY)
            elif kind in MERGING:
                with suppress(Refusal):
                    MERGING[kind](self, one, other)
            else:
                self.edit(kind, turn, one, other)
        for merge in Merge.objects.filter(undone_at=None, within=None).order_by("pk"):
            merge.refresh_from_db()
            if merge.undone_at is None:
                undo_merge(merge.pk, by=BY)
        for pk in self.ids:
            assert self.without_added(whole(pk)) == self.without_added(self.expected[pk])

    def client(self, number: int) -> int:
        return holder_of("company", self.ids[number % 3])

    def deal(self, number: int) -> int:
        return holder_of("deal", self.deals[number])

    def edit(self, kind: str, turn: int, one: int, other: int | None) -> None:
        """Whatever an edit does to a row is expected of that row in the end, wherever it will stand."""
        before = _by_row(whole(pk) for pk in self.ids)
        EDITING[kind](self, turn, one, other)
        after = _by_row(whole(pk) for pk in self.ids)
        self.added |= after.keys() - before.keys()
        for rows in self.expected.values():
            for key, found in rows.items():
                table = key.split(".")[0]
                gone = [row for row in found if (table, row["id"]) in before.keys() - after.keys()]
                rows[key] = [row for row in found if row not in gone]
                for row in rows[key]:
                    _expect(row, before.get((table, row["id"])), after.get((table, row["id"])))

    def without_added(self, rows: Rows) -> Rows:
        """Without what other rows decide: who sees a client and a deal, its next step; and in no order."""
        quiet = {"audience", "next_step_at", "version"}
        return {
            key: [
                {column: value for column, value in row.items() if column not in quiet}
                for row in sorted(found, key=lambda row: row["id"])
                if (key.split(".")[0], row["id"]) not in self.added
            ]
            for key, found in rows.items()
        }


def _by_row(wholes: Iterable[Rows]) -> dict[tuple[str, int], dict]:
    return {(key.split(".")[0], row["id"]): row for rows in wholes for key, found in rows.items() for row in found}


def _expect(row: dict, before: dict | None, after: dict | None) -> None:
    for column in row if before and after else ():
        was, now = before[column], after[column]
        if was == now:
            continue
        if isinstance(now, list):
            row[column] = [one for one in row[column] if one in now or one not in was]
            row[column] += [one for one in now if one not in was]
        elif isinstance(now, dict):
            row[column] = row[column] | {key: value for key, value in now.items() if was.get(key) != value}
        else:
            row[column] = now


def _merge_people(story: Story, one: int, other: int) -> None:
    people = list(Contact.objects.filter(company=story.client(one)).order_by("pk"))
    merge_contacts(people[0].pk, people[other % len(people)].pk, by=BY)


MERGING = {
    "merge": lambda story, one, other: merge_clients(story.client(one), story.client(other), by=BY),
    "merge deals": lambda story, one, other: merge_deals(story.deal(one), story.deal(other), by=BY),
    "merge people": _merge_people,
}


def _label(story: Story, turn: int, one: int, _other: None) -> None:
    addresses = list(Address.objects.filter(company_id=story.client(one)).order_by("pk"))
    Address.objects.filter(pk=addresses[turn % len(addresses)].pk).update(label=f"{turn}")


def _phone_added(story: Story, turn: int, one: int, _other: None) -> None:
    contact = Contact.objects.filter(company_id=story.client(one)).first()
    add_identity(contact.pk, by=BY, kind="phone", raw=f"+7931000000{turn}")


def _forget(story: Story, _turn: int, one: int, _other: None) -> None:
    if gone := Identity.objects.filter(contact__company_id=story.client(one)).order_by("-kind", "pk").first():
        remove_identity(gone.pk, by=BY)


def _open(story: Story, turn: int, one: int, _other: None) -> None:
    company = Company.objects.get(pk=story.client(one))
    create_deal(by=BY, funnel=story.funnel, company=company, title=f"новая {turn}")


def _go_on(story: Story, _turn: int, one: int, _other: None) -> None:
    deal = Deal.objects.get(pk=story.deal(one))
    stages = list(Stage.objects.filter(funnel=story.funnel, meaning="open"))
    move_deal(deal.pk, by=BY, to=next(stage for stage in stages if stage.pk != deal.stage_id))


def _task(story: Story, turn: int, one: int, _other: None) -> None:
    kind, deal = TaskKind.objects.get(key="call"), Deal.objects.get(pk=story.deal(one))
    facts = {"company": deal.company, "deal_id": deal.pk, "deal_audience": deal.audience}
    create_task(by=BY, kind=kind, title=f"{turn}", due_at=clock.now(), **facts)


def _link(story: Story, _turn: int, one: int, other: int) -> None:
    with suppress(Refusal, FieldErrors):
        link_deals(story.deal(one), other_id=story.deal(other), by=BY, word="ещё")


def _unlink(story: Story, _turn: int, one: int, _other: None) -> None:
    deal = story.deal(one)
    if link := DealLink.objects.filter(Q(deal=deal) | Q(other=deal)).first():
        link.delete()


EDITING = {
    "rename": lambda story, turn, one, _: change_company(story.client(one), by=BY, values={"name": f"Имя {turn}"}),
    "tag": lambda story, turn, one, _: tag_company(story.client(one), by=BY, add=[f"новая {turn}"]),
    "note": lambda story, turn, one, _: add_note(story.client(one), by=BY, text=f"{turn}"),
    "phone": _phone_added,
    "label": _label,
    "deal": _open,
    "forget": _forget,
    "subject": lambda story, turn, one, _: change_deal(story.deal(one), by=BY, values={"title": f"тема {turn}"}),
    "task": _task,
    "go on": _go_on,
    "field": lambda story, turn, one, _: change_deal(story.deal(one), by=BY, values={"wish": f"{turn}"}),
    "link": _link,
    "unlink": _unlink,
}
