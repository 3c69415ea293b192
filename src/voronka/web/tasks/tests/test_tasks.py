"""The tasks page and what is done to one task."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from voronka.kernel import clock
from voronka.tasks.actions import cancel_task, create_task
from voronka.tasks.models import Task, TaskKind
from voronka.testing.office import Office

HTMX = {"HTTP_HX_REQUEST": "true"}


def task(desk: Office, title: str = "Дело", *, hours: float = 1, who=None, kind: str = "other", deal=None) -> Task:
    who = who or desk.cast.owner
    return create_task(
        by=who.actor,
        kind=TaskKind.objects.get(key=kind),
        title=title,
        due_at=clock.now() + timedelta(hours=hours),
        responsible=who,
        deal_id=deal.pk if deal else None,
        deal_audience=deal.audience if deal else None,
        company=deal.company if deal else None,
    )


def titles(answer) -> str:
    return answer.content.decode()


def test_whose_tasks(desk: Office, as_person) -> None:
    task(desk, "Моё дело")
    task(desk, "Дело Дмитрия", who=desk.cast.colleague)
    mine = titles(as_person(desk.cast.owner).get("/tasks"))
    assert "Моё дело" in mine and "Дело Дмитрия" not in mine
    everything = titles(as_person(desk.cast.owner).get("/tasks?who=all"))
    assert "Дело Дмитрия" not in everything, "the gate holds on every tab"
    head = titles(as_person(desk.cast.head).get("/tasks?who=all"))
    assert "Моё дело" in head and "Дело Дмитрия" in head
    assert "Моё дело" not in titles(as_person(desk.cast.stranger).get("/tasks?who=all"))


VERBS = ("done", "deadline", "responsible", "cancellation")


@pytest.mark.parametrize("verb", VERBS)
def test_tasks_of_others_do_not_exist(desk: Office, as_person, verb: str) -> None:
    made = task(desk)
    for person in (desk.cast.stranger, desk.cast.colleague):
        browser = as_person(person)
        for method in ("get", "post", "put", "delete"):
            answer = getattr(browser, method)(f"/tasks/{made.pk}/{verb}")
            assert answer.status_code in (404, 405), (verb, method)
    made.refresh_from_db()
    assert made.done_at is None and made.responsible == desk.cast.owner


def test_done_and_undone(desk: Office, as_person) -> None:
    made = task(desk)
    browser = as_person(desk.cast.owner)
    answer = browser.post(f"/tasks/{made.pk}/done", **HTMX)
    told = json.loads(answer["HX-Trigger"])
    assert answer.status_code == 204 and "tasks-changed" in told
    made.refresh_from_db()
    assert made.done_at and made.done_by == desk.cast.owner
    undo = told["toast"]["undo"]
    assert undo == {"url": f"/tasks/{made.pk}/done", "method": "delete"}
    browser.delete(undo["url"], **HTMX)
    made.refresh_from_db()
    assert made.done_at is None


def test_a_kind_that_asks_for_a_result(desk: Office, as_person) -> None:
    TaskKind.objects.filter(key="call").update(result_required=True)
    made = task(desk, kind="call")
    browser = as_person(desk.cast.owner)
    asked = browser.get(f"/tasks/{made.pk}/done", **HTMX)
    assert 'name="result"' in titles(asked)
    refused = browser.post(f"/tasks/{made.pk}/done", {"result": "  "}, **HTMX)
    assert refused.status_code == 422 and 'aria-invalid="true"' in titles(refused)
    assert browser.post(f"/tasks/{made.pk}/done", {"result": "Придут в субботу"}, **HTMX).status_code == 204
    assert "Придут в субботу" in titles(browser.get("/tasks?state=done"))


def test_put_off_and_back(desk: Office, as_person) -> None:
    made = task(desk)
    before = made.due_at.replace(second=0, microsecond=0)
    browser = as_person(desk.cast.owner)
    body = "due_at=2030-01-02T10:00"
    answer = browser.put(f"/tasks/{made.pk}/deadline", body, "application/x-www-form-urlencoded", **HTMX)
    made.refresh_from_db()
    assert made.due_at.isoformat() == "2030-01-02T07:00:00+00:00", "typed in the person's zone"
    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]
    browser.put(undo["url"], f"due_at={undo['values']['due_at']}", "application/x-www-form-urlencoded", **HTMX)
    made.refresh_from_db()
    assert made.due_at == before
    wrong = browser.post(f"/tasks/{made.pk}/deadline", {"due_at": "скоро"}, **HTMX)
    assert wrong.status_code == 422 and "скоро" in titles(wrong)


def test_hand_over(desk: Office, as_person) -> None:
    made = task(desk)
    browser = as_person(desk.cast.owner)
    browser.post(f"/tasks/{made.pk}/responsible", {"responsible": desk.cast.colleague.pk}, **HTMX)
    assert "Дело" in titles(as_person(desk.cast.colleague).get("/tasks"))
    nobody = browser.post(f"/tasks/{task(desk).pk}/responsible", {"responsible": "99999"}, **HTMX)
    assert nobody.status_code == 422


def test_a_new_task(desk: Office, as_person) -> None:
    deal = desk.deal("Ирина Соколова")
    browser = as_person(desk.cast.owner)
    assert f'value="{deal.pk}"' in titles(browser.get(f"/tasks/new?deal={deal.pk}", **HTMX))
    given = {
        "kind": TaskKind.objects.get(key="call").pk,
        "title": "Спросить про торт",
        "due_at": "2030-01-02T10:00",
        "responsible": desk.cast.owner.pk,
        "deal": f"№{deal.pk}",
    }
    assert browser.post("/tasks/new", given, **HTMX).status_code == 204
    made = Task.objects.get(title="Спросить про торт")
    assert made.deal == deal and made.company == deal.company and set(deal.audience) <= set(made.audience)
    for wrong in ({"deal": "999999"}, {"due_at": ""}, {"kind": ""}, {"responsible": ""}):
        answer = browser.post("/tasks/new", given | wrong, **HTMX)
        assert answer.status_code == 422 and "Спросить про торт" in titles(answer), wrong
    stranger = as_person(desk.cast.stranger)
    answer = stranger.post("/tasks/new", given | {"responsible": desk.cast.stranger.pk}, **HTMX)
    assert answer.status_code == 422, "a deal that one may not see can't be named"


def test_pages_follow_each_other_without_gaps(desk: Office, as_person) -> None:
    for number in range(120):
        task(desk, f"Дело-{number:03}-", hours=number / 2 - 10)
    browser = as_person(desk.cast.owner)
    seen: list[str] = []
    url = "/tasks"
    parts: list[str] = []
    while url:
        page = titles(browser.get(url, **(HTMX if "after" in url else {})))
        seen += [piece.split("-")[1] for piece in page.split('v-cut">Дело')[1:]]
        parts += [piece.split('"')[0] for piece in page.split('id="part-')[1:]]
        after = page.split('hx-get="/tasks?after=')
        url = f"/tasks?after={after[1].split(chr(34))[0]}" if len(after) > 1 else ""
    assert seen == [f"{number:03}" for number in range(120)]
    assert len(parts) == len(set(parts)), "a part is named once, also over pages"


def test_the_filter_language_narrows_list_and_counts(desk: Office, as_person) -> None:
    task(desk, "Позвонить Лене", kind="call")
    task(desk, "Купить торт")
    browser = as_person(desk.cast.owner)
    moved = browser.get("/tasks?kind=call&q=лене")
    assert moved.status_code == 302
    page = titles(browser.get(moved.url))
    assert "Позвонить Лене" in page and "Купить торт" not in page
    assert "<b>1</b>Все открытые" in page
    assert browser.get("/tasks?filter=x").status_code == 422


def test_counts_are_the_filters(desk: Office, as_person) -> None:
    task(desk, "Поздно", hours=-5)
    task(desk, "Потом", hours=100)
    cancel_task(task(desk, "Отменено").pk, by=desk.cast.owner.actor)
    browser = as_person(desk.cast.owner)
    late = titles(browser.get("/tasks?part=late"))
    assert "Поздно" in late and "Потом" not in late
    assert "Отменено" not in titles(browser.get("/tasks?state=done"))


def test_the_client_of_a_hidden_deal_is_not_named(desk: Office, as_person) -> None:
    """Somebody given a task in a deal that they may not see does the task and learns nothing else."""
    deal = desk.deal("Тайный Клиент")
    made = task(desk, "Проверить звук", deal=deal)
    as_person(desk.cast.owner).post(f"/tasks/{made.pk}/responsible", {"responsible": desk.cast.stranger.pk}, **HTMX)
    page = titles(as_person(desk.cast.stranger).get("/tasks"))
    assert "Проверить звук" in page and "Тайный Клиент" not in page and f"/deals/{deal.pk}" not in page


def test_queries_do_not_grow_with_the_list(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.head)

    def queries(url: str) -> int:
        browser.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    task(desk, deal=desk.deal())
    before = {url: queries(url) for url in ("/tasks", "/tasks?who=all", "/tasks?state=done&who=all", "/tasks/new")}
    for _turn in range(12):
        task(desk, deal=desk.deal())
    after = {url: queries(url) for url in before}
    assert after == before
    assert max(after.values()) <= 15, after


@pytest.mark.parametrize(
    "query", ["who=x", "part=x", "after=x", "after=1-2-3", "after=99999999999999999-1", "state=x", "filter=x"]
)
def test_a_spoilt_address_is_answered(desk: Office, as_person, query: str) -> None:
    assert as_person(desk.cast.owner).get(f"/tasks?{query}").status_code in (200, 422)


def test_live_updates_get_only_the_part_that_changes(desk: Office, as_person) -> None:
    task(desk)
    page = titles(as_person(desk.cast.owner).get("/tasks?who=all&live=1"))
    assert page.lstrip().startswith('<div id="tasks-work"')
