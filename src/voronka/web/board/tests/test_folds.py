"""Folded columns stay folded for whoever folded them."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_folded_column_stays_so_for_one_person(office, as_person):
    cast, stage = office.cast, office.stage("picked")
    mine, other = as_person(cast.owner), as_person(cast.partner)
    assert mine.put(f"/board/stages/{stage.pk}/fold").status_code == 204
    assert mine.get("/board?funnel=first").content.decode().count("is-folded") == 1
    assert "is-folded" not in other.get("/board?funnel=first").content.decode()
    mine.delete(f"/board/stages/{stage.pk}/fold")
    assert "is-folded" not in mine.get("/board?funnel=first").content.decode()
    assert mine.put("/board/stages/999999/fold").status_code == 404
