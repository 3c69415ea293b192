import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.intake.bodies import BodyError, decode

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
        (b"p[products][0][name]=X&p[products][1][name]=Y", {"p": {"products": [{"name": "X"}, {"name": "Y"}]}}),
        (b"p%5Bsys%5D=none", {"p": {"sys": "none"}}),
        (b"a=1&a[b]=2", {"a": "1", "a[b]": "2"}),
        (b"[x]=1&y[=2&z]=3", {"[x]": "1", "y[": "2", "z]": "3"}),
        (b"q[7]=b&q[3]=a", {"q": ["a", "b"]}),
        (b"Name=%D0%98%D0%B2%D0%B0%D0%BD+%D0%9F", {"Name": "Иван П"}),
        (b"Name=%CF%B8%F2%F0", {"Name": "Пётр"}),
        (b"a=&=b&c", {"a": "", "c": ""}),
    ],
)
def test_forms(body, values):
    assert decode(FORM, body).values == values


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", FORM, "text/plain", ""])
def test_json_is_known_by_its_type_or_its_first_byte(kind):
    body = json.dumps({"a": {"b": [1, None, True]}}).encode()
    assert decode(kind, b"\n" + body).values == {"a": {"b": [1, None, True]}}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1, 2]", b'"text"', b"{" * 5000, b"[" * 90_000, b'{"a":' * 3000 + b"1" + b"}" * 3000]
)
def test_what_cannot_be_read_says_so(body):
    with pytest.raises(BodyError) as told:
        decode("application/json", body)
    assert str(told.value)


def test_what_postgres_cannot_keep_is_taken_out():
    values = decode("application/json", b'{"a\\u0000": "x\\u0000\\ud800y"}').values
    assert values == {"a": "x?y"}


def test_pairs_are_paths():
    pairs = decode("application/json", b'{"contacts": {"phone": "1"}, "list": ["a", "b"], "deep": [{"q": 1}]}').pairs()
    assert pairs == [("contacts.phone", "1"), ("list", "a, b"), ("deep.0.q", "1")]


@given(
    kind=st.one_of(
        st.sampled_from([FORM, "application/json", "multipart/form-data; boundary=B", "multipart/form-data", "x/y"]),
        st.text(max_size=60),
    ),
    body=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='{}[]":,&=%+ab1\\u0d8\r\n-B;', max_size=200).map(lambda text: text.encode()),
        st.binary(max_size=120).map(
            lambda raw: b'--B\r\nContent-Disposition: form-data; name="a"\r\n' + raw + b"\r\n--B--\r\n"
        ),
    ),
    query=st.text(max_size=40),
)
def test_nothing_but_a_body_error_ever_comes_out(kind, body, query):
    try:
        decoded = decode(kind, body, query)
    except BodyError:
        return
    json.dumps(decoded.values).encode()
    assert all(isinstance(name, str) and isinstance(text, str) for name, text in decoded.pairs())
