"""Files that other systems give out: known by their headings, so that nothing has to be guessed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .guess import Guess, norm

_PHONES = (
    "телефон", "рабочий телефон", "мобильный телефон", "рабочий прямой телефон", "домашний телефон", "другой телефон",
    "факс", "телефон (контакт)", "рабочий телефон (контакт)", "мобильный телефон (контакт)",
)  # fmt: skip
_EMAILS = (
    "e-mail", "email", "рабочий email", "личный email", "другой email", "рабочий e-mail", "частный e-mail",
    "другой e-mail", "рабочий e-mail (контакт)", "частный e-mail (контакт)",
)  # fmt: skip
_WAYS = dict.fromkeys(_PHONES, "contact.phone") | dict.fromkeys(_EMAILS, "contact.email")
#: What these systems keep for themselves, and marks of the first touch that have no column of ours.
_LEFT_OUT = (
    "ближайшая задача", "кем создана", "кем создано", "создатель", "кем изменено", "кем изменена", "автор изменения",
    "дата изменения", "дата редактирования", "кем редактирована", "компания контакта", "валюта", "вероятность",
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "roistat", "дата модификации",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """`signs`: headings all of which it has. `fields`: heading → target, empty for what is left out."""

    system: str
    title: str
    signs: frozenset[str]
    fields: Mapping[str, str]


def _export(system: str, title: str, signs: str, **targets: str) -> Export:
    named = {heading.strip(): target for target, headings in targets.items() for heading in headings.split(";")}
    fields = dict.fromkeys(_LEFT_OUT, "") | _WAYS | {heading: key.replace("__", ".") for heading, key in named.items()}
    return Export(system, title, frozenset(sign.strip() for sign in signs.split(";")), fields)


_NOTES = "примечания; примечание; примечание 1; примечание 2; примечание 3; примечание 4; примечание 5"
_DEAL_OF_AMO = {
    "deal__external": "id; id сделки",
    "deal__title": "название сделки",
    "contact__name": "основной контакт",
    "company__name": "компания",
    "deal__responsible": "ответственный",
    "deal__stage": "статус (этап) сделки; этап сделки; статус сделки; этап",
    "deal__funnel": "воронка",
    "deal__amount": "бюджет; бюджет сделки; бюджет, ₽; бюджет , руб",
    "deal__created": "дата создания; дата создания сделки",
    "deal__closed": "дата закрытия",
    "deal__tags": "теги сделки; теги",
    "deal__reason": "причина отказа",
    "contact__position": "должность; должность (контакт)",
    "company__address": "адрес; адрес (контакт)",
    "note": _NOTES,
}
EXPORTS = (
    _export("amocrm", "amoCRM: сделки", "название сделки; бюджет; основной контакт", **_DEAL_OF_AMO),
    _export("amocrm", "amoCRM: сделки", "название сделки; бюджет, ₽; основной контакт", **_DEAL_OF_AMO),
    _export(
        "amocrm",
        "amoCRM: контакты и компании",
        "тип; наименование; компания",
        contact__kind="тип",
        contact__external="id",
        contact__name="наименование",
        company__name="компания",
        company__tags="теги",
        contact__position="должность",
        company__address="адрес",
        note=f"{_NOTES}; web; сделки",
    ),
    _export(
        "bitrix24",
        "Битрикс24: сделки",
        "id; название; стадия сделки; сумма",
        deal__external="id",
        deal__title="название; название сделки",
        deal__stage="стадия сделки; стадия",
        deal__funnel="воронка; направление",
        deal__amount="сумма",
        company__name="компания; компания: название компании",
        contact__name="контакт; контакт: полное имя",
        deal__responsible="ответственный",
        deal__created="дата создания; дата начала",
        deal__closed="дата завершения; дата закрытия",
        note="комментарий; дополнительная информация; дополнительно об источнике",
    ),
    _export(
        "bitrix24",
        "Битрикс24: лиды",
        "id; название лида; статус",
        deal__external="id",
        deal__title="название лида",
        deal__stage="статус",
        deal__amount="сумма",
        contact__surname="фамилия",
        contact__given="имя",
        contact__patronymic="отчество",
        company__name="название компании; компания",
        contact__position="должность",
        contact__birthday="дата рождения",
        company__address="адрес",
        deal__responsible="ответственный",
        deal__created="дата создания",
        note="комментарий; источник; дополнительно об источнике; дополнительно о статусе",
    ),
    _export(
        "bitrix24",
        "Битрикс24: контакты",
        "id; имя; фамилия; рабочий телефон",
        contact__external="id",
        contact__surname="фамилия",
        contact__given="имя",
        contact__patronymic="отчество",
        company__name="компания",
        contact__position="должность",
        contact__birthday="дата рождения",
        company__address="адрес",
        note="комментарий; источник; тип контакта",
    ),
    _export(
        "bitrix24",
        "Битрикс24: компании",
        "id; название компании; тип компании",
        company__external="id",
        company__name="название компании",
        company__address="адрес; юридический адрес; фактический адрес",
        company__inn="инн",
        company__kpp="кпп",
        company__comment="комментарий",
        note="сфера деятельности; банковские реквизиты",
    ),
    _export(
        "umnico",
        "Umnico: обращения",
        "id обращения; клиент; канал",
        deal__external="id обращения",
        contact__external="id клиента",
        contact__name="клиент; имя клиента",
        contact__telegram="telegram",
        contact__whatsapp="whatsapp",
        deal__responsible="менеджер; ответственный",
        deal__stage="статус",
        deal__amount="сумма",
        deal__tags="теги",
        deal__created="дата создания; дата обращения; создано",
        note="комментарий; детали; канал; интеграция",
    ),
)


def known_export(heads: Sequence[str]) -> Export | None:
    """Whose file this is, by its headings; the one with most signs."""
    names = {norm(head) for head in heads}
    fitting = [one for one in EXPORTS if one.signs <= names]
    return max(fitting, key=lambda one: len(one.signs), default=None)


def with_export(found: Sequence[Guess], heads: Sequence[str], export: Export) -> list[Guess]:
    """What the export says goes before any guess; columns that it does not name are guessed as ever."""
    why = _("a column of %(export)s") % {"export": export.title}
    return [
        Guess(export.fields[norm(head)], 3, why) if norm(head) in export.fields else guess
        for head, guess in zip(heads, found, strict=True)
    ]
