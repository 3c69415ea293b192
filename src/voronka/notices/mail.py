"""Handing letters to the mail server of `VORONKA_EMAIL_URL`."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from .push import TryLater

log = logging.getLogger("voronka.notices")


def is_set_up() -> bool:
    """Letters can leave, and what they lead to has an address."""
    return bool(settings.EMAIL_URL and settings.BASE_URL)


def send(letter: EmailMessage) -> None:
    """Raises TryLater when the server is away or says so; a letter it will never take is logged and dropped."""
    try:
        letter.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        if any(code < 500 for code in _codes(error)):
            raise TryLater from error
        log.error("The mail server refused a letter: %s", _codes(error))
    except (smtplib.SMTPException, OSError) as error:
        raise TryLater from error


def _codes(error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code]
