from django.db import models

from voronka.channels.models import Connection
from voronka.clients.models import Company, Contact, OfCompany


class Line(models.Model):
    """One address of a client in one connection: a chat with our bot, a number for SMS.

    `heard_at`: when the client wrote last by it. `barred_at`: since when the client wants nothing by it. `rests_until`:
    the channel wants a pause between two messages.
    """

    connection = models.ForeignKey(Connection, models.PROTECT, related_name="lines")
    address = models.TextField()
    company = models.ForeignKey(Company, models.CASCADE, related_name="lines")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="lines")
    name = models.TextField(blank=True, default="")
    heard_at = models.DateTimeField(null=True)
    barred_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = OfCompany.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "address"], name="line_once")]
