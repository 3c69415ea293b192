"""The list of settings at the left: only what the person may open, only what exists."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from voronka.staff.models import Person


@dataclass(frozen=True, kw_only=True)
class Section:
    key: str
    title: str
    url: str
    icon: str
    group: str


def sections(person: Person) -> list[Section]:
    found = []
    if person.may("manage_people"):
        group = _("Department")
        found += [
            Section(key="people", title=_("People and roles"), url=reverse("people"), icon="users", group=group),
            Section(key="teams", title=_("Teams"), url=reverse("teams"), icon="users-group", group=group),
            Section(key="shifts", title=_("Shifts"), url=reverse("shifts"), icon="calendar-time", group=group),
            Section(key="places", title=_("Brands and locations"), url=reverse("places"), icon="building", group=group),
        ]
    if person.may("manage_process"):
        address, group = reverse("fields"), _("Process")
        found.append(Section(key="fields", title=_("Fields of deals"), url=address, icon="forms", group=group))
        found.append(Section(key="tags", title=_("Tags"), url=reverse("tags"), icon="tags", group=group))
        kinds = reverse("task-kinds")
        found.append(Section(key="task-kinds", title=_("Kinds of tasks"), url=kinds, icon="checkbox", group=group))
    if person.may("manage_sources"):
        address, group = reverse("channels"), _("Connection")
        found.append(Section(key="channels", title=_("Channels"), url=address, icon="messages", group=group))
        found.append(Section(key="sources", title=_("Sources"), url=reverse("sources"), icon="plug", group=group))
        address, group = reverse("hooks"), _("Connection")
        found.append(Section(key="hooks", title=_("Webhooks"), url=address, icon="webhook", group=group))
    if person.may("import_clients"):
        address, group = reverse("imports"), _("Connection")
        found.append(Section(key="imports", title=_("Import"), url=address, icon="file-import", group=group))
    return found
