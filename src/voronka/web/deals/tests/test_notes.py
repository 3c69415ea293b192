"""Notes over HTTP: edited, deleted, put back and pinned by whom they may; colleagues named in them."""

import json

import pytest

from voronka.clients.models import Note
from voronka.deals.actions import add_note, delete_note, edit_note, pin_note
from voronka.deals.models import Deal
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Event
from voronka.notices.models import Notice
from voronka.testing.office import Office

FORM = "application/x-www-form-urlencoded"


def written(office: Office, deal: Deal, text: str = "Аллергия на орехи") -> Note:
    return add_note(deal.pk, by=office.cast.owner.actor, text=text)


def test_its_author_edits_it_and_every_text_is_kept(office: Office, as_person):
    deal = office.deal()
    note = written(office, deal)
    browser, url = as_person(office.cast.owner), f"/deals/{deal.pk}/notes/{note.pk}"
    assert "Аллергия на орехи" in browser.get(url).content.decode()
    assert browser.put(url, "text=", content_type=FORM).status_code == 422
    assert browser.put(url, "text=Аллергия на мёд", content_type=FORM).status_code == 204
    page = browser.get(f"/deals/{deal.pk}").content.decode()
    assert "Аллергия на мёд" in page
    assert "Аллергия на орехи" not in page
    assert "изменена" in page
    past = as_person(office.cast.partner).get(f"{url}/history").content.decode()
    assert past.index("орехи") < past.index("мёд")


def test_a_deleted_note_is_gone_everywhere_and_can_be_put_back(office: Office, as_person):
    deal = office.deal()
    note = written(office, deal)
    browser, url = as_person(office.cast.head), f"/deals/{deal.pk}/notes/{note.pk}"
    author = as_person(office.cast.owner)
    answer = author.post(f"{url}/deletion")
    for page in (f"/deals/{deal.pk}", f"/clients/{deal.company_id}"):
        assert "орехи" not in browser.get(page).content.decode()
    assert browser.get(f"{url}/history").status_code == 404
    assert not Note.objects.filter(pk=note.pk).exists()
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    assert author.post(undo["url"]).status_code == 204
    assert "орехи" in browser.get(f"/deals/{deal.pk}").content.decode()


def test_an_open_page_hears_of_it(office: Office, as_person):
    """The answer about what is new carries the older notes that changed, and what is pinned."""
    deal = office.deal()
    note = written(office, deal)
    brought = Event.objects.get(kind="note.added", data__note=note.pk)
    last = Event.objects.latest("pk").pk
    edit_note(note.pk, by=office.cast.owner.actor, text="Аллергия на мёд")
    pin_note(note.pk, by=office.cast.partner.actor, pinned=True)
    news = as_person(office.cast.owner).get(f"/deals/{deal.pk}/history?after={last}").content.decode()
    assert f'id="event-{brought.pk}"' in news
    assert news.count("Аллергия на мёд") == 2
    assert 'id="card-pins"' in news


def test_others_may_pin_but_not_change(office: Office, as_person):
    deal = office.deal()
    note = written(office, deal)
    other, url = as_person(office.cast.head), f"/deals/{deal.pk}/notes/{note.pk}"
    assert other.post(f"{url}/pin").status_code == 204
    assert Note.objects.get(pk=note.pk).pinned_at
    assert other.get(url).status_code == 404
    with pytest.raises(Refusal):
        edit_note(note.pk, by=office.cast.head.actor, text="Другое")
    with pytest.raises(Refusal):
        delete_note(note.pk, by=office.cast.head.actor)
    stranger = as_person(office.cast.stranger)
    assert {stranger.post(f"{url}/{act}").status_code for act in ("pin", "unpin", "deletion")} == {404}


def test_a_colleague_who_sees_the_deal_is_told_once(office: Office, as_person):
    deal = office.deal()
    name = office.cast.head.name
    browser = as_person(office.cast.owner)
    browser.post(f"/deals/{deal.pk}/notes", {"text": f"@{name}, посмотрите скидку"})
    notice = Notice.objects.get(person=office.cast.head, kind="mention")
    assert notice.url == f"/deals/{deal.pk}"
    note = Note.objects.latest("pk")
    edit_note(note.pk, by=office.cast.owner.actor, text=f"@{name}, посмотрите скидку и дату")
    assert Notice.objects.filter(person=office.cast.head, kind="mention").count() == 1
    assert f'<span class="v-at">@{name}</span>' in browser.get(f"/deals/{deal.pk}").content.decode()


def test_who_does_not_see_the_deal_is_not_told_but_the_author_is(office: Office, as_person):
    deal = office.deal()
    stranger = office.cast.stranger
    answer = as_person(office.cast.owner).post(f"/deals/{deal.pk}/notes", {"text": f"@{stranger.name} глянь"})
    assert stranger.name in json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    assert not Notice.objects.filter(person=stranger).exists()
    assert as_person(stranger).get(f"/deals/{deal.pk}").status_code == 404
