"""How often anyone may call: 429 with Retry-After, counted in the cache that all workers share."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from bss.kernel.api.source import source_of
from bss.kernel.callers import address_of


class Throttle(SimpleRateThrottle):
    """The rate of ``scope`` as the settings say now."""

    def get_rate(self) -> str | None:
        rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        rate: str | None = rates[self.scope]
        return rate

    def key_of(self, who: str) -> str:
        return f"throttle:{self.scope}:{who}"


class SourceThrottle(Throttle):
    """Per interface number, or per person."""

    scope = "source"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        source = source_of(request)
        return self.key_of(source.text) if source else None


class AddressThrottle(Throttle):
    """Per address, before anyone is recognised: guessing tokens is slow."""

    scope = "address"

    def get_cache_key(self, request: Request | HttpRequest, view: Any) -> str | None:
        plain = request._request if isinstance(request, Request) else request
        return self.key_of(address_of(plain))


class TokenThrottle(AddressThrottle):
    """Per address, for the endpoint that gives tokens to interfaces."""

    scope = "token"


class NoticeThrottle(AddressThrottle):
    """Per address, for the doors that outside worlds knock at with signed notifications."""

    scope = "notice"
