"""«@Мария Тен» in a note: whom it names, who of them sees the deal, and telling those who do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from voronka.clients.models import Note
from voronka.kernel import access
from voronka.kernel.actor import Actor
from voronka.notices.actions import notify
from voronka.staff.models import Person

from ..models import Deal


def people_named(text: str) -> list[Person]:
    """Active people whose name stands after an «@»; a longer name hides a shorter one that begins it."""
    if "@" not in text:
        return []
    found, rest = [], text
    names = Person.objects.filter(is_active=True).values_list("pk", "name")
    for pk, name in sorted(names, key=lambda one: -len(one[1])):
        if f"@{name}" in rest:
            found.append((pk, name))
    for _pk, name in found:
        rest = rest.replace(f"@{name}", " ")
    ids = [pk for pk, _name in found]
    return list(Person.objects.filter(pk__in=ids).select_related("role").prefetch_related("brands", "locations"))


def who_see(deal: Deal, people: Iterable[Person]) -> list[Person]:
    """Those whom the gate lets to the deal. A mention opens nothing."""
    return [person for person in people if access.sees(person.reach, deal.audience)]


def blind_to(deal: Deal, text: str) -> list[Person]:
    """Whom the text names in vain."""
    named = people_named(text)
    seeing = {person.pk for person in who_see(deal, named)}
    return [person for person in named if person.pk not in seeing]


def tell(deal: Deal, note: Note, by: Actor, *, before: str = "") -> list[int]:
    """A notice to everybody named who sees the deal and was not named `before`; ids of all who see it."""
    seeing = who_see(deal, people_named(note.text))
    known = {person.pk for person in people_named(before)} | {by.person_id}
    author = Person.objects.get(pk=by.person_id).name if by.person_id else _("Voronka")
    notify(
        [person for person in seeing if person.pk not in known],
        kind="mention",
        key=f"mention:{note.pk}",
        title=_("{name} mentions you in deal №{deal}").format(name=author, deal=deal.pk),
        body=note.text,
        url=f"/deals/{deal.pk}",
    )
    return sorted(person.pk for person in seeing)
