"""An authenticator app as tests hold it."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD_S = 30


def code_of_app(secret: str = SECRET, *, periods_ago: int = 0) -> str:
    """What the app shows now, or showed some periods ago."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_S - periods_ago))
