"""What a role sees and may, said in sentences. The rules themselves are `staff.access` and `deals.access`."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from voronka.staff.access import PERMISSIONS
from voronka.staff.models import Person, Role


@dataclass(frozen=True)
class Sight:
    allowed: bool
    text: str


def of_role(role: Role) -> list[Sight]:
    """What anybody of this role sees and may."""
    general = {
        Role.Sees.BRAND.value: _("All deals of the brand"),
        Role.Sees.LOCATION.value: _("Deals handed to the location, and their own"),
    }
    first = Sight(True, general[role.sees]) if role.sees in general else _deals(role)
    return [first, *_rest(role)]


def of_person(person: Person, partners: list[str]) -> list[Sight]:
    """The same with the names of partners, brands and locations. `person` with brands and locations at hand."""
    brands = ", ".join(f"«{brand.name}»" for brand in person.brands.all())
    locations = ", ".join(f"«{location.name}»" for location in person.locations.all())
    return [_deals(person.role, shared=", ".join(partners), brands=brands, locations=locations), *_rest(person.role)]


def _deals(role: Role, *, shared: str = "", brands: str = "", locations: str = "") -> Sight:
    if role.sees == Role.Sees.ALL:
        return Sight(True, _("All deals and clients of the company"))
    if role.sees == Role.Sees.BRAND:
        return Sight(True, _("All deals of the brand: %(names)s") % {"names": brands or _("none is chosen yet")})
    if role.sees == Role.Sees.LOCATION:
        names = {"names": locations or _("none is chosen yet")}
        return Sight(True, _("Deals handed to the location: %(names)s, and their own") % names)
    if shared:
        return Sight(True, _("Own deals and those of the shared account: %(names)s") % {"names": shared})
    return Sight(True, _("Own deals, and those handed on: to read"))


def _rest(role: Role) -> list[Sight]:
    sights = [
        Sight(True, _("Untaken inquiries of the brand, together with everybody"))
        if role.sees_untaken
        else Sight(False, _("Does not see untaken inquiries"))
    ]
    if role.sees != Role.Sees.ALL:
        sights.append(Sight(False, _("Does not find other deals and clients, not even by search")))
    words = _words()
    known = [key for key in PERMISSIONS if key in words]
    sights += [Sight(True, words[key][0]) for key in known if key in role.may]
    sights += [Sight(False, words[key][1]) for key in known if key not in role.may]
    return sights


def _words() -> dict[str, tuple[str, str]]:
    """Permission → what it lets do, what its lack forbids."""
    return {
        "take_deals": (_("Takes untaken inquiries"), _("Does not take inquiries")),
        "create_deals": (_("Makes deals by hand"), _("Does not make deals by hand")),
        "assign_deals": (_("Hands deals to other people"), _("Does not hand over deals of others")),
        "see_clients": (_("Opens the list of clients"), _("Does not open the list of clients")),
        "export_deals": (_("Takes lists out as files"), _("Does not take lists out as files")),
        "import_clients": (_("Brings clients in from files"), _("Does not bring clients in from files")),
        "see_ledger": (_("Sees the balance of inquiries"), _("Does not see the balance of inquiries")),
        "repair_ledger": (_("Mends and replays failed inquiries"), _("Does not mend failed inquiries")),
        "manage_sources": (_("Connects sources"), _("Does not connect sources")),
        "manage_people": (_("Lets people in and changes their rights"), _("Does not manage people")),
        "share_views": (_("Saves views for everybody"), _("Saves views for oneself only")),
        "release_messages": (_("Sends or drops messages that wait"), _("Does not decide on messages that wait")),
        "see_process": (_("Sees the process"), _("Does not see the process")),
        "manage_process": (_("Changes the process"), _("Does not change the process")),
    }
