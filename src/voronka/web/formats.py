"""How figures, moments and names are written. Pure: language, time zone and now come in as arguments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import phonenumbers

NBSP = "\u00a0"
THIN_MINUS = "\u2212"


@dataclass(frozen=True)
class Words:
    """The words of one language that dates and spans are made of."""

    months: tuple[str, ...]
    months_full: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_full: tuple[str, ...]
    second: str
    minute: str
    hour: str
    day: str
    today: str
    yesterday: str
    tomorrow: str
    ahead: str
    ago: str
    just_now: str
    of: str
    decimal: str


RUSSIAN = Words(
    months=("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    months_full=(
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    weekdays=("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    weekdays_full=("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    second="с",
    minute="мин",
    hour="ч",
    day="дн.",
    today="сегодня",
    yesterday="вчера",
    tomorrow="завтра",
    ahead="через {}",
    ago="{} назад",
    just_now="только что",
    of="{} из {}",
    decimal=",",
)

ENGLISH = Words(
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    months_full=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    weekdays_full=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    second="s",
    minute="min",
    hour="h",
    day="d",
    today="today",
    yesterday="yesterday",
    tomorrow="tomorrow",
    ahead="in {}",
    ago="{} ago",
    just_now="just now",
    of="{} of {}",
    decimal=".",
)


def words(language: str) -> Words:
    """The words of a language code («ru», «en-gb»); what we don't speak is English."""
    return RUSSIAN if (language or "").startswith("ru") else ENGLISH


def number(value: Decimal | float | int | None, language: str = "ru") -> str:
    """12500 → «12 500», 1234.5 → «1 234,5»; minus is a real minus. None → «»."""
    if value is None:
        return ""
    amount = Decimal(str(value))
    whole, _, rest = f"{abs(amount):f}".partition(".")
    groups = f"{int(whole):,}".replace(",", NBSP)
    tail = words(language).decimal + rest if rest.strip("0") else ""
    return (THIN_MINUS if amount < 0 else "") + groups + tail


def money_amount(value: Decimal | float | int | None, language: str = "ru") -> str:
    """The digits of a sum: «12 500», or «12 500,50» when there are kopecks. None → «»."""
    if value is None:
        return ""
    rounded = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return number(rounded if rounded % 1 else rounded.quantize(Decimal(1)), language)


def money(value: Decimal | float | int | None, language: str = "ru", sign: str = "₽") -> str:
    """12500 → «12 500 ₽» with non-breaking spaces. None → «»."""
    return "" if value is None else f"{money_amount(value, language)}{NBSP}{sign}"


def file_size(value: int, language: str = "ru") -> str:
    """1126 → «1,1 КБ»."""
    units, size = (("Б", "КБ", "МБ", "ГБ") if language == "ru" else ("B", "kB", "MB", "GB")), Decimal(value)
    step = 0
    while size >= 1000 and step < len(units) - 1:
        size, step = size / 1000, step + 1
    shown = size.quantize(Decimal("0.1") if step and size < 10 else Decimal(1), ROUND_HALF_UP)
    return f"{number(shown, language)}{NBSP}{units[step]}"


def percent(part: float | int, whole: float | int) -> int:
    """Share in whole per cent, 0…100 kept as it is above 100; 0 of nothing is 0."""
    return int(Decimal(part * 100 / whole).quantize(Decimal(1), ROUND_HALF_UP)) if whole else 0


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """«14:05» in the person's zone."""
    return moment.astimezone(zone).strftime("%H:%M")


def day(value: date, *, today: date, language: str = "ru") -> str:
    """«21 ноя», with the year when it is not this one: «21 ноя 2024»."""
    text = f"{value.day}{NBSP}{words(language).months[value.month - 1]}"
    return text if value.year == today.year else f"{text}{NBSP}{value.year}"


def long_day(value: date, *, today: date, language: str = "ru") -> str:
    """«21 ноября», «21 ноября 2024»."""
    text = f"{value.day}{NBSP}{words(language).months_full[value.month - 1]}"
    return text if value.year == today.year else f"{text}{NBSP}{value.year}"


def weekday(value: date, language: str = "ru", *, full: bool = False) -> str:
    """«сб» or «суббота»."""
    known = words(language)
    return (known.weekdays_full if full else known.weekdays)[value.weekday()]


def day_and_time(moment: datetime, *, now: datetime, zone: tzinfo, language: str = "ru") -> str:
    """«21 ноя 14:05»."""
    local = moment.astimezone(zone)
    today = now.astimezone(zone).date()
    return f"{day(local.date(), today=today, language=language)} {local:%H:%M}"


def near_day(value: date, *, today: date, language: str = "ru") -> str:
    """«сегодня», «вчера», «завтра», otherwise «21 ноя»."""
    known = words(language)
    near = {0: known.today, -1: known.yesterday, 1: known.tomorrow}
    return near.get((value - today).days) or day(value, today=today, language=language)


def when(moment: datetime, *, now: datetime, zone: tzinfo, language: str = "ru") -> str:
    """A deadline as people say it: «15:30» today, «завтра 11:00», «вчера 18:00», «21 ноя 14:05»."""
    local = moment.astimezone(zone)
    today = now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{near_day(local.date(), today=today, language=language)} {local:%H:%M}"


def relative(moment: datetime, *, now: datetime, zone: tzinfo, language: str = "ru") -> str:
    """«через 12 мин», «5 мин назад», «2 ч назад» within the day; then «вчера 18:00», «21 ноя 14:05»."""
    known = words(language)
    seconds = (moment - now).total_seconds()
    if abs(seconds) < 60:
        return known.just_now if seconds <= 0 else known.ahead.format(duration(timedelta(seconds=seconds), language))
    same_day = moment.astimezone(zone).date() == now.astimezone(zone).date()
    if abs(seconds) < 3600 or (same_day and abs(seconds) < 12 * 3600):
        span = duration(timedelta(seconds=abs(seconds)), language)
        return (known.ahead if seconds > 0 else known.ago).format(span)
    if same_day:
        return f"{known.today} {clock_time(moment, zone)}"
    return when(moment, now=now, zone=zone, language=language)


def duration(span: timedelta | float | int, language: str = "ru") -> str:
    """One unit, rounded down: «40 с», «12 мин», «26 ч» up to two days, then «5 дн.». A number is seconds."""
    known = words(language)
    seconds = max(0, int(span.total_seconds() if isinstance(span, timedelta) else span))
    if seconds < 60:
        return f"{seconds}{NBSP}{known.second}"
    if seconds < 3600:
        return f"{seconds // 60}{NBSP}{known.minute}"
    if seconds < 48 * 3600:
        return f"{seconds // 3600}{NBSP}{known.hour}"
    return f"{seconds // 86400}{NBSP}{known.day}"


def exact_duration(span: timedelta | float | int, language: str = "ru") -> str:
    """Two units: «1 мин 54 с», «1 ч 25 мин», «2 дн. 3 ч»; a zero second unit is left out."""
    known = words(language)
    seconds = max(0, int(span.total_seconds() if isinstance(span, timedelta) else span))
    ladder = ((86400, known.day), (3600, known.hour), (60, known.minute), (1, known.second))
    for (size, name), (small, small_name) in pairwise(ladder):
        if seconds >= size:
            rest = seconds % size // small
            head = f"{seconds // size}{NBSP}{name}"
            return f"{head} {rest}{NBSP}{small_name}" if rest else head
    return f"{seconds}{NBSP}{known.second}"


def spent_of(spent: timedelta, limit: timedelta, language: str = "ru") -> str:
    """«20 ч из 24 ч»: time in stage against its limit."""
    return words(language).of.format(duration(spent, language), duration(limit, language))


def countdown(seconds: float) -> str:
    """«4:26» left, «−1:24» late; hours appear when needed: «2:05:10»."""
    whole = int(abs(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return THIN_MINUS + text if seconds < 0 else text


def phone(e164: str) -> str:
    """«+79213384017» → «+7 921 338-40-17»; foreign numbers in their international form; what is no number, as it is."""
    text = (e164 or "").strip()
    if text.startswith("+7") and len(text) == 12 and text[1:].isdigit():
        return f"+7{NBSP}{text[2:5]}{NBSP}{text[5:8]}-{text[8:10]}-{text[10:]}"
    try:
        parsed = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace(" ", NBSP)


def initials(name: str) -> str:
    """Two letters for an avatar: «Мария Тен» → «МТ», «ООО «Вектор Строй»» → «ВС», a phone → last two digits."""
    parts = [part.strip("«»\"'()") for part in (name or "").replace("-", " ").split()]
    parts = [part for part in parts if part and part not in LEGAL_FORMS]
    letters = [part for part in parts if part[0].isalpha()]
    if not letters:
        digits = "".join(sign for sign in name or "" if sign.isdigit())
        return digits[-2:] or "?"
    if len(letters) == 1:
        return letters[0][:2].upper() if len(letters[0]) > 1 else letters[0].upper()
    return (letters[0][0] + letters[1][0]).upper()


LEGAL_FORMS = frozenset({"ООО", "АО", "ПАО", "ЗАО", "ИП", "НКО", "АНО", "ГБУ", "МБОУ", "Семья", "семья"})


def plural(count: int, forms: str) -> str:
    """Russian plural by «сделка|сделки|сделок»; two forms are read as English."""
    options = forms.split("|")
    if len(options) == 2:
        return options[0] if count == 1 else options[1]
    tens, ones = abs(count) % 100, abs(count) % 10
    if ones == 1 and tens != 11:
        return options[0]
    return options[1] if 2 <= ones <= 4 and not 12 <= tens <= 14 else options[2]


def iso(moment: datetime) -> str:
    """UTC with a Z, as the ticking clocks of the page read it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def stage_step(position: int, count: int) -> int:
    """Ink of a stage, 1…6, by its place among `count` open stages (position from 0)."""
    return 1 + round(5 * position / (count - 1)) if count > 1 else 1
