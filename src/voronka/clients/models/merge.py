"""Rows that became one, rows that may be one, and the searches that find them."""

from django.db import models
from django.db.models import Q

from voronka.staff.models import Person


class Matching(models.Model):
    """The one row that says how sure the search must be to merge by itself. See `clients.matching.certainty`."""

    class Automatic(models.TextChoices):
        OFF = "off", "off"
        STRICT = "strict", "strict"
        MEASURED = "measured", "as measured"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    automatic = models.TextField(choices=Automatic.choices, default=Automatic.OFF)
    learned = models.JSONField(default=dict)
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="matching_is_one")]


class Scan(models.Model):
    """A search for rows that are one, and what came of it. `since`: only what was new or changed after that event;
    empty for a search over all. `step` says what it is at, `done` of `total`.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        UNDOING = "undoing", "undoing"
        UNDONE = "undone", "undone"

    state = models.TextField(choices=State.choices, default=State.QUEUED)
    automatic = models.TextField(choices=Matching.Automatic.choices)
    since = models.BigIntegerField(null=True)
    upto = models.BigIntegerField(default=0)
    step = models.TextField(default="")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    why = models.TextField(default="")
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)


class Merge(models.Model):
    """Two rows that became one: `other` is no more, and its links lead to `survivor`. These are plain numbers, since
    any may be gone, and so is `client`, whose they were. `carried` is what undoing needs; see `merging`. `within`: the
    merge of clients that this merge of their contacts is a part of. `scan`: the search that made it by itself.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", "client"
        CONTACT = "contact", "contact"
        DEAL = "deal", "deal"

    kind = models.TextField(choices=Kind.choices)
    survivor = models.BigIntegerField()
    other = models.BigIntegerField()
    client = models.BigIntegerField(db_default=0)
    title = models.TextField()
    within = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")
    scan = models.ForeignKey(Scan, models.SET_NULL, null=True, related_name="merges")
    carried = models.JSONField()
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "other"], condition=Q(undone_at=None), name="merge_stands_once")
        ]
        indexes = [
            models.Index(fields=["kind", "survivor"], name="merge_survivor", condition=Q(undone_at=None)),
            models.Index(fields=["client"], name="merge_client", condition=Q(undone_at=None)),
        ]


class Suspicion(models.Model):
    """Two rows that may be one, for people to judge. `left` has the smaller id; `odds` are a natural logarithm.

    `reasons` are [key, level, weight] of what was compared. A decided one stays, so that two that are different are
    never asked about again, however often the base is searched.
    """

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        FIRM = "firm", "company"
        FAMILY = "family", "family"
        DEAL = "deal", "deal"

    class State(models.TextChoices):
        WAITS = "waits", "waits"
        ONE = "one", "one"
        DIFFERENT = "different", "different"
        GONE = "gone", "gone"

    kind = models.TextField(choices=Kind.choices)
    left = models.BigIntegerField()
    right = models.BigIntegerField()
    odds = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.TextField(choices=State.choices, default=State.WAITS)
    later_at = models.DateTimeField(null=True)
    merge = models.ForeignKey(Merge, models.SET_NULL, null=True, related_name="+")
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "left", "right"], name="suspicion_once"),
            models.CheckConstraint(condition=Q(left__lt=models.F("right")), name="suspicion_in_order"),
        ]
        indexes = [
            models.Index(fields=["kind", "-odds", "id"], name="suspicion_waits", condition=Q(state="waits")),
            models.Index(fields=["decided_by", "-decided_at"], name="suspicion_decided", condition=~Q(decided_at=None)),
        ]
