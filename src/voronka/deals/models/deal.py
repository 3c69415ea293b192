from decimal import Decimal
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from voronka.catalogue.models import Product
from voronka.clients.merges import parts_of
from voronka.clients.models import Company, Contact, Merge, tags_field
from voronka.kernel.access import Gated, GatedQuerySet
from voronka.staff.models import Brand, Location, Person, Seat

from .funnel import Funnel, LossReason, Stage


class Deal(Gated):
    """One inquiry or sale on its way through a funnel.

    `responsible`/`seat`: who took it and the account that owns it, empty while untaken; `watchers`: seats that keep
    reading after a hand-over. `next_step_at` is the nearest open task's deadline, kept by `deals.reactions`.
    `version` grows with every change. `fields` holds declared fields by key. `channel` is a key such as `site`,
    `quiz`, `walk_in`, `call`. `utm` is the last touch's marks; `first_touch` and `last_touch` keep everything known.
    """

    funnel = models.ForeignKey(Funnel, models.PROTECT, related_name="deals")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="deals")
    title = models.TextField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="deals")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="deals")
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    responsible = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="deals")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="deals")
    watchers = ArrayField(models.BigIntegerField(), default=list)
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, blank=True, related_name="deals")
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, related_name="deals")
    source = models.ForeignKey("intake.Source", models.PROTECT, null=True, blank=True, related_name="deals")
    channel = models.TextField(blank=True, default="")
    utm = models.JSONField(default=dict)
    first_touch = models.JSONField(default=dict)
    last_touch = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    tags = tags_field()
    is_repeat = models.BooleanField(default=False)
    is_unread = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    stage_entered_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    loss_reason = models.ForeignKey(LossReason, models.PROTECT, null=True, blank=True, related_name="deals")
    loss_comment = models.TextField(blank=True, default="")
    next_step_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(Gated.Meta):
        indexes = [
            *Gated.Meta.indexes,
            models.Index(fields=["stage", "next_step_at", "id"], name="deal_stage_step"),
            models.Index(fields=["stage", "-stage_entered_at", "-id"], name="deal_stage_entered"),
            models.Index(F("created_at").desc(), F("id").desc(), name="deal_recent"),
            models.Index(fields=["seat", "stage"], name="deal_seat_open", condition=Q(closed_at=None)),
            models.Index(fields=["responsible"], name="deal_responsible_open", condition=Q(closed_at=None)),
            models.Index(fields=["created_at"], name="deal_untaken", condition=Q(taken_at=None, closed_at=None)),
            # orders of the list of open deals
            models.Index(fields=["next_step_at", "id"], name="deal_open_step", condition=Q(closed_at=None)),
            models.Index(fields=["amount", "id"], name="deal_open_amount", condition=Q(closed_at=None)),
            models.Index(fields=["stage_entered_at", "id"], name="deal_open_entered", condition=Q(closed_at=None)),
            # what a column of closed deals counts, without a look into the table
            models.Index(
                fields=["funnel", "closed_at"],
                include=["stage", "amount", "audience"],
                name="deal_closed",
                condition=~Q(closed_at=None),
            ),
            GinIndex(fields=["fields"], name="deal_fields", opclasses=["jsonb_path_ops"]),
            GinIndex(fields=["tags"], name="deal_tags"),
        ]

    def __str__(self) -> str:
        return f"№{self.pk}"

    @cached_property
    def all_ids(self) -> list[int]:
        """This deal and those that became part of it: what happened in any of them is its history. A query."""
        return parts_of(Merge.Kind.DEAL, self.pk)


class OfDeal(GatedQuerySet):
    path = "deal__audience"


class Line(models.Model):
    """A catalogue item in a deal. Added by whom and when tells the upsell of each person."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="lines")
    name = models.TextField()
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=Decimal(1))
    price = models.DecimalField(max_digits=14, decimal_places=2)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects = OfDeal.as_manager()

    @property
    def total(self) -> Decimal:
        return (self.quantity * self.price).quantize(Decimal("0.01"))


class Passage(models.Model):
    """One stay of a deal at a stage. Timers and reports of stages count from here."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="passages")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="passages")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = OfDeal.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal"], condition=Q(left_at=None), name="passage_one_open"),
        ]
        indexes = [
            models.Index(fields=["stage", "entered_at"], name="passage_open", condition=Q(left_at=None)),
            models.Index(fields=["deal", "entered_at"], name="passage_deal"),
        ]
