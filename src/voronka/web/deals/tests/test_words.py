"""What the composer offers by «/» and «@», and the templates behind it."""

from voronka.deals.actions import change_deal, save_template
from voronka.deals.models import NoteTemplate
from voronka.testing.office import Office

FORM = "application/x-www-form-urlencoded"


def test_a_template_is_filled_from_the_card(office: Office, as_person):
    deal = office.deal("Ирина Соколова")
    change_deal(deal.pk, by=office.cast.owner.actor, values={"players": "8"})
    save_template(
        by=office.cast.owner.actor,
        title="Приветствие",
        text="{Имя}, вас {игроков}? {не поле} {} {a{b} {Сумма}",
        shared=False,
    )
    offered = as_person(office.cast.owner).get(f"/deals/{deal.pk}/words").json()
    texts = {item["title"]: item.get("text") for item in offered["/"]}
    assert texts["Приветствие"] == "Ирина, вас 8\xa0чел.? {не поле} {} {a{b} {Сумма}"
    partner = as_person(office.cast.partner).get(f"/deals/{deal.pk}/words").json()
    assert "Приветствие" not in {item["title"] for item in partner["/"]}


def test_commands_follow_the_guards(office: Office, as_person):
    """Stages that refuse are not offered; who only reads gets no commands; a stranger nothing."""
    deal = office.deal(stage="picked")
    offered = as_person(office.cast.owner).get(f"/deals/{deal.pk}/words").json()["/"]
    stages = {item["title"] for item in offered if "stage" in item}
    assert office.stage("booked").title in stages
    assert office.stage("unsorted").title not in stages
    assert deal.stage.title not in stages
    assert as_person(office.cast.stranger).get(f"/deals/{deal.pk}/words").status_code == 404


def test_people_who_do_not_see_the_deal_are_marked(office: Office, as_person):
    deal = office.deal()
    people = as_person(office.cast.owner).get(f"/deals/{deal.pk}/words").json()["@"]
    notes = {item["title"]: item["note"] for item in people}
    assert notes[office.cast.head.name] == ""
    assert notes[office.cast.stranger.name] != ""


def test_templates_are_written_on_screen_by_whom_they_belong_to(office: Office, as_person):
    browser = as_person(office.cast.owner)
    assert browser.post("/note-templates/new", {"title": "", "text": "Да"}).status_code == 422
    assert browser.post("/note-templates/new", {"title": "Ответ", "text": "Да"}).status_code == 204
    assert browser.post("/note-templates/new", {"title": "Общий", "text": "Да", "shared": "on"}).status_code == 409
    template = NoteTemplate.objects.get()
    browser.put(f"/note-templates/{template.pk}", "title=Ответ&text=Нет", content_type=FORM)
    assert NoteTemplate.objects.get().text == "Нет"
    assert as_person(office.cast.head).get(f"/note-templates/{template.pk}").status_code == 404
    director = as_person(office.cast.director)
    assert director.post("/note-templates/new", {"title": "Общий", "text": "Да", "shared": "on"}).status_code == 204
    shared = NoteTemplate.objects.get(owner=None)
    assert browser.post(f"/note-templates/{shared.pk}/deletion").status_code == 409
    assert "Общий" in browser.get("/note-templates").content.decode()
    browser.post(f"/note-templates/{template.pk}/deletion")
    assert NoteTemplate.objects.count() == 1
