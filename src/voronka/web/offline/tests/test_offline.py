import json
import struct

from django.test import Client

from voronka.clients.models import Note
from voronka.web.assets import DIST, service_worker
from voronka.web.assets import manifest as assets


def test_the_page_that_a_device_keeps_names_nobody(cast, as_person):
    page = as_person(cast.owner).get("/offline").content.decode()
    assert "Нет связи" in page
    assert cast.owner.name not in page and "data-me" not in page


def test_the_service_worker_keeps_the_page_and_what_it_is_drawn_with(db, rf):
    worker = service_worker(rf.get("/sw.js")).content.decode()
    page = Client().get("/offline").content.decode()
    assert '"/offline"' in worker
    drawn_with = [part.split('"')[0] for part in page.split('"/static/dist/')[1:]]
    kept = [name for name in drawn_with if name.startswith(("app-", "theme-boot-", "favicon-"))]
    assert len(kept) == 4 and all(f"/static/dist/{name}" in worker for name in kept)


def test_the_manifest_is_enough_to_install():
    manifest = json.loads((DIST / assets.hashed("manifest.webmanifest")).read_text())
    assert manifest["display"] == "standalone" and manifest["start_url"] == manifest["scope"] == "/"
    icons = {icon["sizes"]: icon for icon in manifest["icons"]}
    for size in (192, 512):
        icon = icons[f"{size}x{size}"]
        head = (DIST / icon["src"]).read_bytes()[:24]
        assert head.startswith(b"\x89PNG") and struct.unpack(">II", head[16:24]) == (size, size)
        assert "maskable" in icon["purpose"]


def test_a_note_that_a_device_sends_again_is_written_once(office, as_person):
    deal, browser = office.deal(), as_person(office.cast.owner)
    for address in (f"/deals/{deal.pk}/notes", f"/clients/{deal.company_id}/notes"):
        facts = {"text": f"Из метро: {address}", "once": address[-64:]}
        answers = [browser.post(address, facts, headers={"HX-Request": "true"}).status_code for _time in range(2)]
        assert answers in ([200, 200], [204, 204])
        browser.post(address, {"text": "Другая"}, headers={"HX-Request": "true"})
    assert sorted(Note.objects.values_list("text", flat=True)) == sorted(
        [
            *(f"Из метро: /{path}/notes" for path in (f"deals/{deal.pk}", f"clients/{deal.company_id}")),
            "Другая",
            "Другая",
        ]
    )
