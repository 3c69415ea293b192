"""What clients allow and refuse: consents to keep their data, and their wish not to be asked any more."""

from django.db import models

from voronka.staff.models import Person

from .client import Company, Contact


class Consent(models.Model):
    """That a person lets us use their data (152-FZ): for what, on which basis, from where, since when; and until when,
    if it was withdrawn. Evidence, so it is never deleted."""

    class Purpose(models.TextChoices):
        DATA = "data", "personal data"
        ADVERTISING = "advertising", "advertising"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents")
    purpose = models.TextField(choices=Purpose.choices, default=Purpose.DATA)
    basis = models.TextField()
    source = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")


class Denial(models.Model):
    """The client wants nothing more of us, and why; it stands until it is ended."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="denials")
    reason = models.TextField()
    comment = models.TextField(blank=True, default="")
    since = models.DateTimeField()
    noted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
