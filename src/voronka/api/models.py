from django.contrib.postgres.fields import ArrayField
from django.db import models

from voronka.staff.models import Person


class Token(models.Model):
    """A key with which a program works for a person. Only its digest is kept; `ending` is its last four signs.

    `used_at` is the minute of the last request and `spent` how many there were in it: the rate limit and
    «last used» in one write. `revoked_at` ends it; the row stays, since events name it.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    title = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    scopes = ArrayField(models.TextField(), default=list)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    spent = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.title


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered: a repeat gets the same instead of writing twice.

    `fingerprint` is SHA-256 of method, address and body, hex.
    """

    token = models.ForeignKey(Token, models.CASCADE, related_name="+")
    key = models.TextField()
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="kept_answer_age")]
