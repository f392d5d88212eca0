"""Production: secrets and addresses must come from the environment; nothing weak starts."""

import os

from django.core.exceptions import ImproperlyConfigured

from bss.settings.strength import weaknesses

if _weak := weaknesses(os.environ):
    raise ImproperlyConfigured("Production does not start like this:\n  " + "\n  ".join(_weak))

from bss.settings import *  # noqa: F403
from bss.settings import CONTENT_SECURITY_POLICY

PRODUCTION = True
BUSINESS_CLOCK_MOVABLE = False
SECOND_FACTOR_ROLES = ("supervisor", "security_officer", "auditor", "batch_operator")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from inside, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# __Host-: no subdomain, no plain connection can set them.
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True  # type: ignore[assignment]
# One proxy, which ends TLS, stands in front (docs/operations.md).
PROXIES = int(os.environ.get("PROXIES", "1"))
