from django.db import models

from voronka.staff.models import Person

from .deal import Deal


class DealLink(models.Model):
    """Two deals that belong together, in the words of whoever linked them: «продолжение», «перенос», «та же компания».

    `deal` is the older one, so a pair is linked once.
    """

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="links_on")
    other = models.ForeignKey(Deal, models.CASCADE, related_name="links_back")
    word = models.TextField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "other"], name="deal_link_once"),
            models.CheckConstraint(condition=models.Q(deal__lt=models.F("other")), name="deal_link_in_order"),
        ]
