"""Where a client came from: UTM marks and click ids, gathered by trust: fields, cookies, page, referrer."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

_UTM = ("source", "medium", "campaign", "content", "term")
#: incoming name → name we keep
_CLICKS = {
    "yclid": "yclid",
    "gclid": "gclid",
    "fbclid": "fbclid",
    "vk_click_id": "vk_click_id",
    "rb_clickid": "vk_click_id",
    "_ym_uid": "ym_uid",
    "ym_uid": "ym_uid",
    "ymuid": "ym_uid",
    "_ga": "ga",
    "roistat_visit": "roistat",
    "roistat": "roistat",
    "_ct_session_id": "calltouch",
    "_openstat": "openstat",
}
LONGEST = 500


def mark_of(name: str) -> tuple[str, str] | None:
    """(`utm`|`clicks`, key) when the field is a mark."""
    low = name.strip().lower()
    if low.startswith("utm_") and low[4:] and len(low) < 40:
        return "utm", low[4:]
    if key := _CLICKS.get(low):
        return "clicks", key
    return None


def gather(layers: Iterable[Mapping[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """(utm, clicks) of layers in order of trust.

    A lower layer fills gaps, unless it names another utm_source: two campaigns are never mixed into one.
    """
    utm: dict[str, str] = {}
    clicks: dict[str, str] = {}
    for layer in layers:
        mine: dict[str, dict[str, str]] = {"utm": {}, "clicks": {}}
        for name, value in layer.items():
            if value and (found := mark_of(name)):
                mine[found[0]].setdefault(found[1], value.strip()[:LONGEST])
        if not ("source" in utm and "source" in mine["utm"] and mine["utm"]["source"] != utm["source"]):
            utm = mine["utm"] | utm
        clicks = mine["clicks"] | clicks
    return {key: utm[key] for key in sorted(utm, key=_utm_order)}, clicks


def _utm_order(key: str) -> tuple[int, str]:
    return (_UTM.index(key) if key in _UTM else len(_UTM), key)


def from_url(address: str) -> dict[str, str]:
    """Query parameters of an address, also those behind «#»; {} for whatever is not one."""
    try:
        parts = urlsplit(address.strip()[:4000])
        pairs = parse_qsl(parts.query, max_num_fields=200) + parse_qsl(
            parts.fragment.partition("?")[2], max_num_fields=200
        )
    except ValueError:
        return {}
    return dict(reversed(pairs))


def from_cookies(text: str) -> dict[str, str]:
    """`a=1; b=2`, with Tilda's own `TILDAUTM=utm_source=…|||utm_medium=…` unfolded."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, _sign, value = part.strip().partition("=")
        value = unquote(value)
        if name == "TILDAUTM":
            for mark in value.split("|||"):
                key, _equals, content = mark.partition("=")
                found.setdefault(key.strip(), unquote(content))
        elif name and value:
            found.setdefault(name, value)
    return found
