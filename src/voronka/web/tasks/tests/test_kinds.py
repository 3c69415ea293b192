"""Kinds of tasks on screen, and the dialog of a task."""

from datetime import timedelta

from voronka.kernel import actor, clock
from voronka.kernel.models import Event
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.tasks.actions import create_task
from voronka.tasks.models import Task, TaskKind
from voronka.testing.office import Office

HTMX = {"HTTP_HX_REQUEST": "true"}
FORM = "application/x-www-form-urlencoded"
GIVEN = {"title": "Прослушать звонки", "icon": "headphones", "minutes": "45", "remind": "15", "result_required": "on"}


def test_a_kind_is_added_changed_and_retired(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.director)
    assert browser.post("/settings/task-kinds/new", GIVEN, **HTMX).status_code == 204
    kind = TaskKind.objects.get(title="Прослушать звонки")
    assert (kind.minutes, kind.remind_before, kind.result_required, kind.icon) == (45, 15, True, "headphones")
    assert "Прослушать звонки" in browser.get("/tasks/new", **HTMX).content.decode()
    changed = {**GIVEN, "title": "Слушать", "remind": ""}
    assert browser.post(f"/settings/task-kinds/{kind.pk}", changed, **HTMX).status_code == 204
    kind.refresh_from_db()
    assert (kind.title, kind.remind_before) == ("Слушать", None)
    assert Event.objects.filter(kind="task_kind.changed").latest("id").data["changes"]["remind_before"] == [15, None]
    browser.post(f"/settings/task-kinds/{kind.pk}/retirement", **HTMX)
    assert "Слушать" not in browser.get("/tasks/new", **HTMX).content.decode()
    assert "Слушать" in browser.get("/settings/task-kinds").content.decode()
    browser.post(f"/settings/task-kinds/{kind.pk}/retirement", {"back": "1"}, **HTMX)
    assert "Слушать" in browser.get("/tasks/new", **HTMX).content.decode()


def test_bad_input_is_said_beside_its_field(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.director)
    for wrong in (
        {"title": " "},
        {"title": "Позвонить"},
        {"minutes": "1"},
        {"minutes": "x"},
        {"icon": "x"},
        {"remind": "7"},
    ):
        answer = browser.post("/settings/task-kinds/new", GIVEN | wrong, **HTMX)
        assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode(), wrong


def test_only_who_manages_the_process(desk: Office, as_person) -> None:
    kind = TaskKind.objects.first()
    browser = as_person(desk.cast.owner)
    assert browser.get("/settings/task-kinds").status_code == 403
    assert browser.post(f"/settings/task-kinds/{kind.pk}/retirement").status_code == 403


def test_the_document_does_not_write_over_the_screen(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.director)
    call = TaskKind.objects.get(key="call")
    browser.post(f"/settings/task-kinds/{call.pk}", GIVEN | {"title": "Набрать"}, **HTMX)
    browser.post("/settings/task-kinds/new", GIVEN, **HTMX)
    activate(catalogue.text("quests").replace("Встреча", "Свидание"), by=actor.system("test"))
    titles = set(TaskKind.objects.values_list("title", flat=True))
    assert {"Набрать", "Прослушать звонки", "Свидание"} <= titles and "Позвонить" not in titles


def made(desk: Office, **given) -> Task:
    facts = {"kind": TaskKind.objects.get(key="other"), "title": "Дело", "due_at": clock.now() + timedelta(hours=2)}
    return create_task(by=desk.cast.owner.actor, responsible=desk.cast.owner, **{**facts, **given})


def body(desk: Office, **given: str) -> str:
    facts = {"title": "Дело", "due_at": "2030-01-02T10:00", "minutes": "45", "responsible": str(desk.cast.owner.pk)}
    return "&".join(f"{key}={value}" for key, value in {**facts, **given}.items())


def test_a_task_is_changed_in_its_dialog(desk: Office, as_person) -> None:
    task = made(desk)
    browser = as_person(desk.cast.owner)
    assert "Дело" in browser.get(f"/tasks/{task.pk}", **HTMX).content.decode()
    answer = browser.put(
        f"/tasks/{task.pk}", body(desk, title="Иначе", remind="60", repeat="weekly", days="1"), FORM, **HTMX
    )
    assert answer.status_code == 204
    task.refresh_from_db()
    assert (task.title, task.minutes, task.remind_before) == ("Иначе", 45, 60)
    assert task.series and task.series.rule == "FREQ=WEEKLY;BYDAY=TU"
    again = browser.get(f"/tasks/{task.pk}", **HTMX).content.decode()
    assert "Эту и следующие" in again and 'value="1" checked' in again
    browser.put(f"/tasks/{task.pk}", body(desk, repeat="", scope="following"), FORM, **HTMX)
    task.refresh_from_db()
    assert task.series.ended_at, "«once» for this and the following ends it"
    for wrong in ({"minutes": "2"}, {"due_at": "x"}, {"until": "2020-01-01", "repeat": "daily"}, {"remind": "7"}):
        answer = browser.put(
            f"/tasks/{made(desk).pk}",
            body(desk, title="Напечатанное") + "&" + "&".join(f"{k}={v}" for k, v in wrong.items()),
            FORM,
            **HTMX,
        )
        assert answer.status_code == 422 and "Напечатанное" in answer.content.decode(), wrong
    assert as_person(desk.cast.stranger).get(f"/tasks/{task.pk}", **HTMX).status_code == 404


def test_a_new_task_that_comes_again_is_undone_whole(desk: Office, as_person) -> None:
    browser = as_person(desk.cast.owner)
    kind = TaskKind.objects.get(key="call").pk
    given = {"kind": kind, "due_at": "2030-01-02T10:00", "responsible": desk.cast.owner.pk, "repeat": "daily"}
    assert browser.post("/tasks/new", given, **HTMX).status_code == 204
    task = Task.objects.latest("id")
    assert task.minutes == 30 and task.series_id
    browser.post(f"/tasks/{task.pk}/cancellation", {"following": "1"}, **HTMX)
    assert not Task.objects.filter(series=task.series_id, done_at=None).exists()
