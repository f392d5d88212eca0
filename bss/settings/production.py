"""Production: secrets and addresses must come from the environment; nothing weak starts."""

import os

from django.core.exceptions import ImproperlyConfigured

_missing = [
    name
    for name in (
        "SECRET_KEY", "FIELD_KEY", "AUDIT_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS",
    )  # fmt: skip
    if not os.environ.get(name)
]
if _missing:
    raise ImproperlyConfigured(
        f"Production needs these environment variables, which are not set: {', '.join(_missing)}."
    )
if os.environ.get("BUSINESS_TIME"):
    raise ImproperlyConfigured("BUSINESS_TIME moves the business clock; production refuses it.")

from bss.settings import *  # noqa: E402, F403

PRODUCTION = True
BUSINESS_CLOCK_MOVABLE = False
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
