from django.db import models

from voronka.staff.models import Person


class NoteTemplate(models.Model):
    """A text that is written often; `{Field}` in it is filled from the card. Without an owner it is everybody's."""

    owner = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="note_templates")
    title = models.TextField()
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("title", "id")
