"""The deal card: head with the stage bar, fields and client on the left, what is next on the right."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.clients.models import Contact, Identity
from voronka.clients.queries import contacts_of
from voronka.deals import board, fields, queries, related
from voronka.deals.access import may_change
from voronka.deals.models import Deal, Stage
from voronka.deals.related import Others
from voronka.kernel import clock
from voronka.messages.ports import channels
from voronka.process.outlook import what_next
from voronka.staff.models import Person
from voronka.staff.queries import names
from voronka.tasks.models import Task
from voronka.web import formats
from voronka.web.board.tiles import client_name, limit_text, share_of_limit, subject, tone_of, whose
from voronka.web.inbox.composing import composer_of

from . import fieldrows, merging, steps, timeline
from .asked import asked_of
from .copying import may_copy
from .moves import Hint, hints
from .reach import contacts
from .scripts import scripts_of

People = Sequence[tuple[Contact, Sequence[Identity]]]


def card(deal: Deal, person: Person, *, tab: str = "") -> dict[str, Any]:
    """Everything the whole card shows."""
    people, others = contacts_of(deal.company), related.others(deal, person)
    return {
        "deal": deal,
        "current": "deals",
        **head(deal, person, people=people),
        **side(deal, person, people=people, others=others),
        **flow(deal, person, tab=tab),
        **right(deal, person, others=others),
    }


def head(deal: Deal, person: Person, *, people: People | None = None) -> dict[str, Any]:
    """Title, amount, stage bar, neighbours in the column, refusal."""
    known, stages = fields.specs(person.actor), queries.stages_of(deal.funnel)
    said = hints(deal, person, stages, known)
    lost = next((stage for stage in stages if stage.meaning == Stage.Meaning.LOST), None)
    above, below = board.neighbours(Deal.objects.visible_to(person), deal)
    about = subject(deal, known)
    return {
        "deal": deal,
        "client_name": client_name(deal),
        "about": about,
        "title": ", ".join(part for part in (client_name(deal), about) if part),
        **_stage_bar(deal, stages, said),
        "lost": lost if lost and deal.stage_id != lost.pk and not said[lost.pk].locked else None,
        "above": above,
        "below": below,
        "phone": main_phone(contacts_of(deal.company) if people is None else people),
        "may_change": may_change(person.actor, deal),
        "may_copy": may_copy(deal, person),
        "may_take": deal.responsible_id is None and person.may("take_deals") and may_change(person.actor, deal),
    }


def side(deal: Deal, person: Person, *, people: People | None = None, others: Others | None = None) -> dict[str, Any]:
    """Fields in place, the client, where it came from, who leads it."""
    known, stages = fields.specs(person.actor), queries.stages_of(deal.funnel)
    others = others or related.others(deal, person)
    ahead = [stage for stage in stages if stage.position > deal.stage.position and stage.meaning != "lost"]
    editable = may_change(person.actor, deal)
    return {
        "deal": deal,
        "groups": fieldrows.groups(deal, known, person.actor, editable=editable, ahead=ahead),
        "client_note": _client_note(others.won, others.won_sum),
        "contacts": contacts(contacts_of(deal.company) if people is None else people),
        "sees_client": person.may("see_clients"),
        "origin": _origin(deal),
        "responsible": whose(deal.responsible),
        "may_assign": may_assign(deal, person),
        "waited": _waited(deal),
    }


def flow(deal: Deal, person: Person, *, tab: str = "") -> dict[str, Any]:
    """The timeline with its tabs and the composer."""
    tab = tab if tab in timeline.TABS else ""
    history = timeline.page(deal, person.actor, tab=tab, known=fields.specs(person.actor))
    counts = queries.history_counts(deal) if history.counts is None else history.counts
    return {
        "deal": deal,
        "tab": tab,
        "tabs": tabs(deal, tab, counts),
        "history": history,
        "pinned": history.pinned,
        **composer(deal, person),
    }


def composer(deal: Deal, person: Person) -> dict[str, Any]:
    """What is written in the card: a draft that waits to be sent, a note, a task. `deal` came with its draft."""
    waits = getattr(deal, "draft", None)
    return {
        "deal": deal,
        "draft": waits and {**waits, "title": channels()[waits["channel"]].title}
        if may_change(person.actor, deal)
        else None,
        "kinds": [(kind.key, kind.title) for kind in steps.kinds()],
        "whens": steps.when_options(),
        "people": people(deal),
        **composer_of(deal.company, person),
    }


def tabs(deal: Deal, tab: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The tabs of the timeline with how much each holds; `counts` of events by kind."""
    return [
        {
            "key": key,
            "title": title,
            "count": sum(counts.get(kind, 0) for kind in timeline.TABS[key]) if key else None,
            "url": f"/deals/{deal.pk}/history?tab={key}",
            "current": key == tab,
        }
        for key, title in timeline.tab_titles().items()
    ]


def right(deal: Deal, person: Person, *, others: Others | None = None) -> dict[str, Any]:
    """Next step, what the process will do, scripts, goods, help of this stage."""
    tasks = queries.open_tasks(deal)
    changeable = may_change(person.actor, deal)
    return {
        "deal": deal,
        "step": _step(deal, tasks[0], changeable) if tasks else None,
        "later": [_step(deal, task, changeable) for task in tasks[1:]],
        "upcoming": [_upcoming(coming) for coming in what_next(deal)],
        "lines": list(deal.lines.select_related("product", "added_by").order_by("id")),
        "related": (others or related.others(deal, person)).related,
        "merges": merging.parts_of(deal),
        "needs_step": not tasks and changeable and _is_held(deal, person),
        "stage_hint": deal.stage.hint,
        **scripts_of(deal, person, tasks),
        "may_change": changeable,
        **asked_of(deal, person),
    }


def _is_held(deal: Deal, person: Person) -> bool:
    """Whether whoever leads it may not leave its card without a next step."""
    open_here = deal.stage.meaning == Stage.Meaning.OPEN and not deal.closed_at
    return deal.funnel.next_step_required and open_here and deal.responsible_id == person.pk


def people(deal: Deal) -> list[tuple[str, str]]:
    """Who may be given a task or the deal."""
    return [(str(pk), name) for pk, name in names()]


def main_phone(people: People) -> str:
    """Of whoever was known first."""
    known = sorted(people, key=lambda one: one[0].pk)
    return next((way.value for _contact, ways in known for way in ways if way.kind == Identity.Kind.PHONE), "")


def _stage_bar(deal: Deal, stages: Sequence[Stage], said: Mapping[int, Hint]) -> dict[str, Any]:
    """Stages of the way without the refusal; under each: time spent, time against the limit, or what will be asked."""
    spent = queries.time_in_stages(deal)
    way = [stage for stage in stages if stage.meaning != Stage.Meaning.LOST]
    return {"stage_bar": [_mark(deal, stage, said.get(stage.pk, Hint()), spent.get(stage.pk)) for stage in way]}


def _mark(deal: Deal, stage: Stage, hint: Hint, spent: float | None) -> dict[str, Any]:
    here = stage.pk == deal.stage_id
    passed = (stage.position < deal.stage.position and deal.stage.meaning != Stage.Meaning.LOST) or spent is not None
    percent = share_of_limit(deal)
    return {
        "id": stage.pk,
        "name": stage.title,
        "state": "here" if here else "done" if passed else "ahead",
        "note": _here(deal)
        if here
        else formats.duration(spent, fieldrows.language())
        if spent
        else _ahead(stage, hint),
        "percent": (percent or 100) if here else 0,
        "tone": tone_of(percent) if here else "",
        "url": "" if hint.locked else f"/deals/{deal.pk}/stage",
        "locked": hint.locked,
    }


def _here(deal: Deal) -> str:
    age = formats.duration(clock.now() - deal.stage_entered_at, fieldrows.language())
    limit = limit_text(deal.stage)
    return _("%(age)s of %(limit)s") % {"age": age, "limit": limit} if limit and not deal.closed_at else age


def _ahead(stage: Stage, hint: Hint) -> str:
    if stage.meaning == Stage.Meaning.WON:
        return _("success")
    return lowered(hint.text) or stage.goal


def _step(deal: Deal, task: Task, changeable: bool) -> dict[str, Any]:
    now, zone = clock.now(), timezone.get_current_timezone()
    day = formats.near_day(
        task.due_at.astimezone(zone).date(), today=now.astimezone(zone).date(), language=fieldrows.language()
    )
    late = task.due_at < now
    today = task.due_at.astimezone(zone).date() == now.astimezone(zone).date()
    when = f"{day[:1].upper()}{day[1:]} {formats.clock_time(task.due_at, zone)}"
    url = f"/deals/{deal.pk}/tasks/{task.pk}"
    return {
        "id": task.pk,
        "tone": "late" if late else "today" if today else "plan",
        "when": when,
        "relative": _relative(task.due_at, now, late=late, today=today),
        "text": task.title,
        "done_url": f"{url}/result" if changeable else "",
        "move_url": f"{url}/deadline" if changeable else "",
        "icon": task.kind.icon,
        "whose": task.responsible.name if task.responsible and task.responsible_id != deal.responsible_id else "",
    }


def _relative(due: datetime, now: datetime, *, late: bool, today: bool) -> str:
    """«через 1 ч 25 мин», «просрочено на 21 ч»; nothing for other days."""
    if late:
        return _("late by %(time)s") % {"time": formats.duration(now - due, fieldrows.language())}
    if today:
        return formats.words(fieldrows.language()).ahead.format(formats.exact_duration(due - now, fieldrows.language()))
    return ""


def _upcoming(coming: Any) -> dict[str, str]:
    zone, now = timezone.get_current_timezone(), clock.now()
    when = formats.when(coming.at, now=now, zone=zone, language=fieldrows.language()) if coming.at else ""
    if coming.at and coming.at.astimezone(zone).date() == now.astimezone(zone).date():
        when = _("at %(time)s") % {"time": when}
    text = coming.text
    return {"when": when, "text": lowered(text) if when else text, "unless": coming.cancels}


def lowered(text: str) -> str:
    """For the middle of a sentence; «РОП» stays as it is."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _client_note(won: int, amount: Any) -> str:
    """«Новый клиент» or «2 игры, 31 500 ₽»."""
    if not won:
        return _("New client")
    deals = ngettext("%(num)s won deal", "%(num)s won deals", won) % {"num": won}
    return f"{deals}, {formats.money(amount, fieldrows.language())}"


def _origin(deal: Deal) -> list[tuple[str, str]]:
    """Source, campaign and page; first and last touch when they differ."""
    touch, first = deal.last_touch or {}, deal.first_touch or {}
    utm = deal.utm or {}
    rows = [
        (_("Source"), deal.source.title if deal.source else ""),
        (_("Campaign"), utm.get("utm_campaign", "")),
        ("utm_source", utm.get("utm_source", "")),
        ("utm_medium", utm.get("utm_medium", "")),
        ("utm_content", utm.get("utm_content", "")),
        ("utm_term", utm.get("utm_term", "")),
        (_("Page"), touch.get("page") or first.get("page") or ""),
        (_("Referrer"), touch.get("referrer") or first.get("referrer") or ""),
        (_("First touch"), _touched(first) if first.get("at") != touch.get("at") else ""),
    ]
    return [(label, str(text)) for label, text in rows if text]


def _touched(touch: Mapping[str, Any]) -> str:
    try:
        at = datetime.fromisoformat(str(touch.get("at")))
    except ValueError:
        return ""
    zone = timezone.get_current_timezone()
    return formats.day_and_time(at, now=clock.now(), zone=zone, language=fieldrows.language()) if at.tzinfo else ""


def _waited(deal: Deal) -> str:
    if not deal.taken_at or deal.taken_at <= deal.created_at:
        return ""
    return formats.exact_duration(deal.taken_at - deal.created_at, fieldrows.language())


def may_assign(deal: Deal, person: Person) -> bool:
    """Whether this person may hand the deal over."""
    own = deal.responsible_id in (None, person.pk)
    return may_change(person.actor, deal) and (own or person.may("assign_deals"))
