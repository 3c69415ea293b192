"""Whose request it is, by address: what the limits of guessing count by."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"


def client_address(request: HttpRequest) -> str:
    """The caller's address. X-Forwarded-For is believed only as far as proxies of ours wrote it
    (`VORONKA_TRUSTED_PROXIES` of them): what stands before that anybody may have written.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    proxies = settings.VORONKA_TRUSTED_PROXIES
    if proxies and hops:
        address = hops[-min(proxies, len(hops))]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return UNKNOWN
