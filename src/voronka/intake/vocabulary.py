"""Names under which forms send the same thing, English and Russian, and what we call it."""

import re

from django.utils.translation import gettext_lazy as _

_NOISE = re.compile(r"[\s_\-.:*?/\\]+")

#: target → title for people; also the choices of a mapping. Declared deal fields add `deal.<key>`.
TARGETS = {
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "text": _("Message"),
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "vk": _("VK"),
    "instagram": "Instagram",
    "title": _("Subject"),
    "amount": _("Amount"),
    "brand": _("Brand"),
    "location": _("Location"),
    "consent": _("Consent to data processing"),
    "ignore": _("Leave out"),
}

HANDLES = ("telegram", "whatsapp", "vk", "instagram")

_WORDS = {
    "name": "name fio фио имя вашеимя имяфамилия имяифамилия yourname fullname contactname username клиент"
    " контактноелицо каквасзовут какквамобращаться",
    "first_name": "firstname fname",
    "last_name": "lastname lname surname фамилия",
    "middle_name": "middlename patronymic отчество",
    "phone": "phone tel phonenumber telephone mobile mobilephone cell phonenum yourphone contactphone телефон тел"
    " номертелефона ваштелефон контактныйтелефон мобильныйтелефон мобильный телефондлясвязи сотовый",
    "email": "email mail emailaddress youremail почта электроннаяпочта вашemail вашапочта имейл емейл эмейл"
    " вашаэлектроннаяпочта адресэлектроннойпочты",
    "text": "comment comments message text textarea question note notes комментарий комментарии сообщение вопрос"
    " пожелания примечание вашвопрос вашесообщение текст текстсообщения",
    "telegram": "telegram tg телеграм телеграмм tgusername telegramusername",
    "whatsapp": "whatsapp wa ватсап вотсап вацап",
    "vk": "vk vkontakte вк вконтакте",
    "instagram": "instagram inst insta инстаграм инстаграмм",
    "title": "subject тема",
    "amount": "amount sum total сумма",
    "consent": "consent agree agreement policy privacy privacypolicy согласие политика политикаконфиденциальности"
    " персональныеданные согласиенаобработкуперсональныхданных",
    "form": "formname form название_формы названиеформы",
    "page": "page url pageurl href pagehref referer страница адресстраницы",
    "referrer": "referrer ref httpreferer источникперехода",
}


def fold(name: str) -> str:
    """«Ваше имя:» and «ваше_имя» are one name."""
    return _NOISE.sub("", name.casefold().replace("ё", "е"))


_BY_NAME = {fold(word): target for target, words in _WORDS.items() for word in words.split()}


def target_of(name: str) -> str | None:
    """Our target for an incoming name, or None for a question of the form's own."""
    return _BY_NAME.get(fold(name))
