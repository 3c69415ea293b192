"""Beginning, stopping and taking back an act. The work itself is `bulk.work`, by the jobs."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.events import Refs, record

from . import jobs
from .kinds import Kind
from .models import Act, Row

#: More at once is not a decision about deals but a migration.
MOST = 50_000
_BATCH = 5_000


def begin_act(kind: Kind, deal_ids: Iterable[int], *, by: Actor) -> Act:
    """Keep what is to be done and leave it to the worker. `deal_ids` come through the gate of whoever asks."""
    ids = list(dict.fromkeys(deal_ids))
    if by.person_id is None:
        raise Refusal(_("Only a person works in bulk."), rule="role")
    if not ids:
        raise Refusal(_("Choose at least one deal."), rule="bulk")
    if len(ids) > MOST:
        raise Refusal(_("At most %(most)s deals at once.") % {"most": MOST}, rule="bulk")
    with transaction.atomic():
        act = Act.objects.create(
            person_id=by.person_id,
            kind=kind.key,
            arguments=kind.arguments,
            title=kind.title,
            total=len(ids),
            created_at=clock.now(),
        )
        Row.objects.bulk_create((Row(act=act, deal_id=pk) for pk in ids), batch_size=_BATCH)
        _record("bulk.begun", act, by)
        jobs.run.configure(lock=f"bulk:{act.pk}").defer(act=act.pk)
    return act


def stop_act(act_id: int, *, by: Actor) -> Act:
    """What is done stays done, what waits is left alone."""
    with transaction.atomic():
        act = _own(act_id, by)
        if act.state == Act.State.RUNNING:
            act.state, act.ended_at = Act.State.STOPPED, clock.now()
            act.save(update_fields=["state", "ended_at"])
            _record("bulk.stopped", act, by)
    return act


def undo_act(act_id: int, *, by: Actor) -> Act:
    """Take back the whole act; deals that somebody worked on since stay as they are."""
    with transaction.atomic():
        act = _own(act_id, by)
        if act.state not in (Act.State.DONE, Act.State.STOPPED):
            raise Refusal(_("This is not to be taken back now."), rule="bulk")
        act.state = Act.State.UNDOING
        act.save(update_fields=["state"])
        _record("bulk.undo_begun", act, by)
        jobs.undo.configure(lock=f"bulk:{act.pk}").defer(act=act.pk)
    return act


def _own(act_id: int, by: Actor) -> Act:
    """The act, locked; everybody stops and takes back only what is their own."""
    act = Act.objects.select_for_update().get(pk=act_id)
    if by.reach is not None and act.person_id != by.person_id:
        raise Refusal(_("Somebody else has done this."), rule="bulk")
    return act


def _record(kind: str, act: Act, by: Actor) -> None:
    facts = {"act": act.pk, "title": act.title, "deals": act.total, "arguments": act.arguments}
    record(kind, Refs(audience=[f"p:{act.person_id}"]), by=by, data=facts)
