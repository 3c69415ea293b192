"""The process on screen: who sees it, what the map counts, how a draft is made, tried, switched on and taken back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from voronka.deals.models import Deal, Stage
from voronka.kernel import actor
from voronka.presets import catalogue
from voronka.process import document, drafts, queries
from voronka.process.actions import activate
from voronka.process.models import BrokenRule, Draft, Trial, Version
from voronka.process.replay.run import run
from voronka.tasks.models import Task

#: Queries of each screen, the session and the frame included.
QUERIES = {
    "/process": 13,
    "/process?stage=first/taken": 15,
    "/process/stages/first/taken": 13,
    "/process/draft": 13,
    "/process/versions": 9,
    "/process/stuck": 15,
    "/process/rules/contact": 15,
    "/process/parts/templates": 7,
}


@pytest.fixture
def head(office, as_person):
    """The head, who may change the process here."""
    role = office.cast.director.role
    assert "manage_process" in role.may
    return as_person(office.cast.director)


def test_only_those_with_the_right_see_it_and_fewer_change_it(office, as_person):
    assert as_person(office.cast.owner).get("/process").status_code == 403
    role = office.cast.owner.role
    role.may = [*role.may, "see_process"]
    role.save()
    seeing = as_person(office.cast.owner)
    page = seeing.get("/process?stage=first/taken")
    assert page.status_code == 200
    assert "Связаться и подобрать игру" in page.text
    assert "/process/rules/new" not in page.text
    assert seeing.get("/process/draft").status_code == 403
    assert seeing.post("/process/rules/new", {}).status_code == 403


@pytest.mark.parametrize("address", QUERIES)
def test_screens_ask_few_queries_whatever_the_number_of_deals(office, head, address, django_assert_max_num_queries):
    for name in ("Ирина Соколова", "Олег Круглов", "Анна Ким"):
        office.deal(name, stage="picked")
    head.get(address)
    with django_assert_max_num_queries(QUERIES[address]):
        assert head.get(address).status_code == 200


def test_the_map_counts_deals_flows_and_what_hangs(office, head, clock):
    office.deal("Ирина Соколова", stage="picked")
    hanging = office.deal("Олег Круглов")
    clock.advance(days=2)
    page = head.get("/process?stage=first/taken").text
    row = re.search(r'data-stage-ref="first/taken".*?</a>', page, re.S)[0]
    assert re.findall(r"<b class=\"v-num\">(\d+)</b>", row) == ["1"]
    assert "v-late v-num" in row
    assert f'href="/deals/{hanging.pk}"' in page
    taken, picked = office.stage("taken"), office.stage("picked")
    flow = head.get(f"/process/flow?days=30&here={taken.pk}&there={picked.pk}").text
    assert "Ирина Соколова" in flow
    assert "Олег Круглов" not in flow


def test_a_stage_is_added_with_a_reminder_told_in_sentences_and_switched_on(office, head):
    typed = {
        "title": "Держим бронь",
        "meaning": '"open"',
        "limit.n": "2",
        "limit.unit": "day",
        "after": "picked",
        "remind.after.n": "1",
        "remind.after.unit": "day",
        "remind.title": "Узнать, что решили",
    }
    checked = head.post("/process/parts/stages/new?in=first&check=1", typed, HTTP_HX_REQUEST="true")
    assert "Проверки ничего не нашли" in checked.text
    assert not Draft.objects.exists()
    head.post("/process/parts/stages/new?in=first", typed)
    assert not Stage.objects.filter(title="Держим бронь").exists()
    page = head.get("/process/draft").text
    assert "этап «Держим бронь»" in page
    assert "правило «Напоминание: Держим бронь»" in page
    head.post("/process/draft", {"comment": "Дольше думают"})
    stage = Stage.objects.get(title="Держим бронь")
    assert (stage.funnel.key, stage.position, stage.limit_minutes) == ("first", 3, 2 * 24 * 60)
    assert [rule.when.after for rule in queries.active().rules if "Держим бронь" in rule.title] == ["1 day"]
    assert "Дольше думают" in head.get("/process/versions").text


def test_wrong_input_is_told_beside_its_field_and_nothing_is_kept(office, head):
    answer = head.post("/process/parts/stages/new?in=first", {"title": "", "limit.n": "много", "limit.unit": "day"})
    assert answer.status_code == 422
    assert "Напишите" in answer.text
    assert "много" in answer.text
    assert not Draft.objects.exists()


def test_a_rule_is_written_by_its_form_and_checked_as_one_types(office, head):
    typed = {
        "title": "",
        "when.event": "stage_time",
        "when.stages": '"first/taken"',
        "when.after.n": "20",
        "when.after.unit": "hour",
        "when.until": '"left"',
        "if.count": "1",
        "if.0.field": "players",
        "if.0.op": ">=",
        "if.0.value": "10",
        "steps": "1",
        "then.0.do": "create_task",
        "then.0.kind": '"check"',
        "then.0.title": "Проверить большую игру",
        "then.0.due.n": "2",
        "then.0.due.unit": "hour",
        "then.0.for": '{"role": "head"}',
    }
    form = head.post("/process/rules/form", typed, HTTP_HX_REQUEST="true").text
    assert "Если через 20 часов" in form
    assert "Игроков" in form
    assert not Draft.objects.exists()
    more = head.post("/process/rules/form", {**typed, "act": "add-step"}, HTTP_HX_REQUEST="true").text
    assert 'name="then.1.do"' in more
    head.post("/process/rules/new", typed)
    rule = drafts.latest() and next(
        rule
        for rule in document.trusted(drafts.latest().document).rules
        if rule.when.event == "stage_time" and rule.title == "Проверить большую игру"
    )
    assert rule.if_ == ["players", ">=", 10]
    assert rule.then[0].for_.role == "head"
    again = head.get(f"/process/rules/{rule.key}")
    assert 'value="20"' in again.text
    broken = head.post(f"/process/rules/{rule.key}", {**typed, "when.after.n": ""})
    assert broken.status_code == 422
    head.post(f"/process/rules/{rule.key}/removal")
    assert "Проверить большую игру" not in drafts.latest().document


def test_a_stage_with_deals_goes_only_with_a_plan(office, head):
    deal = office.deal(stage="picked")
    head.post("/process/parts/stages/of/picked/removal?in=first")
    refused = head.post("/process/draft", {})
    assert refused.status_code == 422
    assert 'name="moved.first/picked"' in refused.text
    head.post("/process/draft", {"moved.first/picked": "first/taken"})
    assert Deal.objects.get(pk=deal.pk).stage.key == "taken"


def test_undo_restore_and_files(office, head):
    head.post("/process/parts/funnels/of/first", {"title": "Новые гости", "kind": '"sales"'})
    assert "Новые гости" in drafts.latest().document
    head.post("/process/draft/undo")
    assert not Draft.objects.exists()
    head.post("/process/parts/funnels/of/first", {"title": "Новые гости", "kind": '"sales"', "no_skipping": "on"})
    head.post("/process/draft", {})
    first, second = Version.objects.order_by("pk")
    text = head.get(f"/process/versions/{first.pk}/file").content.decode()
    assert text == first.document
    head.post(f"/process/versions/{first.pk}/draft")
    assert "Новые гости" not in drafts.latest().document
    head.post("/process/draft/removal")
    given = SimpleUploadedFile("process.yaml", second.document.replace("Новые гости", "Гости").encode())
    head.post("/process/file", {"file": given})
    assert "title: Гости" in head.get("/process/file").content.decode()
    wrong = SimpleUploadedFile("process.yaml", second.document.replace("no_skipping", "noskipping").encode())
    answer = head.post("/process/file", {"file": wrong})
    assert answer.status_code == 422
    assert re.search(r"строка \d+, funnels.1.noskipping", answer.text)
    assert "Funnel" in head.get("/process/schema.json").json()["$defs"]


def test_the_check_on_history_shows_figures_that_open_their_deals(office, head, clock):
    deal = office.deal("Ирина Соколова")
    clock.advance(days=3)
    head.post("/process/parts/stages/of/taken?in=first", {"title": "Взято", "meaning": '"open"', "after": "="})
    head.post("/process/trials", {"days": "30"})
    trial = Trial.objects.get()
    assert "Прогнали 0 из 1" in head.get(f"/process/trials/{trial.pk}").text
    run(trial.pk)
    page = head.get(f"/process/trials/{trial.pk}").text
    assert "Создалось задач" in page
    assert f"/process/trials/{trial.pk}/deals?kind=task" in page
    assert f'href="/deals/{deal.pk}"' in head.get(f"/process/trials/{trial.pk}/deals?kind=task").text
    assert "Проверка на истории готова" in head.get("/notices").text


def test_what_is_stuck_is_counted_by_reason_and_helped_in_one_click(office, head, clock):
    deal = office.deal("Ирина Соколова")
    clock.advance(days=2)
    page = head.get("/process/stuck?reason=late").text
    assert f'name="deal" value="{deal.pk}"' in page
    head.post("/process/stuck/remedies", {"deal": deal.pk, "do": "task"})
    assert Task.objects.filter(deal=deal, title="Узнать, что мешает", responsible=deal.responsible).exists()
    head.post("/process/stuck/remedies", {"deal": deal.pk, "do": "hand", "person": office.cast.colleague.pk})
    assert Deal.objects.get(pk=deal.pk).responsible == office.cast.colleague
    BrokenRule.objects.create(rule="contact", error="KeyError: 'x'", broken_at=clock.now())
    assert "KeyError" in head.get("/process/stuck?reason=aside").text
    head.post("/process/stuck/remedies", {"rule": "contact"})
    assert not BrokenRule.objects.exists()


def test_a_finding_is_cured_by_its_button(office, head):
    unlimited = Version.objects.get(is_active=True).document.replace("        limit: 30 days\n", "")
    head.post("/process/file", {"file": SimpleUploadedFile("process.yaml", unlimited.encode())})
    page = head.get("/process/draft").text
    path = re.search(r'name="path" value="(funnels.1.stages.4)"', page)[1]
    head.post("/process/draft/cures", {"path": path})
    process = document.trusted(drafts.latest().document)
    assert process.stages["first/booked"].limit == "3 days"
    assert process.stages["repeat/booked"].limit is None


def test_a_funnel_of_another_trade_is_previewed_and_comes_into_the_draft(office, head):
    ours = "\ntemplates:\n  - {key: invoice-sent, title: Счёт, text: Наш счёт}"
    activate(catalogue.text("quests").replace("\ntemplates:", ours, 1), by=actor.system("test"))
    assert "/process/borrowing/water/round" in head.get("/process/borrowing").text
    assert head.get("/process/borrowing/water/nowhere").status_code == 404
    page = head.get("/process/borrowing/metal/first").text
    (clash,) = re.findall(r'name="own" value="([^"]+)"', page)
    refused = head.post("/process/borrowing/metal/first")
    assert refused.status_code == 422 and not Draft.objects.exists()
    assert head.post("/process/borrowing/metal/first", {"own": clash}).status_code == 302
    drafted = document.trusted(drafts.latest().document)
    assert [funnel.key for funnel in drafted.funnels][-1] == "first-2"
    assert any("first-2/" in str(rule.when) for rule in drafted.rules)
    assert "взята из" in head.get("/process/draft").text
