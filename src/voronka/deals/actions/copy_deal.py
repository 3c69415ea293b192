"""A new deal after the pattern of a known one."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from voronka.clients.models import Note
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.staff.models import Person

from .. import fields
from ..models import Deal
from ._rows import locked
from .change_deal import add_line
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
    """Filled ones that this person may change; a value of a former type stays behind."""
    found = {}
    for key, spec in fields.specs(by).items():
        value = fields.value_of(deal, spec)
        if spec.declared and spec.editable and not fields.is_empty(value) and fields.fits(spec, value):
            found[key] = value
    return found
