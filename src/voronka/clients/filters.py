"""What can be asked about clients."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from voronka.kernel.filters import Base, Column, Field, Listed, Related
from voronka.staff.filters import person_options

from .models import Address, Company, Contact, Identity, Requisites
from .segments import segment_options
from .tags import same_tags, tag_named, tag_options


def base() -> Base:
    return Base("clients", Company, MappingProxyType({field.key: field for field in _FIELDS}))


def contacts_base() -> Base:
    return Base("contacts", Contact, MappingProxyType({field.key: field for field in _CONTACT}))


def identities_base() -> Base:
    return Base("identities", Identity, MappingProxyType({field.key: field for field in _IDENTITY}))


def addresses_base() -> Base:
    return Base("addresses", Address, MappingProxyType({field.key: field for field in _ADDRESS}))


def requisites_base() -> Base:
    return Base("requisites", Requisites, MappingProxyType({field.key: field for field in _REQUISITES}))


def kind_options() -> list[tuple[object, str]]:
    return [
        (Company.Kind.FAMILY.value, str(_("family"))),
        (Company.Kind.LEGAL.value, str(_("legal entity"))),
        (Company.Kind.PROPRIETOR.value, str(_("sole proprietor"))),
    ]


def _identity_kinds() -> list[tuple[object, str]]:
    return [(kind.value, str(IDENTITY_TITLES[kind])) for kind in Identity.Kind]


IDENTITY_TITLES = {
    Identity.Kind.PHONE: _("phone"),
    Identity.Kind.EMAIL: _("e-mail"),
    Identity.Kind.TELEGRAM: "Telegram",
    Identity.Kind.WHATSAPP: "WhatsApp",
    Identity.Kind.VK: _("VKontakte"),
    Identity.Kind.INSTAGRAM: "Instagram",
}

_FIELDS = (
    Field(key="id", title=_("Number"), kind="number", source=Column("pk")),
    Field(key="name", title=_("Name"), kind="text", source=Column("name")),
    Field(key="kind", title=_("Kind of client"), kind="choice", source=Column("kind"), options=kind_options),
    Field(
        key="tags",
        title=_("Tags"),
        kind="choices",
        source=Listed("tags", same_tags),
        options=tag_options,
        named=tag_named,
    ),
    Field(key="segments", title=_("Segments"), kind="choices", source=Listed("segments"), options=segment_options),
    Field(
        key="responsible",
        title=_("Led by"),
        kind="person",
        source=Column("responsible_id"),
        options=person_options,
    ),
    Field(key="comment", title=_("Comment"), kind="text", source=Column("comment")),
    Field(key="created_at", title=_("Client since"), kind="datetime", source=Column("created_at")),
    Field(
        key="last_interaction_at",
        title=_("Last interaction"),
        kind="datetime",
        source=Column("last_interaction_at"),
    ),
    Field(
        key="contacts",
        title=_("People"),
        kind="relation",
        source=Related(to="contacts", link="company", gated=False),
    ),
    Field(
        key="addresses",
        title=_("Addresses"),
        kind="relation",
        source=Related(to="addresses", link="company", gated=False),
    ),
    Field(
        key="requisites",
        title=_("Requisites"),
        kind="relation",
        source=Related(to="requisites", link="company", gated=False),
    ),
    Field(key="deals", title=_("Deals"), kind="relation", source=Related(to="deals", link="company")),
    Field(key="tasks", title=_("Tasks"), kind="relation", source=Related(to="tasks", link="company")),
)

_CONTACT = (
    Field(key="name", title=_("Name"), kind="text", source=Column("name")),
    Field(key="position", title=_("Position"), kind="text", source=Column("position")),
    Field(key="birthday", title=_("Birthday"), kind="date", source=Column("birthday")),
    Field(key="is_child", title=_("Child"), kind="yes_no", source=Column("is_child")),
    Field(
        key="identities",
        title=_("Ways to reach"),
        kind="relation",
        source=Related(to="identities", link="contact", gated=False),
    ),
)

_IDENTITY = (
    Field(key="kind", title=_("Kind"), kind="choice", source=Column("kind"), options=_identity_kinds),
    Field(key="value", title=_("Value"), kind="text", source=Column("value")),
)

_ADDRESS = (
    Field(key="text", title=_("Address"), kind="text", source=Column("text")),
    Field(key="label", title=_("Label"), kind="text", source=Column("label")),
)

_REQUISITES = (
    Field(key="name", title=_("Name"), kind="text", source=Column("name")),
    Field(key="inn", title=_("INN"), kind="text", source=Column("inn")),
)
