"""Switching a document on: rows by key, history kept, nothing in use vanishes."""

import pytest
from django.db import IntegrityError, transaction

from voronka.catalogue.models import Product
from voronka.deals.actions import take_deal
from voronka.deals.models import FieldDef, Funnel, LossReason, Stage
from voronka.kernel import actor
from voronka.kernel.errors import Refusal
from voronka.presets import catalogue
from voronka.process import document, queries
from voronka.process.actions import activate
from voronka.process.models import Version
from voronka.staff.models import Brand, Location, Role

pytestmark = pytest.mark.django_db

BY = actor.system("test")


def test_quests_is_the_company_of_the_brief(quests):
    assert (Brand.objects.count(), Location.objects.count()) == (3, 12)
    programme = FieldDef.objects.get(entity="deal", key="programme")
    assert len(programme.options) == 62
    assert Product.objects.filter(is_upsell=True).count() == 9
    assert [funnel.title for funnel in Funnel.objects.all()] == [
        "Первые продажи",
        "Повторные продажи",
        "Партнёрка",
        "Контроль качества",
    ]
    assert list(Stage.objects.filter(funnel__key="first").values_list("title", flat=True)) == [
        "Неразобранное",
        "Взято в работу",
        "Подобрали игру",
        "Бронь подтверждена",
        "Прозвон 1",
        "Игра проведена",
        "Отзыв получен",
        "Отказ",
    ]
    routes = queries.intake_routes()
    assert (routes.new.key, routes.repeat.key) == ("first", "repeat")


def test_a_second_version_keeps_ids_and_switches_off_what_is_gone(quests):
    text = catalogue.text("quests")
    stage = Stage.objects.get(funnel__key="first", key="picked")
    changed = text.replace("title: Подобрали игру", "title: Выбрали игру").replace(
        "      - {key: far, title: Неудобное место}\n", ""
    )
    version = activate(changed, by=quests.director.actor, comment="Короче")
    stage.refresh_from_db()
    assert stage.title == "Выбрали игру"
    assert not LossReason.objects.get(funnel__key="first", key="far").is_active
    assert queries.active().stages["first/picked"].title == "Выбрали игру"
    assert list(Version.objects.filter(is_active=True)) == [version]
    assert Version.objects.count() == 2


def test_a_stage_with_deals_is_not_removed(inquiry, quests):
    take_deal(inquiry().pk, by=quests.owner.actor)
    renamed = catalogue.text("quests").replace("key: taken\n", "key: began\n").replace("/taken", "/began")
    with pytest.raises(Refusal, match="Взято в работу"):
        activate(renamed, by=BY)
    assert Version.objects.get(is_active=True).document == catalogue.text("quests")
    assert Funnel.objects.get(key="first").is_active


def test_a_role_that_people_have_is_not_removed(quests):
    with pytest.raises(Refusal, match="Администратор"):
        activate(catalogue.text("empty"), by=BY)
    assert Role.objects.filter(key="administrator").exists()


def test_a_broken_document_changes_nothing(quests):
    with pytest.raises(document.DocumentErrors):
        activate(catalogue.text("quests").replace("repeat: repeat", "repeat: nowhere"), by=BY)
    assert Version.objects.get().document == catalogue.text("quests")


def test_only_those_who_may_manage_the_process_switch_it(quests):
    with pytest.raises(Refusal):
        activate(catalogue.text("quests"), by=quests.owner.actor)


def test_the_base_keeps_one_active_version(quests):
    active = Version.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(document="", created_at=active.created_at, is_active=True)


def test_no_process_no_way_for_inquiries(db):
    assert queries.active().funnels == []
    with pytest.raises(Refusal):
        queries.intake_routes()
