"""What the frame around every page needs: sections of the role, counts, me."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, QuerySet, Subquery, Value
from django.db.models.expressions import BaseExpression
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from voronka.conversations import queries as conversations
from voronka.kernel import clock
from voronka.messages import queries as messages
from voronka.notices import queries as notices
from voronka.staff.models import Person
from voronka.tasks.models import Task
from voronka.web.process.access import may_see


@dataclass(frozen=True, kw_only=True)
class NavItem:
    key: str
    title: str
    url: str
    icon: str
    count: int = 0
    late: bool = False
    live: str = ""
    live_url: str = ""


def frame(request: HttpRequest) -> dict:
    """Context of the layout; empty for strangers. Counted only by pages that show it: a part costs nothing."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return {"me": None, "nav": [], "unread_notices": 0}
    counts = SimpleLazyObject(lambda: _counts(person))
    return {
        "me": person,
        "nav": SimpleLazyObject(
            lambda: sections(
                person,
                overdue=counts["overdue"],
                waiting=counts["waiting"],
                late=counts["late"],
                held=counts.get("held", 0),
            )
        ),
        "unread_notices": SimpleLazyObject(lambda: counts["unread"]),
    }


def _counts(person: Person) -> dict[str, int]:
    """Overdue tasks, unread notices, clients who wait for an answer and, for whoever decides on them, messages that are
    held. One query.
    """
    overdue = Task.objects.filter(responsible=person, done_at=None, due_at__lt=clock.now())
    counts: dict[str, BaseExpression] = {
        "overdue": _number(overdue),
        "unread": _number(notices.unread(person)),
        "waiting": _number(conversations.waiting(person)),
        "late": _number(conversations.waiting(person, "late")),
    }
    if person.may("release_messages"):
        few = ArraySubquery(messages.waiting(person).values("pk")[: messages.MANY])
        counts["held"] = Func(few, function="cardinality", output_field=IntegerField())
    found: dict[str, int] = Person.objects.filter(pk=person.pk).values(**counts).get()  # type: ignore[assignment]
    return found


def _number(rows: QuerySet) -> Subquery:
    return Subquery(rows.order_by().values(whole=Func(Value(1), function="count")), output_field=IntegerField())


def sections(person: Person, *, overdue: int = 0, waiting: int = 0, late: int = 0, held: int = 0) -> list[NavItem]:
    """Only what the role uses."""
    items = [
        NavItem(key="day", title=_("My day"), url=reverse("day"), icon="sun"),
        NavItem(
            key="inbox",
            title=_("Inbox"),
            url=reverse("inbox"),
            icon="messages",
            count=waiting,
            late=late > 0,
            live="inbox",
            live_url=reverse("inbox-count"),
        ),
        NavItem(key="deals", title=_("Deals"), url=reverse("board"), icon="layout-kanban"),
    ]
    if person.may("see_clients"):
        items.append(NavItem(key="clients", title=_("Clients"), url=reverse("clients"), icon="users"))
    items.append(
        NavItem(
            key="tasks",
            title=_("Tasks"),
            url=reverse("tasks"),
            icon="checkbox",
            count=overdue,
            late=overdue > 0,
        )
    )
    items.append(NavItem(key="calendar", title=_("Calendar"), url=reverse("calendar"), icon="calendar"))
    if person.may("see_ledger"):
        items.append(NavItem(key="ledger", title=_("Inquiries"), url=reverse("ledger"), icon="inbox"))
    if person.may("release_messages"):
        items.append(
            NavItem(
                key="messages",
                title=pgettext("messages", "Held"),
                url=reverse("messages"),
                icon="message-pause",
                count=held,
            )
        )
    items.append(NavItem(key="knowledge", title=_("Knowledge"), url=reverse("knowledge"), icon="book-2"))
    if may_see(person):
        items.append(NavItem(key="process", title=_("Processes"), url=reverse("process"), icon="sitemap"))
    if any(person.may(one) for one in ("manage_people", "manage_process", "manage_sources", "import_clients")):
        items.append(NavItem(key="settings", title=_("Settings"), url=reverse("settings"), icon="settings"))
    return items
