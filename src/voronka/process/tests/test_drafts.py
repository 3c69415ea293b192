"""The draft: changed in place so that the file stays as people wrote it, taken back, switched on."""

import pytest

from voronka.kernel.errors import Refusal
from voronka.presets import catalogue
from voronka.process import document, drafts, queries
from voronka.process.editing import Editor
from voronka.process.models import Draft, Version

QUESTS = catalogue.text("quests")
PICKED = ("funnels", "first", "stages", "picked")


def test_an_edit_touches_only_what_it_changes():
    editor = Editor(QUESTS)
    same = editor.text()
    editor.change(("roles", "manager"), {"title": "Продавец"})
    before, after = same.splitlines(), editor.text().splitlines()
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ("    title: Менеджер", "    title: Продавец")
    ]
    assert "# Процесс компании" in after[0]
    assert document.load(same) == document.load(QUESTS)


def test_what_two_funnels_share_is_changed_in_one():
    editor = Editor(QUESTS)
    editor.change(PICKED, {"limit": "2 days"})
    process = document.load(editor.text())
    assert process.stages["first/picked"].limit == "2 days"
    assert process.stages["repeat/picked"].limit == "1 day"


def test_things_are_added_moved_and_removed_with_what_names_them():
    editor = Editor(QUESTS)
    editor.put(PICKED[:-1], {"key": "held", "title": "Бронь держим", "limit": "1 day"}, after="picked")
    stages = [stage["key"] for stage in editor.get(PICKED[:-1])]
    assert stages.index("held") == stages.index("picked") + 1
    editor.shift(PICKED[:-1], "held", 1)
    assert editor.get(PICKED[:-1])[1]["key"] == "held"
    editor.drop(PICKED[:-1], "picked")
    editor.without_references("first/picked")
    assert "first/picked" not in editor.text()
    assert document.load(editor.text()).stages["first/held"].title == "Бронь держим"
    rule = {"key": "new-rule", "title": "Новое", "when": {"event": "deal_taken"}, "then": [{"do": "derive_stage"}]}
    editor.put(("rules",), rule)
    assert editor.get(("rules", "new-rule")) == rule


@pytest.mark.django_db
def test_a_draft_grows_is_taken_back_and_switched_on(quests):
    by = quests.director.actor
    drafts.edit(lambda editor: editor.change(PICKED, {"limit": "2 days"}), what="Предел", by=by)
    drafts.edit(lambda editor: editor.change(PICKED, {"title": "Выбрали игру"}), what="Название", by=by)
    assert len(drafts.difference(drafts.latest())) == 2
    assert drafts.undo(by=by) == "Название"
    assert [str(one) for one in drafts.difference(drafts.latest())] == [
        "Этап «Подобрали игру» (Воронка «Первые продажи»): предел 1 день → 2 дня"
    ]
    assert queries.active().stages["first/picked"].limit == "1 day"
    with pytest.raises(document.DocumentErrors):
        drafts.edit(lambda editor: editor.change(PICKED, {"limit": "скоро"}), what="Предел", by=by)
    version = drafts.publish(by=by, comment="Дольше думают")
    assert queries.active().stages["first/picked"].limit == "2 days"
    assert (version.comment, Draft.objects.count(), Version.objects.count()) == ("Дольше думают", 0, 2)
    with pytest.raises(Refusal):
        drafts.publish(by=by)


@pytest.mark.django_db
def test_only_who_manages_the_process_drafts(quests):
    with pytest.raises(Refusal):
        drafts.edit(lambda editor: None, what="", by=quests.owner.actor)
