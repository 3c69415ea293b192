"""The document: mistakes with their place, the round trip, the schema for editors."""

import json

import pytest
from django.core.management import call_command
from django.utils import translation

from voronka.presets import catalogue
from voronka.process import document

WHOLE = """\
roles:
  - key: manager
    title: Менеджер
    may: [take_deals, manage_people]
task_kinds:
  - {key: call, title: Позвонить}
intake: {new: sales}
funnels:
  - key: sales
    title: Продажи
    stages:
      - {key: unsorted, title: Неразобранное, meaning: unsorted, limit: 5 minutes}
      - {key: taken, title: В работе}
      - {key: won, title: Продано, meaning: won}
rules:
  - key: contact
    title: Связаться
    when: {event: deal_entered_stage, stages: [sales/taken]}
    then:
      - {do: create_task, kind: call, title: Связаться, due: 3 hours, for: responsible}
"""


def mistakes(text: str) -> list[tuple[int, str, str]]:
    with translation.override("en"), pytest.raises(document.DocumentErrors) as caught:
        document.load(text, name="process.yaml")
    return [(error.line, error.path, error.text) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "says"),
    [
        ("stages: [sales/taken]", "stages: [sales/takn]", 18, "rules.1.when.stages.1", "no stage «sales/takn»"),
        ("new: sales", "new: retail", 7, "intake.new", "no funnel «retail»"),
        ("kind: call, title: Связаться", "kind: cal, title: Связаться", 20, "rules.1.then.1.kind", "«cal»"),
        ("for: responsible", "for: {role: boss}", 20, "rules.1.then.1.for.role", "no role «boss»"),
        ("due: 3 hours", "due: three hours", 20, "rules.1.then.1.due", "Write when"),
        ("due: 3 hours", "due: 1 day before game_date", 20, "rules.1.then.1.due", "no deal field «game_date»"),
        ("title: Связаться, due", 'title: "{clent}", due', 20, "rules.1.then.1.title", "{clent}"),
        ("event: deal_entered_stage", "event: deal_entered", 18, "rules.1.when", "«deal_entered» is unknown"),
        ("do: create_task", "do: make_task", 20, "rules.1.then.1", "«make_task» is unknown"),
        ("limit: 5 minutes", "limit: soon", 12, "funnels.1.stages.1.limit", "Write a duration"),
        ("meaning: won", "meaning: sold", 14, "funnels.1.stages.3.meaning", "Choose one of"),
        ("title: Продажи", "titel: Продажи", 10, "funnels.1.titel", "Is it «title»?"),
        ("    title: Связаться\n", "", 16, "rules.1.title", "«title» is missing"),
        ("meaning: won", "meaning: open", 11, "funnels.1.stages", "no way out"),
        ("key: taken", "key: unsorted", 13, "funnels.1.stages.2.key", "used twice"),
        ("meaning: won", "meaning: lost", 9, "funnels.1", "no reasons of loss"),
        ("take_deals, manage_people", "take_deals", 1, "roles", "locked out"),
        ("manage_people", "manage_poeple", 4, "roles.1.may", "no permission «manage_poeple»"),
        ("title: Продажи", "title: a: b", 10, "", "colon"),
        ("intake: {new: sales}", "intake: {new: sales}\nintake: {new: sales}", 8, "", "twice"),
        (
            "    then:",
            '    if: [amount, ">=", big]\n    then:',
            19,
            "rules.1.if",
            "a number is expected",
        ),
        ("    then:", "    if: [colour, filled]\n    then:", 19, "rules.1.if", "no such field"),
        ("    then:", '    if: [brand, "=", acme]\n    then:', 19, "rules.1.if", "no brand «acme»"),
        (
            "when: {event: deal_entered_stage, stages: [sales/taken]}",
            "when: {event: stage_time, stages: [sales/taken], after: 1 day, until: taken}",
            18,
            "rules.1.when",
            "can never fire",
        ),
        (
            "{do: create_task, kind: call, title: Связаться, due: 3 hours, for: responsible}",
            "{do: cancel_tasks, rules: [contact]}",
            20,
            "rules.1.then.1.rules",
            "makes no tasks",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_path(old, new, line, path, says):
    assert old in WHOLE
    found = mistakes(WHOLE.replace(old, new))
    assert (line, path) in [(found_line, found_path) for found_line, found_path, _ in found], found
    assert any(says in text for found_line, found_path, text in found if found_line == line), found


def test_all_mistakes_are_told_at_once_in_order_of_lines():
    broken = WHOLE.replace("limit: 5 minutes", "limit: soon").replace("due: 3 hours", "due: later on")
    assert [line for line, _, _ in mistakes(broken)] == [12, 20]


def test_the_text_of_an_error_names_file_line_and_path():
    with translation.override("en"), pytest.raises(document.DocumentErrors) as caught:
        document.load(WHOLE.replace("limit: 5 minutes", "limit: soon"), name="process.yaml")
    assert str(caught.value).startswith("process.yaml: line 12, funnels.1.stages.1.limit: Write a duration")


@pytest.mark.parametrize("text", ["", "- a\n- b", "just words", "a: [", "\t- x", "a: &b [*b]", "x" * 2_000_000])
def test_what_is_no_document_is_refused_not_raised(text):
    assert mistakes(text)


@pytest.mark.parametrize("key", catalogue.KEYS)
def test_presets_are_sound_and_come_back_from_a_round_trip(key):
    process = document.load(catalogue.text(key), name=key)
    assert document.load(document.write(process)) == process
    assert document.trusted(catalogue.text(key)) == process


def test_the_schema_for_editors_knows_every_trigger_and_step(capsys):
    call_command("process_schema")
    schema = json.loads(capsys.readouterr().out)
    for name in ("DealEnteredStage", "DealTaken", "StageTime", "CreateTask", "Notify", "Assign"):
        assert name in schema["$defs"]
    assert set(schema["properties"]) >= {"company", "roles", "funnels", "fields", "intake", "rules"}
