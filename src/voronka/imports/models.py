from django.db import models
from django.db.models import Q

from voronka.kernel import actor
from voronka.kernel.actor import Actor, ActorKind
from voronka.staff.models import Person


class Import(models.Model):
    """One file or system brought in. `heads` are its columns, `words` the different texts of
    those that have few, `mapping` what each column becomes (`""`: nothing), `settings`
    how known clients are met; see `settings.Settings`. `read`: bytes of the source read; `done`: rows worked through,
    `offset`: where the next one begins in the book. `checked`: rows that the preview has looked at.
    """

    class State(models.TextChoices):
        READING = "reading", "reading"
        CHECKING = "checking", "checking"
        READY = "ready", "ready"
        RUNNING = "running", "running"
        PAUSED = "paused", "paused"
        DONE = "done", "done"
        UNDOING = "undoing", "undoing"
        UNDONE = "undone", "undone"
        FAILED = "failed", "failed"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    title = models.TextField()
    source = models.TextField(default="file")
    file = models.FileField(upload_to="imports/%Y/%m/")
    book = models.TextField(blank=True, default="")
    state = models.TextField(choices=State.choices, default=State.READING)
    error = models.TextField(blank=True, default="")
    form = models.JSONField(default=dict)
    heads = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    words = models.JSONField(default=dict)
    mapping = models.JSONField(default=list)
    guesses = models.JSONField(default=list)
    settings = models.JSONField(default=dict)
    size = models.BigIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    checked = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def why(self) -> str:
        """What every event of this import says of its origin."""
        return f"import:{self.pk}"

    @property
    def by(self) -> Actor:
        """The hand of whoever began it; the rules keep silent about what an import brings."""
        own = self.person.actor
        return actor.Actor(
            kind=ActorKind.IMPORT,
            person_id=own.person_id,
            seat_id=own.seat_id,
            reach=own.reach,
            permissions=own.permissions,
            role=own.role,
            why=self.why,
        )

    @property
    def is_going(self) -> bool:
        """Whether a job of it is at work now."""
        return self.state in (self.State.READING, self.State.CHECKING, self.State.RUNNING, self.State.UNDOING)


class Row(models.Model):
    """What becomes of a row of the file: planned while the import is looked at, done once it was begun.

    `made` holds ids of what it made by table, `was` {table: {id: {column: [old, new]}}}; `event` is the last event of
    the import then, so that undoing sees what came later. `cells` are kept of rows to be mended.
    """

    class State(models.TextChoices):
        MADE = "made", "made"
        UPDATED = "updated", "updated"
        JOINED = "joined", "joined"
        SKIPPED = "skipped", "skipped"
        REFUSED = "refused", "refused"
        UNDONE = "undone", "taken back"
        KEPT = "kept", "changed since"

    owner = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.TextField(choices=State.choices)
    title = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.TextField(blank=True, default="")
    cells = models.JSONField(null=True)
    company = models.BigIntegerField(null=True)
    contact = models.BigIntegerField(null=True)
    deal = models.BigIntegerField(null=True)
    made = models.JSONField(null=True)
    was = models.JSONField(null=True)
    event = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["owner", "state", "number"], name="import_row_state")]


class Link(models.Model):
    """The number that another system knows a row of ours by: what has come once is found again by it."""

    class Kind(models.TextChoices):
        COMPANY = "company", "client"
        CONTACT = "contact", "contact"
        DEAL = "deal", "deal"

    system = models.TextField()
    kind = models.TextField(choices=Kind.choices)
    key = models.TextField()
    row = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "kind", "key"], name="import_link_once")]
        indexes = [models.Index(fields=["kind", "row"], name="import_link_row")]


class Habit(models.Model):
    """What a column of this heading became the last time: the next guess begins with it."""

    heading = models.TextField(unique=True)
    target = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(heading=""), name="import_habit_named")]
