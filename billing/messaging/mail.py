"""The adapter that speaks SMTP, through Django's mail backend."""

import logging
import smtplib

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from billing.messaging.carrier import Answer, Heard, Outcome, Outgoing

log = logging.getLogger(__name__)

TIMEOUT_S = 10
PASSING_FROM, FOR_GOOD_FROM = 400, 500

GONE = "邮件服务器断开连接，不知道它是否已受理。"
NOBODY = "邮件服务器无法连接。"


class MailCarrier:
    """One connection for as many mails as there are; opened anew after it failed."""

    def __init__(self, host: str, port: int, *, sender: str, username: str = "",
                 password: str = "", use_tls: bool = False) -> None:  # fmt: skip
        self._sender = sender
        self._backend = EmailBackend(
            host=host, port=port, username=username, password=password, use_tls=use_tls,
            timeout=TIMEOUT_S,
        )  # fmt: skip

    def send(self, message: Outgoing) -> Answer:
        """The mail's own identity is the message's: a server that gets it twice can tell."""
        identity = f"<{message.reference}@{self._sender.rpartition('@')[2]}>"
        mail = EmailMessage(
            subject=message.subject,
            body=message.text,
            from_email=self._sender,
            to=[message.recipient],
            headers={"Message-ID": identity, "Auto-Submitted": "auto-generated"},
        )
        try:
            self._backend.open()
        except (OSError, smtplib.SMTPException) as error:
            log.warning("the mail server cannot be reached: %s", error)
            self.close()
            return Answer(outcome=Outcome.PUT_OFF, error=NOBODY)
        try:
            self._backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            (code, said), *_ = error.recipients.values()
            return _refused(code, said)
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException):
            self.close()
            return Answer(outcome=Outcome.UNKNOWN, error=GONE)
        return Answer(outcome=Outcome.ACCEPTED, gateway_id=identity)

    def listen(self, heard: Heard, *, patience_s: float) -> int:
        """Mail has no receipts."""
        return 0

    def close(self) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None


def _refused(code: int, said: object) -> Answer:
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    outcome = Outcome.PUT_OFF if PASSING_FROM <= code < FOR_GOOD_FROM else Outcome.REFUSED
    return Answer(outcome=outcome, error=f"{code} {text}")
