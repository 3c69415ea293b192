"""Calls to other systems by HTTP: what went wrong before it was handed over, and what nobody knows."""

from collections.abc import Mapping
from typing import Any

import requests
from django.utils.translation import gettext as _
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from .port import NotSent, Unknown

CONNECT_SECONDS, ANSWER_SECONDS = 5, 25
_BEFORE = (NewConnectionError, ConnectTimeoutError)


def post(url: str, *, wait: float = ANSWER_SECONDS, **given: Any) -> requests.Response:
    """One POST, no redirects. Raises NotSent when it surely never arrived, Unknown when it may have."""
    try:
        return requests.post(url, timeout=(CONNECT_SECONDS, wait), allow_redirects=False, **given)
    except requests.RequestException as error:
        if _never_arrived(error):
            raise NotSent(_("The other side is not reached."), permanent=False) from error
        raise Unknown(_("The line broke before the answer.")) from error


def get(url: str, *, at_most: int, **given: Any) -> bytes:
    """The body, at most so many bytes. Raises NotSent."""
    try:
        with requests.get(
            url, timeout=(CONNECT_SECONDS, ANSWER_SECONDS), stream=True, allow_redirects=False, **given
        ) as answer:
            if answer.status_code != 200:
                raise NotSent(f"HTTP {answer.status_code}", permanent=400 <= answer.status_code < 500)
            content = b""
            for chunk in answer.iter_content(64 * 1024):
                content += chunk
                if len(content) > at_most:
                    raise NotSent(_("The file is too large."), permanent=True)
            return content
    except requests.RequestException as error:
        raise NotSent(_("The other side is not reached."), permanent=False) from error


def json_of(answer: requests.Response) -> Mapping[str, Any] | None:
    """The answer as a JSON object, None when it is something else."""
    try:
        found = answer.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _never_arrived(error: requests.RequestException) -> bool:
    if isinstance(error, (requests.exceptions.SSLError, requests.exceptions.ConnectTimeout, ValueError)):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, _BEFORE)
