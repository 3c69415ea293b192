"""One suite for all channels: whatever a channel is, this holds. A new one is taken up by itself."""

import random
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voronka import wiring
from voronka.channels import registry
from voronka.channels.port import PartKind, Unreadable
from voronka.channels.standin import Fault
from voronka.conversations.actions import cancel, confirm, edit, retry, write
from voronka.conversations.models import Message
from voronka.deals.models import Deal
from voronka.intake import poller
from voronka.intake.delivery import Delivery
from voronka.intake.models import Entry
from voronka.kernel import clock
from voronka.kernel.models import Event

CHANNELS = sorted({*wiring.CONVERSATION_CHANNELS, "memory"})
State = Message.State


@pytest.fixture(params=CHANNELS)
def desk(request, open_desk):
    return open_desk(request.param)


def test_a_client_writes(desk) -> None:
    """The first word makes the client and a deal, further ones join; what comes twice is one; the rest is refused."""
    ann, ben = desk.kit.lines
    first, second, other = (
        desk.kit.writes(ann, "Здравствуйте"),
        desk.kit.writes(ann, "Нас 8"),
        desk.kit.writes(ben, "Цена?"),
    )
    entries = desk.told(first, second, other, first)
    accounts = sorted(Entry.objects.values_list("account", flat=True))
    assert accounts == ["attached", "deal", "deal", "duplicate"], [entry.reason for entry in entries]
    assert [one.text for one in desk.said(ann)] == ["Здравствуйте", "Нас 8"]
    row = desk.row(ann)
    assert (row.last_text, row.unread, row.channel) == ("Нас 8", 2, desk.connection.kind)
    assert row.unanswered_since == desk.said(ann)[0].at
    assert row.answer_due_at is not None and row.location_id == desk.cast.location.pk
    assert set(Deal.objects.get(company=row.company).audience) <= set(row.audience)
    heard = Event.objects.filter(kind="message.received").exclude(deal_id=None)
    assert heard.count() == 3


def test_what_is_not_the_channels_is_not_let_in(desk) -> None:
    forged = desk.kit.forged()
    assert desk.post(forged) == [403]
    desk.connection.secrets = {key: value for key, value in desk.connection.secrets.items() if key != "hook_secret"}
    desk.connection.save()
    channel, account = desk.connection.channel, desk.connection.account
    true = desk.kit.writes(desk.kit.lines[0], "Да")
    given = Delivery(body=true.body, headers=dict(true.headers), received_at=clock.now())
    assert not channel.verify(account, given), "a missing secret means closed"
    assert not Entry.objects.exists()


def test_malformed_is_kept_and_seen(desk) -> None:
    """Verified but unreadable: people find it among the failed ones, and what follows is settled."""
    ann = desk.kit.lines[0]
    good = desk.kit.writes(ann, "Здравствуйте")
    bodies = [b"", b"{", b"[]", b'"x"', b"\xff\xfe\x00", *desk.kit.malformed()]
    entries = desk.told(*(type(good)(good.headers, body) for body in bodies), good)
    failed = [entry for entry in entries if entry.account == "failed"]
    assert len(failed) == len(bodies) and all(entry.reason for entry in failed)
    assert [one.text for one in desk.said(ann)] == ["Здравствуйте"]


def test_copies_in_any_order_make_one_thread(desk) -> None:
    ann, ben = desk.kit.lines
    told = [desk.kit.writes(line, f"{line} {number}") for number in range(6) for line in (ann, ben)]
    copies = told * 3
    random.Random(7).shuffle(copies)
    desk.told(*copies)
    for line in (ann, ben):
        assert [one.text for one in desk.said(line)] == [f"{line} {number}" for number in range(6)]
    assert Deal.objects.count() == 2


def test_changes_of_the_client(desk) -> None:
    """Edits, reactions, files, what was read and what was taken back; each where the channel has it."""
    ann, kit = desk.kit.lines[0], desk.kit
    written = kit.writes(ann, "Нас восемь")
    if reacted := kit.reacts(ann, "👍"):
        desk.post(reacted)
        assert desk.drain() == [], "it waits for the message it speaks of"
    desk.told(written)
    if edited := kit.edits(ann, "Нас девять"):
        desk.told(edited, edited)
        assert [(one.text, one.edited_at is not None) for one in desk.said(ann)] == [("Нас девять", True)]
    desk.drain()
    if reacted:
        assert desk.said(ann)[0].reactions == ["👍"]
    if deleted := kit.deletes(ann):
        desk.told(deleted)
        assert [(one.text, one.deleted_at is not None) for one in desk.said(ann)] == [("", True)]
        assert desk.row(ann).unanswered_since is None
    if file := kit.sends_file(ann, b"jpeg"):
        desk.told(file)
        desk.fetch_files()
        part = desk.said(ann)[-1].parts.get()
        assert part.kind == PartKind.PICTURE and part.attachment.file.read() == b"jpeg"
        assert part.attachment.company_id == desk.row(ann).company_id


def test_an_answer_goes_once(desk) -> None:
    """After the moment in which it can be taken back, as it was written, in order, with its file."""
    ann, kit, owner = desk.kit.lines[0], desk.kit, desk.cast.owner
    desk.told(kit.writes(ann, "Здравствуйте"))
    line = desk.said(ann)[0].line
    regretted = write(line.pk, by=owner.actor, text="Не то")[0]
    cancel(regretted.pk, by=owner.actor)
    assert desk.row(ann).unanswered_since is not None
    write(line.pk, by=owner.actor, text="Добрый день")
    write(line.pk, by=owner.actor, text="Когда удобно?")
    row = desk.row(ann)
    assert (row.unanswered_since, row.taken_by, row.last_text) == (None, owner, "Когда удобно?")
    desk.send()
    assert kit.got(ann) == [], "there is still a way back"
    for later in (6, 8, 10):
        desk.send(later=later)
    assert kit.got(ann) == ["Добрый день", "Когда удобно?"]
    message = desk.said(ann)[-1]
    assert message.state == State.SENT and message.foreign_id
    if read := kit.reads(ann, message.foreign_id):
        desk.told(read)
        assert desk.said(ann)[-1].state == State.READ
    if desk.connection.channel.can.edit:
        edit(message.pk, by=owner.actor, text="Когда вам удобно?")
    if PartKind.PICTURE in desk.connection.channel.can.files:
        photo = SimpleUploadedFile("room.jpg", b"room", "image/jpeg")
        write(line.pk, by=owner.actor, text="Комната", uploads=[photo], at_once=True)
        desk.send(later=20)
        assert kit.got(ann)[-1] == "Комната" and kit.got_files(ann) == [b"room"]


@pytest.mark.parametrize("fault", list(Fault))
def test_faults_of_the_other_side(desk, fault) -> None:
    """What passes is tried again, what does not is told; nothing is ever sent twice."""
    ann, kit, owner = desk.kit.lines[0], desk.kit, desk.cast.owner
    desk.told(kit.writes(ann, "Здравствуйте"))
    kit.fault(fault)
    message = write(desk.said(ann)[0].line_id, by=owner.actor, text="Добрый день", at_once=True)[0]
    desk.send()
    message.refresh_from_db()
    can = desk.connection.channel.can
    if fault == Fault.REFUSE:
        assert (message.state, message.permanent, kit.got(ann)) == (State.FAILED, True, []) and message.why
        assert desk.row(ann).unanswered_since is not None, "what failed is no answer"
        retry(message.pk, by=owner.actor)
        desk.send(later=2)
    elif fault in (Fault.AWAY, Fault.LOST) and message.state == State.UNKNOWN:
        assert not can.repeat and not can.find
        if fault == Fault.LOST:
            confirm(message.pk, by=owner.actor)
        else:
            retry(message.pk, by=owner.actor)
            desk.send(later=2)
    else:
        desk.send(later=15)
    message.refresh_from_db()
    assert message.state == State.SENT
    assert kit.got(ann) == ["Добрый день"]


def test_a_killed_worker_leaves_no_second_copy(desk) -> None:
    from voronka.conversations import sender

    ann, kit = desk.kit.lines[0], desk.kit
    desk.told(kit.writes(ann, "Здравствуйте"))
    message = write(desk.said(ann)[0].line_id, by=desk.cast.owner.actor, text="Добрый день", at_once=True)[0]
    assert sender.claim() == [message.pk]
    desk.connection.channel.send(desk.connection.account, sender.outgoing(message))
    with clock.freeze(clock.now() + timedelta(minutes=3)):
        sender.clear_doubts()
        desk.send(later=3)
    message.refresh_from_db()
    assert message.state in (State.SENT, State.UNKNOWN) and kit.got(ann) == ["Добрый день"]


def test_what_a_lost_webhook_missed_is_found(desk) -> None:
    ann, kit = desk.kit.lines[0], desk.kit
    desk.told(kit.writes(ann, "Здравствуйте"))
    if not kit.misses(ann, "Вы здесь?"):
        assert not desk.connection.channel.can.poll
        return
    kit.misses(ann, "Ау")
    assert desk.connection.pk in poller.due()
    assert poller.ask(desk.connection.pk, wait=0) == 2
    desk.drain()
    assert poller.ask(desk.connection.pk, wait=0) == 0
    assert [one.text for one in desk.said(ann)] == ["Здравствуйте", "Вы здесь?", "Ау"]
    assert not Entry.objects.exclude(account__in=("deal", "attached")).exists()


@pytest.mark.parametrize("key", CHANNELS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_bytes_break_a_parser(key, data, monkeypatch) -> None:
    """Mutated deliveries and bytes of any kind: something, nothing, or Unreadable."""
    monkeypatch.setitem(wiring.CONVERSATION_CHANNELS, "memory", "voronka.channels.memory.Memory")
    channel, sample = registry.channel(key), _samples(key)
    body = bytearray(data.draw(st.sampled_from(sample)))
    for _step in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, max(len(body) - 1, 0)))
        body[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    raw = Delivery(body=bytes(body), headers={}, received_at=clock.now())
    for read in (channel.delivery_key, channel.parse):
        try:
            read(raw)
        except Unreadable:
            continue


def _samples(key: str) -> list[bytes]:
    from django.utils.module_loading import import_string

    if key not in _KEPT:
        kit = import_string(f"voronka.channels.{key}.kit.Kit")()
        with kit:
            line = kit.lines[0]
            made = [kit.writes(line, "Здравствуйте"), kit.edits(line, "Да"), kit.reacts(line, "👍"), kit.deletes(line)]
            made += [kit.sends_file(line, b"x")]
        _KEPT[key] = [one.body for one in made if one] + [b"", b"\x00", b"[" * 5000]
    return _KEPT[key]


_KEPT: dict[str, list[bytes]] = {}
