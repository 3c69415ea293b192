"""A new deal after the pattern of a known one."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Note
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Attachment
from voronka.staff.models import Person

from .. import fields
from ..field_targets import unseen_clients
from ..models import Deal
from ._rows import locked
from .change_deal import add_line, apply_values
from .create_deal import create_deal
from .link_deals import link_deals
from .note_deal import add_note
from .plan_step import Step, plan_step

#: What may go along, besides client, brand, location and subject.
PARTS = ("fields", "lines", "tasks", "notes", "link")


def copy_deal(deal_id: int, *, by: Actor, parts: Collection[str]) -> Deal:
    """Open a deal like this one at the first stage, led by whoever copies. `parts` of PARTS go along:
    fields this person may change, goods at today's price, tasks still ahead, pinned notes, a link between the two.
    """
    if by.person_id is None or not by.may("create_deals"):
        raise Refusal(_("Your role does not open deals."), rule="role")
    with transaction.atomic():
        deal = locked(deal_id, by)
        made = create_deal(
            by=by,
            funnel=deal.funnel,
            company=deal.company,
            contact=deal.contact,
            title=deal.title,
            responsible=Person.objects.select_related("role").get(pk=by.person_id),
            brand=deal.brand,
            location=deal.location,
            channel=deal.channel,
            fields=_fields(deal, by) if "fields" in parts else None,
            is_repeat=True,
        )
        if "fields" in parts:
            _copy_files(deal, made, by)
        if "lines" in parts:
            for line in deal.lines.select_related("product").order_by("id"):
                add_line(made.pk, by=by, product=line.product, quantity=line.quantity)
        if "tasks" in parts:
            for task in deal.tasks.filter(done_at=None, due_at__gt=clock.now()).select_related("kind"):
                plan_step(made.pk, by=by, step=Step(kind=task.kind, title=task.title, due_at=task.due_at))
        if "notes" in parts:
            for note in Note.objects.filter(deal=deal, pinned_at__isnull=False).exclude(text="").order_by("id"):
                add_note(made.pk, by=by, text=note.text)
        if "link" in parts:
            link_deals(made.pk, deal.pk, by=by, word=_("copy"))
    return Deal.objects.get(pk=made.pk)


def _fields(deal: Deal, by: Actor) -> dict:
    """Filled ones but files, and but clients that this person does not see."""
    known = fields.specs(by)
    found = {key: value for key, value in _filled(deal, known).items() if known[key].type != "file"}
    unseen = unseen_clients(found, by, known=known)
    return {key: value for key, value in found.items() if key not in unseen}


def _filled(deal: Deal, known: Mapping[str, fields.FieldSpec]) -> dict:
    """Values that this person may change; one of a former type stays behind."""
    found = {}
    for key, spec in known.items():
        value = fields.value_of(deal, spec)
        if spec.declared and spec.editable and not fields.is_empty(value) and fields.fits(spec, value):
            found[key] = value
    return found


def _copy_files(deal: Deal, made: Deal, by: Actor) -> None:
    """Each deal has files of its own; the bytes are stored once."""
    known = fields.specs(by)
    held = {key: value for key, value in _filled(deal, known).items() if known[key].type == "file"}
    if not held:
        return
    copies = {}
    for one in Attachment.objects.filter(deal_id=deal.pk, field__in=held):
        before, one.pk, one.deal_id = one.pk, None, made.pk
        one.save(force_insert=True)
        copies[before] = one.pk
    new = {key: [copies[pk] for pk in ids if pk in copies] for key, ids in held.items()}
    apply_values(locked(made.pk, by), new, by, known=known)
