from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from voronka.web import formats

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 21, 11, 5, tzinfo=UTC)  # 14:05 in Moscow, a Saturday
N = formats.NBSP


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12500, f"12{N}500{N}₽"),
        (Decimal("1234567.00"), f"1{N}234{N}567{N}₽"),
        (Decimal("99.5"), f"99,50{N}₽"),
        (Decimal("0"), f"0{N}₽"),
        (-700, f"−700{N}₽"),
        (None, ""),
    ],
)
def test_money_groups_digits_and_shows_kopecks_only_when_there_are_some(value: Decimal, text: str) -> None:
    assert formats.money(value) == text


def test_money_in_english_has_a_decimal_point() -> None:
    assert formats.money(Decimal("1250.5"), "en") == f"1{N}250.50{N}₽"


@pytest.mark.parametrize(
    ("shift", "text"),
    [
        (timedelta(minutes=12, seconds=5), f"через 12{N}мин"),
        (timedelta(seconds=40), f"через 40{N}с"),
        (timedelta(seconds=-20), "только что"),
        (timedelta(minutes=-5), f"5{N}мин назад"),
        (timedelta(hours=-2), f"2{N}ч назад"),
        (timedelta(hours=-13), "сегодня 01:05"),
        (timedelta(days=-1), "вчера 14:05"),
        (timedelta(days=1, hours=-3), "завтра 11:05"),
        (timedelta(days=-20), f"1{N}ноя 14:05"),
        (timedelta(days=-400), f"17{N}окт{N}2025 14:05"),
    ],
)
def test_relative_speaks_of_minutes_then_of_days(shift: timedelta, text: str) -> None:
    assert formats.relative(NOW + shift, now=NOW, zone=MOSCOW) == text


def test_minutes_ago_across_midnight_stay_minutes() -> None:
    midnight = datetime(2026, 11, 20, 21, 10, tzinfo=UTC)  # 00:10 in Moscow
    assert formats.relative(midnight - timedelta(minutes=30), now=midnight, zone=MOSCOW) == f"30{N}мин назад"


def test_the_day_belongs_to_the_zone_of_the_person() -> None:
    moment = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
    assert formats.when(moment, now=NOW, zone=MOSCOW) == "завтра 01:30"
    assert formats.when(moment, now=NOW, zone=ZoneInfo("UTC")) == "22:30"


def test_english_words() -> None:
    assert formats.relative(NOW + timedelta(minutes=12), now=NOW, zone=MOSCOW, language="en") == f"in 12{N}min"
    assert formats.when(NOW - timedelta(days=1), now=NOW, zone=MOSCOW, language="en-gb") == "yesterday 14:05"


@pytest.mark.parametrize(
    ("seconds", "short", "exact"),
    [
        (0, f"0{N}с", f"0{N}с"),
        (114, f"1{N}мин", f"1{N}мин 54{N}с"),
        (5100, f"1{N}ч", f"1{N}ч 25{N}мин"),
        (26 * 3600, f"26{N}ч", f"1{N}дн. 2{N}ч"),
        (5 * 86400, f"5{N}дн.", f"5{N}дн."),
    ],
)
def test_durations(seconds: int, short: str, exact: str) -> None:
    assert formats.duration(seconds) == short
    assert formats.exact_duration(timedelta(seconds=seconds)) == exact


def test_time_in_stage_against_its_limit() -> None:
    assert formats.spent_of(timedelta(hours=20), timedelta(hours=24)) == f"20{N}ч из 24{N}ч"


@pytest.mark.parametrize(("seconds", "text"), [(266, "4:26"), (-84, "−1:24"), (7510, "2:05:10"), (0, "0:00")])
def test_countdown(seconds: int, text: str) -> None:
    assert formats.countdown(seconds) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("+79213384017", f"+7{N}921{N}338-40-17"),
        ("+442079460958", f"+44{N}20{N}7946{N}0958"),
        ("не телефон", "не телефон"),
        ("", ""),
    ],
)
def test_phone(raw: str, text: str) -> None:
    assert formats.phone(raw) == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Мария Тен", "МТ"),
        ("Семья Соколовых", "СО"),
        ("ООО «Вектор Строй»", "ВС"),
        ("Анна-Мария", "АМ"),
        ("лена", "ЛЕ"),
        ("+7 921 604-18-33", "33"),
        ("", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (1, "сделка"),
        (2, "сделки"),
        (5, "сделок"),
        (11, "сделок"),
        (21, "сделка"),
        (112, "сделок"),
        (0, "сделок"),
    ],
)
def test_plural(count: int, word: str) -> None:
    assert formats.plural(count, "сделка|сделки|сделок") == word


def test_days_and_weekdays() -> None:
    today = date(2026, 11, 21)
    assert formats.day(today, today=today) == f"21{N}ноя"
    assert formats.long_day(date(2025, 5, 1), today=today) == f"1{N}мая{N}2025"
    assert formats.weekday(today) == "сб"
    assert formats.weekday(today, "en", full=True) == "Saturday"
    assert formats.near_day(date(2026, 11, 20), today=today) == "вчера"


def test_stage_ink_runs_from_first_to_sixth() -> None:
    assert [formats.stage_step(place, 7) for place in range(7)] == [1, 2, 3, 3, 4, 5, 6]
    assert formats.stage_step(0, 1) == 1


def test_share_of_nothing_is_nothing() -> None:
    assert formats.percent(3, 0) == 0
    assert formats.percent(1, 3) == 33


def test_iso_is_utc() -> None:
    assert formats.iso(datetime(2026, 11, 21, 14, 5, tzinfo=MOSCOW)) == "2026-11-21T11:05:00Z"


def test_sizes_of_files():
    assert [formats.file_size(size) for size in (0, 999, 1126, 52_000, 19_960_000)] == [
        "0\xa0Б", "999\xa0Б", "1,1\xa0КБ", "52\xa0КБ", "20\xa0МБ",
    ]  # fmt: skip
    assert formats.file_size(1126, "en") == "1.1\xa0kB"
