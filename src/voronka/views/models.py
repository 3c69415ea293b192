from django.db import models
from django.db.models import Q

from voronka.staff.models import Person


class SavedView(models.Model):
    """`place`: key of the base it filters (deals, tasks, clients); `filter`: the tree as `kernel.filters.lists` writes
    it; `facts`: what else the address of the page says (funnel, order). A removed view can be brought back."""

    place = models.TextField()
    title = models.TextField()
    filter = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    owner = models.ForeignKey(Person, models.CASCADE, related_name="views")
    is_shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["place", "owner"], name="view_own", condition=Q(removed_at=None)),
            models.Index(fields=["place"], name="view_shared", condition=Q(removed_at=None, is_shared=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Pin(models.Model):
    """Where a person wants a view: over the list or in the menu, and in which order. Without a row it is pinned."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="pins")
    is_pinned = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "view"], name="pin_once")]
