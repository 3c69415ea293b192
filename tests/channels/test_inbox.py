"""The inbox as people work in it: list and filters through the gate, taking, answering, handing over, search."""

from datetime import timedelta

from voronka.conversations.models import Conversation, Message
from voronka.kernel import clock
from voronka.notices.models import Notice

HTMX = {"HTTP_HX_REQUEST": "true"}


def test_a_day_in_the_inbox(open_desk, as_person) -> None:
    desk = open_desk("memory")
    cast, kit = desk.cast, desk.kit
    ann, ben = kit.lines
    desk.told(kit.writes(ann, "Здравствуйте, на субботу есть?", name="Анна Ли"), kit.writes(ben, "Сколько стоит?"))
    client = desk.row(ann).company_id
    owner, stranger, colleague = (as_person(one) for one in (cast.owner, cast.stranger, cast.colleague))

    page = owner.get("/inbox").content.decode()
    assert "Анна Ли" in page and "data-due" in page and "ничья" in page
    assert "Анна Ли" not in stranger.get("/inbox?box=all").content.decode()
    assert stranger.get(f"/inbox/{client}").status_code == 404
    for channel, seen in (("memory", True), ("telegram", False)):
        assert ("Анна Ли" in owner.get(f"/inbox?channel={channel}").content.decode()) is seen

    assert owner.post(f"/inbox/{client}/taking", **HTMX).status_code == 204
    refused = colleague.post(f"/inbox/{client}/taking", **HTMX)
    assert refused.status_code in (404, 409)
    thread = owner.get(f"/inbox/{client}").content.decode()
    assert "взяла диалог за" in thread and "на субботу есть?" in thread

    way = f"l{desk.said(ann)[0].line_id}"
    sent = owner.post(f"/inbox/{client}/messages", {"way": way, "text": "Есть в 16:00", "once": "a"}, **HTMX)
    assert sent.status_code == 204 and "cancellation" in sent["HX-Trigger"]
    owner.post(f"/inbox/{client}/messages", {"way": way, "text": "Есть в 16:00", "once": "a"}, **HTMX)
    assert [one.text for one in desk.said(ann)][1:] == ["Есть в 16:00"]
    number = desk.said(ann)[-1].pk
    back = owner.post(f"/inbox/{client}/messages/{number}/cancellation", **HTMX)
    assert "Есть в 16:00" in back["HX-Trigger"].encode().decode("unicode_escape")
    assert "Есть в 16:00" in owner.get(f"/inbox/{client}").content.decode(), "it is a draft"
    empty = owner.post(f"/inbox/{client}/messages", {"way": way, "text": " "}, **HTMX)
    assert empty.status_code == 422

    owner.post("/quick-replies/new", {"key": "/цена", "text": "{Клиент}, 12 500 ₽ за команду"}, **HTMX)
    words = owner.get(f"/inbox/{client}/words").json()
    assert {"title": "/цена", "text": "Анна Ли, 12 500 ₽ за команду"}.items() <= words["/"][0].items()
    owner.post(f"/inbox/{client}/notes", {"text": "Просила потише"}, **HTMX)
    assert "Просила потише" in owner.get(f"/inbox/{client}").content.decode()

    found = owner.get("/inbox/search?q=субботы", **HTMX).content.decode()
    assert "Анна Ли" in found and "Анна Ли" not in stranger.get("/inbox/search?q=субботы", **HTMX).content.decode()

    owner.post(f"/inbox/{client}/rest", {"when": "hour"}, **HTMX)
    assert "Анна Ли" not in owner.get("/inbox").content.decode()
    owner.post(f"/inbox/{client}/opening", **HTMX)
    handed = owner.post(f"/inbox/{client}/responsible", {"to": cast.colleague.pk, "note": "я на звонке"}, **HTMX)
    assert handed.status_code == 204
    assert Notice.objects.filter(person=cast.colleague, key=f"conversation:{client}").exists()
    assert "я на звонке" in colleague.get(f"/inbox/{client}").content.decode()
    colleague.post(f"/inbox/{client}/closing", **HTMX)
    row = Conversation.objects.get(company=client)
    assert (row.unanswered_since, row.taken_by) == (None, cast.colleague) and row.closed_at
    desk.told(kit.writes(ann, "Ау"))
    assert desk.row(ann).unanswered_since is not None and desk.row(ann).is_open


def test_scheduled_ones_wait_and_long_threads_page(open_desk, as_person) -> None:
    desk = open_desk("memory")
    ann, owner = desk.kit.lines[0], as_person(desk.cast.owner)
    desk.told(*(desk.kit.writes(ann, f"Слово {number:03}") for number in range(90)))
    client = desk.row(ann).company_id
    page = owner.get(f"/inbox/{client}").content.decode()
    assert "Слово 089" in page and "Слово 049" not in page and "before=" in page
    first = Message.objects.get(text="Слово 050")
    older = owner.get(f"/inbox/{client}/messages", {"before": f"{first.at.isoformat()}~{first.turn}~{first.pk}"})
    assert "Слово 049" in older.content.decode() and "Слово 050" not in older.content.decode()
    at = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    way = f"l{first.line_id}"
    owner.post(f"/inbox/{client}/messages", {"way": way, "text": "Напоминаем", "due_at": at}, **HTMX)
    desk.send(later=60)
    assert desk.kit.got(ann) == []
    desk.send(later=86400 + 3600)
    assert desk.kit.got(ann) == ["Напоминаем"]
