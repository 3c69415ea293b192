"""What holds for every profile, whatever a foreign sender posts."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voronka.intake.collector import Collector, money, quantity
from voronka.intake.delivery import Delivery
from voronka.intake.inquiry import Inquiry
from voronka.intake.profiles import PROFILES, BodyError, NotAnInquiry
from voronka.intake.profiles.port import Receipt

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_NAMES = """payment contacts answers extra quiz result created Phone Name tranid COOKIES name products orderid systranid
amount q a utm cookies href phone Телефон page x"""
KEYS = st.sampled_from(_NAMES.split())
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(["+7 921 338-40-17", "8921338", "a@b.ru", "https://x.ru/?utm_source=y", "0", "Икс x 2 = 100"]),
)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES, lambda node: st.lists(node, max_size=4) | st.dictionaries(KEYS, node, max_size=4), max_leaves=25
    ),
    max_size=8,
)


def delivery(body: bytes, content_type: str = "application/json", **given_) -> Delivery:
    return Delivery(body=body, content_type=content_type, received_at=AT, **given_)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES.keys())
@given(
    tree=TREES, mapping=st.dictionaries(KEYS, st.sampled_from(["phone", "name", "deal.players", "ignore"]), max_size=3)
)
@settings(max_examples=80)
def test_a_tree_of_any_shape_is_an_inquiry_or_a_reason(profile, tree, mapping):
    came = delivery(json.dumps(tree).encode("utf-8", "surrogatepass"))
    try:
        key = profile.delivery_key(came)
        inquiry = profile.parse(came, mapping)
        profile.refusal(came, mapping)
        profile.pairs(came)
    except (BodyError, NotAnInquiry):
        return
    assert key is None or (isinstance(key, str) and len(key) < 200)
    kept = json.loads(json.dumps(inquiry.model_dump(mode="json", exclude_defaults=True), allow_nan=False))
    assert Inquiry.model_validate(kept) == inquiry
    assert profile.answer(came, Receipt(entry=1, repeated=False)).status in (200, 201, 404)


@given(raw=st.text(max_size=60))
def test_amounts_never_raise(raw):
    amount = money(raw)
    assert amount is None or amount >= 0
    assert quantity(raw) > 0


@pytest.mark.parametrize(
    ("typed", "name", "phones"),
    [
        ("Ирина +7 921 338-40-17", "Ирина", ["+79213384017"]),
        ("89213384017", "", ["+79213384017"]),
        ("8 921 338 40 17 Ирина Соколова", "Ирина Соколова", ["+79213384017"]),
        ("Ирина (8-921-338-40-17) Соколова", "Ирина Соколова", ["+79213384017"]),
        ("Анна, т.9213384017", "Анна, т.", ["+79213384017"]),
        ("Ирина 2", "Ирина 2", []),
    ],
)
def test_a_phone_in_the_name_goes_where_it_belongs(typed, name, phones):
    collector = Collector()
    collector.take("Имя", typed)
    inquiry = collector.inquiry()
    assert (inquiry.name, inquiry.phones) == (name, phones)


def test_a_mapping_is_stronger_than_what_a_name_usually_means():
    collector = Collector({"Телефон": "ignore", "Контакт": "phone", "Сколько вас": "deal.players"})
    collector.take_all([("Телефон", "айфон"), ("контакт:", "89213384017"), ("Сколько вас", "6"), ("Город", "Пермь")])
    inquiry = collector.inquiry()
    assert inquiry.phones == ["+79213384017"]
    assert inquiry.fields == {"players": "6"}
    assert inquiry.answers == [("Город", "Пермь")]


@pytest.mark.parametrize(
    ("field", "value", "kind", "handle"),
    [
        ("telegram", "@Anna", "telegram", "anna"),
        ("tg", "https://t.me/anna?start=1", "telegram", "anna"),
        ("whatsapp", "+7 921 338-40-17", "whatsapp", "+79213384017"),
        ("вк", "vk.com/anna.k/", "vk", "anna.k"),
    ],
)
def test_messengers(field, value, kind, handle):
    collector = Collector()
    collector.take(field, value)
    assert collector.inquiry().handles == {kind: handle}


def test_a_messenger_ticked_is_no_name_in_it():
    collector = Collector()
    collector.take("whatsapp", "yes")
    assert collector.inquiry().handles == {}
