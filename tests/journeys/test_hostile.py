"""Whatever comes, it is kept whole, ends in exactly one account, and hurts nobody else; the base may go away meanwhile."""

import asyncio
import json

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka.deals.models import Deal
from voronka.intake import acceptor, writer
from voronka.intake.actions import settle_entry, settle_next
from voronka.intake.models import Entry
from voronka.intake.profiles import PROFILES
from voronka.kernel import clock

from .conftest import Post, form

BODIES = st.one_of(
    st.binary(max_size=200),
    st.text(alphabet='{}[]":,&=%+ab1\\u0d8', max_size=120).map(str.encode),
    st.dictionaries(
        st.sampled_from(["Phone", "Name", "payment", "contacts", "tranid", "website"]), st.text(max_size=30), max_size=4
    ).map(lambda fields: json.dumps(fields).encode()),
)
KINDS = st.one_of(
    st.sampled_from(["application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
)


@pytest.mark.parametrize("profile", [key for key, profile in PROFILES.items() if profile.addressed])
def test_every_delivery_ends_in_one_account(source, deliver, drain, profile):
    site = source(profile)

    @given(bodies=st.lists(st.tuples(BODIES, KINDS), min_size=1, max_size=8))
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    def check(bodies):
        before = Entry.objects.count()
        answers = deliver(*[Post(site, body, kind) for body, kind in bodies])
        drain()

        assert {answer.status_code for answer in answers} <= {200, 201, 422}
        kept = list(Entry.objects.order_by("pk")[before:])
        assert sorted(bytes(entry.body) for entry in kept) == sorted(body for body, _kind in bodies)
        for entry in kept:
            assert entry.account not in ("waiting", "")
            assert entry.settled_at and (entry.reason or entry.account in ("deal", "attached", "duplicate"))

    check()


def test_headers_of_any_bytes_are_kept_somehow(source):
    site = source("tilda")
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"test=test", "more_body": False}

    headers = [(b"x-odd", b"\x00\xff\xed\xa0\x80"), (b"\xff\x00", b"v"), (b"content-type", b"\x00text; charset=\xff")]
    headers += [(f"h{n}".encode(), b"x" * 3000) for n in range(100)]
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/in/{site.key}",
        "query_string": b"\xff%00&a=%ff",
        "headers": headers,
        "client": None,
    }

    async def run():
        try:
            await acceptor.application(scope, receive, send)
        finally:
            await acceptor.shutdown()

    asyncio.run(run())
    assert sent[0]["status"] == 200
    assert len(Entry.objects.get().headers) <= 60


def rows(site, count, **given_):
    return [
        writer.Row(
            source_id=site.pk,
            received_at=clock.now(),
            remote_address="",
            headers={},
            query="",
            content_type="",
            body=b"x",
            delivery_key=f"k{number}",
            **given_,
        )
        for number in range(count)
    ]


def keep_all(given_rows, *, before=None):
    """Give rows to one writer at once; receipts or errors in order."""

    async def run():
        keeper = writer.Writer(writers=1)
        try:
            if before:
                await before()
            return await asyncio.gather(*map(keeper.keep, given_rows), return_exceptions=True)
        finally:
            await keeper.stop()

    return asyncio.run(run())


def test_one_poisonous_row_does_not_hurt_the_others(source):
    site = source("tilda")
    batch = rows(site, 20)
    batch[7].source_id = 10**9
    receipts = keep_all(batch)

    assert isinstance(receipts[7], writer.NotKept)
    assert Entry.objects.count() == 19
    kept = [receipt.entry for receipt in receipts if not isinstance(receipt, Exception)]
    assert len(set(kept)) == 19


def test_repeats_in_one_batch_and_across_batches_name_the_first(source):
    site = source("tilda")
    first, second = rows(site, 1)[0], rows(site, 1)[0]
    one, two = keep_all([first, second])
    (three,) = keep_all(rows(site, 1))

    assert (one.repeated, two.repeated, three.repeated) == (False, True, True)
    assert one.entry == two.entry == three.entry
    assert Entry.objects.filter(duplicate_of=one.entry, account="duplicate").count() == 2


def test_a_commit_whose_answer_was_lost_is_not_written_twice(source, monkeypatch):
    """The base commits, then the connection breaks before it could say so."""
    site = source("tilda")
    commit, lost = writer._commit, [True]

    async def commit_and_lose(connection, batch):
        if lost and lost.pop():
            silent = [writer._Waiting(w.row, asyncio.get_running_loop().create_future()) for w in batch]
            await commit(connection, silent)
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        await commit(connection, batch)

    monkeypatch.setattr(writer, "_commit", commit_and_lose)
    receipts = keep_all(rows(site, 5))

    assert not any(receipt.repeated for receipt in receipts)
    assert Entry.objects.count() == 5


def test_while_the_base_is_away_nothing_is_acknowledged(source, deliver, monkeypatch):
    site = source("tilda")

    async def refused(name):
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(writer, "connect", refused)
    monkeypatch.setattr(writer, "PATIENCE_SECONDS", 0.3)
    (answer,) = deliver(form(site, {"Phone": "89213384017"}))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not Entry.objects.exists()


def test_an_entry_that_breaks_our_code_fails_with_its_reason(source, deliver, drain, monkeypatch):
    site = source("tilda")
    deliver(form(site, {"Phone": "89213384017", "tranid": "1"}), form(site, {"Phone": "89213384018", "tranid": "2"}))
    place = settle_entry.place_inquiry

    def break_one(entry, inquiry, *rest, **more):
        place(entry, inquiry, *rest, **more)
        if inquiry.phones == ["+79213384017"]:
            raise ZeroDivisionError("наша ошибка")

    monkeypatch.setattr(settle_entry, "place_inquiry", break_one)
    drain()

    assert sorted(Entry.objects.values_list("account", flat=True)) == ["deal", "failed"]
    failed = Entry.objects.get(account="failed")
    assert "наша ошибка" in failed.reason and failed.deal is None
    assert Deal.objects.count() == 1, "what it had written before it broke is undone"


def test_a_crash_while_settling_leaves_the_entry_waiting(source, deliver, drain, monkeypatch):
    site = source("tilda")
    deliver(form(site, {"Phone": "89213384017", "tranid": "1"}))

    def die(*_rest, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(settle_entry, "place_inquiry", die)
        with pytest.raises(KeyboardInterrupt):
            settle_next()
    assert Entry.objects.get().account == "waiting"

    drain()
    assert (Entry.objects.get().account, Deal.objects.count()) == ("deal", 1)
