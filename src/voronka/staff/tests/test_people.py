import pytest

from voronka.kernel import actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.models import Event
from voronka.staff.actions import change_person, hire_person, set_active, set_password, sign_out_elsewhere
from voronka.staff.models import Person, Role
from voronka.staff.rights import may_manage
from voronka.testing.cast import role

NEW = {"name": "Юлия Мороз", "email": "julia@voronka.example", "password": "tihaya-gavan-12"}


def as_they_are(person, **changed):
    facts = {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "brands": list(person.brands.all()),
        "locations": list(person.locations.all()),
    }
    return {**facts, **changed}


def test_the_head_lets_a_manager_of_the_brand_in(cast):
    made = hire_person(by=cast.head.actor, role=role("manager"), brands=[cast.brand], **NEW)
    assert made.check_password(NEW["password"])
    assert made.seat.people.count() == 1
    event = Event.objects.get(kind="person.hired")
    assert (event.person_id, event.data["person"]) == (cast.head.pk, made.pk)
    assert "password" not in str(event.data)


@pytest.mark.parametrize("who", ["owner", "partner", "colleague", "administrator", "stranger"])
def test_who_does_not_manage_people_lets_nobody_in(cast, who):
    with pytest.raises(Refusal):
        hire_person(by=getattr(cast, who).actor, role=role("manager"), brands=[cast.brand], **NEW)


def test_the_head_makes_no_director(cast):
    with pytest.raises(Refusal):
        hire_person(by=cast.head.actor, role=role("director"), **NEW)
    with pytest.raises(Refusal):
        change_person(cast.head, by=cast.head.actor, **as_they_are(cast.head, role=role("director")))


def test_the_head_gives_no_other_brand(cast):
    with pytest.raises(Refusal):
        hire_person(by=cast.head.actor, role=role("head"), brands=[cast.other_brand], **NEW)
    with pytest.raises(Refusal):
        change_person(cast.head, by=cast.head.actor, **as_they_are(cast.head, brands=[cast.brand, cast.other_brand]))


def test_the_head_sets_no_password_of_the_director(cast):
    with pytest.raises(Refusal):
        set_password(cast.director, by=cast.head.actor, password=NEW["password"])
    with pytest.raises(Refusal):
        set_active(cast.director, by=cast.head.actor, active=False)


def test_the_head_manages_the_administrators_of_the_brand_and_not_of_another(cast):
    assert may_manage(cast.head.actor, cast.administrator)
    cast.administrator.locations.set([cast.other_location])
    assert not may_manage(cast.head.actor, Person.objects.get(pk=cast.administrator.pk))


def test_nobody_is_put_on_a_seat_whose_people_one_does_not_manage(cast):
    with pytest.raises(Refusal):
        hire_person(by=cast.head.actor, role=role("manager"), brands=[cast.brand], seat=cast.stranger.seat, **NEW)
    with pytest.raises(Refusal):
        change_person(cast.colleague, by=cast.head.actor, **as_they_are(cast.colleague), seat=cast.director.seat)


def test_two_who_share_a_seat_are_parted(cast):
    changed = change_person(cast.partner, by=cast.head.actor, **as_they_are(cast.partner), own_seat=True)
    assert changed.seat != cast.owner.seat
    again = change_person(changed, by=cast.head.actor, **as_they_are(changed), own_seat=True)
    assert again.seat == changed.seat


def test_the_last_director_stays(cast):
    other = hire_person(by=cast.director.actor, role=role("director"), **NEW)
    set_active(other, by=cast.director.actor, active=False)
    with pytest.raises(Refusal) as refused:
        change_person(cast.director, by=cast.director.actor, **as_they_are(cast.director, role=role("manager")))
    assert refused.value.rule == "last"
    with pytest.raises(Refusal):
        set_active(cast.director, by=actor.system("test"), active=False)
    assert Person.objects.get(pk=cast.director.pk).is_active


def test_with_a_second_director_the_first_may_go(cast):
    other = hire_person(by=cast.director.actor, role=role("director"), **NEW)
    set_active(cast.director, by=other.actor, active=False)
    assert not Person.objects.get(pk=cast.director.pk).is_active


def test_nobody_switches_themselves_off(cast):
    with pytest.raises(Refusal):
        set_active(cast.head, by=cast.head.actor, active=False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"email": "no-at"}, "email"),
        ({"email": "MARIA@voronka.example"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password"}, "password"),
    ],
)
def test_wrong_values_are_told_beside_their_field(cast, wrong, field):
    with pytest.raises(FieldErrors) as refused:
        hire_person(by=cast.director.actor, role=role("manager"), **{**NEW, **wrong})
    assert list(refused.value.errors) == [field]
    assert Person.objects.count() == len(cast.everybody)


def test_what_changed_is_recorded_old_and_new(cast):
    change_person(cast.colleague, by=cast.head.actor, **as_they_are(cast.colleague, name="Дмитрий Л."))
    changes = Event.objects.get(kind="person.changed").data["changes"]
    assert changes == {"name": ["Дмитрий Лосев", "Дмитрий Л."]}


def test_switching_off_and_signing_out_elsewhere_end_sessions(cast, as_person):
    browser = as_person(cast.owner)
    assert browser.get("/profile").status_code == 200
    sign_out_elsewhere(cast.owner, by=cast.owner.actor)
    assert browser.get("/profile").status_code == 302
    browser = as_person(cast.colleague)
    set_active(cast.colleague, by=cast.head.actor, active=False)
    set_active(cast.colleague, by=cast.head.actor, active=True)
    assert browser.get("/profile").status_code == 302


def test_rights_of_every_role_are_known_words(cast):
    from voronka.staff.access import PERMISSIONS

    for found in Role.objects.all():
        assert set(found.may) <= set(PERMISSIONS)
