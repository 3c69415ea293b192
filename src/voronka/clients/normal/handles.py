"""Names in messengers: bare, without the address or the sign they were copied with."""

import re
from urllib.parse import urlsplit

_HOSTS = re.compile(
    r"^(?:https?://)?(?:www\.|m\.|web\.)?(?:t\.me|telegram\.me|vk\.com|vk\.ru|vkontakte\.ru|instagram\.com|wa\.me)/",
    re.I,
)
_DIGITS = re.compile(r"\D")


def bare(text: str) -> str:
    """«https://t.me/Ira_Sok?start=1», «@ira_sok» and «Ira_Sok» are ira_sok; empty when nothing is left."""
    text = text.strip()
    if _HOSTS.match(text):
        text = urlsplit(text if "://" in text else f"https://{text}").path.strip("/")
    return text.split("?")[0].strip("/").rsplit("/", 1)[-1].lstrip("@").strip().lower()
