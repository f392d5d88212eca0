"""Who carries messages of a medium: as the settings say, or nobody yet."""

from django.conf import settings

from billing.messaging.carrier import Carrier
from billing.messaging.mail import MailCarrier
from billing.messaging.smpp import SmppCarrier
from billing.models import Medium


def carrier_of(medium: str) -> Carrier | None:
    """None where no address is set: its messages wait."""
    if medium == Medium.SMS and settings.SMSC_ADDRESS:
        host, port = _split(settings.SMSC_ADDRESS)
        return SmppCarrier(
            host,
            port,
            system_id=settings.SMSC_SYSTEM_ID,
            password=settings.SMSC_PASSWORD,
            source=settings.SMS_SOURCE,
        )
    if medium == Medium.EMAIL and settings.MAIL_ADDRESS:
        host, port = _split(settings.MAIL_ADDRESS)
        return MailCarrier(
            host,
            port,
            sender=settings.MAIL_SENDER,
            username=settings.MAIL_USERNAME,
            password=settings.MAIL_PASSWORD,
            use_tls=settings.MAIL_TLS,
        )
    return None


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
