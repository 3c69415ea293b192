from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from voronka.clients.models import Company, Contact
from voronka.deals.models import Deal, Passage
from voronka.staff.models import Person


class Version(models.Model):
    """A state of the process document as people wrote it (YAML). One is active."""

    document = models.TextField()
    comment = models.TextField(blank=True, default="")
    author_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    is_active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="version_one_active")
        ]


class Firing(models.Model):
    """A moment of a timed rule that has come, or a rule that waits for one. The constraints are what makes it once.

    It follows from a stay at a stage (`passage`), or from the fact that `about` names; `turn` counts repetitions.
    `fired_at` is empty while it waits to be run. A rule that waits goes on at `step` of its `version`; `facts` are
    those that may cancel it: {since, stay, led_by}.
    """

    rule = models.TextField()
    about = models.TextField(blank=True, default="", db_default="")
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, related_name="+")
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    passage = models.ForeignKey(Passage, models.CASCADE, null=True, related_name="+")
    turn = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    step = models.PositiveSmallIntegerField(default=0, db_default=0)
    facts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    trace = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "passage", "turn"], name="firing_once"),
            models.UniqueConstraint(fields=["rule", "about", "turn"], name="firing_about_once", condition=~Q(about="")),
        ]
        indexes = [models.Index(fields=["due_at", "id"], name="firing_waits", condition=Q(fired_at=None))]


class Trace(models.Model):
    """One run of a rule: what set it off (an event, or the fact `about` of a timer), what came of it.

    `parent_id`: the run that led to it. `did`: kinds of the steps that were taken.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "done"
        WAITS = "waits", "waits"
        REFUSED = "refused", "refused"
        BROKEN = "broken", "broken"
        HELD_OUT = "held_out", "held out"

    rule = models.TextField()
    deal = models.ForeignKey(Deal, models.CASCADE, null=True, related_name="+")
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="+")
    event_id = models.BigIntegerField(null=True)
    about = models.TextField(default="")
    parent_id = models.BigIntegerField(null=True)
    depth = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    outcome = models.TextField(choices=Outcome.choices, default=Outcome.DONE)
    reason = models.TextField(default="")
    did = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["deal", "-id"], name="trace_deal", condition=Q(deal__isnull=False)),
            models.Index(fields=["rule", "-at", "-id"], name="trace_rule"),
        ]


class Address(models.Model):
    """The secret address by which another system sets a rule off; only a digest of the secret is kept."""

    rule = models.TextField(unique=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()


class Knock(models.Model):
    """A call of such an address, kept as it came before it is answered. `why`: what it came to, when to nothing."""

    rule = models.TextField()
    body = models.TextField()
    came_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    deal_id = models.BigIntegerField(null=True)
    why = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["rule", "-id"], name="knock_rule")]


class Beat(models.Model):
    """When some worker looked for what is due last: after an outage the clock is caught up from there."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="beat_is_one")]


class BrokenRule(models.Model):
    """A rule set aside because it raised; shown as an alarm, switched on again by people."""

    rule = models.TextField(unique=True)
    error = models.TextField()
    broken_at = models.DateTimeField()


class Pick(models.Model):
    """Whom a rule that goes in turn chose last, and when."""

    rule = models.TextField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    picked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "person"], name="pick_once")]


class Ticked(models.Model):
    """A step of a script that was said to a client. It counts while the deal is on the stage it was said on."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="+")
    script = models.TextField()
    step = models.PositiveSmallIntegerField()
    ticked_by_id = models.BigIntegerField(null=True)
    ticked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "script", "step"], name="ticked_once")]


class Draft(models.Model):
    """A state of the document that is being changed on screen; the newest one is the draft, undo is the one before.

    `base`: the version it was begun from. `what`: the last step, in words.
    """

    document = models.TextField()
    base = models.ForeignKey(Version, models.CASCADE, related_name="+")
    what = models.TextField()
    author_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()


class Trial(models.Model):
    """A check on history: `document` replayed over `days` before `created_at`, beside the process in force (`base`).

    `people`: by id of a person, tasks under the one and under the other.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    base = models.ForeignKey(Version, models.CASCADE, related_name="+")
    document = models.TextField()
    days = models.PositiveSmallIntegerField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    people = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="trial_person")]


class TrialFigure(models.Model):
    """How often a rule's step would have been done, before and after, and on which deals."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="figures")
    kind = models.TextField()
    rule = models.TextField()
    step = models.PositiveSmallIntegerField()
    before = models.PositiveIntegerField()
    after = models.PositiveIntegerField()
    deals = ArrayField(models.BigIntegerField(), default=list)
    deals_before = ArrayField(models.BigIntegerField(), default=list)
