"""What people read while they work: the knowledge base, and scripts on the card with blanks filled in and steps ticked."""

import re

import pytest

from voronka.deals.actions import change_deal, move_deal
from voronka.deals.models import FieldDef
from voronka.kernel import actor
from voronka.presets import catalogue
from voronka.process import queries, scripts
from voronka.process.actions import activate
from voronka.web import markdown

SCRIPT = """
  - key: offer
    title: Предложить торт
    task_kinds: [call]
    text: |
      Сначала поздравьте.
      1. «{client}, вас будет {players}?»
      2. «Торт возьмём? {сколько} гостей, {cakes} кг»

articles:"""
ARTICLE = """
  - key: cake
    title: Торт и чай
    section: Администраторам
    roles: [administrator]
    stages: [first/booked]
    text: |
      ## Что везём

      - **Медовик** к любому возрасту
      - <script>alert(1)</script>

      [Меню](javascript:alert(1)) и [сайт](https://example.com/cakes)
"""
#: The whole right side of the card.
QUERIES = 12


@pytest.fixture
def written(office):
    text = catalogue.text("quests").replace("\narticles:", SCRIPT + ARTICLE, 1)
    activate(text, by=actor.system("test"))
    return office


def called(office):
    """A deal of eight players whose next step is a call."""
    deal = office.deal("Ирина Соколова")
    change_deal(deal.pk, by=office.cast.owner.actor, values={"players": "8"})
    office.step(deal)
    return deal


def test_a_script_is_filled_in_and_its_steps_are_ticked_until_the_deal_goes_on(
    written, as_person, django_assert_max_num_queries
):
    deal = called(written)
    owner, where = as_person(written.cast.owner), f"/deals/{deal.pk}/scripts"
    owner.get(f"/deals/{deal.pk}/right")
    with django_assert_max_num_queries(QUERIES):
        page = owner.get(f"/deals/{deal.pk}/right").text
    assert re.findall(r'id="script-([\w-]+)"', page) == ["pick", "offer"]
    assert 'b class="v-filled">Ирина</b>, здравствуйте' in page
    assert 'вас будет <b class="v-filled">8</b>?' in page
    assert "{сколько} гостей, {cakes} кг" in page
    said = owner.post(f"{where}/offer", {"step": "2", "done": "1"}, headers={"HX-Request": "true"}).text
    assert "1 из 2" in said
    assert scripts.ticked(deal) == {("offer", 2)}
    assert owner.post(f"{where}/offer", {"step": "9", "done": "1"}).status_code == 409
    assert as_person(written.cast.stranger).post(f"{where}/offer", {"step": "1"}).status_code == 404
    owner.post(f"{where}/offer", {"step": ["1", "2"]})
    assert not scripts.ticked(deal)
    owner.post(f"{where}/offer", {"step": "1", "done": "1"})
    moved = move_deal(deal.pk, by=written.cast.owner.actor, to=written.stage("picked"))
    assert not scripts.ticked(moved)


def test_a_field_that_the_role_does_not_see_stays_blank_in_a_script(written, as_person):
    deal = called(written)
    FieldDef.objects.filter(key="players").update(seen_by=["director"])
    page = as_person(written.cast.owner).get(f"/deals/{deal.pk}/right").text
    assert 'вас будет <b class="v-filled">—</b>?' in page


def test_articles_are_read_by_their_role_found_by_words_and_printed(written, as_person):
    owner, director = as_person(written.cast.owner), as_person(written.cast.director)
    assert "Торт и чай" not in owner.get("/knowledge").text
    assert owner.get("/knowledge/article/cake").status_code == 404
    page = director.get("/knowledge/article/cake").text
    assert "<h4>Что везём</h4>" in page
    assert "<strong>Медовик</strong>" in page
    assert "<script>alert" not in page and 'href="javascript' not in page
    assert 'rel="noopener noreferrer"' in page
    for typed in ("медовики", "vtljdbr", "чая торты"):
        assert "/knowledge/article/cake" in director.get("/knowledge", {"q": typed}).text
    found = director.get("/search", {"q": "медовик"}, headers={"HX-Request": "true"}).text
    assert "/knowledge/article/cake" in found
    assert "/knowledge/article/cake" not in owner.get("/search", {"q": "медовик"}).text
    over = owner.get("/knowledge/script/offer", headers={"HX-Request": "true", "HX-Target": "dialogs"}).text
    assert over.lstrip().startswith("<dialog") and "клиент" in over
    assert "data-print" in director.get("/knowledge/article/cake/print").text


def test_an_article_is_changed_through_the_draft_and_the_card_points_to_it(written, as_person):
    director = as_person(written.cast.director)
    form = director.get("/process/parts/articles/of/cake").text
    assert 'value="&#34;first/booked&#34;" checked' in form
    typed = {"title": "Торт", "section": "Всем", "text": "Новый *текст*", "stages": '"first/taken"'}
    director.post("/process/parts/articles/of/cake", typed)
    assert "Торт и чай" in director.get("/knowledge").text
    director.post("/process/draft", {"comment": "Короче"})
    changed = next(one for one in queries.active().articles if one.key == "cake")
    assert (changed.title, changed.roles, changed.stages) == ("Торт", [], ["first/taken"])
    deal = written.deal("Ирина Соколова")
    assert "/knowledge/article/cake" in as_person(written.cast.owner).get(f"/deals/{deal.pk}/right").text


def test_what_a_client_is_called_is_never_read_as_markup():
    said = markdown.spoken("«{client}», **да**", lambda name: "<b>[x](javascript:alert(1))</b> **жирный**")
    assert "<strong>да</strong>" in said
    assert "&lt;b&gt;[x](javascript:alert(1))&lt;/b&gt; **жирный**" in said
