"""What a column may become: fields of a contact, of its client, of a deal, built in and declared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from voronka.deals.fields import FieldSpec, specs
from voronka.kernel.actor import Actor

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: Keys of declared fields of deals begin with this.
DECLARED = "deal.field:"
CONTACT, CLIENT, DEAL = _("Contact"), _("Client"), _("Deal")
#: Types whose values are rows of ours that no file can name.
_OURS = ("file", "client", "product", "person", "location", "brand")


@dataclass(frozen=True, kw_only=True)
class Target:
    """`words`: headings by which it is known, lower case; those of amoCRM, Bitrix24 and Umnico are among them."""

    key: str
    title: "str | _StrPromise"
    group: "str | _StrPromise"
    words: tuple[str, ...] = field(default=())
    spec: FieldSpec | None = None

    @property
    def full_title(self) -> str:
        return f"{self.group}: {str(self.title).lower()}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


_PHONES = (
    "телефон; тел; тел.; phone; номер телефона; мобильный; мобильный телефон; рабочий телефон; домашний телефон;"
    " другой телефон; рабочий прямой телефон; моб. тел.; whatsapp/телефон; контактный телефон; сотовый; телефон клиента"
)
_EMAILS = "e-mail; email; почта; эл. почта; электронная почта; mail; рабочий e-mail; личный e-mail; другой e-mail;"
_EMAILS += " рабочий email; личный email; адрес электронной почты; частный e-mail; емейл"

BUILT_IN = tuple(
    Target(key=key, title=title, group=group, words=_words(words))
    for group, key, title, words in (
        (
            CONTACT,
            "contact.name",
            _("Name"),
            "имя; фио; ф.и.о.; контакт; имя клиента; фио клиента; name; full name; клиент; основной контакт;"
            " контактное лицо; покупатель; гость; полное имя контакта; имя контакта; fullname; ученик",
        ),
        (CONTACT, "contact.surname", _("Surname"), "фамилия; surname; last name; фамилия контакта; lastname"),
        (CONTACT, "contact.given", _("Given name"), "first name; имя (отдельно); firstname; given name"),
        (CONTACT, "contact.patronymic", _("Patronymic"), "отчество; middle name; second name; отчество контакта"),
        (CONTACT, "contact.phone", _("Phone"), _PHONES),
        (CONTACT, "contact.email", _("E-mail"), _EMAILS),
        (CONTACT, "contact.telegram", "Telegram", "telegram; телеграм; телеграмм; тг; контакт telegram"),
        (CONTACT, "contact.whatsapp", "WhatsApp", "whatsapp; ватсап; вотсап; вацап"),
        (CONTACT, "contact.vk", "VK", "vk; вк; вконтакте; контакт вконтакте"),
        (CONTACT, "contact.instagram", "Instagram", "instagram; инстаграм; инста; контакт instagram"),
        (CONTACT, "contact.position", _("Job title"), "должность; position; должность контакта; job title"),
        (
            CONTACT,
            "contact.birthday",
            _("Birthday"),
            "день рождения; дата рождения; др; birthday; д.р.; родился; дата рождения контакта; birthdate",
        ),
        (CONTACT, "contact.kind", _("Person or company"), "тип; тип записи"),
        (CONTACT, "contact.external", _("External id"), "id контакта; contact id; id клиента; customer id; uid"),
        (
            CLIENT,
            "company.name",
            _("Company name"),
            "компания; организация; company; название компании; компания контакта; наименование организации; фирма;"
            " юр. лицо; юрлицо; company title; контрагент",
        ),
        (CLIENT, "company.inn", _("INN"), "инн; inn; инн компании; реквизиты: инн; инн организации"),
        (CLIENT, "company.kpp", _("KPP"), "кпп; kpp; реквизиты: кпп"),
        (CLIENT, "company.ogrn", _("OGRN"), "огрн; ogrn; огрнип; реквизиты: огрн"),
        (CLIENT, "company.bank", _("Bank"), "банк; bank; наименование банка"),
        (CLIENT, "company.bik", _("BIK"), "бик; bik"),
        (CLIENT, "company.account", _("Account"), "р/с; расчетный счет; расчётный счёт; расч. счет"),
        (
            CLIENT,
            "company.address",
            _("Address"),
            "адрес; address; адрес доставки; юридический адрес; фактический адрес; адрес контакта; адрес компании",
        ),
        (CLIENT, "company.comment", _("Comment on the client"), "комментарий; comment; описание; примечание клиента"),
        (CLIENT, "company.tags", _("Tags"), "теги; тег; tags; метки; теги контакта; теги компании"),
        (CLIENT, "company.external", _("External id of the company"), "id компании; company id; id организации"),
        (CLIENT, "note", _("Note"), "примечание; прим; прим.; заметка; заметки; note; примечания"),
        (
            DEAL,
            "deal.title",
            _("Subject"),
            "сделка; название сделки; название; тема; услуга; title; название лида; обращение; предмет",
        ),
        (
            DEAL,
            "deal.amount",
            _("Amount"),
            "сумма; бюджет; amount; стоимость; цена; бюджет сделки; бюджет, ₽; сумма сделки; opportunity; оплата",
        ),
        (DEAL, "deal.funnel", _("Funnel"), "воронка; pipeline; направление; воронка продаж; направление сделки"),
        (
            DEAL,
            "deal.stage",
            _("Stage"),
            "этап; статус; стадия; этап сделки; статус сделки; стадия сделки; статус (этап) сделки; stage; status;"
            " статус лида; статус обращения",
        ),
        (
            DEAL,
            "deal.responsible",
            _("Responsible"),
            "ответственный; менеджер; менедж.; responsible; сотрудник; ответственный за сделку; оператор",
        ),
        (
            DEAL,
            "deal.created",
            _("Created"),
            "дата создания; создана; создано; created; дата создания сделки; дата; дата обращения; когда создан;"
            " дата начала; created at",
        ),
        (DEAL, "deal.closed", _("Closed"), "дата закрытия; закрыта; closed; дата завершения; closed at"),
        (DEAL, "deal.tags", _("Tags of the deal"), "теги сделки; теги обращения"),
        (DEAL, "deal.reason", _("Loss reason"), "причина отказа; причина потери; причина закрытия; loss reason"),
        (DEAL, "deal.external", _("External id of the deal"), "id; id сделки; deal id; id лида; lead id; номер сделки"),
    )
)


def targets(by: Actor | None) -> dict[str, Target]:
    """All of them by key, in the order of showing; declared fields as the role of `by` may change them."""
    return {one.key: one for one in (*BUILT_IN, *_declared(specs(by)))}


def _declared(known: Mapping[str, FieldSpec]) -> Iterable[Target]:
    for spec in known.values():
        if spec.declared and spec.editable and spec.type not in _OURS:
            title = str(spec.title)
            yield Target(
                key=DECLARED + spec.key, title=title, group=DEAL, words=(title.lower(), spec.key.lower()), spec=spec
            )
