from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, ExtractDay, ExtractMonth, Lower

from voronka.kernel.access import Gated, GatedQuerySet
from voronka.staff.models import Person


def _sort_key() -> Func:
    """Order of Russian names without ICU: lower case, ё as е, compared by code point."""
    return Collate(
        Func(Lower("name"), Value("ё"), Value("е"), function="translate", output_field=models.TextField()),
        "C",
    )


NOTES_IN_A_BUNDLE = 20_000


class Tag(models.Model):
    """A word hung on deals and clients: those keep its `key` in their `tags`, so that renaming touches no other row.

    A retired one is shown nowhere and comes back with everything it hung on. One that was merged shows as the one it
    went into; the rows keep its key, so that parting them again is exact.
    """

    title = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("title"), name="tag_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        return str(self.pk)


def tags_field() -> ArrayField:
    """Keys of the tags that hang on a row, or of the segments it belongs to."""
    return ArrayField(models.TextField(), default=list, db_default=Value([], ArrayField(models.TextField())))


def note_words() -> Func:
    """Words of a note without their endings, as the full-text index holds them."""
    return Func(F("text"), template="to_tsvector('russian', %(expressions)s)", output_field=SearchVectorField())


def note_age() -> Func:
    """Notes in bundles of the order in which they were written, so that the last ones are searched first."""
    return Func(F("id"), template=f"(%(expressions)s / {NOTES_IN_A_BUNDLE})", output_field=models.BigIntegerField())


def name_words() -> Func:
    """Words of a name, lower case, ё as е: just what the trigger makes a Word of."""
    words = "regexp_split_to_array(translate(lower(%(expressions)s), 'ё', 'е'), '[^[:alpha:]]+')"
    return Func(F("name"), template=words, output_field=ArrayField(models.TextField()))


class Company(Gated):
    """A client: legal entity, sole proprietor or family. Deals hang on it.

    `home` is who sees it by itself (who entered it); `audience` is that and the audiences of its deals.
    """

    class Kind(models.TextChoices):
        LEGAL = "legal", "legal entity"
        PROPRIETOR = "proprietor", "sole proprietor"
        FAMILY = "family", "family"

    kind = models.TextField(choices=Kind.choices, default=Kind.FAMILY)
    name = models.TextField()
    responsible = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="companies")
    comment = models.TextField(blank=True, default="")
    home = ArrayField(models.TextField(), default=list, editable=False)
    tags = tags_field()
    segments = tags_field()
    created_at = models.DateTimeField()
    last_interaction_at = models.DateTimeField(null=True)

    class Meta(Gated.Meta):
        indexes = [
            *Gated.Meta.indexes,
            models.Index(_sort_key(), "id", name="company_sort"),
            models.Index(F("created_at").desc(), F("id").desc(), name="company_recent"),
            models.Index(F("last_interaction_at").desc(nulls_last=True), "id", name="company_spoken"),
            # the order of a list of deals, either way
            models.Index(fields=["last_interaction_at", "id"], name="company_active"),
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="company_name_trgm"),
            GinIndex(name_words(), name="company_name_words"),
            GinIndex(fields=["tags"], name="company_tags"),
            GinIndex(fields=["segments"], name="company_segments"),
        ]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """A named set of clients that rules and people add to and remove from; clients keep its key in `segments`."""

    key = models.TextField(unique=True)
    title = models.TextField()
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class Word(models.Model):
    """A word of somebody's name of three letters or more, lower case, ё as е: what is typed, with typos or in part, is
    looked up here first. A database trigger collects them; none is ever taken away, and one may stand here twice.
    """

    text = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["text"], name="word_text"),
            GinIndex(OpClass("text", name="gin_trgm_ops"), name="word_trgm"),
        ]


class OfCompany(GatedQuerySet):
    path = "company__audience"


class Contact(models.Model):
    """A person; always belongs to a company."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="contacts")
    name = models.TextField()
    position = models.TextField(blank=True, default="")
    birthday = models.DateField(null=True, blank=True)
    is_child = models.BooleanField(default=False)
    fields = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    objects = OfCompany.as_manager()

    class Meta:
        indexes = [
            GinIndex(OpClass(Lower("name"), name="gin_trgm_ops"), name="contact_name_trgm"),
            GinIndex(name_words(), name="contact_name_words"),
            models.Index(ExtractMonth("birthday"), ExtractDay("birthday"), name="contact_birthday"),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """How a contact is reached and recognised. `value` is normalised: E.164, lower-case e-mail, bare handle."""

    class Kind(models.TextChoices):
        PHONE = "phone", "phone"
        EMAIL = "email", "e-mail"
        TELEGRAM = "telegram", "Telegram"
        WHATSAPP = "whatsapp", "WhatsApp"
        VK = "vk", "VK"
        INSTAGRAM = "instagram", "Instagram"

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="identities")
    kind = models.TextField(choices=Kind.choices)
    value = models.TextField()
    raw = models.TextField(blank=True, default="")

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["contact", "kind", "value"], name="identity_once")]
        indexes = [
            models.Index(fields=["kind", "value"], name="identity_value"),
            GinIndex(OpClass("value", name="gin_trgm_ops"), name="identity_value_trgm"),
        ]


class Address(models.Model):
    company = models.ForeignKey(Company, models.CASCADE, related_name="addresses")
    label = models.TextField(blank=True, default="")
    text = models.TextField()

    objects = OfCompany.as_manager()


class Requisites(models.Model):
    """Legal and bank details, as 1C exchanges them."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="requisites")
    name = models.TextField()
    inn = models.TextField(blank=True, default="")
    kpp = models.TextField(blank=True, default="")
    ogrn = models.TextField(blank=True, default="")
    bank = models.TextField(blank=True, default="")
    bik = models.TextField(blank=True, default="")
    account = models.TextField(blank=True, default="")
    correspondent_account = models.TextField(blank=True, default="")

    objects = OfCompany.as_manager()

    class Meta:
        verbose_name_plural = "requisites"
        indexes = [models.Index(fields=["inn"], name="requisites_inn", condition=~Q(inn=""))]


class StandingNotes(models.Manager.from_queryset(OfCompany)):  # type: ignore[misc]
    """Notes that stand. A deleted one keeps its row, without its text, so that its author can put it back."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(deleted_at=None)


class Note(models.Model):
    """What somebody wrote about a client or one of its deals. Its earlier texts are in the events."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="notes")
    deal = models.ForeignKey("deals.Deal", models.CASCADE, null=True, blank=True, related_name="notes")
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)

    objects = StandingNotes()
    with_deleted = OfCompany.as_manager()

    class Meta:
        indexes = [GinIndex(note_words(), note_age(), name="note_words_by_age")]
