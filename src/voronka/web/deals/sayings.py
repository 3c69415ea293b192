"""Events as sentences for people: «Мария Тен перенесла в «Подобрали игру»». One small function for each kind."""

from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from voronka.deals import fields
from voronka.deals.fields import FieldSpec
from voronka.kernel.actor import UNDO
from voronka.kernel.models import Event
from voronka.web import formats

from .fieldrows import language, shown
from .notetext import with_names
from .telling import Said, Teller, bold, inquiry_body, line, moment, money, quoted


def say(event: Event, teller: Teller) -> Said | None:
    """The sentence of an event; None for a kind that is not told in a card."""
    write = SAYINGS.get(event.kind)
    return write(event, teller) if write else None


def _created(event: Event, teller: Teller) -> Said:
    who, data = teller.who(event), event.data
    if event.by_kind == "person":
        text = (
            pgettext("she", "%(who)s opened the deal")
            if teller.she(event)
            else pgettext("he", "%(who)s opened the deal")
        )
        return Said(title=line(text, who=who), icon="deal.created")
    return Said(
        title=line(_("Deal opened at %(stage)s"), stage=bold(quoted(data.get("stage_title", "")))), icon="deal.created"
    )


def _inquiry(event: Event, teller: Teller) -> Said:
    data = event.data
    source = data.get("source") or event.why
    title = line("%(who)s, %(source)s", who=bold(teller.client), source=source) if source else bold(teller.client)
    return Said(title=title, body=inquiry_body(data), kind="say", icon="inquiry")


def _taken(event: Event, teller: Teller) -> Said:
    data = event.data
    waited = data.get("waited_seconds")
    if event.person_id != data.get("person") or waited is None:
        text = _("%(who)s: the deal is led by %(name)s")
        return Said(title=line(text, who=teller.who(event), name=bold(data.get("name", ""))), icon="deal.taken")
    time = formats.exact_duration(waited, language())
    if teller.she(event):
        text = pgettext("she", "%(who)s took it in %(time)s")
    else:
        text = pgettext("he", "%(who)s took it in %(time)s")
    return Said(title=line(text, who=teller.who(event), time=time), icon="deal.taken")


def _assigned(event: Event, teller: Teller) -> Said:
    if event.by_kind == "rule":
        text = _("%(who)s: the deal is led by %(name)s")
        return Said(title=line(text, who=teller.who(event), name=bold(event.data.get("name", ""))), icon="deal.handed")
    if teller.she(event):
        text = pgettext("she", "%(who)s handed the deal over: %(name)s")
    else:
        text = pgettext("he", "%(who)s handed the deal over: %(name)s")
    return Said(title=line(text, who=teller.who(event), name=bold(event.data.get("name", ""))), icon="deal.handed")


def _moved(event: Event, teller: Teller) -> Said:
    data, who = event.data, teller.who(event)
    if data.get("meaning") == "lost":
        text = (
            pgettext("she", "%(who)s closed it as lost: %(reason)s")
            if teller.she(event)
            else pgettext("he", "%(who)s closed it as lost: %(reason)s")
        )
        reason = bold(data.get("loss_reason_title") or data.get("to_title", ""))
        return Said(
            title=line(text, who=who, reason=reason),
            body=data.get("loss_comment", ""),
            kind="note" if data.get("loss_comment") else "small",
            icon="deal.lost",
        )
    stage = bold(quoted(data.get("to_title", "")))
    text = (
        pgettext("she", "%(who)s moved it to %(stage)s")
        if teller.she(event)
        else pgettext("he", "%(who)s moved it to %(stage)s")
    )
    if event.by_kind == "rule":
        text = _("%(who)s moved to %(stage)s")
    if event.why == UNDO:
        text = (
            pgettext("she", "%(who)s took the move back: %(stage)s")
            if teller.she(event)
            else pgettext("he", "%(who)s took the move back: %(stage)s")
        )
    won = data.get("meaning") == "won"
    return Said(
        title=line(text, who=who, stage=stage), icon="deal.won" if won else "deal.moved", tone="plan" if won else ""
    )


def _changed(event: Event, teller: Teller) -> Said | None:
    parts = [_change(key, pair, teller) for key, pair in event.data.get("changes", {}).items() if teller.tells(key)]
    if not parts:
        return None
    text = (
        pgettext("she", "%(who)s changed: %(what)s")
        if teller.she(event)
        else pgettext("he", "%(who)s changed: %(what)s")
    )
    if event.by_kind == "rule":
        text = _("%(who)s changed: %(what)s")
    return Said(title=line(text, who=teller.who(event), what=Markup("; ").join(parts)), icon="deal.changed")


def _change(key: str, pair: list, teller: Teller) -> Markup:
    spec = teller.known.get(key)
    old, new = (value_text(spec, value, teller) for value in pair)
    name = str(spec.title) if spec else key
    if spec and spec.type == "file":
        return _files_changed(spec, pair, teller)
    return (
        Markup("{} {} → <b>{}</b>").format(name, old, new)
        if old
        else Markup("{} <b>{}</b>").format(name, new or _("none"))
    )


def _files_changed(spec: FieldSpec, pair: list, teller: Teller) -> Markup:
    """What was put in and taken out, not all that lies there."""
    came, gone = put_in(*pair), put_in(*reversed(pair))
    signs = [(sign, value_text(spec, ids, teller)) for sign, ids in (("+", came), ("\u2212", gone)) if ids]
    parts = [Markup("{}\u00a0<b>{}</b>").format(sign, names) for sign, names in signs if names]
    return Markup("{} {}").format(spec.title, Markup(", ").join(parts))


def put_in(old: Any, new: Any) -> list[int]:
    """Files of a field that were not there before."""
    before, after = ([pk for pk in one if isinstance(pk, int)] if isinstance(one, list) else [] for one in (old, new))
    return [pk for pk in after if pk not in before]


def value_text(spec: FieldSpec | None, value: Any, teller: Teller) -> str:
    if spec is None or fields.is_empty(value):
        return "" if fields.is_empty(value) else str(value)
    try:
        return shown(spec, value, teller.choices)
    except (ValueError, TypeError, InvalidOperation):
        # a field whose type was changed since: what was written then is shown as it was
        return str(value)


def _note(event: Event, teller: Teller) -> Said:
    note = teller.notes.get(event.data.get("note", 0))
    who = teller.people.get(event.person_id or 0, "")
    if note and note.deleted_at:
        return Said(title=line("%(note)s, %(who)s", note=_("Note deleted"), who=who), icon="note.added")
    title = line("<b>%(note)s</b>, %(who)s", note=_("Note"), who=who)
    if note and note.edited_at:
        title += Markup(", {}").format(pgettext("note", "edited"))
    text = note.text if note else event.data.get("text", "")
    return Said(title=title, body=with_names(text, teller.people.values()), kind="note", icon="note.added")


def _task_created(event: Event, teller: Teller) -> Said:
    data = event.data
    due = moment(data.get("due_at"))
    title = line("<b>%(task)s</b> %(title)s, %(when)s", task=_("Task:"), title=data.get("title", ""), when=due)
    if data.get("rule"):
        rule = _("by the rule “%(rule)s”") % {"rule": teller.rules(data["rule"])}
        title += Markup(", {}").format(rule)
    return Said(title=title, kind="small" if data.get("rule") else "big", icon="task.added")


def _task_done(event: Event, teller: Teller) -> Said:
    data = event.data
    text = (
        pgettext("she", "%(who)s has done: %(title)s")
        if teller.she(event)
        else pgettext("he", "%(who)s has done: %(title)s")
    )
    if event.by_kind == "rule":
        text = _("%(who)s the task is done: %(title)s")
    title = line(text, who=teller.who(event), title=data.get("title", ""))
    if data.get("late"):
        title += Markup(", {}").format(_("with a delay"))
    result = "" if event.by_kind == "rule" else data.get("result", "")
    return Said(title=title, body=result, kind="note" if result else "small", icon="task.done")


def _task_changed(event: Event, teller: Teller) -> Said:
    changes, data = event.data.get("changes", {}), event.data
    who, title = teller.who(event), quoted(data.get("title", ""))
    if "due_at" in changes:
        text = (
            pgettext("she", "%(who)s put off %(title)s to %(when)s")
            if teller.she(event)
            else pgettext("he", "%(who)s put off %(title)s to %(when)s")
        )
        return Said(title=line(text, who=who, title=title, when=bold(moment(changes["due_at"][1]))), icon="task.moved")
    if "responsible" in changes:
        name = bold(teller.name(changes["responsible"][1]))
        return Said(title=line(_("Task %(title)s goes to %(name)s"), title=title, name=name), icon="task.moved")
    return Said(title=line(_("Task is now %(title)s"), title=title), icon="task.moved")


def _task_cancelled(event: Event, teller: Teller) -> Said:
    return Said(
        title=line(_("Task %(title)s is no longer needed"), title=quoted(event.data.get("title", ""))),
        icon="task.cancelled",
    )


def _task_reopened(event: Event, teller: Teller) -> Said:
    return Said(
        title=line(_("Task %(title)s is open again"), title=quoted(event.data.get("title", ""))), icon="task.added"
    )


def _line_added(event: Event, teller: Teller) -> Said:
    text = (
        pgettext("she", "%(who)s added %(what)s, %(amount)s")
        if teller.she(event)
        else pgettext("he", "%(who)s added %(what)s, %(amount)s")
    )
    return Said(title=_goods(text, event, teller), icon="line.added", kind="small")


def _line_removed(event: Event, teller: Teller) -> Said:
    text = (
        pgettext("she", "%(who)s took out %(what)s, %(amount)s")
        if teller.she(event)
        else pgettext("he", "%(who)s took out %(what)s, %(amount)s")
    )
    return Said(title=_goods(text, event, teller), icon="line.added", kind="small")


def _linked(event: Event, teller: Teller) -> Said | None:
    text = (
        pgettext("she", "%(who)s linked it with %(deal)s: %(word)s")
        if teller.she(event)
        else pgettext("he", "%(who)s linked it with %(deal)s: %(word)s")
    )
    return _about_link(text, event, teller)


def _unlinked(event: Event, teller: Teller) -> Said | None:
    text = (
        pgettext("she", "%(who)s took away the link with %(deal)s: %(word)s")
        if teller.she(event)
        else pgettext("he", "%(who)s took away the link with %(deal)s: %(word)s")
    )
    return _about_link(text, event, teller)


def _about_link(text: str, event: Event, teller: Teller) -> Said | None:
    """Told only to those who see both deals."""
    if event.data.get("other") not in teller.deals:
        return None
    deal = bold(f"№{event.data['other']}")
    return Said(title=line(text, who=teller.who(event), deal=deal, word=event.data.get("word", "")), icon="deal.linked")


def _goods(text: str, event: Event, teller: Teller) -> Markup:
    data = event.data
    return line(text, who=teller.who(event), what=bold(data.get("name", "")), amount=money(data.get("total")))


def _rule_refused(event: Event, teller: Teller) -> Said:
    text = _("The rule “%(rule)s” could not do its work: %(reason)s")
    return Said(
        title=line(text, rule=event.data.get("title", ""), reason=event.data.get("reason", "")),
        icon="rule",
        tone="today",
    )


def _rule_broken(event: Event, teller: Teller) -> Said:
    text = _("The rule “%(rule)s” broke and was set aside")
    return Said(title=line(text, rule=event.data.get("title", "")), icon="rule", tone="late")


def _merged(event: Event, teller: Teller) -> Said:
    """«Мария Тен объединила с этой сделкой №1407»."""
    if teller.she(event):
        text = pgettext("she", "%(who)s merged №%(number)s into this deal: %(name)s")
    else:
        text = pgettext("he", "%(who)s merged №%(number)s into this deal: %(name)s")
    return _joined(text, event, teller)


def _parted(event: Event, teller: Teller) -> Said:
    if teller.she(event):
        text = pgettext("she", "%(who)s parted №%(number)s from this deal: %(name)s")
    else:
        text = pgettext("he", "%(who)s parted №%(number)s from this deal: %(name)s")
    return _joined(text, event, teller)


def _joined(text: str, event: Event, teller: Teller) -> Said:
    other = event.data["survivor"] if event.deal_id == event.data["other"] else event.data["other"]
    name = quoted(event.data.get("name") or _("no subject"))
    return Said(title=line(text, who=teller.who(event), number=other, name=name), icon="deal.linked", kind="small")


SAYINGS: dict[str, Callable[[Event, Teller], Said | None]] = {
    "deal.created": _created,
    "inquiry.received": _inquiry,
    "inquiry.attached": _inquiry,
    "deal.taken": _taken,
    "deal.assigned": _assigned,
    "deal.moved": _moved,
    "deal.changed": _changed,
    "deal.linked": _linked,
    "deal.unlinked": _unlinked,
    "deal.merged": _merged,
    "deal.parted": _parted,
    "note.added": _note,
    "task.created": _task_created,
    "task.done": _task_done,
    "task.changed": _task_changed,
    "task.cancelled": _task_cancelled,
    "task.reopened": _task_reopened,
    "line.added": _line_added,
    "line.removed": _line_removed,
    "rule.refused": _rule_refused,
    "rule.broken": _rule_broken,
}
