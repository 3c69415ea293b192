"""The example of RFC 8291, section 5 and appendix A: what encrypts our pushes and what our stand-in reads them with."""

from types import SimpleNamespace

import http_ece
import pywebpush
from cryptography.hazmat.primitives.asymmetric import ec

from voronka.testing.push_service import padded

PLAINTEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(padded(text)), ec.SECP256R1())


def test_a_push_is_encrypted_as_the_standard_shows(monkeypatch):
    monkeypatch.setattr(pywebpush.ec, "generate_private_key", lambda *_curve: private(SENDER))
    monkeypatch.setattr(http_ece, "os", SimpleNamespace(urandom=lambda _count: padded(SALT)))
    browser = {"endpoint": "https://push.example.net/x", "keys": {"p256dh": RECEIVER_POINT, "auth": SECRET}}
    made = pywebpush.WebPusher(browser).encode(PLAINTEXT, content_encoding="aes128gcm")
    assert made["body"] == padded(BODY)


def test_the_stand_in_reads_what_the_standard_shows():
    assert http_ece.decrypt(padded(BODY), private_key=private(RECEIVER), auth_secret=padded(SECRET)) == PLAINTEXT
