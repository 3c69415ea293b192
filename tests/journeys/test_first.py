from voronka.deals.models import Deal
from voronka.intake.models import Entry
from .conftest import form

def test_tilda_form_becomes_a_deal(source, deliver, drain):
    tilda = source("tilda", title="Tilda", mapping={"Игроков":"deal.players"})
    answer, = deliver(form(tilda, {"Name": "Иван", "Phone": "+7 (921) 338-40-17", "tranid": "77:88", "formid":"form1", "formname": "Запись", "Input":"x", "COOKIES": "_ym_uid=1699; TILDAUTM=utm_source%3Dyandex|||utm_medium%3Dcpc"}))
    assert (answer.status_code, answer.text) == (200, "ok")
    entry, = drain()
    assert entry.account == "deal", entry.reason
    deal = Deal.objects.get()
    assert deal.utm == {"source": "yandex", "medium": "cpc"}
    assert deal.contact.name == "Иван"
    print(entry.parsed)
