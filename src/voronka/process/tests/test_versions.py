"""Versions: what changed in words, back to an older one, deals of a stage that goes."""

import pytest
from django.utils import translation

from voronka.deals.actions import take_deal
from voronka.deals.models import Deal, Passage, Stage
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Event
from voronka.presets import catalogue
from voronka.process import changes, document, history, queries
from voronka.process.actions import activate, restore
from voronka.process.models import Version
from voronka.process.stranded import Stranded

pytestmark = pytest.mark.django_db

QUESTS = catalogue.text("quests")


def told(before: str, after: str, language: str = "ru") -> list[str]:
    with translation.override(language):
        return [str(one) for one in changes.differences(document.load(before), document.load(after))]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "      - key: picked\n        title: Подобрали игру\n        limit: 1 day",
            "      - key: picked\n        title: Подобрали игру\n        limit: 2 days",
            "Этап «Подобрали игру» (Воронка «Первые продажи»): предел 1 день → 2 дня",
        ),
        (
            "required: [game_date, game_time, location, programme]",
            "required: [game_date, game_time, location]",
            "обязательные поля «Дата игры», «Время», «Локация», «Программа» → «Дата игры», «Время», «Локация»",
        ),
        ("    no_skipping: true\n    calendar: always\n    stages: &", "    stages: &", "без пропусков да → нет"),
        ("      - {key: far, title: Неудобное место}\n", "", "Убрано: причина отказа «Неудобное место»"),
        (
            "stages: [first/taken, first/picked, repeat/taken, repeat/picked], after: 1 day}",
            "stages: [first/taken, first/picked, repeat/taken, repeat/picked], after: 20 hours}",
            "Правило «Сутки без брони»: Если через 1 день",
        ),
        (
            'text: "{title}. Ведёт: {responsible}"',
            'text: "{title}. У кого: {responsible}"',
            "Правило «Сутки без брони»: текст «тема. Ведёт: ответственный» → «тема. У кого: ответственный»",
        ),
        ("{key: budget, title: Бюджет, type: money", "{key: budget, title: Бюджет гостя, type: money", "название"),
    ],
)
def test_a_difference_is_a_sentence(quests, old, new, says):
    assert old in QUESTS
    said = told(QUESTS, QUESTS.replace(old, new))
    assert any(says in one for one in said), said
    assert told(QUESTS, QUESTS.replace(old, new), "en")


def test_what_only_moved_in_the_text_has_not_changed(quests):
    process = document.load(QUESTS)
    assert told(QUESTS, document.write(process)) == []


def test_added_removed_and_reordered_things_are_named(quests):
    rule = "\n  - key: extra\n    title: Ещё раз\n    when: {event: deal_taken}\n    then: [{do: cancel_tasks, all: true}]\n"
    assert "Добавлено: правило «Ещё раз»" in told(QUESTS, QUESTS.replace("\nscripts:", f"{rule}\nscripts:"))
    swapped = QUESTS.replace(
        "      - {key: audience, title: Не наша аудитория}\n      - {key: terms, title: Не сошлись в условиях}\n",
        "      - {key: terms, title: Не сошлись в условиях}\n      - {key: audience, title: Не наша аудитория}\n",
    )
    (said,) = told(QUESTS, swapped)
    assert said.startswith("Причины отказа (Воронка «Партнёрка»): порядок Не наша аудитория, Не сошлись")


def test_back_to_an_older_version_is_a_new_one(quests):
    first = Version.objects.get()
    activate(QUESTS.replace("title: Подобрали игру", "title: Выбрали игру"), by=quests.director.actor, comment="Короче")
    third = restore(first, by=quests.director.actor)
    assert queries.active().stages["first/picked"].title == "Подобрали игру"
    newest, second, oldest = history.versions()
    assert (newest.version, oldest.version, oldest.is_first) == (third, first, True)
    assert second.author == quests.director
    assert second.version.comment == "Короче"
    # the stages of both funnels are one list in this document
    assert len(second.changes) == 2
    assert {change.thing for change in newest.changes} == {"Stage"}


def test_deals_of_a_removed_stage_go_where_the_plan_says(inquiry, quests):
    deal = take_deal(inquiry().pk, by=quests.owner.actor)
    without = QUESTS.replace("key: taken\n", "key: began\n").replace("/taken", "/began")
    with pytest.raises(Stranded) as refused:
        activate(without, by=quests.director.actor)
    assert [(one.ref, one.deals) for one in refused.value.leaving] == [("first/taken", 1)]
    assert Version.objects.count() == 1

    with pytest.raises(Refusal, match="closed"), translation.override("en"):
        activate(without, by=quests.director.actor, moved={"first/taken": "first/reviewed"})
    assert Stage.objects.get(funnel__key="first", key="taken").is_active

    activate(without, by=quests.director.actor, moved={"first/taken": "repeat/began"})
    deal.refresh_from_db()
    assert (deal.funnel.key, deal.stage.key) == ("repeat", "began")
    assert Passage.objects.get(deal=deal, left_at=None).stage == deal.stage
    assert not Stage.objects.get(funnel__key="first", key="taken").is_active
    moved = Event.objects.filter(deal_id=deal.pk, kind="deal.moved").latest("pk")
    assert moved.data["to_title"] == "Взято в работу"
    assert moved.data["resettled"]
    assert Event.objects.get(kind="process.activated", data__version=Version.objects.latest("pk").pk).data[
        "resettled"
    ] == {"first/taken": 1}
    assert Deal.objects.filter(stage__is_active=False).count() == 0
