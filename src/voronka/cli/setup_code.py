"""The code that guards the first-run page while the port is open to others than this machine."""

import ipaddress
import os
import secrets
import urllib.error
import urllib.request

VARIABLE = "VORONKA_SETUP_TOKEN"


def setup_code(host: str) -> str:
    """What the environment names, else a new one when strangers can reach `host`, else none."""
    return os.environ.get(VARIABLE, "") or ("" if is_loopback(host) else secrets.token_hex(5))


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def first_run_is_open(address: str) -> bool:
    """Whether the running system at `address` still waits for its company; when it does not say, it may."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/first-run", timeout=15) as reply:
            return reply.status == 200
    except urllib.error.HTTPError as error:
        return error.code != 404
    except OSError:
        return True
