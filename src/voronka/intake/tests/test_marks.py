import pytest

from voronka.intake.limits import Buckets
from voronka.intake.marks import from_cookies, from_url, gather


def test_a_lower_layer_fills_gaps_but_never_mixes_campaigns():
    utm, clicks = gather(
        [
            {"utm_source": "vk"},
            {"utm_source": "yandex", "utm_medium": "cpc", "yclid": "1"},
            {"utm_source": "vk", "utm_campaign": "osen", "yclid": "2", "gclid": "3"},
        ]
    )
    assert utm == {"source": "vk", "campaign": "osen"}
    assert clicks == {"yclid": "1", "gclid": "3"}


def test_without_explicit_marks_the_cookie_speaks():
    assert gather([{}, {"utm_source": "yandex"}, {"utm_source": "vk"}])[0] == {"source": "yandex"}


def test_tildas_cookie_is_unfolded():
    cookies = from_cookies(
        "_ym_uid=169; TILDAUTM=utm_source%3Dyandex%7C%7C%7Cutm_campaign%3D%25D0%25BB%25D0%25B5%25D1%2582%25D0%25BE; x"
    )
    assert cookies == {"_ym_uid": "169", "utm_source": "yandex", "utm_campaign": "лето"}


@pytest.mark.parametrize("address", ["", "не адрес", "http://[::1", "https://x.ru/" + "?a" * 500, "//", "\x00"])
def test_wrong_addresses_have_no_marks(address):
    assert gather([from_url(address)]) == ({}, {})


def test_marks_behind_the_hash_count():
    assert from_url("https://x.ru/#!/tproduct?utm_source=ya")["utm_source"] == "ya"


def test_a_bucket_empties_and_refills():
    now = [0.0]
    buckets = Buckets(clock=lambda: now[0])
    assert [buckets.take("a", 3) for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b", 3)
    now[0] = 20.0
    assert [buckets.take("a", 3) for _ in range(2)] == [True, False]
