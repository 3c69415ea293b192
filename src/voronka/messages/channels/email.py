"""E-mail by the mail server of `VORONKA_EMAIL_URL`."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from ..ports import NotSent, Outgoing


class Email:
    title = _("e-mail")
    reaches = "email"

    def is_set_up(self) -> bool:
        return bool(settings.EMAIL_URL)

    def send(self, message: Outgoing) -> str:
        """Its Message-ID is ours, so a mail program shows a doubled one once."""
        name = f"<voronka.{message.id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>') or 'localhost'}>"
        letter = EmailMessage(message.subject, message.text, to=[message.address], headers={"Message-ID": name})
        try:
            letter.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            raise NotSent(str(error), permanent=all(code >= 500 for code in codes)) from error
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"{error.smtp_code} {error.smtp_error!r}", permanent=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(str(error), permanent=False) from error
        return name
